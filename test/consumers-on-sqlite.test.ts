import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { BEGINNING, type LoggedCallback } from '../src/store/consumers.ts';
import { pendingMigrations } from '../src/store/migrations.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import { openWriter } from '../src/store/sqlite/writer.ts';
import type { ReceivedCallback, Store } from '../src/store/store.ts';
import { teardown, temporaryFolder } from './support/start.ts';

const APP = 1400000000;
const MIGRATIONS = join(import.meta.dirname, '../src/store/sqlite/migrations');
/** The migration that adds consumers. */
const MIGRATION = '011';

async function open(file: string): Promise<Store> {
  const store = await openSqliteStore(file, APP);
  teardown(() => store.close());
  return store;
}

const callback = (change: Partial<ReceivedCallback> = {}): ReceivedCallback => ({
  ...{ arrival: randomUUID(), query: '', body: Buffer.from('{}'), receivedAt: new Date(1_700_000_000_000) },
  ...{ idempotencyKey: Buffer.from(randomUUID()), status: 'accepted', command: 'Group.CallbackAfterCreateGroup' },
  ...{ groupId: null, eventTime: null, reason: null, change: null },
  ...change,
});

/** With two processes writing continuously, one may wait too long for the lock. */
async function whileLocked<Result>(write: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    }
  }
}
const SQLITE_BUSY = 5;

const retry = (store: Store, id: string) =>
  store.retry(id, (kept) => ({ ...callback(), ...kept, status: 'accepted' }) as ReceivedCallback);

/** Inserts rows like a program with the previous schema: status and body for each row of `rows (n)`. */
const insertRows = (rows: string) => `
  WITH RECURSIVE rows (n) AS (${rows})
  INSERT INTO callbacks (sdk_app_id, status, command, received_at, arrival, once_key, query, body)
  SELECT ${APP}, CASE n % 5 WHEN 3 THEN 'rejected' WHEN 4 THEN 'unknown' ELSE 'accepted' END, 'x',
    1700000000000 + n, hex(randomblob(16)), randomblob(32), '', CAST(n AS BLOB) FROM rows`;
const upTo = (count: number) => `SELECT 1 UNION ALL SELECT n + 1 FROM rows WHERE n < ${count}`;

test('a reader that follows two processes with retries sees each callback once, in order', async () => {
  const file = join(temporaryFolder(), 'callbacks.db');
  const stores = await Promise.all([open(file), open(file)]);
  const seen: LoggedCallback[] = [];
  let writing = true;
  const accepted: string[] = [];
  const write = async (store: Store) => {
    for (let round = 0; round < 40; round += 1) {
      const status = round % 4 === 0 ? 'rejected' : 'accepted';
      const callbacks = Array.from({ length: 5 }, () => callback({ status }));
      const appends = callbacks.map((one) => whileLocked(() => store.append(one)));
      for (const { id } of await Promise.all(appends)) {
        if (status === 'rejected') await whileLocked(() => retry(store, id));
        accepted.push(id);
      }
    }
  };
  const reader = await open(file);
  const read = async () => {
    for (;;) {
      const wasWriting = writing;
      const found = await reader.readLog({ after: seen.at(-1)?.place ?? BEGINNING, limit: 7, wants: null });
      seen.push(...found);
      if (found.length === 0 && !wasWriting) return;
    }
  };
  const reading = read();
  await Promise.all(stores.map(write));
  writing = false;
  await reading;
  expect(seen.map(({ id }) => id).toSorted()).toEqual(accepted.toSorted());
  expect(seen).toHaveLength(400);
}, 30_000);

test('the lag is counted up to 100,000', async () => {
  const file = join(temporaryFolder(), 'callbacks.db');
  const store = await open(file);
  await store.registerConsumers([{ name: 'handlers', kind: 'handlers', from: 'beginning' }]);
  const database = new DatabaseSync(file);
  teardown(() => database.close());
  database.exec(insertRows(upTo(125_000)));
  expect((await store.listConsumers())[0]).toMatchObject({ lag: 100_000, lagCapped: false });
  database.exec(insertRows('SELECT 1'));
  expect((await store.listConsumers())[0]).toMatchObject({ lag: 100_000, lagCapped: true });
});

