import type { Kysely } from 'kysely';
import pg from 'pg';
import { toCallback, toUnjudged } from '../callback-row.ts';
import { CommitQueue } from '../commit-queue.ts';
import { readsOf } from '../read.ts';
import {
  MOST_IN_ONE_STEP,
  MOST_REJECTED_BYTES,
  MOST_REJECTS,
  RejectBound,
  SELECT_REJECTS_BEYOND,
} from '../reject-bound.ts';
import type { ReceivedCallback, StoreObserver } from '../store.ts';
import type { Database } from '../store-and-forward.ts';
import { storedBy } from '../stored-news.ts';
import type { Tables } from '../tables.ts';
import { append, appendOneInTransaction } from './append.ts';
import { migrate } from './migrate.ts';
import { shareNews } from './share-news.ts';
import { types } from './types.ts';

/** A receiver writes over one connection at a time; the others are for readers. */
const MOST_CONNECTIONS = 10;
/** Short enough for the spool to take a callback over within the 2 s that the vendor waits. */
const CONNECT_TIMEOUT_MS = 1_000;
const STATEMENT_TIMEOUT_MS = 1_000;
const LOCK_TIMEOUT_MS = 800;
/** The server may be gone without a word: no statement's answer is waited for longer. */
const ANSWER_TIMEOUT_MS = 1_200;

/**
 * The store on PostgreSQL, for several receivers. Does not connect before it is used or migrated.
 * @param onBroken a connection broke; the pool replaces it
 */
export function openPostgresStore(
  url: string,
  sdkAppId: number,
  onBroken: (error: Error) => void,
  observer?: StoreObserver,
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    types,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: 5_000,
    keepAlive: true,
    application_name: 'tencent-chat-callbacks',
    // Whatever the server's default: OK means on disk.
    options: '-c synchronous_commit=on',
  });
  pool.on('error', onBroken);
  // The pool listens only to those that are idle; an error of one in use would end the process.
  pool.on('connect', (client) => client.on('error', onBroken));
  let reader: Promise<Kysely<Tables>> | undefined;
  const openReader = () => {
    reader ??= import('kysely').then(
      ({ Kysely, PostgresDialect }) => new Kysely({ dialect: new PostgresDialect({ pool }) }),
    );
    return reader;
  };
  const reads = readsOf(openReader, sdkAppId, 'postgres');
  const news = shareNews({ pool, url, sdkAppId, newestCallbackId: reads.newestCallbackId });
  const queue = new CommitQueue(
    (callbacks: ReceivedCallback[]) => append(pool, sdkAppId, callbacks),
    mayBeFaultOfItems,
    (callbacks, appended, seconds) => {
      observer?.committed(callbacks.length, seconds);
      rejects.note(callbacks);
      news.tell(storedBy(appended));
    },
  );
  const rejects = new RejectBound(
    async () => {
      const bound = [sdkAppId, MOST_REJECTS, MOST_REJECTED_BYTES];
      const { id } = (await pool.query(SELECT_REJECTS_BEYOND, bound)).rows[0];
      if (id === null) return 0;
      const values = [sdkAppId, id, MOST_IN_ONE_STEP];
      return (await pool.query(deleteOf("status = 'rejected' AND id <= $2 ORDER BY id"), values)).rowCount ?? 0;
    },
    (count) => observer?.pruned('rejects', count),
  );

  return {
    ...reads,

    follow: news.follow,

    migrate: () => migrate(pool),

    isFaultOfItem,

    append: (callback) => queue.add(callback),

    async retry(id, judge) {
      const result = await appendOneInTransaction(pool, sdkAppId, async (append, client) => {
        const select = 'SELECT * FROM callbacks WHERE id = $1 AND sdk_app_id = $2';
        const kept = (await client.query(`${select} FOR UPDATE`, [id, sdkAppId])).rows[0];
        if (!kept) return 'not found';
        if (kept.status === 'accepted') return 'already accepted';
        const judged = judge(toUnjudged(kept));
        await client.query('DELETE FROM callbacks WHERE id = $1', [id]);
        const { id: storedId } = await append({ ...judged, id: kept.id, repeats: kept.repeats });
        return toCallback((await client.query(select, [storedId, sdkAppId])).rows[0]);
      });
      if (typeof result !== 'string') news.tell(storedBy([{ id: result.id, repeat: true }]));
      return result;
    },

    async pruneCallbacks(before, most) {
      const values = [sdkAppId, before.getTime(), most];
      const { rowCount } = await pool.query(deleteOf('received_at < $2 ORDER BY received_at'), values);
      if (rowCount) observer?.pruned('retention', rowCount);
      return rowCount ?? 0;
    },

    async health() {
      return pool.query('SELECT 1').then(
        () => ({ ready: true }),
        () => ({ ready: false }),
      );
    },

    async close() {
      await queue.idle();
      await rejects.idle();
      await news.close();
      await pool.end();
    },
  };
}

/**
 * Deletes at most $3 callbacks of app $1. What another receiver prunes at this moment is left to it, so nobody waits
 * and nobody is locked out; ARRAY makes PostgreSQL choose the rows once.
 */
function deleteOf(which: string): string {
  return `DELETE FROM callbacks WHERE id = ANY (ARRAY(
    SELECT id FROM callbacks WHERE sdk_app_id = $1 AND ${which} LIMIT $3 FOR UPDATE SKIP LOCKED))`;
}

/** Data exceptions and constraint violations (SQLSTATE classes 22, 23), limits (54): the callback itself is at fault. */
function isFaultOfItem(error: unknown): boolean {
  return /^(22|23|54)/.test(String((error as { code?: unknown }).code));
}

/** Worth trying one by one. A deadlock is nobody's fault, and is over when tried again. */
function mayBeFaultOfItems(error: unknown): boolean {
  return isFaultOfItem(error) || (error as { code?: unknown }).code === '40P01';
}
