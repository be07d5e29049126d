import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';

const MIGRATIONS = join(import.meta.dirname, 'migrations');
/** Any number that nobody else in the database locks: receivers that start at once migrate one after the other. */
const LOCK = 7_241_033;

/** Brings the database to the newest schema. Migrations are `NNN-what.sql`, run in order of their numbers, each once. */
export async function migrate(pool: Pool): Promise<void> {
  const migrations = readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0');
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await client.query('CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, name text NOT NULL)');
    const { rows } = await client.query('SELECT coalesce(max(number), 0) AS version FROM migrations');
    const version = Number(rows[0].version);
    const newest = Math.max(...migrations.map(numberOf));
    if (version > newest) {
      throw new Error(`its schema is number ${version}, this program knows ${newest}; use the newer program`);
    }
    for (const name of migrations) {
      if (numberOf(name) <= version) continue;
      await client.query(readFileSync(join(MIGRATIONS, name), 'utf8'));
      await client.query('INSERT INTO migrations VALUES ($1, $2)', [numberOf(name), name]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

function numberOf(migration: string): number {
  return Number.parseInt(migration, 10);
}
