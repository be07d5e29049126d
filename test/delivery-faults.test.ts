import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { startReceiver } from '../scripts/soak/scene.ts';
import {
  type GroupLoad,
  judgeDeliveries,
  recordedIn,
  recordingIn,
  startGroupLoad,
  untilDelivered,
} from '../scripts/testbed/deliveries.ts';
import { query } from '../scripts/testbed/postgres.ts';
import { type ServerProcess, untilDrained } from '../scripts/testbed/process.ts';
import { useOwnPostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';

/** `npm run soak` kills 20 times, under a higher load. */
const KILLS = 4;
const WITHIN_MS = 60_000;
/** The promised time, plus an allowance for a machine busy with other tests. */
const TAKEN_OVER_MS = 5_000 + 5_000;
const FROZEN_MS = 6_000;

const postgres = useOwnPostgres();

/** Receivers that share a database and record their deliveries in one file. */
function scene(databaseUrl: string, folder: string) {
  const file = join(folder, 'deliveries.jsonl');
  const receivers: ServerProcess[] = [];
  let started = 0;
  return {
    file,
    receivers,
    /** @param name of its folder: a receiver in the folder of a previous one drains that one's spool */
    async start(name?: string): Promise<ServerProcess> {
      started += 1;
      const own = join(folder, name ?? String(started));
      mkdirSync(own, { recursive: true });
      const receiver = await startReceiver(databaseUrl, own, { env: recordingIn(file) });
      teardown(() => receiver.end('SIGKILL'));
      receivers.push(receiver);
      return receiver;
    },
    load(options?: Parameters<typeof startGroupLoad>[1]): GroupLoad {
      const load = startGroupLoad(() => receivers, options);
      teardown(() => load.stop());
      return load;
    },
    async judge(load: GroupLoad) {
      const acknowledged = await load.stop();
      for (const { callbackUrl } of receivers) await untilDrained(callbackUrl);
      await untilDelivered(file, acknowledged, WITHIN_MS);
      return judgeDeliveries(databaseUrl, acknowledged, recordedIn(file));
    },
  };
}

async function until(holds: () => boolean | Promise<boolean>, what: string, withinMs = WITHIN_MS): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await sleep(20);
  }
}

/** Two receivers under load, one of which delivers. */
async function startTwo(kind: 'sqlite' | 'postgres') {
  const folder = temporaryFolder();
  const databaseUrl = await databaseFor(kind, folder);
  const { start, load: startLoad, file, receivers, judge } = scene(databaseUrl, folder);
  await start();
  await start();
  const load = startLoad();
  await until(() => recordedIn(file).length > 200, '200 deliveries');
  const [deliverer] = recordedIn(file).map(({ pid }) => pid);
  return { databaseUrl, file, receivers, load, judge, deliverer };
}

/** Suspends a process while it does not lock the SQLite file: otherwise nobody could write until it resumes. */
async function freeze({ child }: ServerProcess, databaseUrl: string): Promise<void> {
  const isLocked = () => {
    if (!databaseUrl.startsWith('sqlite:')) return false;
    const database = new DatabaseSync(databaseUrl.slice('sqlite:'.length));
    try {
      // The other receiver holds the lock only briefly.
      database.exec('PRAGMA busy_timeout = 1000; BEGIN IMMEDIATE; ROLLBACK');
      return false;
    } catch {
      return true;
    } finally {
      database.close();
    }
  };
  for (child.kill('SIGSTOP'); isLocked(); child.kill('SIGSTOP')) {
    child.kill('SIGCONT');
    await sleep(10);
  }
}

