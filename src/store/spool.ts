import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AppendedCallback, ReceivedCallback, Spooled, Store, UnjudgedCallback } from './store.ts';

/** The vendor waits 2 s and does not repeat what was refused: by then the spool must have taken the callback. */
const DATABASE_DEADLINE_MS = 1_000;
/** Constant backoff: the spool should drain soon after the database is back. */
const RETRY_MS = 500;
const DRAIN_BATCH = 200;

export type SpooledCallback = UnjudgedCallback & { id: number; repeats: number };

export interface Spool {
  append(callback: ReceivedCallback): Promise<AppendedCallback>;
  /** In the order of arrival. */
  oldest(limit: number): Promise<SpooledCallback[]>;
  forget(ids: readonly number[]): Promise<void>;
  depth(): Promise<Spooled>;
  close(): Promise<void>;
}

/** A store whose database may be away. */
export interface RemoteStore extends Store {
  migrate(): Promise<void>;
  /** Whether what `append` threw is the fault of the callback, so that another attempt would fail again. */
  isFaultOfItem(error: unknown): boolean;
}

export interface StoreAndForwardOptions {
  /** Its `append` may fail or hang; what it stored nevertheless is recognized by the arrival when it comes again. */
  database: RemoteStore;
  spool: Spool;
  judge: (kept: UnjudgedCallback) => ReceivedCallback;
  log: Logger;
}

/**
 * Store and forward: while the database is away, slow or read-only, callbacks go to a durable spool on this machine. Once
 * the database is back, the spool drains into it in order. Everything but appends needs the database.
 */
export function storeAndForward({ database, spool, judge, log }: StoreAndForwardOptions): Store {
  let away = false;
  let migrated = false;
  let closing = false;
  let draining: Promise<void> | null = null;

  // At the start: migrates the schema and drains what an earlier run left in the spool.
  leave();

  return {
    ...database,

    async append(callback) {
      if (!away) {
        try {
          return await withinDeadline(appendOrReject(callback));
        } catch (error) {
          if (!away) log.error({ err: error }, 'the database does not take callbacks: they go to the spool');
          leave();
        }
      }
      // Draining judges it again and so finds its change again.
      const appended = await spool.append({ ...callback, change: null });
      leave();
      return appended;
    },

    health: () =>
      spool.depth().then(
        (spooled) => ({ ready: true, spool: { ...spooled, inUse: away } }),
        () => ({ ready: false }),
      ),

    async close() {
      closing = true;
      await draining;
      await Promise.allSettled([database.close(), spool.close()]);
    },
  };

  /** Stores as rejected what the database cannot hold: one such callback must not look like a database that is away. */
  async function appendOrReject(callback: ReceivedCallback): Promise<AppendedCallback> {
    try {
      return await database.append(callback);
    } catch (error) {
      if (!database.isFaultOfItem(error)) throw error;
      log.error({ err: error }, 'the database cannot hold a callback: it is kept as rejected');
      const reason = `the database cannot hold it: ${(error as Error).message}`;
      return database.append({ ...callback, status: 'rejected', reason, groupId: null, change: null });
    }
  }

  function leave(): void {
    away = true;
    draining ??= drain().finally(() => {
      draining = null;
    });
  }

  /** Retries until the spool is empty and the database takes callbacks again. */
  async function drain(): Promise<void> {
    let failures = 0;
    while (!closing) {
      try {
        if (!migrated) await database.migrate();
        migrated = true;
        if (await drainBatch()) continue;
        if (!(await database.health()).ready) throw new Error('the database does not answer');
        away = false;
        // An append may have chosen the spool just before it was found empty.
        await sleep(0);
        if ((await spool.depth()).depth > 0) {
          away = true;
          continue;
        }
        if (failures > 0) log.info('the database takes callbacks again; the spool is empty');
        return;
      } catch (error) {
        away = true;
        failures += 1;
        if (failures % 20 === 1)
          log.warn({ err: error, ...(await spool.depth().catch(() => null)) }, 'the database is still away');
        await sleep(RETRY_MS);
      }
    }
  }

  /** @returns false when the spool is empty */
  async function drainBatch(): Promise<boolean> {
    const started = performance.now();
    const rows = await spool.oldest(DRAIN_BATCH);
    if (rows.length === 0) return false;
    const results = await Promise.allSettled(
      rows.map((row) => appendOrReject({ ...judge(row), repeats: row.repeats })),
    );
    await spool.forget(rows.filter((_, index) => results[index]?.status === 'fulfilled').map(({ id }) => id));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    log.info({ forwarded: rows.length, ...(await spool.depth()) }, 'forwarded from the spool');
    await yieldTurns(rows.length, performance.now() - started);
    return true;
  }
}

/**
 * A batch takes a few long turns of the event loop, and libuv accepts one new connection a turn. Without turns in between,
 * new connections would wait until a large spool is empty.
 * @param milliseconds at most, so that the spool drains faster than arriving callbacks can fill it
 */
async function yieldTurns(turns: number, milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds;
  for (let turn = 0; turn < turns && performance.now() < until; turn += 1) await nextTurn();
}

function withinDeadline<Result>(work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    // Not node:timers/promises: cancelling its timer would create an error with a stack trace for every callback.
    const timer = setTimeout(
      () => reject(new Error(`no answer within ${DATABASE_DEADLINE_MS} ms`)),
      DATABASE_DEADLINE_MS,
    );
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
