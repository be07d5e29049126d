import type { Logger } from '../callback/logger.ts';
import { DatabaseUnusable, type StoreAndForwardOptions, storeAndForward, withinDeadline } from './spool.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import type { Store, StoreObserver } from './store.ts';

const SQLITE = 'sqlite:';

interface StoreOptions {
  sdkAppId: number;
  /** Where callbacks wait while PostgreSQL is away. */
  spoolFile: string;
  judge: StoreAndForwardOptions['judge'];
  log: Logger;
  observer?: StoreObserver;
  /** A file of this machine cannot be written any more, whatever happens: the receiver has to be started again. */
  onFailed?: (error: Error) => void;
  /** Days without a run after which a consumer no longer keeps callbacks from being pruned. */
  consumerMaxIdleDays?: number;
}

/**
 * The store that a DATABASE_URL names. PostgreSQL may be away: callbacks go to the spool until it is there.
 * @throws {DatabaseUnusable} naming the SQLite file that cannot be opened, or saying why PostgreSQL cannot be used
 */
export async function openStore(
  databaseUrl: string,
  { sdkAppId, spoolFile, judge, log, observer, onFailed, consumerMaxIdleDays }: StoreOptions,
): Promise<Store> {
  if (databaseUrl.startsWith(SQLITE))
    return openFile(databaseUrl.slice(SQLITE.length), sdkAppId, { observer, onFailed, consumerMaxIdleDays });
  // The PostgreSQL client is loaded only where it is used.
  const { openPostgresStore } = await import('./postgres/postgres-store.ts');
  const database = openPostgresStore(databaseUrl, sdkAppId, { log, observer, consumerMaxIdleDays });
  const failure = await withinDeadline(database.check()).catch((error) => error);
  // Any other failure may pass, and is logged when the spool drains.
  if (failure instanceof DatabaseUnusable) {
    await database.close().catch(() => {});
    throw failure;
  }
  // Only now: a start that fails leaves no file behind.
  const spool = await openFile(spoolFile, sdkAppId, { observer, onFailed });
  return storeAndForward({ database, spool, judge, log });
}

/**
 * The store for a batch job beside the receiver: without a spool, and without a limit on how long a statement may take.
 * @throws when the database is away or cannot be opened
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

/** What a thread throws comes without its class. */
function openFile(...which: Parameters<typeof openSqliteStore>): ReturnType<typeof openSqliteStore> {
  return openSqliteStore(...which).catch((error) => {
    throw new DatabaseUnusable(error.message);
  });
}
