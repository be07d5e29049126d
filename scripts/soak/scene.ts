import { join } from 'node:path';
import type { Postgres } from '../testbed/postgres.ts';
import { type ServerProcess, startArguments, startServer } from '../testbed/process.ts';

export interface Scene {
  /** The fault's own folder. */
  folder: string;
  /** Started when it is first needed. */
  postgres(): Promise<Postgres>;
  /** The database that the callbacks go to. */
  databaseUrl: string;
  /** The receivers' handlers record their deliveries here. */
  recordFile: string;
  /** The endpoint of a webhook records what it gets here. */
  webhookFile: string;
  /** The server whose stream is judged afterwards; null where nothing is published. */
  streamUrl: string | null;
  /** The least duration of the fault; its rounds are spread over it. */
  milliseconds: number;
  /** Where the load goes to. */
  receivers: ServerProcess[];
  /** How many callbacks have been answered OK. */
  acknowledged(): number;
  /** Starts the load, once there are receivers. @param groupPauseMs between two callbacks of one group */
  startLoad(options?: { groupPauseMs?: number }): void;
  /** Shown in the progress line. */
  say(what: string): void;
  /** Runs when the fault is over, even after a failure. */
  afterwards(work: () => unknown): void;
}

export interface Fault {
  name: string;
  text: string;
  database: 'sqlite' | 'postgres';
  /** Whether callbacks may be refused with 503, because there is no space for them. */
  mayRefuse?: boolean;
  /** How often the receiver is killed, where each kill repeats no more deliveries than are promised. */
  kills?: number;
  /** Whether callbacks may go unanswered, because there is no receiver for a moment. */
  mayFail?: boolean;
  /** Why this machine cannot have the fault; null if it can. */
  missing?: () => string | null;
  run(scene: Scene): Promise<void>;
}

/** The module to preload for a receiver whose clock jumps at each SIGUSR2. */
export const JUMPING_CLOCK = join(import.meta.dirname, 'jumping-clock.ts');

/** The program as `npm start` runs it; `folder` holds its spool. The caller ends it. */
export function startReceiver(
  databaseUrl: string,
  folder: string,
  { preload, env }: { preload?: string | undefined; env?: Record<string, string> } = {},
): Promise<ServerProcess> {
  const args = [...(preload ? ['--import', preload] : []), ...startArguments()];
  return startServer({ folder, args, env: { DATABASE_URL: databaseUrl, ...env } });
}
