import { flushCompileCache } from 'node:module';
import { dirname } from 'node:path';
import type { Kysely } from 'kysely';
import { ChangeFeed, storedBy } from '../change-feed.ts';
import { CommitQueue } from '../commit-queue.ts';
import { consumerReadsOf, isUuid } from '../consumer-reads.ts';
import { watchDisk } from '../disk.ts';
import { boundStored, CONSUMER_MAX_IDLE_DAYS, DAY_MS } from '../pruning.ts';
import { readsOf } from '../reads.ts';
import { replayOf } from '../replay.ts';
import { rowIdOf, type Tables } from '../rows.ts';
import { type Commits, snapshotQueue } from '../snapshot-queue.ts';
import { toRecordOf } from '../snapshots.ts';
import type { Spool } from '../spool.ts';
import type { NoRetry, ReceivedCallback, Store, StoreObserver } from '../store.ts';
import { lagOf, logReadsOf } from './log.ts';
import { openReader } from './reader.ts';
import { startThread, ThreadEnded } from './thread.ts';
import { packCallback, type Writer } from './writer.ts';

interface SqliteOptions {
  observer?: StoreObserver | undefined;
  /** Called when the store can no longer write. */
  onFailed?: ((error: Error) => void) | undefined;
  /** Days without a run after which a consumer no longer keeps callbacks from being pruned. */
  consumerMaxIdleDays?: number | undefined;
}

/**
 * The store on one SQLite file: one thread writes, another one reads.
 * @throws an Error that names the file if it cannot be opened
 */
