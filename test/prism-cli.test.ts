import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { freePort } from '../scripts/testbed/process.ts';
import { EVENT_TYPE } from '../src/delivery/event.ts';
import { eventExamples } from './support/events.ts';
import { teardown } from './support/start.ts';
import { CREATED, examples, pathOf, payload, post } from './support/vendor.ts';

const ROOT = join(import.meta.dirname, '..');

test('a partner who runs Prism on the published contract gets its validation and its replies', async () => {
  const url = (await startPrism('openapi.yaml')) + pathOf({ Sign: 'any', RequestTime: '1669872112' });
  for (const example of Object.values(examples)) expect((await fetch(url, post(example))).status).toBe(200);
  const canary = await fetch(url, post(payload({ GroupId: 5 })));
  expect([canary.status, await canary.json()]).toEqual([400, expect.objectContaining({ ErrorCode: 10100 })]);
}, 60_000);

test('Prism is an endpoint of events, which accepts them and refuses a wrong one', async () => {
  const url = await startPrism('delivery.json');
  const deliver = async (event: object) => {
    const headers = {
      'content-type': EVENT_TYPE,
      'webhook-id': '80c9839a-1043',
      'webhook-timestamp': '1670574414',
      'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}`,
    };
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(event) })).status;
  };
  for (const event of Object.values(eventExamples))
    expect([event.type, await deliver(event)]).toEqual([event.type, 200]);
  expect(await deliver({ ...eventExamples[CREATED], data: {} })).toBe(422);
}, 60_000);

/** @returns its URL, without a trailing slash */
async function startPrism(contract: string): Promise<string> {
  const cli = join(ROOT, 'node_modules/@stoplight/prism-cli/dist/index.js');
  const port = await freePort();
  const prism = spawn(process.execPath, [cli, 'mock', join(ROOT, 'generated', contract), '--port', String(port)]);
  teardown(() => prism.kill('SIGKILL'));
  let output = '';
  await new Promise<void>((resolve, reject) => {
    prism.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes('Prism is listening')) resolve();
    });
    prism.once('exit', () => reject(new Error(output)));
  });
  return `http://127.0.0.1:${port}`;
}
