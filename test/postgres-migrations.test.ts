import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { statementsOf } from '../src/store/postgres/migrate.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { usePostgres } from './support/postgres.ts';
import { teardown } from './support/start.ts';

const APP = 1400000000;
const postgres = usePostgres();
const FOLDER = join(import.meta.dirname, '../src/store/postgres/migrations');

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  teardown(() => client.end());
  return client;
}

/** A database of a program with that schema version, with that many accepted callbacks. */
async function databaseOf(version: number, rows: number): Promise<{ url: string; client: pg.Client }> {
  const url = await postgres.createDatabase();
  const client = await connect(url);
  await client.query('CREATE TABLE migrations (number integer PRIMARY KEY, name text NOT NULL)');
  for (const name of readdirSync(FOLDER).sort()) {
    const number = Number.parseInt(name, 10);
    if (number > version) break;
    for (const statement of statementsOf(readFileSync(join(FOLDER, name), 'utf8'))) await client.query(statement);
    await client.query('INSERT INTO migrations VALUES ($1, $2)', [number, name]);
  }
  await client.query(
    `INSERT INTO callbacks (sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, query, body)
     SELECT $1, 'accepted', 'Group.CallbackAfterCreateGroup', 'g' || n, n, n, gen_random_uuid(), sha256(n::text::bytea),
       '', '{}' FROM generate_series(1, $2::integer) AS n`,
    [APP, rows],
  );
  return { url, client };
}

function open(url: string) {
  const logged: string[] = [];
  const log = pino({}, { write: (line) => void logged.push(line) });
  const store = openPostgresStore(url, APP, { log });
  teardown(() => store.close());
  return { store, logged };
}

/** Everything by which a later migration, or a receiver, can distinguish two schemas. */
async function schemaOf(client: pg.Client): Promise<unknown> {
  const indexes =
    await client.query(`SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition,
    indisvalid FROM pg_index WHERE indrelid::regclass::text IN ('callbacks', 'groups', 'group_parts') ORDER BY 1`);
  const columns = await client.query(`SELECT table_name, column_name, data_type, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`);
  const { rows } = await client.query('SELECT * FROM migrations ORDER BY number');
  return { indexes: indexes.rows, columns: columns.rows, migrations: rows };
}

async function leftOpen(client: pg.Client): Promise<unknown[]> {
  const { rows } = await client.query(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '% migration'",
  );
  return rows;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}

test('a table too large for the time-out is migrated, from every version, to the schema of an empty database', async () => {
  const empty = await postgres.createDatabase();
  await open(empty).store.migrate();
  const want = await schemaOf(await connect(empty));
  for (const version of [1, 6, 9]) {
    const { url, client } = await databaseOf(version, 30_000);
    await client.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET statement_timeout = 5`);
    const { store, logged } = open(url);
    await store.migrate();
    expect(await schemaOf(client)).toEqual(want);
    expect(logged.filter((line) => line.includes('"migrated"')).length).toBeGreaterThan(0);
    expect(await leftOpen(client)).toEqual([]);
    expect((await store.listCallbacks({ limit: 1 })).items).toHaveLength(1);
  }
}, 60_000);

test('a migration longer than the statement time-out blocks neither reads nor writes', async () => {
  const { url, client } = await databaseOf(6, 100);
  const other = await connect(url);
  // An open transaction with a write: building an index waits for it.
  await other.query("BEGIN; UPDATE callbacks SET reason = 'x' WHERE id = 1");
  const { store } = open(url);
  let done = false;
  const migrating = store.migrate().then(() => {
    done = true;
  });
  await until(async () => (await leftOpen(client)).length === 1);
  const started = performance.now();
  // Longer than the query time-out of a receiver's connections.
  while (performance.now() - started < 1500) {
    const asked = performance.now();
    await client.query('SELECT count(*) FROM callbacks');
    await client.query("UPDATE callbacks SET reason = 'y' WHERE id = 2");
    expect(performance.now() - asked).toBeLessThan(500);
    await sleep(50);
  }
  expect(done).toBe(false);
  await other.query('COMMIT');
  await migrating;
});

test('an interrupted migration leaves nothing open, and is resumed: an INVALID index is built again', async () => {
  const { url, client } = await databaseOf(6, 100);
  const other = await connect(url);
  await other.query("BEGIN; UPDATE callbacks SET reason = 'x' WHERE id = 1");
  const { store } = open(url);
  const migrating = store.migrate();
  const invalid = () => client.query('SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid');
  await until(async () => (await invalid()).rows.length === 1);
  const failing = expect(migrating).rejects.toThrow();
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '% migration'",
  );
  await failing;
  await until(async () => (await leftOpen(client)).length === 0);
  expect((await invalid()).rows).toEqual([{ name: 'callbacks_once_new' }]);
  expect((await client.query('SELECT max(number) AS version FROM migrations')).rows).toEqual([{ version: 6 }]);
  await other.query('COMMIT');
  await Promise.all([store.migrate(), open(url).store.migrate()]);
  expect((await invalid()).rows).toEqual([]);
});

test('a store that is closed during its migration does not wait for it', async () => {
  const { url, client } = await databaseOf(6, 1);
  const other = await connect(url);
  await other.query("BEGIN; UPDATE callbacks SET reason = 'x'");
  const store = openPostgresStore(url, APP);
  const failing = expect(store.migrate()).rejects.toThrow('the store was closed');
  await until(async () => (await leftOpen(client)).length === 1);
  await store.close();
  await failing;
});

test('a failed migration is rolled back and named', async () => {
  const { url, client } = await databaseOf(9, 1);
  await client.query('ALTER TABLE callbacks ADD COLUMN acknowledged text');
  await expect(open(url).store.migrate()).rejects.toThrow(
    'column "acknowledged" of relation "callbacks" already exists',
  );
  await until(async () => (await leftOpen(client)).length === 0);
  expect((await client.query('SELECT max(number) AS version FROM migrations')).rows).toEqual([{ version: 9 }]);
});

test('a receiver of the previous version can still append', async () => {
  const { url, client } = await databaseOf(9, 1);
  await open(url).store.migrate();
  await client.query(
    `INSERT INTO callbacks (sdk_app_id, status, command, received_at, arrival, once_key, query, body, content_removed)
     VALUES ($1, 'rejected', 'x', 1, gen_random_uuid(), '\\x00', '', '', true)
     ON CONFLICT (sdk_app_id, coalesce(event_time, 0), once_key, status) DO UPDATE SET repeats = callbacks.repeats + 1`,
    [APP],
  );
  expect((await client.query("SELECT acknowledged FROM callbacks WHERE status = 'rejected'")).rows).toEqual([
    { acknowledged: false },
  ]);
});
