import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CleanUps } from './clean-ups.ts';
import { countRows, type Rows } from './count-rows.ts';
import { type LoadOrder, type Measured, runLoad, type Sum } from './run-load.ts';
import { type Server, startServer } from './start-server.ts';
import { type Usage, usageOf } from './usage-of.ts';

const SAMPLE_MS = 200;

/** One target under load once. */
export interface Run extends Measured {
  perSecond: number;
  /** Of the server's process, per callback; PostgreSQL's own processes are not in it. Null where the system does not tell. */
  cpuMicroseconds: number | null;
  /** The most resident memory of the server's process while it was measured. */
  bytes: number | null;
  /** From starting the process to its word that it is ready. */
  startMs: number;
  sum: Sum;
  /** What came to the database meanwhile. */
  stored: Rows;
}

export type Load = Omit<LoadOrder, 'callbackUrl'>;

/**
 * Starts a server on a database, sends it load, and counts what it stored.
 * @param onReady while it runs, after the load
 */
export async function measure(
  { args, env = {}, databaseUrl }: { args: readonly string[]; env?: Record<string, string>; databaseUrl: string },
  load: Load,
  { folder, cleanUps, stored = { callbacks: 0, groups: 0 }, afterLoad, onSample }: Surroundings,
): Promise<Run> {
  mkdirSync(folder, { recursive: true });
  const server = await startServer({ args, env, databaseUrl }, folder, cleanUps);
  const samples: Usage[] = [];
  const sample = () => {
    const usage = usageOf(server.pid);
    samples.push(usage);
    onSample?.(usage);
  };
  let sampling: NodeJS.Timeout | undefined;
  try {
    const { measured, sum } = await runLoad({ ...load, callbackUrl: server.callbackUrl }, cleanUps, {
      onStart() {
        sample();
        sampling = setInterval(sample, SAMPLE_MS);
      },
      onEnd() {
        clearInterval(sampling);
        sample();
      },
    });
    const expected = { callbacks: stored.callbacks + sum.ok, groups: stored.groups + sum.ok };
    const counted = await countRows(databaseUrl, expected);
    await afterLoad?.(server);
    const [first, last] = [samples[0]?.cpuSeconds, samples.at(-1)?.cpuSeconds];
    const sizes = samples.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]));
    return {
      ...measured,
      perSecond: measured.ok / measured.seconds,
      cpuMicroseconds: first == null || last == null ? null : ((last - first) / measured.ok) * 1e6,
      bytes: sizes.length === 0 ? null : Math.max(...sizes),
      startMs: server.startMs,
      sum,
      stored: { callbacks: counted.callbacks - stored.callbacks, groups: counted.groups - stored.groups },
    };
  } finally {
    clearInterval(sampling);
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Surroundings {
  /** Made for this run and removed after it. */
  folder: string;
  cleanUps: CleanUps;
  /** What the database holds already. */
  stored?: Rows;
  afterLoad?: (server: Server) => Promise<void>;
  onSample?: (usage: Usage) => void;
}

/** A new SQLite file in the folder of a run. */
export function sqliteIn(folder: string): string {
  return `sqlite:${join(folder, 'data/callbacks.db')}`;
}
