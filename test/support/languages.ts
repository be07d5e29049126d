import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from '@jest/globals';
import { temporaryFolder } from './start.ts';

/** A compiler on a busy machine takes its time. */
export const COMPILER_TIMEOUT_MS = 180_000;

/** How code of the reference is run in its language. */
export interface Language {
  /** What must be installed. */
  command: string;
  snippet: string;
  /** The file of a program that calls the snippet with its arguments and prints a line for each answer. */
  program: string;
  text: string;
  /** What to run in the folder of both files, one after the other; the last one gets the arguments. */
  commands: string[][];
}

/** What the program prints. @param folder that of the snippet */
export async function programOutput(
  folder: string,
  { snippet, program, text, commands }: Language,
  words: string[],
): Promise<string> {
  const cwd = temporaryFolder();
  copyFileSync(join(folder, snippet), join(cwd, snippet));
  writeFileSync(join(cwd, program), text);
  // Go compiles the files that it is given: no module, no network, and a cache that goes with the folder.
  const env = { ...process.env, GO111MODULE: 'off', GOCACHE: join(cwd, 'cache'), HOME: cwd };
  let printed = '';
  for (const [index, [file = '', ...args]] of commands.entries()) {
    const last = index === commands.length - 1;
    printed = (await promisify(execFile)(file, [...args, ...(last ? words : [])], { cwd, env })).stdout;
  }
  return printed;
}

/** A test that is skipped, with the reason in its title, where a command that it needs is not installed. */
export function whereInstalled(commands: string[], title: string, run: () => Promise<void>, timeoutMs?: number): void {
  const missing = commands.filter((command) => !isInstalled(command));
  if (missing.length === 0) test(title, run, timeoutMs);
  else test.skip(`${title}: skipped, ${missing.join(', ')} not installed here`, run);
}

function isInstalled(command: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`]);
    return true;
  } catch {
    return false;
  }
}
