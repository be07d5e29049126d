import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CleanUps } from '../testbed/clean-ups.ts';
import { readRows } from '../testbed/database.ts';
import { type ServerProcess, startServer, type Usage, usageOf } from '../testbed/process.ts';
import { BODY_BYTES, CONNECTIONS } from './options.ts';
import { COMMAND, type Kind, SDK_APP_ID, TOKEN } from './request-template.ts';

const SAMPLE_MS = 200;
export const USUAL_LOAD = { connections: CONNECTIONS, command: COMMAND, bodyBytes: BODY_BYTES };

/** One run of one target under load. */
export interface Run extends Measured {
  perSecond: number;
  /**
   * CPU time of the server's process per callback, without PostgreSQL's own processes. Null if the system does not
   * report it.
   */
  cpuMicroseconds: number | null;
  /** Peak resident memory of the server's process during the measurement. */
  megabytes: number | null;
  /** From starting the process to its log line "ready". */
  startMs: number;
  sum: Sum;
  /** Rows added to the database by the run. */
  stored: Rows;
}

/** Connections and body size have defaults. */
type Load = Pick<LoadOrder, 'seconds' | 'warmUpSeconds'> & Partial<LoadOrder>;

/** Starts a target on a database, sends it load, and counts the stored rows. */
export async function measure(
  { args, env, databaseUrl }: { args: readonly string[]; env?: Record<string, string>; databaseUrl: string },
  load: Load,
  { folder, cleanUps, stored = { callbacks: 0, groups: 0 }, afterLoad, onSample }: Surroundings,
): Promise<Run> {
  mkdirSync(folder, { recursive: true });
  const server = await startTarget({ args, env: { DATABASE_URL: databaseUrl, ...env } }, { folder, cleanUps });
  const samples: Usage[] = [];
  const sample = () => {
    const usage = usageOf(server.pid);
    samples.push(usage);
    onSample?.(usage);
  };
  let sampling: NodeJS.Timeout | undefined;
  try {
    const order = { ...USUAL_LOAD, ...load, callbackUrl: server.callbackUrl };
    const { measured, sum } = await runLoad(order, cleanUps, (at) => {
      sample();
      clearInterval(sampling);
      if (at === 'start') sampling = setInterval(sample, SAMPLE_MS);
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
      megabytes: sizes.length === 0 ? null : Math.max(...sizes) / 1e6,
      startMs: server.startMs,
      sum,
      stored: { callbacks: counted.callbacks - stored.callbacks, groups: counted.groups - stored.groups },
    };
  } finally {
    clearInterval(sampling);
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts a target with the settings that the load expects. */
export function startTarget(
  { args, env }: { args: readonly string[]; env: Record<string, string> },
  { folder, cleanUps }: { folder: string; cleanUps: CleanUps },
): Promise<ServerProcess> {
  return startServer({
    folder,
    args,
    env: { SDK_APP_ID: String(SDK_APP_ID), CALLBACK_TOKEN: TOKEN, HOST: '127.0.0.1', ...env },
    logFile: join(folder, `output-${process.hrtime.bigint()}.log`),
    onSpawn(child) {
      const forget = cleanUps.add(() => child.kill('SIGKILL'));
      child.once('exit', forget);
    },
  });
}

interface Surroundings {
  /** Created for this run, and removed after it. */
  folder: string;
  cleanUps: CleanUps;
  /** Rows in the database beforehand. */
  stored?: Rows;
  afterLoad?: (server: ServerProcess) => Promise<void>;
  onSample?: (usage: Usage) => void;
}

/** A new SQLite file in the folder of a run. */
export function sqliteIn(folder: string): string {
  return `sqlite:${join(folder, 'data/callbacks.db')}`;
}

export interface LoadOrder extends Kind {
  callbackUrl: string;
  connections: number;
  warmUpSeconds: number;
  seconds: number;
}

export interface Measured {
  seconds: number;
  /** Callbacks answered OK. */
  ok: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  bodyBytes: number;
  /** Share of one core that the sender used: near 1, the sender is the bottleneck. */
  senderCpu: number;
}

/** Totals of the whole run, including the warm-up. */
export interface Sum {
  sent: number;
  ok: number;
  /** Answered, but not OK. */
  other: number;
  /** Not answered. */
  failed: number;
  lastFailure: string;
}

export type LoadMessage = { at: 'start' } | { at: 'end'; measured: Measured } | { at: 'drained'; sum: Sum };

/** Longer than any warm-up, drain and start of a process. */
const SLACK_MS = 60_000;

/** Sends load from another process. `onTurn` is called when measuring starts and when it ends. */
export async function runLoad(
  order: LoadOrder,
  cleanUps: CleanUps,
  onTurn: (at: 'start' | 'end') => void = () => {},
): Promise<{ measured: Measured; sum: Sum }> {
  const child = fork(join(import.meta.dirname, 'send-load.ts'), [JSON.stringify(order)]);
  const forget = cleanUps.add(() => child.kill('SIGKILL'));
  const limit = setTimeout(() => child.kill('SIGKILL'), (order.warmUpSeconds + order.seconds) * 1000 + SLACK_MS);
  let measured: Measured | undefined;
  let sum: Sum | undefined;
  child.on('message', (message: LoadMessage) => {
    if (message.at === 'drained') sum = message.sum;
    else onTurn(message.at);
    if (message.at === 'end') measured = message.measured;
  });
  const [code] = await once(child, 'exit');
  clearTimeout(limit);
  forget();
  if (!measured || !sum) throw new Error(`the sender of load ended with ${code} before it was done`);
  return { measured, sum };
}

export interface Rows {
  callbacks: number;
  groups: number;
}

/** A receiver may take a moment to drain its spool into PostgreSQL. */
const WAIT_MS = 10_000;
const COUNT_ROWS = 'SELECT (SELECT count(*) FROM callbacks) AS callbacks, (SELECT count(*) FROM groups) AS groups';

/** The stored rows, once their number is as expected, or at the deadline. */
export async function countRows(databaseUrl: string, expected: Rows): Promise<Rows> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const [row] = await readRows<Rows>(databaseUrl, COUNT_ROWS);
    const rows = { callbacks: Number(row?.callbacks), groups: Number(row?.groups) };
    const right = rows.callbacks === expected.callbacks && rows.groups === expected.groups;
    if (right || Date.now() > deadline) return rows;
    await sleep(200);
  }
}

/** Above this share of a core, the sender may be the bottleneck instead of the server. */
const BUSY_SENDER = 0.95;

/** Reasons that invalidate a run: a callback not answered OK, or a difference between answers and stored rows. */
export function complaints(name: string, { sum, stored }: Pick<Run, 'sum' | 'stored'>): string[] {
  const found: [boolean, string][] = [
    [sum.ok === 0, 'no callback was answered OK'],
    [sum.other > 0, `${sum.other} callbacks were not answered OK, the last by ${sum.lastFailure}`],
    [sum.failed > 0, `${sum.failed} callbacks were not answered, the last because of ${sum.lastFailure}`],
    [stored.callbacks !== sum.ok, `${sum.ok} callbacks were answered OK, ${stored.callbacks} are stored`],
    [stored.groups !== sum.ok, `${sum.ok} callbacks were answered OK, ${stored.groups} groups are stored`],
  ];
  return found.filter(([is]) => is).map(([, text]) => `${name}: ${text}`);
}

/** Reasons to doubt the figures of a run without invalidating it. */
export function doubts(name: string, { senderCpu }: Pick<Run, 'senderCpu'>): string[] {
  return senderCpu < BUSY_SENDER
    ? []
    : [`${name}: the sender of load was busy ${Math.round(senderCpu * 100)} % of the time and may be what limits`];
}
