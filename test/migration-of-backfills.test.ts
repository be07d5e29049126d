import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { pendingMigrations } from '../src/store/migrations.ts';
import { statementsOf } from '../src/store/postgres/migrate.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../src/store/store.ts';
import { usePostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';

const postgres = usePostgres();
const APP = 1_400_000_000;
const DOCUMENT = JSON.stringify({
  ...{ groupId: 'g', first: { stamp: '000000001000000-00', receivedAt: 2_000 }, joined: 1 },
  fields: { name: { stamp: '000000001000000-00', value: 'Tea' } },
});

/** The data of a receiver of the previous version: a group with a member. */
const FILL = [
  `INSERT INTO groups (sdk_app_id, group_id, version, type, name, created_at, document)
   VALUES (${APP}, 'g', 1, 'Public', 'Tea', 1000, '${DOCUMENT}')`,
  `INSERT INTO group_parts (sdk_app_id, group_id, kind, name, value, stamp)
   VALUES (${APP}, 'g', 'member', 'ann', '{"how":"Apply","by":null}', '000000001000000-00')`,
];
/** How that receiver writes a group concurrently. */
const WRITE_AS_BEFORE = `
  INSERT INTO groups (sdk_app_id, group_id, version, type, name, created_at, document)
  VALUES (${APP}, 'g', 2, 'Public', 'Tea', 1000, '${DOCUMENT.replace('Tea', 'Walks')}')
  ON CONFLICT (sdk_app_id, group_id) DO UPDATE SET version = excluded.version, document = excluded.document`;

const folderOf = (database: string) => join(import.meta.dirname, '../src/store', database, 'migrations');

/** The migrations before the one that adds the table. */
function migrationsBefore(database: string, upTo: string) {
  const folder = folderOf(database);
  const names = readdirSync(folder).filter((name) => name < upTo);
  return names.sort().map((name) => ({
    number: Number.parseInt(name, 10),
    name,
    text: readFileSync(join(folder, name), 'utf8'),
  }));
}

/** A store, and a concurrent receiver of the previous version. */
type Opened = { store: Store; writeAsBefore(): Promise<unknown> };

async function onSqlite(): Promise<Opened> {
  const file = join(temporaryFolder(), 'callbacks.db');
  const database = new DatabaseSync(file);
  teardown(() => database.close());
  const migrations = migrationsBefore('sqlite', '015');
  for (const { text } of migrations) database.exec(text);
  database.exec(`PRAGMA user_version = ${migrations.at(-1)?.number}`);
  for (const statement of FILL) database.exec(statement);
  return {
    store: await openSqliteStore(file, APP),
    writeAsBefore: async () => database.exec(WRITE_AS_BEFORE),
  };
}

async function onPostgres(): Promise<Opened> {
  const url = await postgres.createDatabase();
  const client = new pg.Client(url);
  await client.connect();
  teardown(() => client.end());
  await client.query('CREATE TABLE migrations (number integer PRIMARY KEY, name text NOT NULL)');
  for (const { number, name, text } of migrationsBefore('postgres', '014')) {
    for (const statement of statementsOf(text)) await client.query(statement);
    await client.query('INSERT INTO migrations VALUES ($1, $2)', [number, name]);
  }
  for (const statement of FILL) await client.query(statement);
  const store = openPostgresStore(url, APP);
  await store.migrate();
  return { store, writeAsBefore: () => client.query(WRITE_AS_BEFORE) };
}

test.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
])('%s: groups of the previous version are present, unconfirmed, and both versions write them', async (_, open) => {
  const { store, writeAsBefore } = await open();
  teardown(() => store.close());
  const shown = { groupId: 'g', name: 'Tea', members: ['ann'], confirmedAt: null };
  expect(await store.findGroup('g')).toMatchObject(shown);
  const at = new Date(5_000);
  await store.confirmGroups(['g'], at);
  await writeAsBefore();
  expect(await store.findGroup('g')).toMatchObject({ ...shown, name: 'Walks', confirmedAt: at.toISOString() });
  expect(await store.findRun('backfill')).toBeNull();
  expect(await store.claimRun('backfill', 'one')).toEqual({ earlier: null });
});

test.each([
  ['sqlite', 15],
  ['postgres', 14],
])('%s: the program of the previous version refuses the database', (database, version) => {
  const folder = temporaryFolder();
  // The migrations of that program.
  for (const { name, text } of migrationsBefore(database, String(version).padStart(3, '0'))) {
    writeFileSync(join(folder, name), text);
  }
  expect(() => pendingMigrations(folder, version)).toThrow(
    `its schema is number ${version}, this program knows ${version - 1}; use the newer program`,
  );
  expect(pendingMigrations(folderOf(database), version - 1)[0]).toMatchObject({ number: version });
});
