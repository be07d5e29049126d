import { accessSync, chmodSync, closeSync, constants, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pendingMigrations } from '../migrations.ts';

/** At the start, another process may hold the lock for the duration of a migration. */
const START_TIMEOUT_MS = 10_000;
/** Later, a lock of another process must not keep the vendor waiting past its 2 s. */
const RUN_TIMEOUT_MS = 700;
/** After a burst the WAL file is truncated to this size. */
const MAX_WAL_BYTES = 64 * 1024 * 1024;

/**
 * Opens a database file for durable writes; creates it and migrates it to the newest schema first. Several processes may
 * do so at once.
 * @throws an Error naming the file: not a database, not writable, or written by a newer version
 */
export function openDatabase(file: string): DatabaseSync {
  try {
    demandWritable(file);
    // Other users of this machine must not read names and member lists.
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    makePrivate(file);
    const database = new DatabaseSync(file, { timeout: START_TIMEOUT_MS });
    try {
      enableWal(database);
      // FULL: a commit returns once it is on disk, not once the operating system has it.
      database.exec('PRAGMA synchronous = FULL');
      database.exec(`PRAGMA journal_size_limit = ${MAX_WAL_BYTES}`);
      inTransaction(database, () => {
        const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
        for (const { number, sql } of pendingMigrations(join(import.meta.dirname, 'migrations'), version)) {
          database.exec(sql);
          database.exec(`PRAGMA user_version = ${number}`);
        }
      });
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

/**
 * SQLite says only "unable to open database file", whatever the reason.
 * @throws an Error with path, permissions, user and remedy
 */
function demandWritable(file: string): void {
  if (file.startsWith(':')) return;
  const folder = nearestFolder(dirname(resolve(file)));
  for (const path of existsSync(file) ? [folder, resolve(file)] : [folder]) {
    const isFolder = path === folder;
    try {
      accessSync(path, isFolder ? constants.W_OK | constants.X_OK : constants.R_OK | constants.W_OK);
    } catch (error) {
      const { mode, uid, gid } = statSync(path);
      const ours = process.getuid?.() ?? '';
      const permissions = `mode ${(mode & 0o777).toString(8).padStart(3, '0')}, of user ${uid}, group ${gid}`;
      throw new Error(
        `${isFolder ? 'folder' : 'file'} ${path} (${permissions}) is not writable by this process, user ${ours} (${(error as NodeJS.ErrnoException).code}): change its owner, as by chown -R ${ours} ${path}, or set DATABASE_URL to a file elsewhere`,
      );
    }
  }
}

/** The nearest folder that exists; if part of the path is a file, mkdir reports it. */
function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

/** Denies other users access to the files. SQLite creates the files beside the database with the same mode. */
function makePrivate(file: string): void {
  try {
    if (existsSync(file)) for (const suffix of ['', '-wal', '-shm']) chmodIfExists(file + suffix);
    // Exclusively: closing a file that another connection of this process has open would release its locks.
    else closeSync(openSync(file, 'wx', 0o600));
  } catch {
    // Opening reports what is wrong with the file. Only its owner can change its mode.
  }
}

function chmodIfExists(file: string): void {
  if (existsSync(file)) chmodSync(file, 0o600);
}

/**
 * SQLite does not wait for the lock that a change of the journal mode needs: it fails at once while other processes
 * open the file.
 */
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

/** Takes the write lock first, so that no transaction fails because it has read before another one wrote. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // On a full disk SQLite rolls back by itself.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
