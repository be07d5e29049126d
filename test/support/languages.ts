import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from '@jest/globals';
import { temporaryFolder } from './start.ts';

/** A compiler is slow on a busy machine. */
export const COMPILER_TIMEOUT_MS = 180_000;

/** How to run code of the reference in its language. */
export interface Language {
  /** Required program. */
  command: string;
  snippet: string;
  /** File name of a program that calls the snippet with its arguments and prints a line for each answer. */
  program: string;
  text: string;
  /** Commands to run in the folder of both files, in order; the last one gets the arguments. */
  commands: string[][];
}

/** The program's output. @param folder of the snippet */
export async function programOutput(
  folder: string,
  { snippet, program, text, commands }: Language,
  words: string[],
): Promise<string> {
  const cwd = temporaryFolder();
  copyFileSync(join(folder, snippet), join(cwd, snippet));
  writeFileSync(join(cwd, program), text);
  // Go compiles only the given files: no module, no network, and a cache that is removed with the folder.
  const env = { ...process.env, GO111MODULE: 'off', GOCACHE: join(cwd, 'cache'), HOME: cwd };
  let printed = '';
  for (const [index, [file = '', ...args]] of commands.entries()) {
    const last = index === commands.length - 1;
    printed = (await promisify(execFile)(file, [...args, ...(last ? words : [])], { cwd, env })).stdout;
  }
  return printed;
}

/** A test that is skipped, with the reason in its title, if a command that it needs is not installed. */
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
