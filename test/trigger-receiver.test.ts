import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { faults } from '../scripts/simulator/faults.ts';
import { trigger as playVendor } from '../scripts/trigger.ts';
import { startCommand } from './support/command.ts';
import { serve, start } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

async function trigger(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { status, stdout, stderr } = await startCommand('trigger', playVendor, args).ended;
  return { code: status, output: stdout + stderr };
}

describe('trigger against the receiver', () => {
  test.each(Object.keys(faults))('with fault %s: the reply is the expected one', async (fault) => {
    const { receiverUrl } = await start({ env: { CALLBACK_TOKEN: 'sesame' } });
    const { code, output } = await trigger('--url', receiverUrl, '--token', 'sesame', '--fault', fault);
    expect([code, output]).toEqual([0, expect.stringContaining('As expected')]);
  });

  test('with a body that does not name its command: the fault is a difference of the two', async () => {
    const { receiverUrl } = await start();
    for (const command of ['Push.OfflinePush', 'ContentCallback.ResultNotify']) {
      const { code, output } = await trigger('--url', receiverUrl, '--command', command, '--fault', 'commands-differ');
      expect([code, output]).toEqual([0, expect.stringContaining('As expected: 400 FAIL 10101')]);
    }
  });

  test('reports that a receiver that does not know a command has to be restarted', async () => {
    const { receiverUrl, send } = await start();
    const body = { method: 'POST', body: '{"CallbackCommand":"Group.New"}' };
    const { headers } = await send('/?SdkAppid=1400000000&CallbackCommand=Group.New', body);
    expect(headers.get('Callback-Outcome')).toBe('unknown');
    expect((await send(pathOf(), post(payload()))).headers.get('Callback-Outcome')).toBeNull();

    // A receiver that was started before the contract had the command.
    const url = await serve(async (request, response) => {
      await text(request);
      const { headers, text: reply } = await send('/?SdkAppid=1400000000&CallbackCommand=Group.New', body);
      response.writeHead(200, Object.fromEntries(headers)).end(reply);
    });
    const says = 'kept as unknown: restart the receiver to load the contract';
    for (const many of [[], ['--count', '2']]) {
      const { code, output } = await trigger('--url', url, ...many);
      expect([code, output]).toEqual([1, expect.stringContaining(says)]);
    }
    for (const other of [
      ['--set', 'CallbackCommand=Group.New'],
      ['--fault', 'unknown-command'],
    ]) {
      const { code, output } = await trigger('--url', receiverUrl, ...other);
      expect([code, output]).toEqual([0, expect.stringContaining('As expected')]);
    }
  });

  test('sends a stored callback again, as it was received, signed', async () => {
    const env = { CALLBACK_TOKEN: 'sesame', ADMIN_PASSWORD: 'open-the-door' };
    const { receiverUrl, adminUrl, read } = await start({ env });
    await trigger('--url', receiverUrl, '--token', 'sesame', '--set', 'Name=\u8336 "1"');
    const unsigned = { Authorization: `Basic ${btoa('admin:open-the-door')}` };
    const { body, repeats } = (await read('/api/callbacks/1', { headers: unsigned })).json;
    expect(repeats).toBe(0);
    const again = ['--callback', '1', '--url', receiverUrl, '--admin', adminUrl];
    const { status, stdout } = await startCommand('trigger', playVendor, [...again, '--token', 'sesame'], {
      env: { ADMIN_PASSWORD: 'open-the-door' },
    }).ended;
    expect([status, stdout]).toEqual([0, expect.stringContaining('As expected: 200 OK 0')]);
    expect((await read('/api/callbacks/1', { headers: unsigned })).json).toMatchObject({ body, repeats: 1 });
    for (const [args, says] of [
      [again, 'asks for a password: give it by ADMIN_PASSWORD'],
      [['--callback', '1', '--admin', 'http://127.0.0.1:1/'], 'nothing answers at http://127.0.0.1:1/: start the'],
      [['--callback', 'x'], 'expected the id of a stored callback'],
      [['--callback', '1', '--set', 'Name=x'], 'leave --set out'],
      [['--callback', '1', 'with-no-owner'], 'leave "with-no-owner" out'],
    ] as const) {
      expect((await trigger(...args)).output).toContain(says);
    }
  });

  test('with many callbacks, each several times: all are stored, once', async () => {
    const { receiverUrl, read } = await start();
    const { code, output } = await trigger('--url', receiverUrl, '--count', '60', '--repeat', '3');
    expect([code, output]).toEqual([0, expect.stringContaining('180')]);
    const { callbacks } = (await read('/api/callbacks?limit=200')).json;
    expect(callbacks).toHaveLength(60);
    expect(new Set(callbacks.map(({ repeats }: { repeats: number }) => repeats))).toEqual(new Set([2]));
  });
});
