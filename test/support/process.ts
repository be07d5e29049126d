import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { teardown } from './start.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface ReceiverProcess {
  child: ChildProcess;
  callbackUrl: string;
  adminUrl: string;
  /** Every line of the log so far. */
  logged: string[];
  /** What it told the person at the terminal so far. */
  told: () => string;
  exited: Promise<number | null>;
}

/** The real program (that of `root`) as a process of its own, on free ports; killed when the test ends. */
export async function startProcess(
  env: Record<string, string>,
  folder: string,
  root: string = ROOT,
): Promise<ReceiverProcess> {
  const child = spawn(process.execPath, startArguments(root), {
    // A folder without .env, so that nobody's settings come in.
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', ADMIN_PORT: '0', ...env } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  teardown(() => child.kill('SIGKILL'));
  // Not 'exit': what it wrote last may still be on its way then.
  const exited = once(child, 'close').then(([code]) => code as number | null);
  let told = '';
  child.stderr?.on('data', (chunk) => {
    told += chunk;
  });
  const logged: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<{ callbackUrl: string; adminUrl: string }>();
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    logged.push(line);
    const entry = JSON.parse(line);
    if (entry.msg === 'ready') resolve(entry);
  });
  exited.then((code) => reject(new Error(`The receiver ended with ${code}: ${told}`)));
  const { callbackUrl, adminUrl } = await promise;
  return { child, callbackUrl, adminUrl, logged, told: () => told, exited };
}

/** What `npm start` gives to Node, with the program's whole path. */
function startArguments(root: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return scripts.start
    .split(' ')
    .slice(1)
    .map((argument: string) => (argument.startsWith('-') ? argument : join(root, argument)));
}