test('the limit of unknown callbacks spares those that a consumer has not passed; that of rejected ones spares none', async () => {
  const file = join(temporaryFolder(), 'callbacks.db');
  const store = await open(file);
  await store.registerConsumers([{ name: 'handlers', kind: 'handlers', from: 'beginning' }]);
  for (let count = 0; count < 3; count += 1) {
    await store.append(callback({ status: 'unknown' }));
    await store.append(callback({ status: 'rejected' }));
  }
  const writer = openWriter(file, APP);
  teardown(() => writer.close());
  const idleBefore = Date.now() - 60_000;
  const prune = (status: 'unknown' | 'rejected', since = idleBefore) => writer.pruneStatus(status, 6, 2, since);
  expect([prune('rejected'), prune('rejected')]).toEqual([2, 1]);
  expect(prune('unknown')).toBe(0);
  const lease = await store.leaseConsumer('handlers', randomUUID());
  const [, second] = await store.readLog({ after: BEGINNING, limit: 9, wants: null });
  const place = second?.place as string;
  const nothing = { open: [], put: [], done: [], requestsDone: [], detail: null };
  await store.saveProgress(lease as never, { place, floor: place, state: 'running', ...nothing });
  expect(prune('unknown')).toBe(1);
  expect(prune('unknown')).toBe(0);
  expect(prune('unknown', Date.now() + 1)).toBe(2);
});

/** A database of the previous version, with this many callbacks. */
function databaseOfBefore(rows: number): { file: string; database: DatabaseSync } {
  const file = join(temporaryFolder(), 'callbacks.db');
  const database = new DatabaseSync(file);
  teardown(() => database.close());
  const names = readdirSync(MIGRATIONS).filter((name) => name < MIGRATION);
  for (const name of names.sort()) database.exec(readFileSync(join(MIGRATIONS, name), 'utf8'));
  database.exec(`PRAGMA user_version = ${Number.parseInt(names.at(-1) ?? '', 10)}`);
  database.exec(insertRows(upTo(rows)));
  return { file, database };
}

test('a database of the previous version with data: nothing is missed, in the order of ids', async () => {
  const { file, database } = databaseOfBefore(500);
  const store = await open(file);
  await store.registerConsumers([
    { name: 'all', kind: 'handlers', from: 'beginning' },
    { name: 'new', kind: 'handlers', from: 'now' },
  ]);
  // A receiver of the previous version still writes concurrently, until it is restarted.
  database.exec(insertRows('SELECT 1'));
  const { id } = await store.append(callback());
  await retry(store, '3');
  const idsFrom = async (name: string) => {
    const lease = await store.leaseConsumer(name, randomUUID());
    const found = await store.readLog({ after: lease?.place ?? '', limit: 1_000, wants: null });
    return found.map((logged) => Number(logged.id));
  };
  const fromBefore = Array.from({ length: 500 }, (_, index) => index + 1).filter((n) => n % 5 !== 3);
  expect(await idsFrom('all')).toEqual([...fromBefore, 501, Number(id), 3]);
  expect(await idsFrom('new')).toEqual([501, Number(id), 3]);
});

test('the program of the previous version refuses a database with consumers', async () => {
  const file = join(temporaryFolder(), 'callbacks.db');
  await open(file);
  const database = new DatabaseSync(file);
  teardown(() => database.close());
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  const before = temporaryFolder();
  for (const name of readdirSync(MIGRATIONS).filter((name) => name < MIGRATION)) writeFileSync(join(before, name), '');
  expect(() => pendingMigrations(before, version)).toThrow(
    `its schema is number ${version}, this program knows 10; use the newer program`,
  );
});
