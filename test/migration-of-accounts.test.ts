import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { statementsOf } from '../src/store/postgres/migrate.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../src/store/store.ts';
import { received, replay } from './support/account-store.ts';
import { usePostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';
import { APP } from './support/vendor.ts';

const postgres = usePostgres();
const FRIEND = 'Sns.CallbackFriendAdd';

const INSERT = `INSERT INTO callbacks
  (sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, query, body)
  VALUES (${APP}, 'accepted', '${FRIEND}', NULL, NULL, $1, $2, $3, $4, $5)`;
/** The row that a receiver of the previous version writes for a new friend. */
function befriended(To_Account: string, receivedAt: number) {
  const body = { CallbackCommand: FRIEND, PairList: [{ From_Account: 'mina', To_Account }] };
  const key = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
  const query = `SdkAppid=${APP}&CallbackCommand=${FRIEND}`;
  return [receivedAt, randomUUID(), key, query, Buffer.from(JSON.stringify(body))] as const;
}

const migrationsBefore = (database: string, version: number) => {
  const folder = join(import.meta.dirname, '../src/store', database, 'migrations');
  const all = readdirSync(folder).map((name) => ({ name, number: Number.parseInt(name, 10) }));
  const earlier = all.filter(({ number }) => number < version).sort((one, other) => one.number - other.number);
  return earlier.map((migration) => ({ ...migration, text: readFileSync(join(folder, migration.name), 'utf8') }));
};

type Filled = { store: Store; insertAsBefore(...row: ReturnType<typeof befriended>): Promise<unknown> };

function sqliteOfVersionBefore(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  teardown(() => database.close());
  for (const { text } of migrationsBefore('sqlite', 13)) database.exec(text);
  database.exec('PRAGMA user_version = 12');
  return database;
}

async function onSqlite(): Promise<Filled> {
  const file = join(temporaryFolder(), 'callbacks.db');
  const insert = sqliteOfVersionBefore(file).prepare(INSERT.replace(/\$\d/g, '?'));
  insert.run(...befriended('otto', 1_000));
  return { store: await openSqliteStore(file, Number(APP)), insertAsBefore: async (...row) => insert.run(...row) };
}

async function onPostgres(): Promise<Filled> {
  const url = await postgres.createDatabase();
  const client = new pg.Client(url);
  await client.connect();
  teardown(() => client.end());
  await client.query('CREATE TABLE migrations (number integer PRIMARY KEY, name text NOT NULL)');
  for (const { name, number, text } of migrationsBefore('postgres', 12)) {
    for (const statement of statementsOf(text)) await client.query(statement);
    await client.query('INSERT INTO migrations VALUES ($1, $2)', [number, name]);
  }
  await client.query(INSERT, [...befriended('otto', 1_000)]);
  const store = openPostgresStore(url, Number(APP));
  await store.migrate();
  return { store, insertAsBefore: (...row) => client.query(INSERT, [...row]) };
}

test.each<[string, () => Promise<Filled>]>([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
])(
  '%s: callbacks stored by previous versions, before and during the upgrade, are found by account after a replay',
  async (_name, prepare) => {
    const { store, insertAsBefore } = await prepare();
    teardown(() => store.close());
    // A receiver of the previous version still writes concurrently.
    await insertAsBefore(...befriended('pia', 2_000));
    expect(await store.findAccount('mina')).toBeNull();
    expect((await store.listCallbacks({ account: 'mina', limit: 5 })).items).toEqual([]);
    expect((await replay(store, false)).accounts).toMatchObject({ found: 2, known: 0, right: 2 });
    expect((await store.listCallbacks({ account: 'mina', limit: 5 })).items).toHaveLength(2);
    expect(await store.findAccount('mina')).toMatchObject({ friends: [{ account: 'pia' }, { account: 'otto' }] });
  },
);

test('a spool filled by the previous version drains, and its callbacks are found by account', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'spool.db');
  const rows = sqliteOfVersionBefore(file).prepare(INSERT.replace(/\$\d/g, '?'));
  rows.run(...befriended('otto', 1_000));
  const spool = await openSqliteStore(file, Number(APP));
  teardown(() => spool.close());
  const [kept] = await spool.oldest(10, 1_000_000);
  const store = await openSqliteStore(join(folder, 'callbacks.db'), Number(APP));
  teardown(() => store.close());
  const { payload, receivedAt } = { payload: JSON.parse(Buffer.from(kept?.body ?? []).toString()), receivedAt: 1_000 };
  await store.append(received({ payload, receivedAt, arrival: 1 }));
  expect(await store.findAccount('mina')).toMatchObject({ friends: [{ account: 'otto' }] });
});
