import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CleanUps } from './clean-ups.ts';
import { SDK_APP_ID, TOKEN } from './request-template.ts';

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;
const POLL_MS = 5;

export interface Server {
  pid: number;
  callbackUrl: string;
  /** Only the receiver has one. */
  adminUrl: string | null;
  /** From starting the process to its word that it is ready. */
  startMs: number;
  stop(): Promise<void>;
}

/**
 * Starts a server as a process of its own, whose output goes to a file as a service's would: a pipe would keep a third
 * process busy with reading it.
 * @param folder its working directory
 */
export async function startServer(
  { args, env = {}, databaseUrl }: { args: readonly string[]; env?: Record<string, string>; databaseUrl: string },
  folder: string,
  cleanUps: CleanUps,
): Promise<Server> {
  const log = join(folder, `output-${process.hrtime.bigint()}.log`);
  const output = openSync(log, 'w');
  const started = Date.now();
  const child = spawn(process.execPath, args, {
    cwd: folder,
    // Only what is needed, so that nobody's settings come in.
    env: {
      PATH: process.env.PATH,
      SDK_APP_ID: String(SDK_APP_ID),
      CALLBACK_TOKEN: TOKEN,
      HOST: '127.0.0.1',
      PORT: '0',
      ADMIN_PORT: '0',
      DATABASE_URL: databaseUrl,
      ...env,
    } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const forget = cleanUps.add(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const deadline = started + READY_WITHIN_MS;
  for (;;) {
    const ready = readyLineOf(log);
    if (ready) {
      const { callbackUrl, adminUrl = null, time } = ready;
      return { pid: child.pid as number, callbackUrl, adminUrl, startMs: time - started, stop };
    }
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${args.join(' ')} did not become ready: ${readFileSync(log, 'utf8').slice(-2_000)}`);
    }
    await sleep(POLL_MS);
  }

  async function stop(): Promise<void> {
    const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    child.kill('SIGTERM');
    await exited;
    clearTimeout(impatient);
    forget();
  }
}

function readyLineOf(log: string): { callbackUrl: string; adminUrl?: string; time: number } | null {
  const line = readFileSync(log, 'utf8')
    .split('\n')
    .slice(0, -1)
    .find((line) => line.includes('"msg":"ready"'));
  return line === undefined ? null : JSON.parse(line);
}
