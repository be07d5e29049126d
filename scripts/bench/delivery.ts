import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { columns } from '../command-line.ts';
import type { CleanUps } from '../testbed/clean-ups.ts';
import { startLoad } from '../testbed/load.ts';
import { dropDatabase, type Postgres, query } from '../testbed/postgres.ts';
import { startArguments, startServer, untilDrained } from '../testbed/process.ts';
import { complaints, measure, type Run, sqliteIn } from './measure.ts';
import type { Options, Target } from './options.ts';
import { type Opened, OUTLETS, type Outlet } from './outlets.ts';
import { SDK_APP_ID } from './request-template.ts';
import { median } from './results.ts';

const HALF = 0.5;
/** A backlog that takes longer is not measured. */
const BACKLOG_MS = 120_000;
const POLL_MS = 100;

type Database = Target['database'];

/** One round on one database with one outlet. */
interface Round {
  /** Callbacks stored per second: without and with deliveries. */
  without: number;
  with: number;
  /** Share of the callbacks that was delivered when the last one was stored: in a burst, deliveries come later. */
  deliveredShare: number;
  /** Deliveries per second of a backlog, without other load. */
  backlogPerSecond: number;
  /** From the arrival of a callback to its delivery, at half of the rate without deliveries; 0 if not measured. */
  p50Ms: number;
  p99Ms: number;
}

interface Surroundings {
  folder: string;
  postgres: () => Promise<Postgres>;
  cleanUps: CleanUps;
}

/** Measures the cost of deliveries, side by side with a receiver without any. @returns the exit status */
export async function deliveryBench(
  { rounds, seconds, warmUpSeconds, targets }: Options,
  { folder, postgres, cleanUps }: Surroundings,
): Promise<number> {
  const databases = targets.map(({ database }) => database);
  const measured = new Map<string, Round[]>();
  const found: string[] = [];
  const outlets = OUTLETS.filter(({ missing }) => {
    const why = missing?.() ?? null;
    if (why !== null) console.error(`without the stream: ${why}`);
    return why === null;
  });
  for (let round = 1; round <= rounds; round += 1) {
    for (const database of databases) {
      await measureRound(database, join(folder, `${round}-${database}`));
      console.error(`round ${round} of ${rounds}: ${database} done`);
    }
  }
  console.log(table(measured));
  if (found.length > 0) console.error(`\n${found.join('\n')}`);
  return found.length > 0 ? 1 : 0;

  async function measureRound(database: Database, own: string): Promise<void> {
    mkdirSync(own, { recursive: true });
    const stored = await newDatabase(database, join(own, 'without'));
    const made = [stored];
    try {
      const without = await run(`${database} without deliveries`, stored);
      for (const outlet of outlets) {
        const name = `${database}, ${outlet.name}`;
        const other = await newDatabase(database, join(own, `with-${outlet.name}`));
        const half = await newDatabase(database, join(own, `half-${outlet.name}`));
        made.push(other, half);
        let delivered = 0;
        const withDeliveries = await through(outlet, own, ({ env, statistics }) =>
          run(name, other, env, async () => {
            delivered = (await statistics()).delivered;
          }),
        );
        const round = {
          without: without.perSecond,
          with: withDeliveries.perSecond,
          deliveredShare: delivered / withDeliveries.sum.ok,
          backlogPerSecond: await through(outlet, own, (opened) => deliverBacklog(opened, stored, without.sum.ok)),
          ...(await through(outlet, own, (opened) => latencyAt(opened, without.perSecond * HALF, half))),
        };
        measured.set(name, [...(measured.get(name) ?? []), round]);
      }
    } finally {
      if (database === 'PostgreSQL') for (const url of made) await dropDatabase(url);
      rmSync(own, { recursive: true, force: true });
    }
  }

  async function newDatabase(database: Database, place: string): Promise<string> {
    if (database === 'SQLite') return sqliteIn(place);
    const url = await (await postgres()).createDatabase();
    await query(url, 'CHECKPOINT');
    return url;
  }

  async function through<Result>(outlet: Outlet, own: string, work: (opened: Opened) => Promise<Result>) {
    const place = join(own, `${outlet.name}-${randomUUID()}`);
    mkdirSync(place);
    const opened = await outlet.open(place, cleanUps);
    try {
      return await work(opened);
    } finally {
      await opened.close();
      rmSync(place, { recursive: true, force: true });
    }
  }

  async function run(
    name: string,
    databaseUrl: string,
    env: Record<string, string> = {},
    afterLoad: () => Promise<void> = async () => {},
  ): Promise<Run> {
    const measurement = await measure(
      { args: startArguments(), env, databaseUrl },
      { seconds, warmUpSeconds },
      { folder: join(folder, 'run'), cleanUps, afterLoad },
    );
    found.push(...complaints(name, measurement));
    return measurement;
  }

  /** Delivers to a consumer that begins with the first callback. */
  async function deliverBacklog(opened: Opened, databaseUrl: string, callbacks: number): Promise<number> {
    const server = await start(opened, databaseUrl);
    try {
      await opened.fromTheBeginning(server.adminUrl);
      const deadline = Date.now() + BACKLOG_MS;
      for (;;) {
        const { delivered, first, last } = await opened.statistics();
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

  async function latencyAt(opened: Opened, perSecond: number, databaseUrl: string) {
    const server = await start(opened, databaseUrl);
    try {
      // At its start, a receiver on PostgreSQL takes callbacks into its spool, which drains while others arrive.
      await untilDrained(server.callbackUrl);
      const load = startLoad(() => [server], { perSecond });
      await sleep((warmUpSeconds + seconds) * 1000);
      const { acknowledged } = await load.stop();
      const deadline = Date.now() + BACKLOG_MS;
      while ((await opened.statistics()).delivered < acknowledged.size && Date.now() < deadline) await sleep(POLL_MS);
      const { delivered, p50Ms, p99Ms } = await opened.statistics();
      if (delivered < acknowledged.size)
        found.push(`at half load only ${delivered} of ${acknowledged.size} were delivered`);
      return { p50Ms, p99Ms };
    } finally {
      await server.end();
    }
  }

  async function start({ folder: own, env }: Opened, databaseUrl: string) {
    return startServer({
      folder: own,
      env: { DATABASE_URL: databaseUrl, SDK_APP_ID: String(SDK_APP_ID), HOST: '127.0.0.1', ...env },
      logFile: join(own, 'output.log'),
      onSpawn(child) {
        const forget = cleanUps.add(() => child.kill('SIGKILL'));
        child.once('exit', forget);
      },
    });
  }
}

/** Medians of the rounds. */
function table(measured: ReadonlyMap<string, Round[]>): string {
  const headings = [
    '',
    'without/s',
    'with it/s',
    'ratio',
    'delivered by then',
    'backlog/s',
    '50 % within',
    '99 % within',
  ];
  const rows = [...measured].map(([name, rounds]) => {
    const of = (read: (round: Round) => number) => median(rounds.map(read)) ?? 0;
    const within = (ms: number) => (ms === 0 ? '' : `${ms} ms`);
    return [
      name,
      of((round) => round.without).toFixed(0),
      of((round) => round.with).toFixed(0),
      of((round) => round.with / round.without).toFixed(2),
      `${(of((round) => round.deliveredShare) * 100).toFixed(0)} %`,
      of((round) => round.backlogPerSecond).toFixed(0),
      within(of((round) => round.p50Ms)),
      within(of((round) => round.p99Ms)),
    ];
  });
  return columns([headings, ...rows], true);
}
