import { join } from 'node:path';
import pg, { type ClientBase, type Pool, type PoolClient } from 'pg';
import { pendingMigrations } from '../migrations.ts';

export type Queryable = Pool | ClientBase;

/** A receiver writes over one connection at a time; the others are for reads. */
const MAX_CONNECTIONS = 10;
/** Short enough for the spool to take a callback over within the 2 s that the vendor waits. */
const CONNECT_TIMEOUT_MS = 1_000;
const STATEMENT_TIMEOUT_MS = 1_000;
const LOCK_TIMEOUT_MS = 800;
/** Limits the wait for an answer of a server that is gone without closing its connections. */
const ANSWER_TIMEOUT_MS = 1_200;
const MIGRATION_TIMEOUT_MS = 3_600_000;

/** node-postgres reads bigint as text; ids and milliseconds stay below 2^53. */
const types = {
  getTypeParser: ((oid, format) =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/**
 * Does not connect before it is used.
 * @param onBroken a connection broke; the pool replaces it
 * @param isBatch statements may take any time; a lock is still waited for no longer
 */
export function openPool(url: string, onBroken: (error: Error) => void, isBatch: boolean): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    types,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(!isBatch && { query_timeout: ANSWER_TIMEOUT_MS, statement_timeout: STATEMENT_TIMEOUT_MS }),
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: 5_000,
    keepAlive: true,
    application_name: isBatch ? 'tencent-chat-callbacks batch' : 'tencent-chat-callbacks',
    // Whatever the server's default: OK means on disk.
    options: '-c synchronous_commit=on',
  });
  pool.on('error', onBroken);
  // The pool listens on idle connections only; the error of a busy one would end the process.
  pool.on('connect', (client) => client.on('error', onBroken));
  return pool;
}

export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // A connection that cannot roll back must not go back to the pool inside of a transaction.
    await client.query('ROLLBACK').catch((lost) => {
      broken = lost;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Any number that nothing else in the database locks: receivers that start together migrate one after the other. */
const ADVISORY_LOCK = 7_241_033;

/** Migrates the database to the newest schema. */
export function migrate(pool: Pool): Promise<void> {
  return inTransaction(pool, async (client) => {
    await client.query('SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0');
    await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
    await client.query('CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, name text NOT NULL)');
    const { rows } = await client.query('SELECT coalesce(max(number), 0) AS version FROM migrations');
    for (const { number, name, sql } of pendingMigrations(join(import.meta.dirname, 'migrations'), rows[0].version)) {
      // On a large database it takes longer than the answer to a statement of the receiver may.
      const migration = { text: sql, query_timeout: MIGRATION_TIMEOUT_MS };
      await client.query(migration);
      await client.query('INSERT INTO migrations VALUES ($1, $2)', [number, name]);
    }
  });
}
