import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const MIGRATIONS = join(import.meta.dirname, 'migrations');

/** Starting, another process may hold the database while it migrates. */
const START_TIMEOUT_MS = 10_000;
/** Running, a lock that somebody else holds must not keep the vendor waiting past its 2 s. */
const RUN_TIMEOUT_MS = 700;
/** A burst must not leave a log file of its size behind for ever. */
const MOST_LOG_BYTES = 64 * 1024 * 1024;

/**
 * Opens a database file for durable writes, making it and bringing it to the newest schema first.
 * Any number of processes may do so at once.
 *
 * @throws an Error naming the file: not a database, not writable, or written by a newer version
 */
export function openDatabase(file: string): DatabaseSync {
  try {
    // Names and member lists are nobody else's business on this machine.
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(file, { timeout: START_TIMEOUT_MS });
    try {
      enableWal(database);
      // FULL: a commit is on disk, not with the operating system, before it returns.
      database.exec('PRAGMA synchronous = FULL');
      database.exec(`PRAGMA journal_size_limit = ${MOST_LOG_BYTES}`);
      migrate(database);
      database.exec(`PRAGMA busy_timeout = ${RUN_TIMEOUT_MS}`);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw new Error(`The database ${file} (DATABASE_URL) cannot be opened: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** SQLite does not wait for the lock that a change of journal mode needs: it fails at once while others open the file. */
function enableWal(database: DatabaseSync): void {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!(error as Error).message.includes('locked') || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** Migrations are `NNN-what.sql`, run in order of their numbers, each once; `user_version` is the last one's. */
function migrate(database: DatabaseSync): void {
  const migrations = readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  database.exec('BEGIN IMMEDIATE');
  try {
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    const newest = Math.max(...migrations.map(numberOf));
    if (version > newest) {
      throw new Error(`its schema is number ${version}, this program knows ${newest}; use the newer program`);
    }
    for (const name of migrations) {
      if (numberOf(name) > version) database.exec(readFileSync(join(MIGRATIONS, name), 'utf8'));
    }
    database.exec(`PRAGMA user_version = ${newest}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function numberOf(migration: string): number {
  return Number.parseInt(migration, 10);
}
