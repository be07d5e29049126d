import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../scripts/testbed/process.ts';
import { project } from './support/blocks.ts';
import { createAuthority, createPair } from './support/certificates.ts';
import { build, context, type Image, instructionsOf } from './support/dockerfile.ts';
import { teardown, temporaryFolder } from './support/start.ts';

// deploy/Dockerfile, executed literally without a container engine: built from the files that .dockerignore allows, and
// started as the user it names, who can write /data and nothing else.

const READY_WITHIN_MS = 60_000;
const instructions = instructionsOf(readFileSync(join(project, 'deploy/Dockerfile'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'image-'));
const DATABASE = 'data/callbacks.db';
const TOKEN = 'the-token-of-the-console';

let image: Image;
beforeAll(async () => {
  chmodSync(folder, 0o755);
  image = await build(instructions, folder);
  // The root file system is read-only.
  for (const path of [image.root, ...inImage('app').map((name) => join(image.root, 'app', name))]) {
    chmodSync(path, statSync(path).mode & 0o555);
  }
}, 180_000);
afterAll(() => {
  for (const path of [image.root, ...inImage('app').map((name) => join(image.root, 'app', name))]) {
    chmodSync(path, statSync(path).mode | 0o200);
  }
  rmSync(folder, { recursive: true, force: true });
});

const inImage = (path: string) => readdirSync(join(image.root, path), { recursive: true }).map(String).sort();

/** A container of the image, once its health check succeeds. */
async function start(more: Record<string, string> = {}) {
  const [port, adminPort] = [await freePort(), await freePort()];
  const env = {
    ...{ SDK_APP_ID: '1400123456', CALLBACK_TOKEN: TOKEN, HOST: '127.0.0.1' },
    ...{ PORT: String(port), ADMIN_PORT: String(adminPort), ...more },
  };
  const receiver = image.spawn([...image.entrypoint, ...image.command], env);
  teardown(() => receiver.kill('SIGKILL'));
  const said = outputOf(receiver);
  const isHealthy = async () => (await once(image.spawn(image.healthCheck, env), 'exit'))[0] === 0;
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isHealthy())) {
    if (receiver.exitCode !== null || Date.now() > deadline) throw new Error(`It has only said:\n${said()}`);
    await sleep(20);
  }
  const trigger = async () => {
    const url = `http://127.0.0.1:${port}/`;
    const args = ['trigger', '--url', url, '--sdk-app-id', env.SDK_APP_ID, '--token', TOKEN];
    const child = image.spawn([...image.entrypoint, ...args]);
    const output = outputOf(child);
    return { code: (await once(child, 'close'))[0], output: output() };
  };
  const end = async () => {
    receiver.kill('SIGTERM');
    return (await once(receiver, 'exit'))[0];
  };
  return { trigger, end, isHealthy, adminUrl: `http://127.0.0.1:${adminPort}` };
}

function outputOf(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += text));
  return () => output;
}

test('deploy/Dockerfile builds an image that takes a callback, writes only to /data, and ends with 0', async () => {
  const [code, mode] = [inImage('app'), statSync(join(image.root, 'data')).mode & 0o777];
  expect(mode).toBe(0o700);
  const { trigger, end, isHealthy, adminUrl } = await start();
  expect(await trigger()).toMatchObject({ code: 0 });
  expect(await (await fetch(`${adminUrl}/api/groups`)).json()).toMatchObject({ groups: [{ name: 'MyFirstGroup' }] });
  for (const path of ['/', '/docs', '/openapi.yaml']) expect((await fetch(`${adminUrl}${path}`)).status).toBe(200);
  expect(existsSync(join(image.root, DATABASE))).toBe(true);
  expect(await end()).toBe(0);
  expect(await isHealthy()).toBe(false);
  expect(readdirSync(image.root).sort()).toEqual(['app', 'data']);
  expect(inImage('app')).toEqual(code);
});

test('a container keeps its spool in /data, and writes nowhere else', async () => {
  const { trigger, end } = await start({ DATABASE_URL: 'postgres://callbacks:password@127.0.0.1:1/callbacks' });
  expect(await trigger()).toMatchObject({ code: 0 });
  expect(await end()).toBe(0);
  expect(inImage('data')).toContain('spool.db');
  const write = image.spawn(['node', '-e', "require('node:fs').writeFileSync('/app/dist/scripts/cli.js', '')"]);
  expect((await once(write, 'exit'))[0]).not.toBe(0);
});

test('its health check works with HTTPS, whatever the name in the certificate', async () => {
  const { cert, key } = await createPair('callbacks.example.com', await createAuthority('Ours'));
  const files = temporaryFolder();
  chmodSync(files, 0o755);
  for (const [name, text] of Object.entries({ cert, key })) writeFileSync(join(files, name), text);
  const { end } = await start({ TLS_CERT_FILE: join(files, 'cert'), TLS_KEY_FILE: join(files, 'key') });
  expect(await end()).toBe(0);
});

test('nothing of the user gets into the image: no settings, no database, no handlers', () => {
  const files = context();
  expect(files).toEqual(expect.arrayContaining(['package-lock.json', 'src/main.ts', 'generated/callback.ts']));
  expect(
    files.filter((path) => /(^|\/)(\.env|data|node_modules|\.git)(\/|$)|^src\/handlers\.ts$|\.db$/.test(path)),
  ).toEqual([]);
  const text = instructions.map(({ keyword, text }) => `${keyword} ${text}`).join('\n');
  expect(text).not.toMatch(/TOKEN|PASSWORD|SECRET|_KEY=/);
});

const hasEngine = spawnSync('docker', ['info']).status === 0;
(hasEngine ? test : test.skip)('docker takes deploy/Dockerfile (skipped where no container engine runs)', () => {
  const args = ['build', '--check', '--file', 'deploy/Dockerfile', '.'];
  const { status, stderr } = spawnSync('docker', args, { cwd: project, encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 0 });
});
