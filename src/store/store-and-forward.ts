import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AppendedCallback, ReceivedCallback, Spooled, Store, UnjudgedCallback } from './store.ts';

/** The vendor waits 2 s and does not send again what was refused: by then the spool must have taken the callback. */
const DATABASE_DEADLINE_MS = 1_000;
/** How long a database that failed is left alone. */
const RETRY_MS = 500;
const DRAINED_AT_ONCE = 200;

export type SpooledCallback = UnjudgedCallback & { id: number; repeats: number };

export interface Spool {
  append(callback: ReceivedCallback): Promise<AppendedCallback>;
  /** In the order of arrival. */
  oldest(limit: number): Promise<SpooledCallback[]>;
  forget(ids: readonly number[]): Promise<void>;
  depth(): Promise<Spooled>;
  close(): Promise<void>;
}

export interface Database extends Store {
  migrate(): Promise<void>;
  /** Whether what `append` threw is due to the callback, so that trying it again would fail again. */
  isFaultOfItem(error: unknown): boolean;
}

interface Needs {
  /** Its `append` may fail or hang; a callback that it stored all the same is known again by its arrival. */
  database: Database;
  spool: Spool;
  judge: (kept: UnjudgedCallback) => ReceivedCallback;
  log: Logger;
}

/**
 * A store that takes callbacks while its database is away, slow or read-only: they go to a spool on this machine, durably,
 * and from there to the database, in order, once it is back. Everything else is the database's.
 */
export function storeAndForward({ database, spool, judge, log }: Needs): Store {
  let away = false;
  let migrated = false;
  let closing = false;
  let forwarding: Promise<void> | null = null;

  // What an earlier run left in the spool, and the schema, come first.
  leave();

  return {
    ...database,

    async append(callback) {
      if (!away) {
        try {
          return await withinDeadline(appendInAnyCase(callback));
        } catch (error) {
          if (!away) log.error({ err: error }, 'the database does not take callbacks: they go to the spool');
          leave();
        }
      }
      // What it changes is told anew when it is forwarded.
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
      await forwarding;
      await Promise.allSettled([database.close(), spool.close()]);
    },
  };

  /** What the database cannot hold as it is, it keeps as rejected: one such callback must not look like a database away. */
  async function appendInAnyCase(callback: ReceivedCallback): Promise<AppendedCallback> {
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
    forwarding ??= forward().finally(() => {
      forwarding = null;
    });
  }

  /** Tries until the spool is empty and the database takes callbacks again. */
  async function forward(): Promise<void> {
    let failures = 0;
    while (!closing) {
      try {
        if (!migrated) await database.migrate();
        migrated = true;
        if (await drainSome()) continue;
        if (!(await database.health()).ready) throw new Error('the database does not answer');
        away = false;
        // Appends that were on their way into the spool while it was found empty.
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

  /** @returns whether there was anything */
  async function drainSome(): Promise<boolean> {
    const started = performance.now();
    const rows = await spool.oldest(DRAINED_AT_ONCE);
    if (rows.length === 0) return false;
    const results = await Promise.allSettled(
      rows.map((row) => appendInAnyCase({ ...judge(row), repeats: row.repeats })),
    );
    await spool.forget(rows.filter((_, index) => results[index]?.status === 'fulfilled').map(({ id }) => id));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    log.info({ forwarded: rows.length, ...(await spool.depth()) }, 'forwarded from the spool');
    await letOthersIn(rows.length, performance.now() - started);
    return true;
  }
}

/**
 * A batch makes a few long turns of the event loop, and each takes in one new connection (libuv accepts no more). Without
 * others in between, who connects while a large spool drains would wait until it is empty.
 * @param milliseconds at most; callbacks that arrive meanwhile must not make the spool grow faster than it drains
 */
async function letOthersIn(turns: number, milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds;
  for (let turn = 0; turn < turns && performance.now() < until; turn += 1) await nextTurn();
}

function withinDeadline<Result>(work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    // Not the timer of node:timers/promises: to cancel it, every callback would make an error with a stack trace.
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
