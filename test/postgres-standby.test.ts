import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { compare } from '../scripts/testbed/database.ts';
import {
  judgeDeliveries,
  recordedIn,
  recordingIn,
  startGroupLoad,
  untilDelivered,
} from '../scripts/testbed/deliveries.ts';
import { startLoad } from '../scripts/testbed/load.ts';
import { createDatabase, type Postgres, query, startPostgres } from '../scripts/testbed/postgres.ts';
import { requireStandby, type Standby, startStandby, untilSynchronous } from '../scripts/testbed/postgres-standby.ts';
import { type ServerProcess, startServer, untilDrained } from '../scripts/testbed/process.ts';
import type { RecordedDelivery } from '../scripts/testbed/recording-handlers.ts';
import { startTcpProxy } from '../scripts/testbed/tcp-proxy.ts';
import { BEGINNING, type Lease, type Place } from '../src/store/consumers.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { teardown, temporaryFolder } from './support/start.ts';

const APP = 1400000000;
const STANDBY = 'standby_1';
const PER_SECOND = 150;
const WITHIN_MS = 60_000;
/** The vendor gives up after 2 s. */
const VENDOR_WAITS_MS = 2_000;
/** Two batches of the group commit and two of the drain wait for the standby, however long it is down. */
const MOST_WAITING = 4;

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${WITHIN_MS / 1000} s: ${what}`);
    await sleep(20);
  }
}

/** A primary with a streaming standby, and an empty database on both. */
async function startPair(): Promise<{ primary: Postgres; standby: Standby; databaseUrl: string }> {
  const primary = await startPostgres(temporaryFolder());
  teardown(() => primary.stop());
  const standby = await startStandby(primary, temporaryFolder(), STANDBY);
  teardown(() => standby.stop());
  return { primary, standby, databaseUrl: await createDatabase(primary.url) };
}

/** The same database on another server. */
function onPort(databaseUrl: string, port: number): string {
  return Object.assign(new URL(databaseUrl), { port: String(port) }).href;
}

async function startReceiver(databaseUrl: string, folder: string, file: string): Promise<ServerProcess> {
  mkdirSync(folder, { recursive: true });
  const receiver = await startServer({
    folder,
    env: { DATABASE_URL: databaseUrl, ...recordingIn(file) },
    logFile: join(folder, 'output.log'),
    onSpawn: (child) => teardown(() => child.kill('SIGKILL')),
  });
  // Ended before its folder is removed.
  teardown(() => receiver.end('SIGKILL'));
  await untilDrained(receiver.callbackUrl);
  return receiver;
}

/** Callbacks of new groups at a fixed rate, and concurrently those of a few groups, in order. */
function startBothLoads(receivers: readonly ServerProcess[]) {
  const load = startLoad(() => receivers, { perSecond: PER_SECOND });
  const inOrder = startGroupLoad(() => receivers, { groups: 10 });
  teardown(() => Promise.all([load.stop(), inOrder.stop()]));
  return {
    acknowledged: () => load.soFar.acknowledged.size + inOrder.acknowledged.size,
    async stop() {
      const [sent, ordered] = await Promise.all([load.stop(), inOrder.stop()]);
      const keys = [...sent.acknowledged]
        .map((body) => JSON.parse(body))
        .map((one) => `${one.GroupId} ${one.EventTime}`);
      return { ...sent, keys: new Set([...ordered, ...keys]) };
    },
  };
}

async function spoolOf(receiver: ServerProcess): Promise<{ depth: number; inUse: boolean }> {
  const readiness = await (await fetch(new URL('/readyz', receiver.callbackUrl))).json();
  return (readiness as { spool: { depth: number; inUse: boolean } }).spool;
}

/** A failover repeats deliveries in the process that made them: what counts is the order of first deliveries. */
function firstsOf(recorded: readonly RecordedDelivery[]): RecordedDelivery[] {
  const seen = new Set<string>();
  return recorded.filter(({ group, at }) => !seen.has(`${group} ${at}`) && seen.add(`${group} ${at}`));
}

test('the primary is killed and its synchronous standby promoted: nothing acknowledged is lost, and handlers continue', async () => {
  const { primary, standby, databaseUrl } = await startPair();
  await requireStandby(primary, [STANDBY]);
  const address = await startTcpProxy([primary.port]);
  teardown(() => address.close());
  const [folder, file] = [temporaryFolder(), join(temporaryFolder(), 'deliveries')];
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  // One receiver's address moves to the promoted standby; the other receiver is restarted with a new URL.
  const stays = await startReceiver(onPort(databaseUrl, address.port), one, file);
  const restarts = await startReceiver(databaseUrl, two, file);
  const receivers = [stays, restarts];
  const load = startBothLoads(receivers);
  await until(() => recordedIn(file).length > 200, '200 deliveries');

  primary.kill();
  const killedAt = load.acknowledged();
  await until(async () => (await spoolOf(stays)).depth > 50, 'one receiver spools');
  await until(async () => (await spoolOf(restarts)).depth > 50, 'the other receiver spools');
  await standby.promote();
  address.targets = [standby.port];
  receivers.pop();
  await restarts.end();
  const promotedUrl = onPort(databaseUrl, standby.port);
  receivers.push(await startReceiver(promotedUrl, two, file));
  await untilDrained(stays.callbackUrl);
  const drainedAt = load.acknowledged();
  await until(() => load.acknowledged() > drainedAt + 100, '100 more callbacks');

  const { acknowledged, keys, late } = await load.stop();
  for (const receiver of receivers) await untilDrained(receiver.callbackUrl);
  await untilDelivered(file, keys);
  expect(await compare(promotedUrl, acknowledged)).toEqual({ lost: 0, doubled: 0 });
  const recorded = recordedIn(file);
  expect(await judgeDeliveries(promotedUrl, keys, firstsOf(recorded))).toMatchObject({ missed: 0, outOfOrder: 0 });
  expect(await judgeDeliveries(promotedUrl, keys, recorded)).toMatchObject({ otherIds: 0 });
  expect(late).toBe(0);
  expect(drainedAt).toBeGreaterThan(killedAt);
}, 180_000);

test('while the synchronous standby is down, commits wait, callbacks are spooled and answered in time', async () => {
  const { primary, standby, databaseUrl } = await startPair();
  await requireStandby(primary, [STANDBY]);
  const file = join(temporaryFolder(), 'deliveries');
  const receiver = await startReceiver(databaseUrl, temporaryFolder(), file);
  const load = startBothLoads([receiver]);
  await until(() => recordedIn(file).length > 100, '100 deliveries');
  await standby.stop();
  await until(async () => (await spoolOf(receiver)).depth > 500, '500 callbacks are spooled');
  const waiting = await query(primary.url, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
  expect(waiting.length).toBeGreaterThan(0);
  expect(waiting.length).toBeLessThanOrEqual(MOST_WAITING);

  await standby.start();
  await untilSynchronous(primary);
  await untilDrained(receiver.callbackUrl);
  const { acknowledged, keys, slowestMs, refused, failed } = await load.stop();
  expect({ refused, failed }).toEqual({ refused: 0, failed: 0 });
  expect(slowestMs).toBeLessThan(VENDOR_WAITS_MS);
  await untilDrained(receiver.callbackUrl);
  await untilDelivered(file, keys);
  expect(await compare(databaseUrl, acknowledged)).toEqual({ lost: 0, doubled: 0 });
  expect(await judgeDeliveries(databaseUrl, keys, recordedIn(file))).toMatchObject({
    ...{ missed: 0, outOfOrder: 0, repeats: 0, otherIds: 0 },
  });
}, 120_000);

const INSERT = `INSERT INTO callbacks (sdk_app_id, status, command, received_at, arrival, once_key, query, body)
  VALUES (${APP}, 'accepted', 'x', 1, gen_random_uuid(), decode(replace(gen_random_uuid()::text, '-', ''), 'hex'), '', '{}')
  RETURNING id::text`;

test('a consumer ahead of an asynchronous standby does not skip what the promoted standby stores', async () => {
  const { primary, standby, databaseUrl } = await startPair();
  const address = await startTcpProxy([primary.port]);
  teardown(() => address.close());
  const store = openPostgresStore(onPort(databaseUrl, address.port), APP);
  teardown(() => store.close());
  await store.migrate();
  await store.registerConsumers([{ name: 'c', kind: 'handlers', from: 'beginning' }]);
  const holder = randomUUID();
  const lease = (await store.leaseConsumer('c', holder)) as Lease;
  const flushed = 'SELECT pg_current_wal_flush_lsn() = replay_lsn AS is FROM pg_stat_replication';
  await until(async () => (await query<{ is: boolean }>(primary.url, flushed))[0]?.is === true, 'the standby has all');
  await standby.stop();
  for (let lost = 1; lost <= 20; lost += 1) await query(databaseUrl, INSERT);
  const read = await store.readLog({ after: BEGINNING, limit: 100, wants: null });
  expect(read).toHaveLength(20);
  const ahead = read.at(-1)?.place as Place;

  primary.kill();
  await standby.start();
  await standby.promote();
  address.targets = [standby.port];
  const [stored] = await query<{ id: string }>(onPort(databaseUrl, standby.port), INSERT);
  const progress = { place: ahead, open: [], floor: ahead, put: [], done: [], requestsDone: [], detail: null };
  const save = () => store.saveProgress(lease, { ...progress, state: 'running' });
  let saved: Awaited<ReturnType<typeof save>> | undefined;
  // A pool may have several connections to the old primary.
  await until(async () => {
    saved = await save().catch(() => undefined);
    return saved !== undefined;
  }, 'the promoted standby answers');
  expect(saved).toBeNull();
  const { place } = (await store.leaseConsumer('c', holder)) as Lease;
  const following = await store.readLog({ after: place, limit: 100, wants: null });
  expect(following.map(({ id }) => id)).toEqual([stored?.id]);
}, 60_000);
