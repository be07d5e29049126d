import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { project } from './blocks.ts';
import { startProcess } from './process.ts';
import { temporaryFolder } from './start.ts';
import { pathOf, payload, post } from './vendor.ts';

// A copy of the project in which the documentation is followed.

const COPIED = [
  'openapi',
  'generated',
  'src',
  'scripts',
  'package.json',
  'tsconfig.json',
  'redocly.yaml',
  'docs',
  'examples',
];

/** A folder may have packages of its own, which are large. */
const filter = (path: string) => basename(path) !== 'node_modules';

/** The project in a separate repository, with this one's packages; every test of the file finds it unchanged. */
export const root = mkdtempSync(join(tmpdir(), 'project-'));
beforeAll(async () => {
  for (const name of COPIED) cpSync(join(project, name), join(root, name), { recursive: true, filter });
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  const author = '-c user.name=test -c user.email=test@example.com -c commit.gpgSign=false';
  await succeed(
    `git init -q && echo node_modules >> .git/info/exclude && git add . && git ${author} commit -q -m start &&
     git update-ref refs/remotes/origin/main HEAD`,
  );
});
beforeEach(() => succeed('git reset -q --hard && git clean -fdq'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function succeed(command: string): Promise<void> {
  const { code, output } = await run(command);
  if (code !== 0) throw new Error(output);
}

/** Runs a command in the copy. */
export function run(command: string, env: Record<string, string> = {}) {
  return new Promise<{ code: number; output: string }>((resolve) => {
    execFile('sh', ['-c', command], { cwd: root, env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

/** Starts the receiver of the copy, with its own database. */
export async function startReceiver(others: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const database = `sqlite:${folder}/test.db`;
  const handlers = join(root, 'src/handlers.ts');
  const env = { DATABASE_URL: database, ...(existsSync(handlers) && { HANDLERS: handlers }), ...others };
  const { callbackUrl, adminUrl, told } = await startProcess(env, folder, root);
  /** Sends the "created" callback with changes. @returns status and ErrorInfo */
  const send = async (change: Record<string, unknown>): Promise<[number, string]> => {
    const body = payload(change);
    const url = new URL(pathOf({ CallbackCommand: body.CallbackCommand }), callbackUrl);
    const response = await fetch(url, post(body));
    return [response.status, ((await response.json()) as { ErrorInfo: string }).ErrorInfo];
  };
  const last = async (): Promise<unknown> => {
    const { callbacks } = (await (await fetch(`${adminUrl}/api/callbacks`)).json()) as { callbacks: unknown[] };
    return callbacks[0];
  };
  return { send, last, told, callbackUrl, adminUrl, database, port: new URL(callbackUrl).port };
}