export async function openSqliteStore(
  file: string,
  sdkAppId: number,
  { observer, onFailed = () => {}, consumerMaxIdleDays = CONSUMER_MAX_IDLE_DAYS }: SqliteOptions = {},
): Promise<Store & Spool> {
  /** The last attempt failed: the disk was full, another process held the lock, or the thread had ended. */
  let failing = false;
  let failingSince: Date | null = null;
  // The import above has compiled the writer: flushed, the thread finds it in the compile cache and loads no compiler.
  flushCompileCache();
  const ask = await startThread<Writer>('writes', { file, sdkAppId }, (error) => {
    failing = true;
    onFailed(error);
  });
  let reader: Promise<Kysely<Tables>> | undefined;
  /** If the reader cannot be opened, or has ended, the next read opens a new one. */
  function read(): Promise<Kysely<Tables>> {
    const forget = () => {
      reader = undefined;
    };
    reader ??= openReader(file, forget).catch((error) => {
      forget();
      throw error;
    });
    return reader;
  }
  const feed = new ChangeFeed();
  const requested = new ChangeFeed<string>();
  const log = logReadsOf(read, sdkAppId);
  const idleBefore = () => Date.now() - consumerMaxIdleDays * DAY_MS;
  let probing: Promise<boolean> | null = null;
  const commits = [
    async (callbacks: ReceivedCallback[]) => {
      try {
        const appended = await ask('append', callbacks.map(packCallback));
        failing = false;
        return appended;
      } catch (error) {
        failing ||= !isFaultOfItems(error);
        throw error;
      }
    },
    isFaultOfItems,
    (callbacks, appended, seconds) => {
      observer?.committed(callbacks.length, seconds);
      bounds.note(callbacks);
      if (feed.isFollowed) feed.publish(storedBy(appended));
    },
  ] satisfies Commits;
  const queue = new CommitQueue(...commits);
  const snapshots = snapshotQueue('sqlite', ...commits);
  const bounds = boundStored({
    open: read,
    sdkAppId,
    prune: (status, upTo, most) => ask('pruneStatus', status, upTo, most, idleBefore()),
    onPruned: (status, count) => observer?.pruned(status === 'rejected' ? 'rejects' : 'unknown', count),
  });
  const unwatchDisk = watchDisk(dirname(file), (freeBytes, low) => {
    observer?.disk?.(freeBytes, low);
    bounds.noteDisk(low);
  });

  return {
    ...readsOf(read, sdkAppId, 'sqlite'),

    ...replayOf(read, sdkAppId, 'sqlite', {
      saveReplay: (row) => ask('saveReplay', row),
      writeRebuilt: (rebuilt) => ask('writeRebuilt', rebuilt),
      restoreAccounts: (callbacks) => ask('restoreAccounts', callbacks),
      publish: (stored) => feed.publish(stored),
      isLocked: (error) => primaryCodeOf(error) === SQLITE_BUSY,
    }),

    append: (callback) => queue.add(callback),
    appendSnapshot: (snapshot) => snapshots.add(toRecordOf(snapshot, new Date())),
    confirmGroups: (groupIds, at) => ask('confirmGroups', groupIds, at.getTime()),
    claimRun: (kind, holder) => ask('claimRun', kind, holder),
    saveRun: (kind, holder, run) => ask('saveRun', kind, holder, run),
    saveActivity: (activity) => ask('saveActivity', activity),
    releaseRun: (kind, holder) => ask('releaseRun', kind, holder),

    async retry(id, judge) {
      const rowId = rowIdOf(id);
      const kept = rowId === null ? 'not found' : await ask('findForRetry', rowId);
      if (rowId === null || typeof kept === 'string') return kept as NoRetry;
      const result = await ask('replace', rowId, packCallback(judge(kept)));
      if (typeof result !== 'string') feed.publish(storedBy([{ id: result.id, repeat: true }]));
      return result;
    },

    ...log,
    ...consumerReadsOf(read, sdkAppId, 'sqlite', lagOf(read, sdkAppId, log)),
    registerConsumers: (consumers) => ask('registerConsumers', consumers),
    leaseConsumer: (name, holder) => ask('leaseConsumer', name, holder),
    releaseConsumer: ({ name, token }) => ask('releaseConsumer', { name, token }),
    saveProgress: ({ name, token }, progress) => ask('saveProgress', { name, token }, progress),
    async pauseConsumer(name, paused) {
      const found = await ask('pauseConsumer', name, paused);
      if (found) requested.publish(name);
      return found;
    },
    async rewindConsumer(name, to) {
      const found = await ask('rewindConsumer', name, to);
      if (found) requested.publish(name);
      return found;
    },
    async sendToConsumer(name, callbackId) {
      const outcome = await ask('sendToConsumer', name, rowIdOf(callbackId) ?? 0);
      if (outcome === 'asked') requested.publish(name);
      return outcome;
    },
    removeConsumer: (name) => ask('removeConsumer', name),
    async retryDelivery(id) {
      const consumer = isUuid(id) ? await ask('retryDelivery', id.toLowerCase()) : null;
      if (consumer !== null) requested.publish(consumer);
      return consumer !== null;
    },
    async retryDeliveries(filter) {
      const retried = await ask('retryDeliveries', filter);
      for (const { consumer } of retried) requested.publish(consumer);
      return retried.reduce((total, { count }) => total + count, 0);
    },
    onConsumerRequest: (listener) => requested.follow(listener),

    follow: async (onStored) => feed.follow(onStored),

    async pruneCallbacks(before, most) {
      const count = await ask('pruneCallbacks', before.getTime(), most, idleBefore());
      if (count > 0) observer?.pruned('retention', count);
      return count;
    },

    async health() {
      // After a failure, only a write shows whether the database is writable again. The probe may wait for a lock, and
      // appends queue behind it, so concurrent health checks share one probe.
      if (failing) {
        probing ??= ask('canWrite')
          .catch(() => false)
          .finally(() => {
            probing = null;
          });
        failing = !(await probing);
      }
      failingSince = failing ? (failingSince ?? new Date()) : null;
      return { ready: !failing, awaySince: failingSince };
    },

    oldest: (limit, bytes) => ask('oldest', limit, bytes),
    forget: (ids) => ask('forget', ids),
    keepRegistrations: (registrations) => ask('keepRegistrations', registrations),
    keptRegistrations: () => ask('keptRegistrations'),
    forgetRegistrations: (names) => ask('forgetRegistrations', names),
    depth: () => ask('depth'),
    canWrite: () => ask('canWrite'),

    async close() {
      unwatchDisk();
      await Promise.all([queue.idle(), snapshots.idle()]);
      await bounds.idle();
      await (await reader?.catch(() => undefined))?.destroy();
      // After the thread has ended, there is nothing to close.
      await ask('close').catch((error) => {
        if (!(error instanceof ThreadEnded)) throw error;
      });
    },
  };
}

const SQLITE_BUSY = 5;
/** SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH. A lock, a full disk or a corrupt file affects every item alike. */
const FAULTS_OF_ITEMS = [18, 19, 20];

function isFaultOfItems(error: unknown): boolean {
  if (error instanceof ThreadEnded) return false;
  const code = primaryCodeOf(error);
  // An error without a code does not come from SQLite.
  return code === undefined || FAULTS_OF_ITEMS.includes(code);
}

/** The low byte of SQLite's extended code. */
function primaryCodeOf(error: unknown): number | undefined {
  const { errcode } = error as { errcode?: number };
  return errcode === undefined ? undefined : errcode & 0xff;
}
