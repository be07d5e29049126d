import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { type Command, run } from '../../scripts/command-line.ts';

interface Surroundings {
  env?: Record<string, string>;
  cwd?: string;
}

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A running command of scripts/. */
export interface Started {
  /** Its output so far. */
  output: { stdout: string; stderr: string };
  kill(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void;
  ended: Promise<Ended>;
}

// A folder without .env.
const FOLDER = import.meta.dirname;

/** Runs a command in this process: starts at once, while a separate process would load everything again. */
export function startCommand(
  name: string,
  command: Command,
  args: string[],
  { env = {}, cwd = FOLDER }: Surroundings = {},
): Started {
  const output = { stdout: '', stderr: '' };
  const signals = new EventEmitter();
  const io = {
    env: env as unknown as NodeJS.ProcessEnv,
    cwd: () => cwd,
    on: (signal: string, listener: () => void) => signals.on(signal, listener),
    stdout: { write: (text: string) => (output.stdout += text) },
    stderr: { write: (text: string) => (output.stderr += text) },
  };
  const ended = run(name, command, args, io).then((status) => ({ status, ...output }));
  return { output, kill: (signal) => void signals.emit(signal), ended };
}

/** Runs a command as a separate process, like `npm run`. */
export function spawnCommand(name: string, args: string[], { env = {}, cwd = FOLDER }: Surroundings = {}): Started {
  const child = spawn(process.execPath, [join(import.meta.dirname, `../../scripts/${name}.ts`), ...args], {
    cwd,
    env: env as unknown as NodeJS.ProcessEnv,
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text) => {
      output[stream] += text;
    });
  }
  const ended = once(child, 'close').then(([status]) => ({ status: status as number | null, ...output }));
  return { output, kill: (signal) => void child.kill(signal), ended };
}
