import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { columns, plural } from '../command-line.ts';
import type { CleanUps } from '../testbed/clean-ups.ts';
import { dropDatabase, type Postgres, query, startPostgres } from '../testbed/postgres.ts';
import { requireStandby, startStandby } from '../testbed/postgres-standby.ts';
import { type ServerProcess, startArguments, untilDrained, usageOf } from '../testbed/process.ts';
import { complaints, countRows, runLoad, startTarget, USUAL_LOAD } from './measure.ts';
import type { Options } from './options.ts';
import type { Kind } from './request-template.ts';
import { machine, median } from './results.ts';
import { type Sizes, sizesOf } from './table-sizes.ts';

const GROUP = '@TGS#hot';

interface Sent {
  title: string;
  kind: Partial<Kind>;
  /** Number of groups that this many callbacks create. */
  groupsOf(callbacks: number): number;
}

const NEW_GROUPS: Sent = { title: 'each of a new group', kind: {}, groupsOf: (callbacks) => callbacks };
const ALL_SENT: readonly Sent[] = [
  NEW_GROUPS,
  {
    title: 'changes of one group',
    kind: { command: 'Group.CallbackAfterGroupInfoChanged', group: GROUP },
    groupsOf: () => 1,
  },
  // A message does not change the mirrored group.
  { title: 'messages of one group', kind: { command: 'Group.CallbackAfterSendMsg', group: GROUP }, groupsOf: () => 0 },
];

interface Case {
  sent: Sent;
  receivers: number;
  /** Whether each commit waits for a standby. */
  standby: boolean;
}

interface Round {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** WAL per callback, with the full pages after a checkpoint. */
  walBytes: number;
  /** Processor time per callback; 0 if the system does not report it. */
  receiverMicroseconds: number;
  postgresMicroseconds: number;
}

/**
 * Measures how the receiver scales on PostgreSQL: several receivers compared with one, a single group, a synchronous
 * standby, and the space that callbacks and groups take. @returns the exit status
 */
export async function scaling(
  { rounds, seconds, warmUpSeconds, receivers, quick, out }: Options,
  folder: string,
  cleanUps: CleanUps,
): Promise<number> {
  const primary = await startPostgres(join(folder, 'primary'));
  cleanUps.add(() => primary.stop());
  const standby = await startStandby(primary, join(folder, 'standby'), 'standby_1');
  cleanUps.add(() => standby.stop());
  // An asynchronous standby would compete for the same cores.
  await standby.stop();

  const cases: Case[] = (quick ? [NEW_GROUPS] : ALL_SENT).flatMap((sent) =>
    [1, receivers].map((count) => ({ sent, receivers: count, standby: false })),
  );
  cases.push({ sent: NEW_GROUPS, receivers: 1, standby: true });
  const measured = cases.map(() => [] as Round[]);
  const found: string[] = [];
  const load: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const order = [...cases.keys()];
    for (const index of round % 2 === 1 ? order : order.reverse()) {
      const one = cases[index] as Case;
      load.push(loadavg()[0] as number);
      const result = await measureCase(one);
      measured[index]?.push(result);
      console.error(`round ${round} of ${rounds}: ${titleOf(one)}: ${Math.round(result.perSecond)} callbacks/s`);
    }
  }
  const sizes = await sizesOf(await primary.createDatabase(), quick ? 2_000 : 100_000, { folder, cleanUps });
  const results = cases.map((one, index) => ({ ...one, title: titleOf(one), rounds: measured[index] as Round[] }));
  const about = { measuredAt: new Date(), machine: machine(), loadAverage: median(load), seconds };
  writeFileSync(out, `${JSON.stringify({ ...about, results, sizes }, null, 2)}\n`);
  console.log(table(results));
  console.log(`\n${tellSizes(sizes)}\nLoad average before a run: ${median(load)?.toFixed(1)} (median).`);
  if (found.length > 0) console.error(`\n${found.join('\n')}`);
  return found.length > 0 ? 1 : 0;

  async function measureCase(one: Case): Promise<Round> {
    const databaseUrl = await primary.createDatabase();
    if (one.standby) {
      await standby.start();
      await requireStandby(primary, ['standby_1']);
    }
    try {
      return await loadOn(databaseUrl, one);
    } finally {
      await requireStandby(primary, []);
      await standby.stop();
      await dropDatabase(databaseUrl);
    }
  }

  async function loadOn(databaseUrl: string, one: Case): Promise<Round> {
    const { kind, groupsOf } = one.sent;
    const own = join(folder, 'run');
    const names = Array.from({ length: one.receivers }, (_, index) => join(own, String(index)));
    const servers: ServerProcess[] = [];
    try {
      for (const name of names) {
        mkdirSync(name, { recursive: true });
        servers.push(
          await startTarget({ args: startArguments(), env: { DATABASE_URL: databaseUrl } }, { folder: name, cleanUps }),
        );
      }
      for (const { callbackUrl } of servers) await untilDrained(callbackUrl);
      await query(databaseUrl, 'CHECKPOINT');
      const used = async () => ({
        wal: await walPosition(primary),
        receivers: cpuOf(servers.map(({ pid }) => pid)),
        postgres: cpuOfServer(primary),
      });
      const before = await used();
      const order = {
        ...USUAL_LOAD,
        ...kind,
        connections: Math.ceil(USUAL_LOAD.connections / one.receivers),
        seconds,
        warmUpSeconds,
      };
      const senders = await Promise.all(servers.map(({ callbackUrl }) => runLoad({ ...order, callbackUrl }, cleanUps)));
      const after = await used();
      const ok = senders.reduce((sum, { sum: { ok } }) => sum + ok, 0);
      const stored = await countRows(databaseUrl, { callbacks: ok, groups: groupsOf(ok) });
      for (const { sum } of senders)
        found.push(...complaints(titleOf(one), { sum, stored: { callbacks: sum.ok, groups: sum.ok } }));
      if (stored.callbacks !== ok || stored.groups !== groupsOf(ok))
        found.push(`${titleOf(one)}: ${ok} callbacks were answered OK, ${JSON.stringify(stored)} are stored`);
      const runs = senders.map(({ measured }) => measured);
      return {
        perSecond: runs.reduce((sum, run) => sum + run.ok / run.seconds, 0),
        p50Ms: Math.max(...runs.map(({ p50Ms }) => p50Ms)),
        p99Ms: Math.max(...runs.map(({ p99Ms }) => p99Ms)),
        walBytes: (after.wal - before.wal) / ok,
        receiverMicroseconds: ((after.receivers - before.receivers) / ok) * 1e6,
        postgresMicroseconds: ((after.postgres - before.postgres) / ok) * 1e6,
      };
    } finally {
      await Promise.all(servers.map((server) => server.end()));
      rmSync(own, { recursive: true, force: true });
    }
  }
}

