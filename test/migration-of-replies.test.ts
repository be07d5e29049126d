import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { repliesRows } from '../src/store/activity.ts';
import { statementsOf } from '../src/store/postgres/migrate.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../src/store/store.ts';
import { usePostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';

const postgres = usePostgres();
const APP = 1_400_000_000;

/** Writes a callback as a receiver of the previous version does. */
const write = (key: string, bytes: (hex: string) => string) => `
  INSERT INTO callbacks (sdk_app_id, status, command, received_at, arrival, once_key, query, body)
  VALUES (${APP}, 'accepted', 'Sns.CallbackFriendAdd', 1000, '${key}', ${bytes('0a')}, '${key}', ${bytes('7b7d')})
  ON CONFLICT (sdk_app_id, (coalesce(event_time, 0)), once_key, status) DO UPDATE SET repeats = callbacks.repeats + 1`;
const ARRIVALS = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'] as const;

/** The migrations before the one that adds the tables. */
function migrationsBefore(database: string, upTo: string) {
  const folder = join(import.meta.dirname, '../src/store', database, 'migrations');
  const names = readdirSync(folder).filter((name) => name < upTo);
  return names.sort().map((name) => ({
    number: Number.parseInt(name, 10),
    name,
    text: readFileSync(join(folder, name), 'utf8'),
  }));
}

/** A store, and a function that writes to its database as a receiver of the previous version does. */
type Opened = { store: Store; writeAsBefore(arrival: string): Promise<unknown> };

async function onSqlite(): Promise<Opened> {
  const file = join(temporaryFolder(), 'callbacks.db');
  const database = new DatabaseSync(file);
  teardown(() => database.close());
  const migrations = migrationsBefore('sqlite', '016');
  for (const { text } of migrations) database.exec(text);
  database.exec(`PRAGMA user_version = ${migrations.at(-1)?.number}`);
  const writeAsBefore = async (arrival: string) => database.exec(write(arrival, (hex) => `x'${hex}'`));
  await writeAsBefore(ARRIVALS[0]);
  return { store: await openSqliteStore(file, APP), writeAsBefore };
}

async function onPostgres(): Promise<Opened> {
  const url = await postgres.createDatabase();
  const client = new pg.Client(url);
  await client.connect();
  teardown(() => client.end());
  await client.query('CREATE TABLE migrations (number integer PRIMARY KEY, name text NOT NULL)');
  for (const { number, name, text } of migrationsBefore('postgres', '015')) {
    for (const statement of statementsOf(text)) await client.query(statement);
    await client.query('INSERT INTO migrations VALUES ($1, $2)', [number, name]);
  }
  const writeAsBefore = (arrival: string) => client.query(write(arrival, (hex) => `'\\x${hex}'`));
  await writeAsBefore(ARRIVALS[0]);
  const store = openPostgresStore(url, APP);
  await store.migrate();
  return { store, writeAsBefore };
}

test.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
])('%s: the reply to a callback of the version before is not known, and both versions go on', async (_, open) => {
  const { store, writeAsBefore } = await open();
  teardown(() => store.close());
  const [kept] = (await store.listCallbacks({ limit: 5 })).items;
  const id = kept?.id as string;
  expect([kept?.repeats, await store.findReply(id), await store.listMinutes(0)]).toEqual([0, null, []]);
  await store.saveActivity({
    replies: repliesRows([[Number(id) + 1, 200, 1]]),
    minutes: [{ minute: 1, receiver: 'one', counts: '{}' }],
  });
  await writeAsBefore(ARRIVALS[1]);
  expect((await store.listCallbacks({ limit: 5 })).items).toMatchObject([{ id, repeats: 1 }]);
  expect([await store.findReply(id), await store.findReply(String(Number(id) + 1))]).toEqual([
    null,
    expect.objectContaining({ status: 200 }),
  ]);
});
