import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export const ROOT = join(import.meta.dirname, '../..');

/** A developer's clone may have a src/handlers.ts. */
const NO_HANDLERS = join(import.meta.dirname, 'no-handlers.ts');

const READY_WITHIN_MS = 60_000;
/** A process that ignores SIGTERM is killed after this time. */
const STOP_WITHIN_MS = 30_000;
/** How long a spool may take to drain after the fault. */
const DRAINED_WITHIN_MS = 60_000;
const POLL_MS = 5;
const MOST_STDERR = 16_000;

export interface ServerProcess {
  child: ChildProcess;
  pid: number;
  callbackUrl: string;
  /** Set for the receiver only. */
  adminUrl: string;
  /** From starting the process to its log line "ready". */
  startMs: number;
  /** The end of its standard error. */
  stderr(): string;
  /** The exit code; null when a signal ended the process. Its output is complete by then. */
  exited: Promise<number | null>;
  /** Sends the signal and resolves with the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ServerOptions {
  /** Its working directory, with its spool and, by default, its database. Without .env. */
  folder: string;
  /** Its environment, in addition to PATH; by default, ports are free ones, and there are no handlers. */
  env?: Record<string, string>;
  /** Node's arguments; default: the program as `npm start` runs it. */
  args?: readonly string[];
  /** Called with each line of the log. */
  onLine?: (line: string) => void;
  /**
   * Writes the output to this file, like that of a service: reading a pipe would keep this process busy. Excludes
   * `onLine`.
   */
  logFile?: string;
  /** Called as soon as the process runs, before it is ready. */
  onSpawn?: (child: ChildProcess) => void;
}

/**
 * Starts a server as a separate process, and waits until it logs "ready".
 * @throws if it ends first; it is killed if it takes too long
 */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { folder, env, args = startArguments(), onLine, logFile, onSpawn } = options;
  const output = logFile === undefined ? 'pipe' : openSync(logFile, 'w');
  const started = Date.now();
  const child = spawn(process.execPath, args, {
    cwd: folder,
    // Only these variables: the caller's environment may contain settings of the receiver.
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      ADMIN_PORT: '0',
      HANDLERS: NO_HANDLERS,
      ...env,
    } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', output, output],
  });
  if (typeof output === 'number') closeSync(output);
  onSpawn?.(child);
  // 'close' instead of 'exit': at 'exit', some of its output may still be buffered.
  const exited = once(child, 'close').then(([code]) => code as number | null);
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors = (errors + chunk).slice(-MOST_STDERR);
  });
  const stderr = () => (logFile === undefined ? errors : readFileSync(logFile, 'utf8').slice(-MOST_STDERR));
  const ready = Promise.withResolvers<ReadyLine>();
  exited.then((code) => ready.reject(new Error(`The receiver ended with ${code}: ${stderr()}`)));
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      onLine?.(line);
      // Only this line is parsed: under load, there is a line for each callback.
      if (line.includes('"msg":"ready"')) ready.resolve(JSON.parse(line));
    });
  }
  const polling = setInterval(() => {
    const line = logFile && readyLineIn(logFile);
    if (line) ready.resolve(line);
    if (Date.now() - started < READY_WITHIN_MS) return;
    child.kill('SIGKILL');
    ready.reject(new Error(`${args.join(' ')} was not ready within ${READY_WITHIN_MS / 1000} s: ${stderr()}`));
  }, POLL_MS);
  const { callbackUrl, adminUrl = '', time } = await ready.promise.finally(() => clearInterval(polling));

  return {
    child,
    pid: child.pid as number,
    callbackUrl,
    adminUrl,
    startMs: time - started,
    stderr,
    exited,
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      return exited.finally(() => clearTimeout(force));
    },
  };
}

interface ReadyLine {
  callbackUrl: string;
  adminUrl?: string;
  time: number;
}

function readyLineIn(logFile: string): ReadyLine | null {
  const complete = readFileSync(logFile, 'utf8').split('\n').slice(0, -1);
  const line = complete.find((one) => one.includes('"msg":"ready"'));
  return line === undefined ? null : JSON.parse(line);
}

/** Node's arguments of `npm start` in the project at `root`, with the program's absolute path. */
export function startArguments(root = ROOT): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return scripts.start
    .split(' ')
    .slice(1)
    .map((argument: string) => (argument.startsWith('-') ? argument : join(root, argument)));
}

/** Resolves when the receiver's spool is empty and its database accepts callbacks. */
export async function untilDrained(receiverUrl: string, withinMs = DRAINED_WITHIN_MS): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const readiness = (await (await fetch(new URL('/readyz', receiverUrl))).json()) as {
      status: string;
      spool?: { inUse: boolean; depth: number };
    };
    const { status, spool } = readiness;
    if (status === 'ready' && !spool?.inUse && !spool?.depth) return;
    if (Date.now() > deadline) {
      throw new Error(`the spool is not empty after ${withinMs / 1000} s: /readyz says ${JSON.stringify(readiness)}`);
    }
    await sleep(50);
  }
}

/** A port that was free a moment ago, for a server that cannot choose one itself. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/**
 * Sends a signal to a process and its descendants: PostgreSQL is suspended only if its workers are. Processes that have
 * ended are skipped.
 */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  const children = new Map<number, number[]>();
  for (const line of execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')) {
    const [child, parent] = line.trim().split(/\s+/).map(Number) as [number, number];
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const send = (one: number) => {
    try {
      process.kill(one, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    for (const child of children.get(one) ?? []) send(child);
  };
  send(pid);
}

/** How long the threads of a process have waited for a processor core; 0 if the system does not report it. */
export function waitedForCoreMs(pid: number): number {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const waits = tasks.map((task) =>
      Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[1]),
    );
    return waits.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e6;
  } catch {
    return 0;
  }
}

export interface Usage {
  /** User and system time of all threads since the start of the process; null if the system does not report it. */
  cpuSeconds: number | null;
  /** Resident memory. */
  bytes: number | null;
}

/** USER_HZ: the unit of processor time in /proc, on every platform that Node runs on. */
const TICKS_A_SECOND = 100;

/** Resource usage of a process so far. */
export function usageOf(pid: number): Usage {
  try {
    return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  } catch {
    return { cpuSeconds: null, bytes: null };
  }
}

function fromProc(pid: number): Usage {
  // The name in parentheses may contain spaces; the state that follows it is field 3.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const ticks = Number(fields[14 - 3]) + Number(fields[15 - 3]);
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuSeconds: ticks / TICKS_A_SECOND, bytes: Number(kilobytes) * 1024 };
}

/** For macOS and the BSDs; coarse if `time` has no fractions. */
function fromPs(pid: number): Usage {
  const [time = '', kilobytes] = execFileSync('ps', ['-o', 'time=,rss=', '-p', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/);
  const cpuSeconds = time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  return { cpuSeconds, bytes: Number(kilobytes) * 1024 };
}
