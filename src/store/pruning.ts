import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Logger } from '../callback/logger.ts';
import type { Tables } from './rows.ts';
import type { ReceivedCallback, Store } from './store.ts';

export const DAY_MS = 86_400_000;
/** Days without a run after which a consumer no longer protects callbacks from pruning. */
export const CONSUMER_MAX_IDLE_DAYS = 30;
const ROUND_INTERVAL_MS = 3_600_000;
const RETRY_MS = 60_000;
/** The largest expected correction of the clock during a receiver's life. */
const MAX_CLOCK_DRIFT_MS = 3_600_000;
/** About 10 ms of the database's time. */
const RETENTION_BATCH = 200;
/** Rows of replies that are deleted with one batch: at a low rate of callbacks, each has its own row. */
export const MAX_PRUNED_REPLIES = 2 * RETENTION_BATCH;
/** Pruning pauses for this multiple of its own duration, to leave time for appends. */
const PAUSE_FACTOR = 4;
const MIN_PAUSE_MS = 5;

/**
 * Deletes callbacks that were received more than `days` ago, now and every hour, in small batches; groups stay. Several
 * receivers may do so on one database.
 */
export function startRetention({
  store,
  days,
  consumerMaxIdleDays = CONSUMER_MAX_IDLE_DAYS,
  log,
  now = Date.now,
}: {
  store: Pick<Store, 'newestReceipt' | 'pruneCallbacks' | 'listConsumers'>;
  days: number;
  /** The store's setting. */
  consumerMaxIdleDays?: number;
  log: Logger;
  /** Milliseconds since 1970. */
  now?: () => number;
}): { stop(): Promise<void> } {
  const startedAt = now();
  const started = performance.now();
  const stopping = new AbortController();
  const running = run();
  return {
    /** Resolves when the current batch is done. */
    async stop() {
      stopping.abort();
      await running;
    },
  };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const failed = await pruneAll().catch((error) => {
        log.warn({ err: error }, 'old callbacks could not be pruned: tried again in a minute');
        return true;
      });
      await pause(failed === true ? RETRY_MS : ROUND_INTERVAL_MS);
    }
  }

  async function pruneAll(): Promise<void> {
    const newest = await store.newestReceipt();
    if (newest === null) return;
    await warnOfIdleConsumers();
    const before = new Date(believedNow(newest.getTime()) - days * DAY_MS);
    let pruned = 0;
    while (!stopping.signal.aborted) {
      const started = performance.now();
      const count = await store.pruneCallbacks(before, RETENTION_BATCH);
      pruned += count;
      if (count < RETENTION_BATCH) break;
      await pause(Math.max(MIN_PAUSE_MS, (performance.now() - started) * PAUSE_FACTOR));
    }
    if (pruned > 0) log.info({ pruned, before: before.toISOString() }, 'old callbacks were pruned');
  }

  async function warnOfIdleConsumers(): Promise<void> {
    for (const { name, ranAt } of await store.listConsumers()) {
      if (now() - Date.parse(ranAt) < consumerMaxIdleDays * DAY_MS) continue;
      log.warn(
        { consumer: name, ranAt },
        `consumer ${name} has not run for ${consumerMaxIdleDays} days (CONSUMER_MAX_IDLE_DAYS): callbacks that it has not had are pruned; run it or remove it`,
      );
    }
  }

  /**
   * The time from which ages are computed. Guards against a wrong clock: limits jumps ahead while the receiver runs,
   * and counts ages from the newest callback if all callbacks would be too old.
   */
  function believedNow(newest: number): number {
    const time = Math.min(now(), startedAt + (performance.now() - started) + MAX_CLOCK_DRIFT_MS);
    return time - newest > days * DAY_MS ? newest : time;
  }

  async function pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
  }
}

/** Statuses of callbacks that are stored although they do not match the contract, so senders control their number. */
export type BoundedStatus = 'rejected' | 'unknown';

interface Bound {
  rows: number;
  bytes: number;
}

export const MAX_REJECTS = 10_000;
export const MAX_REJECTED_BYTES = 64 * 1024 * 1024;
/** Enough to diagnose and to retry callbacks, and too few to fill a disk. Unknown callbacks were answered OK. */
const BOUNDS: Readonly<Record<BoundedStatus, Bound>> = {
  rejected: { rows: MAX_REJECTS, bytes: MAX_REJECTED_BYTES },
  unknown: { rows: 100_000, bytes: 512 * 1024 * 1024 },
};
/** While the disk is below its low-water mark, other callbacks need the space of these. */
const LOW_DISK_BOUND: Bound = { rows: 500, bytes: 1024 * 1024 };
/** Overhead of a row besides its texts and its body. */
const ROW_BYTES = 512;

