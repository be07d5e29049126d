import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { startProcess } from './process.ts';
import { temporaryFolder } from './start.ts';
import { pathOf, payload, post } from './vendor.ts';

// What the documentation says, and a copy of the project to follow it in.

export const project = join(import.meta.dirname, '../..');
const COPIED = ['openapi', 'generated', 'src', 'scripts', 'package.json', 'tsconfig.json', 'redocly.yaml', 'docs'];

/** A folder may have packages of its own, which are large. */
const filter = (path: string) => basename(path) !== 'node_modules';

/** The project in a repository of its own, with this one's packages; every test of the file finds it unchanged. */
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

/** Starts the receiver of the copy, with a database of its own. */
export async function startReceiver() {
  const folder = temporaryFolder();
  const database = `sqlite:${folder}/test.db`;
  const handlers = join(root, 'src/handlers.ts');
  const env = { DATABASE_URL: database, ...(existsSync(handlers) && { HANDLERS: handlers }) };
  const { callbackUrl, adminUrl, told } = await startProcess(env, folder, root);
  /** Sends the created callback with a change. @returns status and ErrorInfo */
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

type Blocks = Record<'yaml' | 'sh' | 'diff' | 'json' | 'text' | 'ts', string[]>;

/** The code blocks under a heading of a document, by language. */
export function blocksOf(document: string, heading: string): Blocks {
  const text = readFileSync(join(project, document), 'utf8');
  const section = new RegExp(`^#+ ${heading}\\n(.*?)(?=^#+ |(?!.))`, 'ms').exec(text)?.[1];
  if (!section) throw new Error(`${document} has no section ${heading}; mend this test.`);
  return blocksIn(section);
}

export function blocksIn(text: string): Blocks {
  const blocks: Blocks = { yaml: [], sh: [], diff: [], json: [], text: [], ts: [] };
  for (const [, space = '', language = '', code = ''] of text.matchAll(/^( *)```(\w+)\n(.*?)\n *```$/gms)) {
    blocks[language as keyof Blocks]?.push(`${code.replaceAll(new RegExp(`^${space}`, 'gm'), '')}\n`);
  }
  return blocks;
}

/** The commands of a block, without the comments behind them. A quotation may go on over several lines. */
export function commandsOf(block = ''): string[] {
  const commands: string[] = [];
  let open = '';
  for (const line of block.split('\n')) {
    const text = open ? `${open}\n${line}` : line.replace(/ +#.*/, '');
    open = text.split("'").length % 2 === 0 ? text : '';
    if (!open && text) commands.push(text);
  }
  return commands;
}
