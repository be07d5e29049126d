import type { Logger } from 'pino';
import type { JudgeCallback } from '../receiver/judge.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import type { Store, StoreObserver } from './store.ts';
import { type Spool, storeAndForward } from './store-and-forward.ts';

interface Needs {
  sdkAppId: number;
  judgeCallback: JudgeCallback;
  log: Logger;
  observer?: StoreObserver;
  /** Where callbacks wait while PostgreSQL is away. */
  spoolFile: string;
  wrapSpool?: (spool: Spool) => Spool;
}

/**
 * The store that a DATABASE_URL names. PostgreSQL need not be there yet: callbacks go to the spool until it is.
 * @throws an Error that names the file when a SQLite file cannot be opened
 */
export async function openStore(
  databaseUrl: string,
  { sdkAppId, judgeCallback, log, observer, spoolFile, wrapSpool = (spool) => spool }: Needs,
): Promise<Store> {
  if (databaseUrl.startsWith('sqlite:'))
    return openSqliteStore(databaseUrl.slice('sqlite:'.length), sdkAppId, observer);
  // What speaks to PostgreSQL is loaded where there is one.
  const { openPostgresStore } = await import('./postgres/postgres-store.ts');
  return storeAndForward({
    database: openPostgresStore(
      databaseUrl,
      sdkAppId,
      (error) => log.warn({ err: error }, 'a database connection broke'),
      observer,
    ),
    spool: wrapSpool(await openSqliteStore(spoolFile, sdkAppId, observer)),
    judge: (kept) => judgeCallback(kept).callback,
    log,
  });
}