/** A bound is checked whenever this share of it has been added, so each receiver may exceed it by as much. */
const CHECK_AFTER = 1 / 20;

/** Limits how long one deletion delays appends. */
const PRUNE_BATCH = 500;

interface BoundOptions {
  /**
   * Opened like the reads of the store, because a check examines 100,000 rows, which would delay the appends of
   * SQLite's writer.
   */
  open: () => Promise<Kysely<Tables>>;
  sdkAppId: number;
  /** Deletes at most this many, the oldest first, up to an id. */
  prune: (status: BoundedStatus, upTo: number, most: number) => Promise<number>;
  onPruned: (status: BoundedStatus, count: number) => void;
}

/**
 * Bounds the number of rejected and unknown callbacks, concurrently with appends: evicts the oldest in small batches.
 * After a failure, the next check makes up for it.
 */
export function boundStored({ open, sdkAppId, prune, onPruned }: BoundOptions) {
  let diskIsLow = false;
  const boundOf = (status: BoundedStatus) => (diskIsLow ? LOW_DISK_BOUND : BOUNDS[status]);
  // Infinite, so that the first callback of a status triggers a check: an earlier run may have left too many.
  const added: Record<BoundedStatus, Bound> = {
    rejected: { rows: Number.POSITIVE_INFINITY, bytes: 0 },
    unknown: { rows: Number.POSITIVE_INFINITY, bytes: 0 },
  };
  let running: Promise<void> | null = null;

  return {
    /** Call after each commit. */
    note(callbacks: readonly ReceivedCallback[]): void {
      let due = false;
      for (const { status, body, query, command } of callbacks) {
        if (status === 'accepted') continue;
        added[status].rows += 1;
        added[status].bytes += ROW_BYTES + body.length + query.length + command.length;
        due ||= isDue(status);
      }
      if (due) running ??= run();
    },

    /** Call on each measurement of the disk. */
    noteDisk(low: boolean): void {
      diskIsLow = low;
      if (!low) return;
      for (const status of Object.keys(added) as BoundedStatus[]) added[status].rows = Number.POSITIVE_INFINITY;
      running ??= run();
    },

    async idle(): Promise<void> {
      await running;
    },
  };

  function isDue(status: BoundedStatus): boolean {
    const bound = boundOf(status);
    return added[status].rows > bound.rows * CHECK_AFTER || added[status].bytes > bound.bytes * CHECK_AFTER;
  }

  async function run(): Promise<void> {
    try {
      for (;;) {
        const due = (Object.keys(added) as BoundedStatus[]).filter(isDue);
        if (due.length === 0) return;
        for (const status of due) await pruneBeyond(status);
      }
    } catch {
      // Appends report problems of the database.
    } finally {
      running = null;
    }
  }

  async function pruneBeyond(status: BoundedStatus): Promise<void> {
    added[status] = { rows: 0, bytes: 0 };
    const newest = await newestBeyond(status, boundOf(status));
    if (newest === null) return;
    let count: number;
    do {
      // Allows an append between two deletions.
      await setImmediate();
      count = await prune(status, newest, PRUNE_BATCH);
      if (count > 0) onPruned(status, count);
    } while (count === PRUNE_BATCH);
  }

  /**
   * The newest callback beyond the bound, which can be deleted with all older ones of its status; null if there is
   * none.
   */
  async function newestBeyond(status: BoundedStatus, { rows, bytes }: Bound): Promise<number | null> {
    const database = await open();
    const { sql } = await import('kysely');
    const found = await sql<{ id: number | null }>`
      SELECT max(id) AS id FROM (
        SELECT id, row_number() OVER newest AS place, sum(bytes) OVER newest AS total FROM (
          SELECT id, ${sql.lit(ROW_BYTES)} + octet_length(body) + octet_length(query) + octet_length(command)
            + octet_length(coalesce(reason, '')) AS bytes
          FROM callbacks WHERE sdk_app_id = ${sdkAppId} AND status = ${status} AND NOT acknowledged ORDER BY id DESC LIMIT ${rows + 1}
        ) AS kept WINDOW newest AS (ORDER BY id DESC)
      ) AS summed WHERE place > ${rows} OR total > ${bytes}`.execute(database);
    return found.rows[0]?.id ?? null;
  }
}
