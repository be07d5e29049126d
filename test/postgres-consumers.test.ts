import { hash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { createDatabase } from '../scripts/testbed/postgres.ts';
import { BEGINNING, type Lease, type Progress } from '../src/store/consumers.ts';
import { clientOf, connect as connectFor } from '../src/store/postgres/connection.ts';
import { lagAfter, logOf } from '../src/store/postgres/log.ts';
import { statementsOf } from '../src/store/postgres/migrate.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { pruningOf } from '../src/store/postgres/prune.ts';
import { storeAndForward } from '../src/store/spool.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { ReceivedCallback, Store, UnjudgedCallback } from '../src/store/store.ts';
import { useOwnPostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';

const APP = 1400000000;
/** A separate server: transactions of other tests on a shared one would hold back the log. */
const postgres = useOwnPostgres();
const ALL = { after: BEGINNING, limit: 100, wants: null };

let count = 0;
function callback(change: Partial<ReceivedCallback> = {}): ReceivedCallback {
  count += 1;
  return {
    ...{
      arrival: randomUUID(),
      query: '',
      body: Buffer.from(`${count}`),
      idempotencyKey: hash('sha256', randomUUID(), 'buffer'),
    },
    ...{ receivedAt: new Date(), status: 'accepted', command: 'x', groupId: null },
    ...{ eventTime: null, reason: null, change: null },
    ...change,
  };
}

function accept({ arrival, query, body, receivedAt, idempotencyKey = body }: UnjudgedCallback): ReceivedCallback {
  return callback({ arrival, query, body, receivedAt, idempotencyKey });
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  teardown(() => client.end());
  return client;
}

async function open(): Promise<{ url: string; store: Store }> {
  const url = await postgres.createDatabase();
  const store = openPostgresStore(url, APP);
  teardown(() => store.close());
  await store.migrate();
  return { url, store };
}

async function until<Found>(find: () => Promise<Found | null | undefined | false>): Promise<Found> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const found = await find();
    if (found) return found;
    if (Date.now() > deadline) throw new Error('it did not come about within 15 s');
    await sleep(20);
  }
}

const bodiesOf = (logged: readonly { body: Uint8Array | null }[]) => logged.map(({ body }) => String(body));

test('a transaction open in another database of the cluster is named, and nothing is lost when it ends', async () => {
  const { url, store } = await open();
  const elsewhere = await createDatabase(url);
  const other = await connect(elsewhere);
  await other.query('BEGIN');
  const { rows } = await other.query('SELECT pg_backend_pid() AS pid, pg_current_xact_id()');
  expect(await store.heldBack(BEGINNING)).toBeNull();
  const { id } = await store.append(callback());
  expect(await store.readLog(ALL)).toEqual([]);
  expect(await store.heldBack(BEGINNING)).toEqual({
    pid: rows[0].pid,
    database: new URL(elsewhere).pathname.slice(1),
    ageSeconds: expect.any(Number),
  });
  await other.query('COMMIT');
  const [logged] = await until(async () => {
    const page = await store.readLog(ALL);
    return page.length > 0 && page;
  });
  expect(logged?.id).toBe(id);
  expect(await store.heldBack(BEGINNING)).toBeNull();
  expect(await store.heldBack(logged?.place ?? '')).toBeNull();
});

test('a consumer that begins at a time gets callbacks of transactions that were open then', async () => {
  const { url, store } = await open();
  const client = await connect(url);
  await client.query('BEGIN; SELECT pg_current_xact_id()');
  await store.append(callback({ body: Buffer.from('first') }));
  await store.registerConsumers([{ name: 'c', kind: 'handlers', from: new Date(0) }]);
  await client.query(
    `INSERT INTO callbacks (sdk_app_id, status, command, received_at, arrival, once_key, query, body)
     VALUES ($1, 'accepted', 'x', 1, gen_random_uuid(), 'k', '', 'before it')`,
    [APP],
  );
  await client.query('COMMIT');
  expect(await bodiesAfterPlaceOf(store, 'c')).toEqual(['before it', 'first']);
});

