import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { query } from '../scripts/testbed/postgres.ts';
import { startTcpProxy } from '../scripts/testbed/tcp-proxy.ts';
import { BEGINNING, type Lease, type LoggedCallback, type Place, type Progress } from '../src/store/consumers.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import type { ReceivedCallback, Store } from '../src/store/store.ts';
import { useOwnPostgres } from './support/postgres.ts';
import { teardown } from './support/start.ts';

const APP = 1400000000;
const old = useOwnPostgres();
const fresh = useOwnPostgres();

const INSERT = `INSERT INTO callbacks (sdk_app_id, status, command, received_at, arrival, once_key, query, body)
  VALUES (${APP}, 'accepted', 'x', 1, gen_random_uuid(), decode(replace(gen_random_uuid()::text, '-', ''), 'hex'), '', '{}')
  RETURNING id::text`;

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  teardown(() => client.end());
  return client;
}

async function open(url: string, logged: string[] = []): Promise<Store> {
  const store = openPostgresStore(url, APP, { log: pino({}, { write: (line) => void logged.push(line) }) });
  teardown(() => store.close());
  await store.migrate();
  return store;
}

async function insert(client: pg.Client, howMany = 1): Promise<string[]> {
  const ids: string[] = [];
  for (let one = 0; one < howMany; one += 1) ids.push((await client.query(INSERT)).rows[0].id);
  return ids;
}

/** Consumes xids, so that the xids of both clusters are far apart. */
const passXids = (url: string) =>
  query(url, 'DO $$ BEGIN FOR n IN 1..3000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$');

/** In an order that any foreign keys would allow. */
const TABLES = [
  ...['callbacks', 'groups', 'group_parts', 'replays', 'consumers', 'deliveries', 'consumer_requests'],
  'store_identity',
];

