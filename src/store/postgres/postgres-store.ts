import type { Kysely } from 'kysely';
import type { PoolClient } from 'pg';
import type { Logger } from '../../callback/logger.ts';
import { ChangeFeed, storedBy } from '../change-feed.ts';
import { CommitQueue } from '../commit-queue.ts';
import { consumerReadsOf } from '../consumer-reads.ts';
import { boundStored, CONSUMER_MAX_IDLE_DAYS, MAX_PRUNED_REPLIES } from '../pruning.ts';
import { readsOf } from '../reads.ts';
import { replayOf } from '../replay.ts';
import { noRetryOf, rowIdOf, type Tables, toRecord, toUnjudged } from '../rows.ts';
import { type Commits, snapshotQueue } from '../snapshot-queue.ts';
import { toRecordOf } from '../snapshots.ts';
import type { RemoteStore } from '../spool.ts';
import type { ReceivedCallback, StoreObserver } from '../store.ts';
import { accountsOf } from './accounts.ts';
import { activityOf, pruneReplies } from './activity.ts';
import { type Append, appendsOf } from './append.ts';
import { backfillsOf } from './backfills.ts';
import { sharedChangeFeed } from './change-feed.ts';
import { assertCluster, moveToCluster, noteTimeline } from './cluster.ts';
import { checkDatabase, openPool } from './connection.ts';
import { consumersOf } from './consumers.ts';
import { isContention, isFaultOfItem, remedyFor } from './failures.ts';
import { groupsOf } from './groups.ts';
import { lagAfter } from './log.ts';
import { migrate, overOwnConnection } from './migrate.ts';
import { pruningOf } from './prune.ts';
import { inTransaction } from './transactions.ts';

interface PostgresOptions {
  /** Receives broken connections, which the pool replaces, and the progress of migrations. */
  log?: Pick<Logger, 'info' | 'warn'>;
  observer?: StoreObserver | undefined;
  /** Days without a run after which a consumer no longer keeps callbacks from being pruned. */
  consumerMaxIdleDays?: number | undefined;
  /** The vendor does not wait for this store's statements, so they have no time-out. */
  isBatch?: boolean;
}

