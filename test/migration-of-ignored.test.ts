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
import { usePostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';
import { CREATED, APP as SDK_APP_ID } from './support/vendor.ts';

const postgres = usePostgres();
const APP = Number(SDK_APP_ID);
/** The migration that adds the column. */
const MIGRATION = '009';

const INSERT = `INSERT INTO callbacks
  (sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, query, body)
  VALUES (${APP}, 'accepted', '${CREATED}', $1, $2, $3, $4, $5, $6, $7)`;
/** The row that a receiver of the previous version writes for a creation. */
function created(GroupId: string, EventTime: number) {
  const about = { CallbackCommand: CREATED, GroupId, Type: 'Public', Name: GroupId, Operator_Account: 'ann' };
  const body = Buffer.from(JSON.stringify({ ...about, Owner_Account: 'ann', EventTime }));
  const key = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
  const query = `SdkAppid=${APP}&CallbackCommand=${CREATED}`;
  return [GroupId, EventTime, EventTime + 200, randomUUID(), key, query, body] as const;
}

const migrationsBefore = (database: string) => {
  const folder = join(import.meta.dirname, '../src/store', database, 'migrations');
  const names = readdirSync(folder).filter((name) => name < MIGRATION);
  return names.sort().map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
};

type Filled = { store: Store; insertAsBefore(...row: ReturnType<typeof created>): Promise<unknown> };

async function onSqlite(): Promise<Filled> {
  const file = join(temporaryFolder(), 'callbacks.db');
  const database = new DatabaseSync(file);
  teardown(() => database.close());
  const migrations = migrationsBefore('sqlite');
  for (const { text } of migrations) database.exec(text);
  database.exec(`PRAGMA user_version = ${Number.parseInt(migrations.at(-1)?.name ?? '', 10)}`);
  const insert = database.prepare(INSERT.replace(/\$\d/g, '?'));
  insert.run(...created('before', 1_000));
  return { store: await openSqliteStore(file, APP), insertAsBefore: async (...row) => insert.run(...row) };
}

async function onPostgres(): Promise<Filled & { client: pg.Client }> {
  const url = await postgres.createDatabase();
  const client = new pg.Client(url);
  await client.connect();
  teardown(() => client.end());
  await client.query('CREATE TABLE migrations (number integer PRIMARY KEY, name text NOT NULL)');
  for (const { name, text } of migrationsBefore('postgres')) {
    for (const statement of statementsOf(text)) await client.query(statement);
    await client.query('INSERT INTO migrations VALUES ($1, $2)', [Number.parseInt(name, 10), name]);
  }
  await client.query(INSERT, [...created('before', 1_000)]);
  const store = openPostgresStore(url, APP);
  await store.migrate();
  return { client, store, insertAsBefore: (...row) => client.query(INSERT, [...row]) };
}

test.each<[string, () => Promise<Filled>]>([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
])('%s: callbacks stored by the previous version are not ignored, and can be', async (_name, prepare) => {
  const { store, insertAsBefore } = await prepare();
  teardown(() => store.close());
  // A receiver of the previous version still writes concurrently.
  await insertAsBefore(...created('beside', 2_000));
  await store.replay({ signal: new AbortController().signal, onProgress: () => {} });
  const { items } = await store.listCallbacks({ limit: 10 });
  expect(items.map(({ groupId, ignored }) => [groupId, ignored])).toEqual([
    ['beside', false],
    ['before', false],
  ]);
  for (const { id, groupId } of items) {
    expect(await store.findGroup(groupId ?? '')).toMatchObject({ name: groupId });
    expect(await store.setIgnored(id, true)).toMatchObject({ ignored: true });
    expect(await store.findGroup(groupId ?? '')).toBeNull();
  }
});

test('PostgreSQL: a receiver that read a group before its deletion finds its version stale', async () => {
  const { client, store } = await onPostgres();
  teardown(() => store.close());
  const insert = (version: number) =>
    client.query(
      `INSERT INTO groups (sdk_app_id, group_id, version, type, name, created_at, document)
       VALUES ($1, 'deleted', $2, 'Public', 'x', 1, '{}')
       ON CONFLICT (sdk_app_id, group_id) DO UPDATE
         SET version = CASE WHEN groups.version = excluded.version - 1 THEN excluded.version END`,
      [APP, version],
    );
  // The error by which src/store/postgres/groups.ts recognizes a stale version.
  const stale = { code: '23502', table: 'groups', column: 'version' };
  await expect(insert(2)).rejects.toMatchObject(stale);
  for (const version of [1, 2, 3]) await insert(version);
  await expect(insert(5)).rejects.toMatchObject(stale);
});
