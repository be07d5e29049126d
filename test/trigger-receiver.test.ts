import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { faults } from '../scripts/simulator/faults.ts';
import { start, temporaryFolder } from './support/start.ts';

async function trigger(...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../scripts/trigger.ts'), ...args], {
    cwd: temporaryFolder(),
    env: { PATH: process.env.PATH } as unknown as NodeJS.ProcessEnv,
  });
  let output = '';
  const gather = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout.on('data', gather);
  child.stderr.on('data', gather);
  const [code] = await once(child, 'close');
  return { code, output };
}

describe('the vendor that trigger plays meets the receiver', () => {
  test.each(Object.keys(faults))('with fault %s: the reply is what it calls for', async (fault) => {
    const { receiverUrl } = await start({ env: { CALLBACK_TOKEN: 'sesame' } });
    const { code, output } = await trigger('--url', receiverUrl, '--token', 'sesame', '--fault', fault);
    expect([code, output]).toEqual([0, expect.stringContaining('As expected')]);
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