test('a role that cannot see other sessions is told what it may see', async () => {
  const { url, store } = await open();
  const admin = await connect(url);
  const role = `plain_${randomUUID().slice(0, 8)}`;
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'plain'; GRANT SELECT ON callbacks TO ${role}`);
  const plain = await connect(Object.assign(new URL(url), { username: role, password: 'plain' }).href);
  teardown(() => admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`));
  const holder = await connect(url);
  await holder.query('BEGIN; SELECT pg_current_xact_id()');
  await store.append(callback());
  const heldBack = await logOf(plain, APP).heldBack(BEGINNING);
  expect(heldBack).toEqual({ pid: expect.any(Number), database: new URL(url).pathname.slice(1), ageSeconds: null });
  await holder.query('ROLLBACK');
});

test('a database of the previous version is read from its first callback, while an older receiver still appends', async () => {
  const url = await postgres.createDatabase();
  const client = await connect(url);
  await client.query('CREATE TABLE migrations (number integer PRIMARY KEY, name text NOT NULL)');
  const folder = join(import.meta.dirname, '../src/store/postgres/migrations');
  for (const name of readdirSync(folder).sort()) {
    const number = Number.parseInt(name, 10);
    if (number > 10) break;
    for (const statement of statementsOf(readFileSync(join(folder, name), 'utf8'))) await client.query(statement);
    await client.query('INSERT INTO migrations VALUES ($1, $2)', [number, name]);
  }
  /** Inserts like a receiver of the previous version. */
  const append = (body: string) =>
    client.query(
      `INSERT INTO callbacks (sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, repeats,
         reason, decision, query, body, content_removed, acknowledged)
       VALUES ($1, 'accepted', 'x', NULL, NULL, $2, gen_random_uuid(), sha256($3), 0, NULL, NULL, '', $3, false, false)`,
      [APP, Date.now(), body],
    );
  for (const body of ['1', '2', '3']) await append(body);
  const store = openPostgresStore(url, APP);
  teardown(() => store.close());
  await store.migrate();
  await store.registerConsumers([
    { name: 'all', kind: 'handlers', from: 'beginning' },
    { name: 'new', kind: 'handlers', from: 'now' },
  ]);
  await append('4');
  await store.append(callback({ body: Buffer.from('5') }));
  await append('6');
  const places = Object.fromEntries((await store.listConsumers()).map(({ name, place }) => [name, place]));
  expect(bodiesOf(await store.readLog({ ...ALL, after: places.all ?? '' }))).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(bodiesOf(await store.readLog({ ...ALL, after: places.new ?? '' }))).toEqual(['4', '5', '6']);
  expect(bodiesOf(await store.readLog({ ...ALL, after: BEGINNING, limit: 2 }))).toEqual(['1', '2']);
});

/** A connection that records the plan of each query. */
function explained(client: pg.Client) {
  const plans: string[] = [];
  const query = async (text: string, values: unknown[]) => {
    const { rows } = await client.query(`EXPLAIN ${text}`, values);
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    return client.query(text, values);
  };
  return { plans, explaining: { query } as unknown as pg.Client };
}

test('the log of a million rows is read by its index, whether or not the table was analyzed', async () => {
  const { url, store } = await open();
  const client = await connect(url);
  // Like the rows of the previous version: all with one xid, which misleads the planner most.
  await client.query(
    `INSERT INTO callbacks (sdk_app_id, status, command, received_at, arrival, once_key, query, body, xid)
     SELECT $1, CASE WHEN n % 9 = 0 THEN 'rejected' ELSE 'accepted' END, 'x', n, gen_random_uuid(),
       sha256(n::text::bytea), '', '{}', '0' FROM generate_series(1, 20000) AS n`,
    [APP],
  );
  await store.append(callback());
  const { explaining, plans } = explained(client);
  const log = logOf(explaining, APP);
  for (const analyze of ['SELECT', 'ANALYZE callbacks']) {
    await client.query(analyze);
    for (const after of [BEGINNING, '0-10000', '0-19990']) {
      await log.readLog({ after, limit: 256, wants: null });
      await log.readLog({ after, upTo: '0-19995', limit: 256, wants: [] });
      await log.heldBack(after);
    }
    await log.findLogged({ places: ['0-1', '0-2'], ids: ['3'] });
    await lagAfter(explaining, APP, '0-10000');
  }
  expect(plans).toHaveLength(22);
  for (const plan of plans) {
    expect(plan).toMatch(/callbacks_(in_order|pkey)/);
    expect(plan).not.toMatch(/Seq Scan on callbacks/);
  }
});

