import type { Logger } from '../callback/logger.ts';
import { DatabaseUnusable, type StoreAndForwardOptions, storeAndForward, withinDeadline } from './spool.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import type { Store, StoreObserver } from './store.ts';

const SQLITE = 'sqlite:';

interface StoreOptions {
  sdkAppId: number;
  /** The file to which callbacks are spooled while PostgreSQL is away. */
  spoolFile: string;
  judge: StoreAndForwardOptions['judge'];
  log: Logger;
  observer?: StoreObserver;
  /** A local file can no longer be written: the receiver has to be restarted. */
  onFailed?: (error: Error) => void;
  /** Days without a run after which a consumer no longer protects callbacks from pruning. */
  consumerMaxIdleDays?: number;
}

/**
 * The store for a DATABASE_URL. PostgreSQL may be away: callbacks are spooled until it is available.
 * @throws {DatabaseUnusable} naming the SQLite file that cannot be opened, or with the reason why PostgreSQL cannot be
 *   used
 */
export async function openStore(
  databaseUrl: string,
  { sdkAppId, spoolFile, judge, log, observer, onFailed, consumerMaxIdleDays }: StoreOptions,
): Promise<Store> {
  if (databaseUrl.startsWith(SQLITE))
    return openFile(databaseUrl.slice(SQLITE.length), sdkAppId, { observer, onFailed, consumerMaxIdleDays });
  // Loads the PostgreSQL client only if it is needed.
  const { openPostgresStore } = await import('./postgres/postgres-store.ts');
  const database = openPostgresStore(databaseUrl, sdkAppId, { log, observer, consumerMaxIdleDays });
  const failure = await withinDeadline(database.check()).catch((error) => error);
  // Any other failure may pass, and is logged when the spool drains.
  if (failure instanceof DatabaseUnusable) {
    await database.close().catch(() => {});
    throw failure;
  }
  // Opened last: a start that fails leaves no file behind.
  const spool = await openFile(spoolFile, sdkAppId, { observer, onFailed });
  return storeAndForward({ database, spool, judge, log });
}

/**
 * The store for a batch job that runs alongside the receiver: without a spool, and without a statement timeout.
 * @throws if the database is away or cannot be opened
 */
export async function openStoreForBatch(databaseUrl: string, sdkAppId: number): Promise<Store> {
  if (databaseUrl.startsWith(SQLITE)) return openSqliteStore(databaseUrl.slice(SQLITE.length), sdkAppId);
  const { openPostgresStore } = await import('./postgres/postgres-store.ts');
  const store = openPostgresStore(databaseUrl, sdkAppId, { isBatch: true });
  try {
    await store.migrate();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Errors lose their class on the way from a thread. */
function openFile(...which: Parameters<typeof openSqliteStore>): ReturnType<typeof openSqliteStore> {
  return openSqliteStore(...which).catch((error) => {
    throw new DatabaseUnusable(error.message);
  });
}
