import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readRows } from '../scripts/testbed/database.ts';
import { ROOT } from '../scripts/testbed/process.ts';
import { until } from './support/deliveries.ts';
import { accessTo, describeWithNats, useNats } from './support/nats.ts';
import { start, teardown, temporaryFolder } from './support/start.ts';
import { pathOf, payload, payloadOf, post } from './support/vendor.ts';

const GROUPS = 60;
const OTHER = 'Group.CallbackAfterGroupInfoChanged';

/** Runs the example until it is killed. */
function startExample(env: Record<string, string>) {
  const child = spawn(process.execPath, [join(ROOT, 'examples/nats-consumer/consumer.ts')], {
    env: { PATH: process.env.PATH, ...env } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'close');
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const [code] = await ended;
    return code as number | null;
  };
  teardown(() => end('SIGKILL'));
  return { output: () => output, created: () => output.match(/ is created\n/g)?.length ?? 0, end };
}

describeWithNats('the example of a consumer', () => {
  test('acts once on each created group, although it is killed, and ends cleanly', async () => {
    const nats = await useNats({ config: 'authorization { user: app, password: "s3cret" }' });
    const url = nats.url.replace('//', '//app:s3cret@');
    const { send } = await start({ env: { NATS_URL: url } });
    const groups = Array.from({ length: GROUPS }, () => payload());
    for (const [index, group] of groups.entries()) {
      expect((await send(pathOf(), post(group))).status).toBe(200);
      if (index % 10 === 0) await send(pathOf({ CallbackCommand: OTHER }), post(payloadOf(OTHER)));
    }
    const access = await accessTo(nats.url, { user: 'app', pass: 's3cret' });
    await until(async () => (await access.count()) === GROUPS + GROUPS / 10);
    const database = join(temporaryFolder(), 'groups.db');
    const env = { NATS_URL: url, DATABASE: database };
    const first = startExample(env);
    await until(() => first.created() > 0, 30);
    await first.end('SIGKILL');
    const second = startExample(env);
    const isRead = async () => {
      const { num_pending, num_ack_pending } = await access.manager.consumers.info('TENCENT_CHAT', 'groups');
      return num_pending + num_ack_pending === 0;
    };
    await until(isRead, 30);
    expect(await second.end('SIGTERM')).toBe(0);
    const rows = await readRows<{ id: string }>(`sqlite:${database}`, 'SELECT id FROM groups ORDER BY rowid');
    expect(rows.map(({ id }) => id)).toEqual(groups.map(({ GroupId }) => GroupId));
    expect(await readRows(`sqlite:${database}`, 'SELECT count(*) AS count FROM done')).toEqual([{ count: GROUPS }]);
    expect(first.output() + second.output()).not.toMatch(/Error/);
  });
});
