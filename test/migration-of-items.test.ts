import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import type { Progress, StoredDelivery } from '../src/store/consumers.ts';
import { statementsOf } from '../src/store/postgres/migrate.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../src/store/store.ts';
import { usePostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';

const postgres = usePostgres();
const APP = 1_400_000_000;
const DELIVERY = randomUUID();

/** The data of a receiver of the previous version: a consumer that has passed callback 5, with one failed delivery. */
const FILL = (placed: string, place: string) => [
  `INSERT INTO consumers (sdk_app_id, name, kind, created_at, ${placed}, ran_at)
   VALUES (${APP}, 'handlers', 'handlers', 1, ${place}, 1)`,
  `INSERT INTO deliveries
     (id, sdk_app_id, consumer, callback_id, place, subject, status, attempts, created_at, late, waiting)
   VALUES ('${DELIVERY}', ${APP}, 'handlers', 3, '0-3', '["account","otto"]', 'parked', 2, 1, false, '["0-4"]')`,
];

/** The migrations before the one that adds the columns. */
function migrationsBefore(database: string, upTo: string) {
  const folder = join(import.meta.dirname, '../src/store', database, 'migrations');
  const names = readdirSync(folder).filter((name) => name < upTo);
  return names.sort().map((name) => ({
    number: Number.parseInt(name, 10),
    name,
    text: readFileSync(join(folder, name), 'utf8'),
  }));
}

/** A store, and a concurrent receiver of the previous version that moves the consumer's cursor. */
type Opened = { store: Store; moveAsBefore(number: number): Promise<unknown> };

async function onSqlite(): Promise<Opened> {
  const file = join(temporaryFolder(), 'callbacks.db');
  const database = new DatabaseSync(file);
  teardown(() => database.close());
  const migrations = migrationsBefore('sqlite', '014');
  for (const { text } of migrations) database.exec(text);
  database.exec(`PRAGMA user_version = ${migrations.at(-1)?.number}`);
  for (const statement of FILL('place, floor', '5, 3')) database.exec(statement);
  return {
    store: await openSqliteStore(file, APP),
    moveAsBefore: async (number) => database.exec(`UPDATE consumers SET place = ${number}, leased_until = 0`),
  };
}

async function onPostgres(): Promise<Opened> {
  const url = await postgres.createDatabase();
  const client = new pg.Client(url);
  await client.connect();
  teardown(() => client.end());
  await client.query('CREATE TABLE migrations (number integer PRIMARY KEY, name text NOT NULL)');
  for (const { number, name, text } of migrationsBefore('postgres', '013')) {
    for (const statement of statementsOf(text)) await client.query(statement);
    await client.query('INSERT INTO migrations VALUES ($1, $2)', [number, name]);
  }
  const placed = 'place_xid, place_id, floor_xid, floor_id';
  for (const statement of FILL(placed, "'0', 5, '0', 3")) await client.query(statement);
  const store = openPostgresStore(url, APP);
  await store.migrate();
  return {
    store,
    moveAsBefore: (number) => client.query('UPDATE consumers SET place_id = $1, leased_until = 0', [number]),
  };
}

test.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
])('%s: consumers and deliveries of the previous version continue, with places and ids of items', async (_, open) => {
  const { store, moveAsBefore } = await open();
  teardown(() => store.close());
  const lease = await store.leaseConsumer('handlers', randomUUID());
  if (!lease) throw new Error('no lease');
  const [parked] = lease.parked as [StoredDelivery];
  expect([lease.place, parked.callbackId, parked.waiting]).toEqual(['0-5', '3', ['0-4']]);

  const item = { ...parked, id: randomUUID(), callbackId: '6-36', place: '0-6.36', waiting: ['0-6.40', '0-6'] };
  const progress: Progress = {
    ...{ place: '0-6.50', open: ['0-6.2'], floor: '0-3', put: [item], done: [], requestsDone: [], state: 'running' },
    detail: null,
  };
  expect(await store.saveProgress(lease, progress)).not.toBeNull();
  await store.releaseConsumer(lease);
  const again = await store.leaseConsumer('handlers', randomUUID());
  expect(again).toMatchObject({ place: '0-6.50', open: ['0-6.2'] });
  expect(again?.parked.find(({ id }) => id === item.id)).toMatchObject(
    (({ callbackId, place, waiting }) => ({ callbackId, place, waiting }))(item),
  );
  const { items } = await store.listDeliveries({ limit: 9 });
  expect(items.map(({ callbackId, item }) => [callbackId, item]).toSorted()).toEqual([
    ['3', null],
    ['6', 36],
  ]);
  // The place within the batch no longer applies.
  await moveAsBefore(9);
  expect(await store.leaseConsumer('handlers', randomUUID())).toMatchObject({ place: '0-9' });
});