test('a read of a new table takes what it needs from the index, in order, without fetching and sorting the rest', async () => {
  const { url, store } = await open();
  const client = clientOf(url, 'log');
  client.on('error', () => {});
  await connectFor(client, 'log');
  teardown(() => client.end());
  // Each batch has its own transaction, as receivers store them; no statistics yet.
  await client.query(
    `INSERT INTO callbacks (sdk_app_id, status, command, received_at, arrival, once_key, query, body, xid)
     SELECT $1, 'accepted', 'x', n, gen_random_uuid(), sha256(n::text::bytea), '', '{}', (n / 30 + 3)::text::xid8
     FROM generate_series(1, 20000) AS n`,
    [APP],
  );
  await store.append(callback());
  const { explaining, plans } = explained(client);
  for (const after of [BEGINNING, '300-8990', '600-17990']) {
    await logOf(explaining, APP).readLog({ after, limit: 256, wants: null });
  }
  expect(plans).toHaveLength(3);
  for (const plan of plans) {
    expect(plan).toContain('Index Scan using callbacks_in_order');
    expect(plan).not.toContain('Bitmap');
  }
});

test("progress is fenced and released, while operators' requests are on disk at once", async () => {
  const { url, store } = await open();
  const client = await connect(url);
  await client.query(
    `CREATE TABLE seen (written text, setting text);
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO seen VALUES (TG_OP || ' ' || TG_TABLE_NAME, current_setting('synchronous_commit')); RETURN NULL; END $$;
    CREATE TRIGGER note AFTER INSERT OR UPDATE ON consumers FOR EACH STATEMENT EXECUTE FUNCTION note();
    CREATE TRIGGER note AFTER INSERT ON consumer_requests FOR EACH STATEMENT EXECUTE FUNCTION note()`,
  );
  const seen = async () => {
    const { rows } = await client.query('WITH gone AS (DELETE FROM seen RETURNING *) SELECT * FROM gone');
    return rows.map(({ written, setting }) => `${written} ${setting}`);
  };
  await store.registerConsumers([{ name: 'c', kind: 'handlers', from: 'now' }]);
  expect(await seen()).toEqual(['INSERT consumers on']);
  const lease = (await store.leaseConsumer('c', randomUUID())) as Lease;
  // Otherwise, two receivers could get the same token: one before a crash of the server, one after it.
  expect(await seen()).toEqual(['UPDATE consumers on']);
  await store.pauseConsumer('c', true);
  await store.rewindConsumer('c', new Date(0));
  expect(await seen()).toEqual(['UPDATE consumers on', 'INSERT consumer_requests on']);
  const progress: Progress = {
    ...{ place: '7-3', open: [], floor: '7-3', put: [], done: [], requestsDone: [], state: 'running', detail: null },
  };
  expect(await store.saveProgress(lease, progress)).toEqual({
    paused: true,
    requests: [{ id: expect.any(Number), kind: 'rewind', to: expect.any(String) }],
  });
  expect(await seen()).toEqual(['UPDATE consumers off']);
});

test('a consumer that is removed and registered again fences off earlier holders', async () => {
  const { store } = await open();
  const register = () => store.registerConsumers([{ name: 'c', kind: 'handlers', from: 'now' }]);
  await register();
  const frozen = await store.leaseConsumer('c', randomUUID());
  await store.releaseConsumer(frozen as never);
  await store.removeConsumer('c');
  await sleep(1);
  await register();
  const lease = await store.leaseConsumer('c', randomUUID());
  expect(lease?.token).toBeGreaterThan(frozen?.token ?? 0);
  expect(lease?.parked).toEqual([]);
});