/** Replaces pg_dump and pg_restore, which are not available: copies all rows of one snapshot, and the sequences. */
async function dumpAndRestore(from: string, to: string): Promise<void> {
  const [source, target] = [await connect(from), await connect(to)];
  const created = openPostgresStore(to, APP);
  await created.migrate();
  await created.close();
  await source.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  for (const table of TABLES) {
    const { rows } = await source.query(`SELECT coalesce(json_agg(entry), '[]')::text AS rows FROM ${table} AS entry`);
    await target.query(`DELETE FROM ${table}`);
    await target.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`, [
      rows[0].rows,
    ]);
  }
  for (const sequence of ['callbacks_id_seq', 'consumer_requests_id_seq']) {
    const { rows } = await source.query(`SELECT last_value, is_called FROM ${sequence}`);
    await target.query(`SELECT setval('${sequence}', $1, $2)`, [rows[0].last_value, rows[0].is_called]);
  }
  await source.query('COMMIT');
}

const callback = (): ReceivedCallback => ({
  ...{ arrival: randomUUID(), query: '', body: Buffer.from('{}'), idempotencyKey: Buffer.from(randomUUID()) },
  ...{ receivedAt: new Date(), status: 'accepted', command: 'x', groupId: null },
  ...{ eventTime: null, reason: null, change: null },
});

const register = (store: Store, name: string, from: 'now' | 'beginning' = 'beginning') =>
  store.registerConsumers([{ name, kind: 'handlers', from }]);

async function lease(store: Store, name: string): Promise<Lease> {
  const taken = await store.leaseConsumer(name, randomUUID());
  if (!taken) throw new Error(`no lease of ${name}`);
  return taken;
}

const progressTo = (place: Place, change: Partial<Progress> = {}): Progress => ({
  ...{ place, open: [], floor: place, put: [], done: [], requestsDone: [], state: 'running', detail: null },
  ...change,
});

const readAfter = (store: Store, after: Place) => store.readLog({ after, limit: 1_000, wants: null });
const idsOf = (all: readonly LoggedCallback[]) => all.map(({ id }) => id);

/** Callbacks of two concurrent transactions: the log has them in the order of the transactions, 2, 1. */
async function insertSideBySide(url: string): Promise<[string, string]> {
  const [early, late] = [await connect(url), await connect(url)];
  for (const client of [early, late]) await client.query('BEGIN; SELECT pg_current_xact_id()');
  const [first] = await insert(late);
  const [second] = await insert(early);
  for (const client of [early, late]) await client.query('COMMIT');
  return [first as string, second as string];
}

/** Both relations: the old xids are all higher than the new ones, or all lower. */
test.each([
  ['higher', () => passXids(old.url)],
  ['lower', () => passXids(fresh.url)],
])(
  'after a dump and restore into a cluster whose xids were %s no consumer misses a callback',
  async (_relation, pass) => {
    await pass();
    const [url, restored] = [await old.createDatabase(), await fresh.createDatabase()];
    const before = await open(url);
    for (const name of ['begins', 'in the middle', 'parks', 'in a batch']) await register(before, name);
    const client = await connect(url);
    await insert(client, 5);
    const [lower, higher] = await insertSideBySide(url);
    await insert(client, 5);
    const log = await readAfter(before, BEGINNING);
    const at = (index: number) => log[index]?.place as Place;
    expect(idsOf(log).slice(5, 7)).toEqual([higher, lower]);
    await register(before, 'new', 'now');
    await register(before, 'done', 'now');
    await before.saveProgress(await lease(before, 'done'), progressTo(at(11)));
    // It has received the higher id of the two, but not yet the lower one.
    await before.saveProgress(
      await lease(before, 'in the middle'),
      progressTo(at(5), { open: [at(1), at(5)], floor: at(1) }),
    );
    await before.saveProgress(
      await lease(before, 'in a batch'),
      progressTo(`${at(8)}.2`, { open: [`${at(1)}.4`, `${at(8)}.0`], floor: `${at(1)}.4` }),
    );
    const parked = {
      ...{
        id: randomUUID(),
        callbackId: log[2]?.id ?? '',
        place: at(2),
        subject: 's',
        status: 'parked' as const,
        attempts: 1,
      },
      ...{ error: 'no', failedAt: new Date(), nextAttemptAt: new Date(), late: false, waiting: [at(3), at(5)] },
      moreAfter: at(5),
    };
    await before.saveProgress(await lease(before, 'parks'), progressTo(at(9), { put: [parked], floor: at(2) }));
    await before.rewindConsumer('parks', new Date(0));
    await dumpAndRestore(url, restored);

    // A running receiver stores some in the new cluster before any cursor is moved.
    const other = await connect(restored);
    const inFlight = await connect(restored);
    const goesOn = openPostgresStore(restored, APP);
    teardown(() => goesOn.close());
    const append = async () => (await goesOn.append(callback())).id;
    const earlier = [...(await insert(other, 2)), await append()];
    const logged: string[] = [];
    const stores = await Promise.all([open(restored, logged), open(restored, logged)]);
    const [store] = stores as [Store, Store];
    await inFlight.query('BEGIN');
    const since = [...earlier, ...(await insert(inFlight)), ...(await insert(other, 2)), await append()];
    await inFlight.query('COMMIT');
    expect(logged.filter((line) => line.includes('another cluster'))).toHaveLength(1);

    const unread = (from: number) => [...idsOf(log).slice(from), ...since];
    const places = new Map((await store.listConsumers()).map(({ name, place }) => [name, place]));
    const following = async (name: string) => idsOf(await readAfter(store, places.get(name) ?? ''));
    expect(await following('begins')).toEqual(expect.arrayContaining(unread(0)));
    expect((await following('new')).sort()).toEqual([...since].sort());
    expect((await following('done')).sort()).toEqual([...since].sort());
    expect(await following('in the middle')).toEqual(expect.arrayContaining(unread(6)));
    expect(await following('parks')).toEqual(expect.arrayContaining(unread(10)));

    const middle = await lease(store, 'in the middle');
    // The open one after its new place comes from the log again.
    expect(idsOf(await store.findLogged({ places: middle.open }))).toEqual([log[1]?.id]);
    const inBatch = await lease(store, 'in a batch');
    expect(inBatch.open).toEqual([`0-${log[1]?.id}.4`]);
    expect(idsOf(await readAfter(store, inBatch.place))).toEqual(expect.arrayContaining(unread(8)));
    const { parked: deliveries } = await lease(store, 'parks');
    const [delivery] = deliveries;
    const waiting = await store.findLogged({ places: [delivery?.place ?? '', ...(delivery?.waiting ?? [])] });
    expect(idsOf(waiting).sort()).toEqual([log[2]?.id, log[3]?.id, log[5]?.id].sort());
    // More callbacks wait after it, beginning with the lower id of the two.
    expect(idsOf(await readAfter(store, delivery?.moreAfter ?? ''))).toEqual(expect.arrayContaining(unread(6)));
    const saved = await store.saveProgress(await lease(store, 'new'), progressTo(places.get('new') ?? ''));
    expect(saved).not.toBeNull();
    const [rewind] = await query<{ argument: Place }>(restored, 'SELECT argument FROM consumer_requests');
    expect(idsOf(await readAfter(store, rewind?.argument ?? ''))).toEqual(expect.arrayContaining(unread(0)));
    expect(await store.storeId()).toBe(await before.storeId());
    const [floor] = await query(restored, "SELECT floor_xid, floor_id FROM consumers WHERE name = 'parks'");
    expect(floor).toEqual({ floor_xid: '0', floor_id: log[2]?.id });
  },
);

test('a receiver that continues in another cluster is fenced off, and leases again at places of that cluster', async () => {
  await passXids(old.url);
  const url = await old.createDatabase();
  const name = new URL(url).pathname.slice(1);
  await query(fresh.url, `CREATE DATABASE ${name}`);
  const restored = fresh.url.replace(/\/[^/]*$/, `/${name}`);
  const proxy = await startTcpProxy([old.port]);
  teardown(() => proxy.close());
  const store = await open(Object.assign(new URL(url), { port: String(proxy.port) }).href);
  await register(store, 'c');
  const client = await connect(url);
  await insert(client, 3);
  const rejected = await query<{ id: string }>(url, INSERT.replace("'accepted'", "'rejected'"));
  const holder = randomUUID();
  const running = (await store.leaseConsumer('c', holder)) as Lease;
  const log = await readAfter(store, BEGINNING);
  const last = log.at(-1)?.place as Place;
  expect(await store.saveProgress(running, progressTo(last))).not.toBeNull();
  await dumpAndRestore(url, restored);

  proxy.targets = [fresh.port];
  proxy.treatment = 'cut statement';
  await expect(Promise.all([store.heldBack(last), store.storeId()])).rejects.toThrow();
  proxy.treatment = 'pass';
  const appended = await insert(await connect(restored), 2);
  // A retry gets a place in the new cluster, which is not reset to its id later.
  const retried = await again(() => store.retry(rejected[0]?.id ?? '', ({ arrival }) => ({ ...callback(), arrival })));
  expect(retried).toMatchObject({ status: 'accepted' });
  expect(await again(() => store.saveProgress(running, progressTo(last)))).toBeNull();
  const { place, token } = (await store.leaseConsumer('c', holder)) as Lease;
  expect(token).toBeGreaterThan(running.token);
  expect(idsOf(await readAfter(store, place))).toEqual([...appended, rejected[0]?.id]);
});

/** A pool may have several broken connections. */
async function again<Result>(work: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(20);
    }
  }
}
