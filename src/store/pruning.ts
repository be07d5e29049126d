import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ReceivedCallback, Store } from './store.ts';

const DAY_MS = 86_400_000;
const ROUND_INTERVAL_MS = 3_600_000;
const RETRY_MS = 60_000;
/** Some 10 ms of the database's time. */
const RETENTION_BATCH = 200;
/** Pruning leaves appends this many times the time that it takes itself. */
const PAUSE_FACTOR = 4;
const MIN_PAUSE_MS = 5;

/**
 * Deletes callbacks that were received more than `days` ago, now and every hour, in small batches; groups stay. Several
 * receivers may do so on one database.
 */
export function startRetention({
  store,
  days,
  log,
  now = Date.now,
}: {
  store: Pick<Store, 'pruneCallbacks'>;
  days: number;
  log: Logger;
  /** Milliseconds since 1970. */
  now?: () => number;
}): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = run();
  return {
    /** Resolves when the batch at hand is done. */
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
    const before = new Date(now() - days * DAY_MS);
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

  async function pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
  }
}

// Rejected callbacks are the only ones that a sender can have stored against the contract. The bound keeps enough of them
// to find what went wrong and to retry them, and too few to fill a disk.
export const MAX_REJECTS = 10_000;
export const MAX_REJECTED_BYTES = 64 * 1024 * 1024;
/** What a row takes beside its texts and its body. */
const ROW_BYTES = 512;

/** The bound is checked after this many new rejects, or bytes of them, so each receiver may exceed it by as much. */
const CHECK_AFTER_ROWS = 500;
const CHECK_AFTER_BYTES = 4 * 1024 * 1024;

/** Limits how long one deletion delays appends. */
export const REJECTS_BATCH = 500;

/**
 * The newest reject of app $1 beyond the bound of $2 rows and $3 bytes, or null: it and all older ones can be deleted.
 * Runs on both databases.
 */
export const SELECT_REJECTS_BEYOND = `
  SELECT max(id) AS id FROM (
    SELECT id, row_number() OVER newest AS place, sum(bytes) OVER newest AS total FROM (
      SELECT id, ${ROW_BYTES} + octet_length(body) + octet_length(query) + octet_length(command)
        + octet_length(coalesce(reason, '')) AS bytes
      FROM callbacks WHERE sdk_app_id = $1 AND status = 'rejected' AND NOT acknowledged ORDER BY id DESC LIMIT $2 + 1
    ) AS kept WINDOW newest AS (ORDER BY id DESC)
  ) AS summed WHERE place > $2 OR total > $3`;

/**
 * Eviction of the oldest rejects of a store, beside its appends and in small batches.
 * @param prune deletes at most `REJECTS_BATCH` rejects beyond the bound and returns how many; where it fails, the next
 *   check makes up for it
 */
export function boundRejects(prune: () => Promise<number>, onPruned: (count: number) => void) {
  // The first reject triggers a check, because an earlier run may have left too many.
  let rows = CHECK_AFTER_ROWS;
  let bytes = 0;
  let running: Promise<void> | null = null;
  const isDue = () => rows > CHECK_AFTER_ROWS || bytes > CHECK_AFTER_BYTES;

  return {
    /** To be called after each commit. */
    note(callbacks: readonly ReceivedCallback[]): void {
      for (const { status, body, query, command } of callbacks) {
        if (status !== 'rejected') continue;
        rows += 1;
        bytes += ROW_BYTES + body.length + query.length + command.length;
      }
      if (isDue()) running ??= run();
    },

    async idle(): Promise<void> {
      await running;
    },
  };

  async function run(): Promise<void> {
    try {
      while (isDue()) {
        rows = 0;
        bytes = 0;
        let count: number;
        do {
          // Lets an append in between two deletions.
          await setImmediate();
          count = await prune();
          if (count > 0) onPruned(count);
        } while (count === REJECTS_BATCH);
      }
    } catch {
      // The appends report what is wrong with the database.
    } finally {
      running = null;
    }
  }
}