test('a rejected callback that a retry accepts while it is being pruned stays', async () => {
  const { url, store } = await open();
  const client = await connect(url);
  const { id: retried } = await store.append(callback({ status: 'rejected', receivedAt: new Date(0) }));
  const { id: pruned } = await store.append(callback({ status: 'rejected', receivedAt: new Date(0) }));
  const pool = {
    query: async (text: string, values: unknown[]) => {
      const result = await client.query(text, values);
      if (text.startsWith('SELECT')) await store.retry(retried, accept);
      return result;
    },
  } as unknown as pg.Pool;
  expect(await pruningOf(pool, APP, 30)('received_at < $2', 1, 10)).toBe(1);
  expect(await store.findCallback(retried)).toMatchObject({ status: 'accepted' });
  expect(await store.findCallback(pruned)).toBeNull();
});

/** A store and forward whose database can be switched off. */
async function openForwarding() {
  const { url, store: real } = await open();
  let isAway = true;
  const orAway = async () => {
    if (isAway) throw new Error('away');
  };
  const database = openPostgresStore(url, APP);
  const store = storeAndForward({
    database: {
      ...database,
      migrate: () => orAway().then(database.migrate),
      append: (one) => orAway().then(() => database.append(one)),
      registerConsumers: (all) => orAway().then(() => database.registerConsumers(all)),
      health: async () => ({ ready: !isAway }),
    },
    spool: await openSqliteStore(join(temporaryFolder(), 'spool.db'), APP),
    judge: accept,
    log: pino({ level: 'silent' }),
  });
  teardown(() => store.close());
  return {
    ...{ url, store, real },
    switchOn: () => {
      isAway = false;
    },
    drained: () =>
      until(async () => {
        const { spool } = await store.health();
        return spool?.depth === 0 && !spool.inUse;
      }),
  };
}

/** The callbacks after the consumer's place. */
async function bodiesAfterPlaceOf(store: Store, consumer: string): Promise<string[]> {
  const { place } = await until(async () => (await store.listConsumers()).find(({ name }) => name === consumer));
  return bodiesOf(await store.readLog({ ...ALL, after: place }));
}

test('a consumer registered while the database is down gets what was spooled since, and nothing before', async () => {
  const { store, real, switchOn, drained } = await openForwarding();
  await real.append(callback({ body: Buffer.from('before') }));
  await store.registerConsumers([{ name: 'c', kind: 'handlers', from: 'now' }]);
  await store.append(callback({ body: Buffer.from('spooled') }));
  switchOn();
  await drained();
  await store.append(callback({ body: Buffer.from('after') }));
  expect(await bodiesAfterPlaceOf(real, 'c')).toEqual(['spooled', 'after']);
});

test('a callback waits for a running registration, and goes to the spool before the vendor gives up', async () => {
  const { url, store, real, switchOn, drained } = await openForwarding();
  switchOn();
  await drained();
  const locker = await connect(url);
  await locker.query('BEGIN; LOCK TABLE consumers');
  const registering = store.registerConsumers([{ name: 'c', kind: 'handlers', from: 'now' }]);
  const waits = store.append(callback({ body: Buffer.from('waits') }));
  await until(async () => (await locker.query('SELECT FROM pg_locks WHERE NOT granted')).rowCount);
  expect(await real.listCallbacks({ limit: 1 })).toMatchObject({ items: [] });
  await locker.query('COMMIT; BEGIN');
  await Promise.all([registering, waits]);
  expect(await store.health()).toMatchObject({ spool: { inUse: false, depth: 0 } });
  expect(await bodiesAfterPlaceOf(real, 'c')).toEqual(['waits']);

  await locker.query('LOCK TABLE consumers');
  const late = store.registerConsumers([{ name: 'late', kind: 'handlers', from: 'now' }]);
  const started = performance.now();
  await store.append(callback({ body: Buffer.from('spooled') }));
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(await store.health()).toMatchObject({ spool: { inUse: true, depth: 1 } });
  await late;
  await locker.query('COMMIT');
  await drained();
  expect(await bodiesAfterPlaceOf(real, 'late')).toEqual(['spooled']);
});
