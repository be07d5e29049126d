import { hash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { MAX_REJECTS } from '../src/store/pruning.ts';
import { type RemoteStore, type Spool, storeAndForward } from '../src/store/spool.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { ReceivedCallback, Store, UnjudgedCallback } from '../src/store/store.ts';
import { usePostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';

const APP = 1400000000;
const log = pino({ level: 'silent' });
const postgres = usePostgres();

let count = 0;
function callback(change: Partial<ReceivedCallback> = {}): ReceivedCallback {
  count += 1;
  const { body = Buffer.from(`{"count":${count}}`) } = change;
  return {
    ...{ arrival: randomUUID(), query: '', body, idempotencyKey: hash('sha256', `${count}`, 'buffer') },
    ...{ receivedAt: new Date(1_700_000_000_000 + count), status: 'accepted', command: 'x', groupId: null },
    ...{ eventTime: null, reason: null, change: null },
    ...change,
  };
}

const accept = (kept: UnjudgedCallback): ReceivedCallback => ({
  ...callback(kept as Partial<ReceivedCallback>),
  status: 'accepted',
});

/** A store and forward whose PostgreSQL can be switched off, and whose spool counts its calls. */
async function open({ judge = accept, left = [] as ReceivedCallback[] } = {}) {
  const url = await postgres.createDatabase();
  const real = openPostgresStore(url, APP);
  let isAway = true;
  const away = async () => {
    if (isAway) throw new Error('away');
  };
  const database: RemoteStore = {
    ...real,
    migrate: () => away().then(real.migrate),
    append: (one) => away().then(() => real.append(one)),
    health: async () => ({ ready: !isAway }),
  };
  const file = await openSqliteStore(join(temporaryFolder(), 'spool.db'), APP);
  await Promise.all(left.map((one) => file.append(one)));
  const calls = { depth: 0, canWrite: 0, pages: [] as number[] };
  const spool: Spool = {
    ...file,
    depth: () => {
      calls.depth += 1;
      return file.depth();
    },
    canWrite: () => {
      calls.canWrite += 1;
      return file.canWrite();
    },
    oldest: async (limit, bytes) => {
      const rows = await file.oldest(limit, bytes);
      calls.pages.push(rows.length);
      return rows;
    },
  };
  const store = storeAndForward({ database, spool, judge, log });
  teardown(() => store.close());
  return {
    ...{ store, calls, file },
    switchOn: () => {
      isAway = false;
    },
    switchOff: () => {
      isAway = true;
    },
    async drained() {
      for (;;) {
        const { spool } = await store.health();
        if (spool && spool.depth === 0 && !spool.inUse) return;
        await sleep(10);
      }
    },
  };
}

const some = (howMany: number, change: Partial<ReceivedCallback> = {}) =>
  Array.from({ length: howMany }, () => callback(change));

test('its depth and age are kept in memory: through a restart, duplicates, a drain and another failure', async () => {
  const { store, calls, switchOn, switchOff, drained } = await open({ left: some(30) });
  const shown = async () => (await store.health()).spool;
  expect(await shown()).toMatchObject({ depth: 30, inUse: true });
  const [first] = some(1);
  await store.append(first as ReceivedCallback);
  await store.append({ ...(first as ReceivedCallback), arrival: randomUUID() });
  expect((await shown())?.depth).toBe(31);
  expect((await shown())?.oldestSeconds).toBeGreaterThan(1_000_000);
  switchOn();
  await drained();
  expect(await shown()).toEqual({ depth: 0, oldestSeconds: 0, inUse: false });
  switchOff();
  await Promise.all(some(5, { receivedAt: new Date() }).map((one) => store.append(one)));
  expect(await shown()).toMatchObject({ depth: 5, inUse: true });
  expect((await shown())?.oldestSeconds).toBeLessThan(10);
  switchOn();
  await drained();
  expect((await store.listCallbacks({ limit: 200 })).items).toHaveLength(36);
  // Counted once, at the start.
  expect(calls.depth).toBe(1);
});

test('5,000 health checks probe the spool only a few times', async () => {
  const { store, calls } = await open();
  const started = performance.now();
  for (let round = 0; round < 50; round += 1) {
    const all = await Promise.all(Array.from({ length: 100 }, () => store.health()));
    expect(all.every(({ ready }) => ready)).toBe(true);
  }
  expect(calls.canWrite).toBeLessThanOrEqual(2 + (performance.now() - started) / 500);
});

test('a spool drains in pages, of as many rows, or of as many bytes', async () => {
  const large = callback({ body: Buffer.alloc(5 * 1024 * 1024, 'x') }).body;
  const { calls, switchOn, drained } = await open({ left: [...some(450), ...some(5, { body: large })] });
  switchOn();
  await drained();
  const [first, ...others] = calls.pages.filter((rows) => rows > 0);
  expect([first, ...others]).toEqual([200, 200, 52, 2, 1]);
}, 30_000);

test('a large body may exceed the statement time-out of an append, so that it can leave the spool', async () => {
  const url = await postgres.createDatabase();
  const store = openPostgresStore(url, APP);
  teardown(() => store.close());
  await store.migrate();
  const client = new pg.Client(url);
  await client.connect();
  teardown(() => client.end());
  await client.query(
    `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1.5); RETURN NEW; END $$;
    CREATE TRIGGER slow BEFORE INSERT ON callbacks FOR EACH ROW EXECUTE FUNCTION slow()`,
  );
  const [small, large] = await Promise.allSettled([
    store.append(callback()),
    sleep(50).then(() => store.append(callback({ body: Buffer.alloc(5 * 1024 * 1024, 'x') }))),
  ]);
  expect([small.status, large.status]).toEqual(['rejected', 'fulfilled']);
});

test('appends in flight when the spool is found empty are drained too', async () => {
  const { store, switchOn, switchOff, drained } = await open();
  for (let round = 0; round < 20; round += 1) {
    const appending = some(3).map((one) => store.append(one));
    switchOn();
    await Promise.all(appending);
    await drained();
    switchOff();
  }
  switchOn();
  await drained();
  expect((await store.listCallbacks({ limit: 200 })).items).toHaveLength(60);
}, 30_000);

test('callbacks answered OK but rejected by the drain are kept apart from rejected ones', async () => {
  const judge = (kept: UnjudgedCallback) => ({ ...accept(kept), status: 'rejected' as const, reason: 'stricter now' });
  const left = [callback(), callback({ status: 'unknown' }), callback({ status: 'rejected', reason: 'as before' })];
  const { store, switchOn, drained } = await open({ judge, left });
  switchOn();
  await drained();
  expect((await store.listCallbacks({ limit: 10, status: 'rejected' })).items).toHaveLength(3);
  await flood(store);
  const { items } = await store.listCallbacks({ limit: 20_000, status: 'rejected' });
  expect(items.filter(({ reason }) => reason === 'stricter now')).toHaveLength(2);
}, 60_000);

/** More rejected callbacks than are kept. */
async function flood(store: Store): Promise<void> {
  for (let round = 0; round < 12; round += 1)
    await Promise.all(some(1_000, { status: 'rejected', reason: 'flood' }).map((one) => store.append(one)));
  for (;;) {
    // On a busy machine, listing all of them may exceed the time-out of a read.
    const found = await store.listCallbacks({ limit: 20_000, status: 'rejected' }).catch(() => null);
    if (found && found.items.length <= MAX_REJECTS + 510) return;
    await sleep(50);
  }
}

describe.each<[string, () => Promise<Store>]>([
  ['SQLite', async () => openSqliteStore(join(temporaryFolder(), 'callbacks.db'), APP)],
  [
    'PostgreSQL',
    async () => {
      const store = openPostgresStore(await postgres.createDatabase(), APP);
      await store.migrate();
      return store;
    },
  ],
])('on %s', (_name, prepare) => {
  test('an unknown callback that a retry rejects had been answered OK, and is not evicted with rejected ones', async () => {
    const store = await prepare();
    teardown(() => store.close());
    const reject = (kept: UnjudgedCallback) => ({ ...accept(kept), status: 'rejected' as const, reason: 'now known' });
    const unknown = await store.append(callback({ status: 'unknown' }));
    expect(await store.retry(unknown.id, reject)).toMatchObject({ status: 'rejected' });
    // If another retry rejects it again, it stays rejected.
    expect(await store.retry(unknown.id, reject)).toMatchObject({ status: 'rejected' });
    const rejected = await store.append(callback({ status: 'rejected', reason: 'from the start' }));
    expect(await store.retry(rejected.id, reject)).toMatchObject({ status: 'rejected' });
    await flood(store);
    expect(await store.findCallback(unknown.id)).toMatchObject({ reason: 'now known' });
    expect(await store.findCallback(rejected.id)).toBeNull();
  }, 60_000);
});

test('a consumer registered while the database is down gets the spooled callbacks, even after a kill', async () => {
  const url = await postgres.createDatabase();
  const file = join(temporaryFolder(), 'spool.db');
  async function run(isAway: boolean) {
    const real = openPostgresStore(url, APP);
    const away = async () => {
      throw new Error('away');
    };
    const database: RemoteStore = isAway ? { ...real, migrate: away, append: away, registerConsumers: away } : real;
    const store = storeAndForward({ database, spool: await openSqliteStore(file, APP), judge: accept, log });
    teardown(() => store.close());
    return store;
  }
  const first = await run(true);
  await first.append(callback());
  await first.registerConsumers([{ name: 'handlers', kind: 'handlers', from: 'now' }]);
  const spooled = callback();
  await first.append(spooled);
  await first.close();

  // The spool drains before the app registers its handlers.
  const second = await run(false);
  while ((await second.health()).spool?.inUse) await sleep(20);
  await second.registerConsumers([{ name: 'handlers', kind: 'handlers', from: 'now' }]);
  const lease = await second.leaseConsumer('handlers', randomUUID());
  const read = await second.readLog({ after: lease?.place ?? '', limit: 10, wants: null });
  expect(read.map(({ body }) => String(body))).toContain(String(spooled.body));
});
