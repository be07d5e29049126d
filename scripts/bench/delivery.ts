import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { columns } from '../command-line.ts';
import type { CleanUps } from '../testbed/clean-ups.ts';
import { startLoad } from '../testbed/load.ts';
import { dropDatabase, type Postgres, query } from '../testbed/postgres.ts';
import { startArguments, startServer, untilDrained } from '../testbed/process.ts';
import { complaints, measure, type Run, sqliteIn } from './measure.ts';
import type { DeliveryStatistics } from './noop-handlers.ts';
import type { Options, Target } from './options.ts';
import { SDK_APP_ID } from './request-template.ts';
import { median } from './results.ts';

const HALF = 0.5;
/** A backlog that is not delivered by then is not measured. */
const BACKLOG_MS = 120_000;
const POLL_MS = 100;

type Database = Target['database'];

/** One round on one database. */
interface Round {
  /** Callbacks stored a second: without handlers, and with one that does nothing. */
  without: number;
  with: number;
  /** Deliveries a second of a backlog, without other load. */
  backlogPerSecond: number;
  /** From the arrival of a callback to its handler, at half of the rate without handlers. */
  p50Ms: number;
  p99Ms: number;
}

/** Measures what handlers cost, side by side with a receiver without handlers. @returns the exit status */
export async function deliveryBench(
  { rounds, seconds, warmUpSeconds, targets }: Options,
  { folder, postgres, cleanUps }: { folder: string; postgres: () => Promise<Postgres>; cleanUps: CleanUps },
): Promise<number> {
  const measured = new Map<Database, Round[]>(targets.map(({ database }) => [database, []]));
  const found: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const [database, ofDatabase] of measured) {
      const own = join(folder, `${round}-${database}`);
      ofDatabase.push(await measureRound(database, own));
      console.error(`round ${round} of ${rounds}: ${database} done`);
    }
  }
  console.log(table(measured));
  if (found.length > 0) console.error(`\n${found.join('\n')}`);
  return found.length > 0 ? 1 : 0;

  async function measureRound(database: Database, own: string): Promise<Round> {
    mkdirSync(own, { recursive: true });
    const stored = await newDatabase(database, join(own, 'without'));
    const other = await newDatabase(database, join(own, 'with'));
    try {
      const without = await run('without handlers', stored);
      const withHandlers = await run('with handlers', other, join(own, 'with.json'));
      const backlogPerSecond = await deliverBacklog(stored, without.sum.ok, own);
      return {
        without: without.perSecond,
        with: withHandlers.perSecond,
        backlogPerSecond,
        ...(await latencyAt(without.perSecond * HALF, await newDatabase(database, join(own, 'half')), own)),
      };
    } finally {
      if (database === 'PostgreSQL') for (const url of [stored, other]) await dropDatabase(url);
      rmSync(own, { recursive: true, force: true });
    }
  }

  async function newDatabase(database: Database, place: string): Promise<string> {
    if (database === 'SQLite') return sqliteIn(place);
    const url = await (await postgres()).createDatabase();
    await query(url, 'CHECKPOINT');
    return url;
  }

  async function run(name: string, databaseUrl: string, statistics?: string): Promise<Run> {
    const measurement = await measure(
      { args: startArguments(), env: statistics ? handlersInto(statistics) : {}, databaseUrl },
      { seconds, warmUpSeconds },
      { folder: join(folder, 'run'), cleanUps },
    );
    found.push(...complaints(name, measurement));
    return measurement;
  }

  async function deliverBacklog(databaseUrl: string, callbacks: number, own: string): Promise<number> {
    const file = join(own, 'backlog.json');
    const server = await start(databaseUrl, file, own, { SDK_APP_ID: String(SDK_APP_ID), HOST: '127.0.0.1' });
    try {
      const deadline = Date.now() + BACKLOG_MS;
      for (;;) {
        const { delivered, first, last } = statisticsIn(file);
        if (delivered >= callbacks) return delivered / ((last - first) / 1000);
        if (Date.now() > deadline) {
          found.push(`only ${delivered} of ${callbacks} stored callbacks were delivered in ${BACKLOG_MS / 1000} s`);
          return 0;
        }
        await sleep(POLL_MS);
      }
    } finally {
      await server.end();
    }
  }

  async function latencyAt(perSecond: number, databaseUrl: string, own: string) {
    const file = join(own, 'half.json');
    const server = await start(databaseUrl, file, own);
    try {
      // At its start a receiver on PostgreSQL takes callbacks into its spool, which drains beside what arrives.
      await untilDrained(server.callbackUrl);
      const load = startLoad(() => [server], { perSecond });
      await sleep((warmUpSeconds + seconds) * 1000);
      const { acknowledged } = await load.stop();
      const deadline = Date.now() + BACKLOG_MS;
      while (statisticsIn(file).delivered < acknowledged.size && Date.now() < deadline) await sleep(POLL_MS);
      const { delivered, p50Ms, p99Ms } = statisticsIn(file);
      if (delivered < acknowledged.size)
        found.push(`at half load only ${delivered} of ${acknowledged.size} were delivered`);
      return { p50Ms, p99Ms };
    } finally {
      await server.end();
      if (databaseUrl.startsWith('postgres')) await dropDatabase(databaseUrl);
    }
  }

  async function start(databaseUrl: string, statistics: string, own: string, env: Record<string, string> = {}) {
    return startServer({
      folder: own,
      env: { DATABASE_URL: databaseUrl, ...handlersInto(statistics), ...env },
      logFile: join(own, 'output.log'),
      onSpawn(child) {
        const forget = cleanUps.add(() => child.kill('SIGKILL'));
        child.once('exit', forget);
      },
    });
  }
}

function handlersInto(statistics: string): Record<string, string> {
  return { HANDLERS: join(import.meta.dirname, 'noop-handlers.ts'), STATISTICS_FILE: statistics };
}

function statisticsIn(file: string): DeliveryStatistics {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Not there yet, or being written.
    return { delivered: 0, first: 0, last: 0, p50Ms: 0, p99Ms: 0 };
  }
}

/** Medians of the rounds. */
function table(measured: ReadonlyMap<Database, Round[]>): string {
  const headings = ['', 'without/s', 'with handlers/s', 'ratio', 'backlog/s', '50 % within', '99 % within'];
  const rows = [...measured].map(([database, rounds]) => {
    const of = (read: (round: Round) => number) => median(rounds.map(read)) ?? 0;
    return [
      database,
      of((round) => round.without).toFixed(0),
      of((round) => round.with).toFixed(0),
      of((round) => round.with / round.without).toFixed(2),
      of((round) => round.backlogPerSecond).toFixed(0),
      `${of((round) => round.p50Ms)} ms`,
      `${of((round) => round.p99Ms)} ms`,
    ];
  });
  return columns([headings, ...rows], true);
}
