import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Pool } from 'pg';
import type { Logger } from '../../callback/logger.ts';
import { type Migration, pendingMigrations } from '../migrations.ts';
import { moveToCluster } from './cluster.ts';
import { clientOf, connect, MIGRATION_NAME } from './connection.ts';
import { transact } from './transactions.ts';

/** An arbitrary number that nothing else in the database locks: receivers that start together migrate one at a time. */
const ADVISORY_LOCK = 7_241_033;
const LOCK_POLL_MS = 200;
const PROGRESS_MS = 10_000;
/** First line of a migration that does not run in one transaction. */
const IN_STEPS = '-- In steps';

export interface MigrateOptions {
  url: string;
  /** Reads the progress while the migration's own connection is busy. */
  pool: Pool;
  log?: Pick<Logger, 'info' | 'warn'> | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Runs work over a connection without time-outs: on a large table, a statement takes longer than a receiver may wait. A
 * failure ends the connection, so that nothing of it stays open.
 * @param work receives a function that ends it as a failure
 */
export async function overOwnConnection(
  { url, signal }: Pick<MigrateOptions, 'url' | 'signal'>,
  work: (client: Client, cut: (reason: Error) => void) => Promise<void>,
): Promise<void> {
  signal?.throwIfAborted();
  const client = clientOf(url, 'migration');
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  client.on('error', lost.reject);
  // Ends a running statement: an idle connection is closed cleanly, a busy one is cut.
  const cut = (reason: Error) => {
    lost.reject(reason);
    void client.end().catch(() => {});
  };
  const onAbort = () => cut(new Error('the store was closed'));
  signal?.addEventListener('abort', onAbort);
  try {
    const working = connect(client, 'migration').then(() => work(client, cut));
    await Promise.race([working, lost.promise]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    void client.end().catch(() => {});
  }
}

/**
 * Migrates the database to the newest schema. An xid that is held for long would hold up the consumers, so no step may
 * do that: an index is built concurrently, which takes an xid only at its start and end.
 */
export async function migrate({ url, pool, log, signal }: MigrateOptions): Promise<void> {
  await overOwnConnection({ url, signal }, async (client, cut) => {
    await migrateOver(client, cut);
    await moveToCluster(client, log);
  });

  async function migrateOver(client: Client, cut: (reason: Error) => void): Promise<void> {
    if ((await pendingIn(client)).length === 0) return;
    await lock(client);
    const processId = (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
    const pending = await pendingIn(client);
    if (pending.length > 0) log?.info({ migrations: pending.map(({ name }) => name) }, 'migrating the database');
    for (const migration of pending) {
      const started = performance.now();
      const reporting = reportProgress(processId, migration, cut);
      try {
        await (migration.sql.startsWith(IN_STEPS) ? runInSteps(client, migration) : runAsOne(client, migration));
      } finally {
        reporting.abort();
      }
      log?.info({ migration: migration.name, seconds: secondsSince(started) }, 'migrated');
    }
  }

  /** Logs the progress, and cuts the connection if its session is gone, which the connection may never notice. */
  function reportProgress(processId: number, { name }: Migration, cut: (reason: Error) => void): AbortController {
    const ended = new AbortController();
    const started = performance.now();
    const report = async () => {
      for (;;) {
        await sleep(PROGRESS_MS, undefined, { signal: ended.signal, ref: false });
        const { rows } = await pool.query(SELECT_PROGRESS, [processId]).catch(() => ({ rows: null }));
        if (ended.signal.aborted || rows === null) continue;
        if (rows.length === 0) return cut(new Error('the session of the migration is gone'));
        log?.info({ migration: name, seconds: secondsSince(started), ...rows[0] }, 'still migrating the database');
      }
    };
    report().catch(() => {});
    return ended;
  }
}

const SELECT_PROGRESS = `
  SELECT i.phase, round(100.0 * i.blocks_done / nullif(i.blocks_total, 0))::integer AS percent
  FROM pg_stat_activity AS a LEFT JOIN pg_stat_progress_create_index AS i USING (pid)
  WHERE pid = $1 AND application_name = '${MIGRATION_NAME}'`;

async function pendingIn(client: Client): Promise<Migration[]> {
  const { rows } = await client.query("SELECT to_regclass('migrations') IS NOT NULL AS found");
  const version = rows[0].found ? 'SELECT coalesce(max(number), 0) AS version FROM migrations' : 'SELECT 0 AS version';
  const { rows: found } = await client.query(version);
  return pendingMigrations(join(import.meta.dirname, 'migrations'), found[0].version);
}

/** Polls: a session that waits in a statement holds a snapshot, and CREATE INDEX CONCURRENTLY waits for snapshots. */
async function lock(client: Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS locked', [ADVISORY_LOCK]);
    if (rows[0].locked) break;
    await sleep(LOCK_POLL_MS);
  }
  await client.query('CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, name text NOT NULL)');
}

const NOTE = 'INSERT INTO migrations VALUES ($1, $2)';

function runAsOne(client: Client, { number, name, sql }: Migration): Promise<void> {
  return transact(client, async () => {
    await client.query(sql);
    await client.query(NOTE, [number, name]);
  });
}

/**
 * Commits each statement separately, as CREATE INDEX CONCURRENTLY requires. After a failure all are run again, so each
 * must be repeatable.
 */
async function runInSteps(client: Client, { number, name, sql }: Migration): Promise<void> {
  for (const statement of statementsOf(sql)) {
    const index = /^CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS (\w+)/.exec(statement)?.[1];
    // IF NOT EXISTS would accept an invalid index that an interrupted build has left.
    if (index && (await isInvalid(client, index))) await client.query(`DROP INDEX CONCURRENTLY ${index}`);
    await client.query(statement);
  }
  await client.query(NOTE, [number, name]);
}

/** The statements of a migration in steps; for any other, the whole text. */
export function statementsOf(sql: string): string[] {
  if (!sql.startsWith(IN_STEPS)) return [sql];
  const code = sql.replace(/^--.*\n/gm, '');
  return code
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter(Boolean);
}

async function isInvalid(client: Client, index: string): Promise<boolean> {
  const text = 'SELECT 1 FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid';
  return (await client.query(text, [index])).rows.length > 0;
}

function secondsSince(started: number): number {
  return Math.round((performance.now() - started) / 100) / 10;
}
