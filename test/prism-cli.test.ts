import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { freePort } from '../scripts/testbed/process.ts';
import { teardown } from './support/start.ts';
import { examples, pathOf, payload, post } from './support/vendor.ts';

const ROOT = join(import.meta.dirname, '..');

test('a partner who runs Prism itself on the published contract gets its validation and its replies', async () => {
  const cli = join(ROOT, 'node_modules/@stoplight/prism-cli/dist/index.js');
  const port = await freePort();
  const prism = spawn(process.execPath, [cli, 'mock', join(ROOT, 'generated/openapi.yaml'), '--port', String(port)]);
  teardown(() => prism.kill('SIGKILL'));
  let output = '';
  await new Promise<void>((resolve, reject) => {
    prism.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes('Prism is listening')) resolve();
    });
    prism.once('exit', () => reject(new Error(output)));
  });
  const url = `http://127.0.0.1:${port}${pathOf({ Sign: 'any', RequestTime: '1669872112' })}`;
  for (const example of Object.values(examples)) expect((await fetch(url, post(example))).status).toBe(200);
  const canary = await fetch(url, post(payload({ GroupId: 5 })));
  expect([canary.status, await canary.json()]).toEqual([400, expect.objectContaining({ ErrorCode: 10100 })]);
}, 60_000);