/** Seconds of processor time; 0 if the system does not report it. */
function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (usageOf(pid).cpuSeconds ?? 0), 0);
}

/** Includes processes of the server that have ended. */
function cpuOfServer({ pid }: Postgres): number {
  if (process.platform !== 'linux') return 0;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  // The name in parentheses may contain spaces; cutime and cstime, in hundredths of a second, are fields 16 and 17.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return cpuOf([pid, ...children]) + (Number(fields[16 - 3]) + Number(fields[17 - 3])) / 100;
}

async function walPosition(primary: Postgres): Promise<number> {
  const [row] = await query<{ bytes: string }>(primary.url, "SELECT pg_current_wal_insert_lsn() - '0/0' AS bytes");
  return Number(row?.bytes);
}

function titleOf({ sent, receivers, standby }: Case): string {
  return `${sent.title}, ${plural(receivers, 'receiver')}${standby ? ', synchronous standby' : ''}`;
}

/** Medians of the rounds, and of the ratios to one receiver without a standby. */
function table(results: readonly (Case & { rounds: Round[] })[]): string {
  const headings = ['', 'callbacks/s', 'to one', '50 % within', '99 % within', 'CPU each', 'of PostgreSQL', 'WAL each'];
  const rows = results.map((result) => {
    const of = (read: (round: Round, index: number) => number) => median(result.rounds.map(read)) ?? 0;
    const one = results.find(({ sent }) => sent === result.sent)?.rounds ?? [];
    return [
      titleOf(result),
      of(({ perSecond }) => perSecond).toFixed(0),
      of(({ perSecond }, index) => perSecond / (one[index]?.perSecond ?? perSecond)).toFixed(2),
      `${of(({ p50Ms }) => p50Ms).toFixed(1)} ms`,
      `${of(({ p99Ms }) => p99Ms).toFixed(1)} ms`,
      `${of((round) => round.receiverMicroseconds).toFixed(0)} µs`,
      `${of((round) => round.postgresMicroseconds).toFixed(0)} µs`,
      `${of(({ walBytes }) => walBytes).toFixed(0)} B`,
    ];
  });
  return columns([headings, ...rows], true);
}

function tellSizes(sizes: Sizes): string {
  return Object.entries(sizes)
    .map(([name, figure]) => `${name}: ${Math.round(figure)}`)
    .join('\n');
}