/** The store on PostgreSQL, shared by several receivers. Connects on first use or migration. */
export function openPostgresStore(
  url: string,
  sdkAppId: number,
  { log, observer, isBatch = false, consumerMaxIdleDays = CONSUMER_MAX_IDLE_DAYS }: PostgresOptions = {},
): RemoteStore {
  let hasConnected = false;
  const closing = new AbortController();
  const events = {
    onBroken: (error: Error) => log?.warn({ err: error }, 'a database connection broke'),
    onConnected: () => {
      hasConnected = true;
    },
  };
  const pool = openPool(url, isBatch ? 'batch' : 'append', events);
  const patient = isBatch ? pool : openPool(url, 'large append', events);
  const logPool = openPool(url, 'log', {
    ...events,
    async onConnected(client) {
      await assertCluster(client);
      await noteTimeline(client);
    },
  });
  const { append, appendInTransaction } = appendsOf(pool, patient, sdkAppId);
  let reader: Promise<Kysely<Tables>> | undefined;
  const openReader = () => {
    reader ??= import('kysely').then(
      ({ Kysely, PostgresDialect }) => new Kysely({ dialect: new PostgresDialect({ pool }) }),
    );
    return reader;
  };
  const reads = readsOf(openReader, sdkAppId, 'postgres');
  const requests = new ChangeFeed<string>();
  const { placed, ...consumers } = consumersOf({
    pool,
    logPool,
    sdkAppId,
    moveToCluster: () => overOwnConnection({ url, signal: closing.signal }, (client) => moveToCluster(client, log)),
    onRequest: (consumer) => requests.publish(consumer),
  });
  const prune = pruningOf(patient, sdkAppId, consumerMaxIdleDays);
  const feed = sharedChangeFeed({ pool, url, sdkAppId, newestCallbackId: reads.newestCallbackId });
  const commits = [
    (callbacks: ReceivedCallback[]) => append(callbacks),
    isFaultOfItem,
    (callbacks, appended, seconds) => {
      observer?.committed(callbacks.length, seconds);
      bounds.note(callbacks);
      feed.publish(storedBy(appended));
    },
  ] satisfies Commits;
  const queue = new CommitQueue(...commits);
  const snapshots = snapshotQueue('postgres', ...commits);
  const bounds = boundStored({
    open: openReader,
    sdkAppId,
    prune: (status, upTo, most) =>
      prune(`status = '${status}' AND NOT acknowledged AND id <= $2 ORDER BY id`, upTo, most),
    onPruned: (status, count) => observer?.pruned(status === 'rejected' ? 'rejects' : 'unknown', count),
  });

  return {
    ...reads,

    ...consumers,

    ...consumerReadsOf(openReader, sdkAppId, 'postgres', (place) => lagAfter(pool, sdkAppId, place)),

    onConsumerRequest: (listener) => requests.follow(listener),

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
      async writeRebuilt({ group, registers, mark }) {
        try {
          await inTransaction(pool, async (client) => {
            if (mark) {
              const text = 'UPDATE callbacks SET ignored = $1 WHERE id = $2 AND sdk_app_id = $3 AND status = $4';
              const { rowCount } = await client.query(text, [mark.ignored, mark.id, sdkAppId, mark.status]);
              if (rowCount === 0) throw new Stale();
            }
            if (group && !(await groupsOf(sdkAppId).replace(client, group))) throw new Stale();
            if (registers && !(await accountsOf(sdkAppId).replace(client, registers))) throw new Stale();
          });
          return true;
        } catch (error) {
          if (error instanceof Stale) return false;
          throw error;
        }
      },
      restoreAccounts: (callbacks) => inTransaction(pool, (client) => accountsOf(sdkAppId).restore(client, callbacks)),
      publish: feed.publish,
      isLocked: isContention,
    }),

    follow: feed.follow,

    check: () => checkDatabase(pool),

    migrate: () => migrate({ url, pool, log, signal: closing.signal }),

    isFaultOfItem,

    hasConnected: () => hasConnected,

    remedyFor: (error) => remedyFor(error, url),

    append: (callback) => queue.add(callback),

    appendSnapshot: (snapshot) => snapshots.add(toRecordOf(snapshot, new Date())),

    ...backfillsOf(pool, sdkAppId),

    ...activityOf(pool, sdkAppId),

    async retry(id, judge) {
      if (rowIdOf(id) === null) return 'not found';
      const retryIn = async (append: Append, client: PoolClient) => {
        // A callback that is accepted here gets a place of this cluster.
        await assertCluster(client);
        const select = 'SELECT * FROM callbacks WHERE id = $1 AND sdk_app_id = $2';
        const row = (await client.query(`${select} FOR UPDATE`, [id, sdkAppId])).rows[0];
        const reason = noRetryOf(row);
        if (reason) return reason;
        const judged = judge(toUnjudged(row));
        await client.query('DELETE FROM callbacks WHERE id = $1', [id]);
        const acknowledged = judged.status === 'rejected' && (row.acknowledged || row.status === 'unknown');
        const { id: storedId } = await append({ ...judged, id: row.id, repeats: row.repeats, acknowledged });
        // The callback appears again at the place of this transaction, unless consumers have received it unchanged.
        if (judged.status === 'unknown' && row.status === 'unknown')
          await client.query('UPDATE callbacks SET xid = $1 WHERE id = $2', [row.xid, storedId]);
        return toRecord((await client.query(select, [storedId, sdkAppId])).rows[0]);
      };
      const result = await placed(() => appendInTransaction(retryIn));
      if (typeof result !== 'string') feed.publish(storedBy([{ id: result.id, repeat: true }]));
      return result;
    },

    async pruneCallbacks(before, most) {
      const count = await prune('received_at < $2 ORDER BY received_at', before.getTime(), most);
      await accountsOf(sdkAppId).prune(patient);
      await pruneReplies(patient, sdkAppId, MAX_PRUNED_REPLIES);
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
      closing.abort();
      await Promise.all([queue.idle(), snapshots.idle()]);
      await bounds.idle();
      await feed.close();
      await pool.end();
      await logPool.end();
      if (patient !== pool) await patient.end();
    },
  };
}

/** The target has been written since it was read: rolls the transaction back. */
class Stale extends Error {}
