import type { Kysely } from 'kysely';
import { storedBy } from '../change-feed.ts';
import { CommitQueue } from '../commit-queue.ts';
import { boundStored } from '../pruning.ts';
import { readsOf } from '../reads.ts';
import { replayOf } from '../replay.ts';
import { rowIdOf, type Tables, toRecord, toUnjudged } from '../rows.ts';
import type { RemoteStore } from '../spool.ts';
import type { ReceivedCallback, StoreObserver } from '../store.ts';
import { appendsOf } from './append.ts';
import { sharedChangeFeed } from './change-feed.ts';
import { migrate, openPool } from './database.ts';
import { groupsOf } from './groups.ts';

interface PostgresOptions {
  /** A connection broke; the pool replaces it. */
  onBroken?: (error: Error) => void;
  observer?: StoreObserver | undefined;
  /** No vendor waits for this store's statements, so they may take any time. */
  isBatch?: boolean;
}

/** The store on PostgreSQL, for several receivers. Does not connect before it is used or migrated. */
export function openPostgresStore(
  url: string,
  sdkAppId: number,
  { onBroken = () => {}, observer, isBatch = false }: PostgresOptions = {},
): RemoteStore {
  const pool = openPool(url, onBroken, isBatch);
  const { append, appendInTransaction } = appendsOf(pool, sdkAppId);
  let reader: Promise<Kysely<Tables>> | undefined;
  const openReader = () => {
    reader ??= import('kysely').then(
      ({ Kysely, PostgresDialect }) => new Kysely({ dialect: new PostgresDialect({ pool }) }),
    );
    return reader;
  };
  const reads = readsOf(openReader, sdkAppId, 'postgres');
  const feed = sharedChangeFeed({ pool, url, sdkAppId, newestCallbackId: reads.newestCallbackId });
  const queue = new CommitQueue(
    (callbacks: ReceivedCallback[]) => append(callbacks),
    mayBeFaultOfItems,
    (callbacks, appended, seconds) => {
      observer?.committed(callbacks.length, seconds);
      bounds.note(callbacks);
      feed.publish(storedBy(appended));
    },
  );
  const bounds = boundStored({
    open: openReader,
    sdkAppId,
    prune: (status, upTo, most) => prune(`status = '${status}' AND id <= $2 ORDER BY id`, upTo, most),
    onPruned: (status, count) => observer?.pruned(status === 'rejected' ? 'rejects' : 'unknown', count),
  });

  return {
    ...reads,

    ...replayOf(openReader, sdkAppId, 'postgres', {
      async saveReplay(row) {
        if (!row) await pool.query('DELETE FROM replays WHERE sdk_app_id = $1', [sdkAppId]);
        else
          await pool.query(
            `INSERT INTO replays (sdk_app_id, started_at, group_id, done) VALUES ($1, $2, $3, $4)
             ON CONFLICT (sdk_app_id) DO UPDATE SET group_id = excluded.group_id, done = excluded.done`,
            [sdkAppId, row.started_at, row.group_id, row.done],
          );
      },
      replaceGroup: (groupId, write) => groupsOf(sdkAppId).replace(pool, groupId, write),
      isLocked: (error) => codeOf(error) === LOCK_NOT_AVAILABLE,
    }),

    follow: feed.follow,

    migrate: () => migrate(pool),

    isFaultOfItem,

    append: (callback) => queue.add(callback),

    async retry(id, judge) {
      if (rowIdOf(id) === null) return 'not found';
      const result = await appendInTransaction(async (append, client) => {
        const select = 'SELECT * FROM callbacks WHERE id = $1 AND sdk_app_id = $2';
        const row = (await client.query(`${select} FOR UPDATE`, [id, sdkAppId])).rows[0];
        if (!row) return 'not found';
        if (row.status === 'accepted') return 'already accepted';
        const judged = judge(toUnjudged(row));
        await client.query('DELETE FROM callbacks WHERE id = $1', [id]);
        const { id: storedId } = await append({ ...judged, id: row.id, repeats: row.repeats });
        return toRecord((await client.query(select, [storedId, sdkAppId])).rows[0]);
      });
      if (typeof result !== 'string') feed.publish(storedBy([{ id: result.id, repeat: true }]));
      return result;
    },

    async pruneCallbacks(before, most) {
      const count = await prune('received_at < $2 ORDER BY received_at', before.getTime(), most);
      if (count > 0) observer?.pruned('retention', count);
      return count;
    },

    async health() {
      return pool.query('SELECT 1').then(
        () => ({ ready: true }),
        () => ({ ready: false }),
      );
    },

    async close() {
      await queue.idle();
      await bounds.idle();
      await feed.close();
      await pool.end();
    },
  };

  /**
   * Deletes at most `most` callbacks. SKIP LOCKED leaves to other receivers what they are pruning, so nobody waits or
   * deadlocks; ARRAY makes PostgreSQL choose the rows once.
   * @param where a condition and an order; `bound` is its $2
   */
  async function prune(where: string, bound: number, most: number): Promise<number> {
    const text = `DELETE FROM callbacks WHERE id = ANY (ARRAY(
      SELECT id FROM callbacks WHERE sdk_app_id = $1 AND ${where} LIMIT $3 FOR UPDATE SKIP LOCKED))`;
    return (await pool.query(text, [sdkAppId, bound, most])).rowCount ?? 0;
  }
}

const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK_DETECTED = '40P01';

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code);
}

/** Data exceptions and constraint violations (SQLSTATE classes 22, 23), limits (54): the callback itself is at fault. */
function isFaultOfItem(error: unknown): boolean {
  return /^(22|23|54)/.test(codeOf(error));
}

/** Worth committing one by one. A deadlock is the fault of no item, and does not come again. */
function mayBeFaultOfItems(error: unknown): boolean {
  return isFaultOfItem(error) || codeOf(error) === DEADLOCK_DETECTED;
}
