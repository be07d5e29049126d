import { join } from 'node:path';
import type { Postgres } from '../testbed/postgres.ts';
import { type ServerProcess, startArguments, startServer } from '../testbed/process.ts';

export interface Scene {
  /** The fault's own folder. */
  folder: string;
  /** Started on first use. */
  postgres(): Promise<Postgres>;
  /** The database that the callbacks go to. */
  databaseUrl: string;
  /** The receivers' handlers record their deliveries here. */
  recordFile: string;
  /** The webhook's endpoint records its deliveries here. */
  webhookFile: string;
  /** The server whose stream is judged afterwards; null if nothing is published. */
  streamUrl: string | null;
  /** Minimum duration of the fault; its rounds are spread over it. */
  milliseconds: number;
  /** The receivers that the load goes to. */
  receivers: ServerProcess[];
  /** How many callbacks have been answered OK. */
  acknowledged(): number;
  /** Starts the load, once there are receivers. @param groupPauseMs pause between two callbacks of one group */
  startLoad(options?: { groupPauseMs?: number }): void;
  /** Shown in the progress line. */
  say(what: string): void;
  /** Runs after the fault, even if it failed. */
  afterwards(work: () => unknown): void;
}

export interface Fault {
  name: string;
  text: string;
  database: 'sqlite' | 'postgres';
  /** Whether callbacks may be refused with 503 for lack of space. */
  mayRefuse?: boolean;
  /** Number of kills, if each may repeat no more deliveries than promised. */
  kills?: number;
  /** Whether callbacks may go unanswered, because no receiver runs for a moment. */
  mayFail?: boolean;
  /** Why this machine cannot run the fault; null if it can. */
  missing?: () => string | null;
  run(scene: Scene): Promise<void>;
}

/** The module to preload for a receiver whose clock jumps at each SIGUSR2. */
export const JUMPING_CLOCK = join(import.meta.dirname, 'jumping-clock.ts');

/** Starts the program as `npm start` does; `folder` holds its spool. The caller ends it. */
export function startReceiver(
  databaseUrl: string,
  folder: string,
  { preload, env }: { preload?: string | undefined; env?: Record<string, string> } = {},
): Promise<ServerProcess> {
  const args = [...(preload ? ['--import', preload] : []), ...startArguments()];
  return startServer({ folder, args, env: { DATABASE_URL: databaseUrl, ...env } });
}
