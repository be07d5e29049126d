import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { natsServerPath, startNats } from '../scripts/testbed/nats.ts';
import { freePort } from '../scripts/testbed/process.ts';
import { blocksOf, commandsOf } from './support/blocks.ts';
import { until } from './support/deliveries.ts';
import { root, run, startReceiver } from './support/documentation.ts';
import { teardown, temporaryFolder } from './support/start.ts';

// Follows "Try it" of docs/delivery.md literally, except for the ports, which are free ones here.

const { js, sh } = blocksOf('docs/delivery.md', 'Try it');
const [webhook, triggered, stream, consumed] = sh.map((block) => commandsOf(block));
const stopped = (command = '') => command.replace(/ &$/, '');

test('a webhook, with a small endpoint, which refuses unsigned requests', async () => {
  const [secret, endpoint, start] = webhook ?? [];
  const [trigger] = triggered ?? [];
  expect(js[0]?.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
  const port = await freePort();
  writeFileSync(join(root, 'endpoint.mjs'), (js[0] ?? '').replace('8080', String(port)));
  const told = inBackground(`${secret}; echo $DELIVERY_SECRET; exec ${stopped(endpoint)}`);
  await until(() => told().includes('whsec_'));
  expect(start).toBe('DELIVERY_URL=http://127.0.0.1:8080/ npm start');
  const { callbackUrl } = await startReceiver({
    DELIVERY_URL: `http://127.0.0.1:${port}/`,
    DELIVERY_SECRET: told().trim(),
  });
  expect(await run(`${trigger} -- --url ${callbackUrl}`)).toMatchObject({ code: 0 });
  await until(() => /^Group\.CallbackAfterCreateGroup @TGS#/m.test(told()));
  const unsigned = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' });
  expect(unsigned.status).toBe(401);
});

const withNats = natsServerPath() === null ? test.skip : test;
withNats('a stream, with the consumer of the examples (needs nats-server)', async () => {
  const [server, start] = stream ?? [];
  const [trigger, consumer] = consumed ?? [];
  expect(server).toBe('nats-server --jetstream --store_dir data/nats &');
  expect(start).toBe('NATS_URL=nats://127.0.0.1:4222 npm start');
  const nats = await startNats(join(temporaryFolder(), 'nats'));
  teardown(() => nats.stop());
  const { callbackUrl } = await startReceiver({ NATS_URL: nats.url });
  expect(await run(`${trigger} -- --url ${callbackUrl}`)).toMatchObject({ code: 0 });
  const told = inBackground(`mkdir -p data; NATS_URL=${nats.url} exec env ${consumer}`);
  await until(() => / is created$/m.test(told()));
});

/** Starts a command in the copy of the project. @returns its output so far */
function inBackground(command: string): () => string {
  const child: ChildProcess = spawn('sh', ['-c', command], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  teardown(() => child.kill('SIGKILL'));
  let output = '';
  for (const from of [child.stdout, child.stderr]) from?.on('data', (chunk) => (output += chunk));
  return () => output;
}
