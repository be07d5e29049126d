import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { startArguments } from '../scripts/testbed/process.ts';
import { teardown, temporaryFolder } from './support/start.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** Starts the program in the folder. @returns how it ended, and the content of the folder afterwards */
async function startIn(folder: string, env: Record<string, string> = {}, user?: number) {
  const child = spawn(process.execPath, startArguments(), {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', ADMIN_PORT: '0', ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user !== undefined && { uid: user, gid: user }),
  });
  teardown(() => child.kill('SIGKILL'));
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr, files: readdirSync(folder) };
}

async function takePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  teardown(() => server.close());
  return String((server.address() as { port: number }).port);
}

test.each(['PORT', 'ADMIN_PORT'])('with %s taken the start fails, and leaves no file behind', async (name) => {
  const port = await takePort();
  const { code, stderr, files } = await startIn(temporaryFolder(), { [name]: port });
  expect([code, files]).toEqual([1, []]);
  expect(stderr).toBe(`Port ${port} on 127.0.0.1 is taken: end what listens there, or set PORT or ADMIN_PORT\n`);
});

test.each<[string, Record<string, string>, string]>([
  ['a misspelt setting', { SDK_APPID: '1400000001' }, 'SDK_APPID is no setting: rename it to SDK_APP_ID'],
  ['a module that cannot be loaded', { HANDLERS: 'handlers.mjs' }, 'handlers.mjs:1: SyntaxError'],
])('with %s the start fails, and leaves no file behind', async (_name, env, says) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'handlers.mjs'), 'const x = ;');
  const { code, stderr, files } = await startIn(folder, env);
  expect([code, files]).toEqual([1, ['handlers.mjs']]);
  expect(stderr).toContain(says);
});

test('a folder that cannot be written: path, permissions, user and remedy', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'data'));
  for (const path of [join(folder, 'data'), folder]) chmodSync(path, 0o555);
  const user = isRoot ? NOBODY : process.getuid?.();
  if (isRoot) chownSync(folder, 0, 0);
  const { code, stderr, files } = await startIn(folder, {}, user);
  chmodSync(folder, 0o755);
  expect([code, files]).toEqual([1, ['data']]);
  const { uid, gid } = { uid: process.getuid?.(), gid: process.getgid?.() };
  const path = join(folder, 'data');
  expect(stderr).toBe(
    `The database data/callbacks.db (DATABASE_URL) cannot be opened: folder ${path} (mode 555, of user ${uid}, group ${gid}) is not writable by this process, user ${user} (EACCES): change its owner, as by chown -R ${user} ${path}, or set DATABASE_URL to a file elsewhere\n`,
  );
});

test('a file in the place of the data folder', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'data'), '');
  const { code, stderr, files } = await startIn(folder);
  expect([code, files]).toEqual([1, ['data']]);
  expect(stderr).toMatch(/^The database data\/callbacks\.db \(DATABASE_URL\) cannot be opened: .*data/);
});