async function databaseFor(kind: 'sqlite' | 'postgres', folder: string): Promise<string> {
  return kind === 'sqlite' ? `sqlite:${join(folder, 'callbacks.db')}` : postgres.createDatabase();
}

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  test('every accepted callback is delivered in order, whatever kills the receiver', async () => {
    const folder = temporaryFolder();
    const { start, load: startLoad, file, receivers, judge } = scene(await databaseFor(kind, folder), folder);
    await start('one');
    const load = startLoad();
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const delivered = recordedIn(file).length;
      await until(() => recordedIn(file).length > delivered + 200, '200 more deliveries');
      await receivers.pop()?.end('SIGKILL');
      await start('one');
    }
    const judged = await judge(load);
    expect(judged).toMatchObject({ missed: 0, outOfOrder: 0, otherIds: 0 });
    expect(load.acknowledged.size).toBeGreaterThan(50 * KILLS);
    expect(judged.mostRepeats).toBeLessThanOrEqual(16 + 256);
  }, 180_000);

  test('one of two processes delivers, and the other one takes over when it is killed', async () => {
    const { file, receivers, load, judge, deliverer } = await startTwo(kind);
    expect(new Set(recordedIn(file).map(({ pid }) => pid)).size).toBe(1);
    const index = receivers.findIndex(({ pid }) => pid === deliverer);
    const [killed] = receivers.splice(index, 1);
    const killedAt = Date.now();
    await killed?.end('SIGKILL');
    await until(() => recordedIn(file).some(({ pid }) => pid !== deliverer), 'the other receiver delivers');
    const takenOver = recordedIn(file).find(({ pid }) => pid !== deliverer)?.when ?? Number.POSITIVE_INFINITY;
    expect(takenOver - killedAt).toBeLessThan(TAKEN_OVER_MS);
    expect(await judge(load)).toMatchObject({ missed: 0, outOfOrder: 0, otherIds: 0 });
  }, 120_000);

  (process.platform === 'win32' ? test.skip : test)(
    'a receiver that was frozen delivers nothing after it wakes',
    async () => {
      const { databaseUrl, file, receivers, load, judge, deliverer } = await startTwo(kind);
      const frozen = receivers.find(({ pid }) => pid === deliverer) as ServerProcess;
      // The load goes to the other one, so that nothing waits for the suspended one.
      receivers.splice(receivers.indexOf(frozen), 1);
      await freeze(frozen, databaseUrl);
      const frozenAt = Date.now();
      await until(() => recordedIn(file).some(({ pid }) => pid !== deliverer), 'the other receiver delivers');
      await sleep(Math.max(0, FROZEN_MS - (Date.now() - frozenAt)));
      const before = recordedIn(file).filter(({ pid }) => pid === deliverer).length;
      frozen.child.kill('SIGCONT');
      await until(async () => (await fetch(new URL('/readyz', frozen.callbackUrl))).ok, 'the frozen receiver answers');
      const others = () => recordedIn(file).filter(({ pid }) => pid !== deliverer).length;
      const after = others();
      await until(() => others() > after + 200, '200 more deliveries');
      expect(recordedIn(file).filter(({ pid }) => pid === deliverer)).toHaveLength(before);
      expect(await judge(load)).toMatchObject({ missed: 0, outOfOrder: 0, otherIds: 0 });
    },
    120_000,
  );
});

test('a transaction left open in another database is named, and nothing is lost when it ends', async () => {
  const folder = temporaryFolder();
  const databaseUrl = await postgres.createDatabase();
  const elsewhere = await postgres.createDatabase();
  const { start, load: startLoad, file, judge } = scene(databaseUrl, folder);
  const { adminUrl } = await start();
  const load = startLoad({ groups: 5 });
  await until(() => recordedIn(file).length > 20, '20 deliveries');
  await query(elsewhere, 'CREATE TABLE things (id integer)');
  const { Client } = (await import('pg')).default;
  const client = new Client({ connectionString: elsewhere });
  await client.connect();
  await client.query('BEGIN; INSERT INTO things VALUES (1)');
  const since = Date.now();
  const consumer = async () => {
    const { consumers } = (await (await fetch(new URL('/api/consumers', adminUrl))).json()) as {
      consumers: { state: string; detail: string }[];
    };
    return consumers[0] as { state: string; detail: string };
  };
  await until(async () => (await consumer()).state === 'held back', 'the state is held back');
  expect(Date.now() - since).toBeLessThan(15_000 + 10_000);
  const { detail } = await consumer();
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid, current_database() AS database');
  expect(detail).toContain(String(rows[0].pid));
  expect(detail).toContain(rows[0].database);
  await client.query('COMMIT');
  await client.end();
  expect(await judge(load)).toMatchObject({ missed: 0, outOfOrder: 0, otherIds: 0 });
  await until(async () => (await consumer()).state === 'running', 'the state is running again');
}, 120_000);
