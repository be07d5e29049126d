import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../callback/logger.ts';
import type { Registration } from './consumers.ts';
import type { AppendedCallback, ReceivedCallback, Spooled, Store, UnjudgedCallback } from './store.ts';

/** The vendor waits 2 s and does not repeat a refused callback: by then the spool must have taken it. */
const DATABASE_DEADLINE_MS = 1_000;
/** Constant back-off: the spool should drain soon after the database is back. */
const RETRY_MS = 500;
const CHANGES_NOTHING = { change: null, registers: [], accounts: [] };
const DRAIN_BATCH = 200;
/** Bodies may have up to 64 MiB each: a batch ends with the one that reaches this size. */
const DRAIN_BATCH_BYTES = 8 * 1024 * 1024;
/** Minimum pause after a batch of the drain, for new connections. */
const MIN_YIELD_MS = 20;
/** How long one result of a readiness probe is shared by all health checks. */
const PROBE_SHARED_MS = 500;

export type SpooledCallback = UnjudgedCallback & {
  id: number;
  repeats: number;
  /** Its sender was answered OK. */
  acknowledged: boolean;
};

export interface Spool {
  append(callback: ReceivedCallback): Promise<AppendedCallback>;
  /** In order of arrival: at most `limit`, stopping once their bodies reach `bytes`. */
  oldest(limit: number, bytes: number): Promise<SpooledCallback[]>;
  forget(ids: readonly number[]): Promise<void>;
  /** Ignores names that are kept already. */
  keepRegistrations(registrations: readonly Registration[]): Promise<void>;
  keptRegistrations(): Promise<Registration[]>;
  forgetRegistrations(names: readonly string[]): Promise<void>;
  /** Counts the rows. */
  depth(): Promise<Spooled>;
  /** Writes to find out, because nothing else reveals a full disk. */
  canWrite(): Promise<boolean>;
  close(): Promise<void>;
}

/** A store whose database may be away. */
export interface RemoteStore extends Store {
  /** Connects once. @throws {DatabaseUnusable}, or the client's error while the database is away */
  check(): Promise<void>;
  migrate(): Promise<void>;
  /** Whether an error of `append` is caused by the callback, so that a retry would fail again. */
  isFaultOfItem(error: unknown): boolean;
  /** Whether a connection was ever open. */
  hasConnected(): boolean;
  /** What an operator has to do about a failure, or null if the database is only away. */
  remedyFor(error: unknown): string | null;
}

/** The database cannot be opened, or cannot give the store's guarantees: waiting does not help. */
export class DatabaseUnusable extends Error {
  override name = 'DatabaseUnusable';
}

export interface StoreAndForwardOptions {
  /** Its `append` may fail or hang; if the callback was stored nevertheless, a retry is recognized by `arrival`. */
  database: RemoteStore;
  spool: Spool;
  judge: (kept: UnjudgedCallback) => ReceivedCallback;
  log: Logger;
}

/**
 * Store and forward: while the database is away, slow or read-only, callbacks go to a durable spool on this machine.
 * Once the database is back, the spool drains into it in order. Everything but appends needs the database.
 */
export function storeAndForward({ database, spool, judge, log }: StoreAndForwardOptions): Store {
  let away = false;
  /** When the first write or probe failed; null while the database takes callbacks. */
  let awaySince: Date | null = null;
  let migrated = false;
  let closing = false;
  let draining: Promise<void> | null = null;
  /** Consumers to be registered before any callback that is answered later is stored. */
  const unregistered = new Set<Registration>();
  /** The spool may have registrations, at least from an earlier run. */
  let keepsRegistrations = true;
  let registering: Promise<void> | null = null;
  const waiting = countWaiting(spool);
  const databaseTakes = shareProbe(async () => (await withinDeadline(database.health())).ready);
  const spoolTakes = shareProbe(() => spool.canWrite());

  // At the start: migrates the schema and drains what an earlier run left in the spool.
  leave();

  return {
    ...database,

    async append(callback) {
      if (!away) {
        try {
          const registered = unregistered.size > 0 ? registering : null;
          return await withinDeadline(
            registered ? registered.then(() => appendOrReject(callback)) : appendOrReject(callback),
          );
        } catch (error) {
          if (!away) log.error({ err: error }, 'the database does not take callbacks: they go to the spool');
          leave();
        }
      }
      // The drain judges the callback again, which determines its changes.
      const appended = await waiting.adding(spool.append({ ...callback, ...CHANGES_NOTHING }), callback);
      startDraining();
      return { ...appended, spooled: true };
    },

    /**
     * While the database is away the spool keeps registrations, also across restarts. They are registered before it
     * drains, because spooled callbacks count as later than `from: 'now'`.
     */
    async registerConsumers(consumers) {
      const added = consumers.map((one) => ({ ...one }));
      for (const one of added) unregistered.add(one);
      if (!away) {
        try {
          return await withinDeadline(register());
        } catch (error) {
          if (!away) log.error({ err: error }, 'the database does not take consumers: callbacks go to the spool');
          leave();
        }
      }
      try {
        keepsRegistrations = true;
        await spool.keepRegistrations(added);
      } catch (error) {
        for (const one of added) unregistered.delete(one);
        throw error;
      }
    },

    /** Ready means that a callback would be taken now, by the database or by the spool. */
    async health() {
      const isThere = !away && (await databaseTakes());
      if (isThere) awaySince = null;
      else awaySince ??= new Date();
      const ready = isThere || (await spoolTakes());
      return { ready, awaySince, spool: { ...(await waiting.read()), inUse: away } };
    },

    async close() {
      closing = true;
      const closed = database.close();
      await draining;
      await Promise.allSettled([closed, spool.close()]);
    },
  };

  /** Stores as rejected what the database cannot hold: one such callback must not look like a database outage. */
  async function appendOrReject(callback: ReceivedCallback): Promise<AppendedCallback> {
    try {
      return await database.append(callback);
    } catch (error) {
      if (!database.isFaultOfItem(error)) throw error;
      log.error({ err: error }, 'the database cannot hold a callback: it is kept as rejected');
      const reason = `the database cannot hold it: ${(error as Error).message}`;
      const acknowledged = callback.acknowledged || callback.status !== 'rejected';
      return database.append({
        ...callback,
        status: 'rejected',
        reason,
        acknowledged,
        groupId: null,
        ...CHANGES_NOTHING,
      });
    }
  }

  function register(): Promise<void> {
    registering ??= registerAll().finally(() => {
      registering = null;
    });
    return registering;
  }

  async function registerAll(): Promise<void> {
    while (keepsRegistrations || unregistered.size > 0) {
      const kept = keepsRegistrations ? await spool.keptRegistrations() : [];
      const batch = [...unregistered];
      keepsRegistrations = false;
      try {
        await database.registerConsumers([...kept, ...batch]);
        if (kept.length > 0) await spool.forgetRegistrations(kept.map(({ name }) => name));
      } catch (error) {
        keepsRegistrations = true;
        throw error;
      }
      for (const one of batch) unregistered.delete(one);
    }
  }

  function leave(): void {
    // An earlier probe says nothing about a spool that is needed from now on.
    if (!away) spoolTakes.forget();
    away = true;
    awaySince ??= new Date();
    startDraining();
  }

  function startDraining(): void {
    draining ??= drain().finally(() => {
      draining = null;
      // The database may have failed, or the spool been filled, since `drain` last checked.
      if ((away || waiting.depth() > 0) && !closing) startDraining();
    });
  }

  /** Retries until the database takes callbacks again and the spool is empty. */
  async function drain(): Promise<void> {
    let failures = 0;
    let reported: string | null = null;
    while (!closing) {
      try {
        if (!migrated) await database.migrate();
        migrated = true;
        await register();
        if (await drainBatch()) continue;
        if (!(await database.health()).ready) throw new Error('the database does not answer');
        if (keepsRegistrations || unregistered.size > 0) continue;
        away = false;
        awaySince = null;
        // Earlier appends may have chosen the spool.
        await waiting.added();
        if (waiting.depth() > 0) continue;
        if (failures > 0) log.info({ failures }, 'the database takes callbacks again; the spool is empty');
        return;
      } catch (error) {
        if (closing) return;
        away = true;
        awaySince ??= new Date();
        failures += 1;
        const remedy = database.remedyFor(error);
        if (failures % 20 === 1 || remedy !== reported) await reportAway(error, remedy);
        reported = remedy;
        await sleep(RETRY_MS);
      }
    }
  }

  async function reportAway(error: unknown, remedy: string | null): Promise<void> {
    let state = 'the database is still away';
    if (!database.hasConnected()) state = 'the database was never connected since start: callbacks go to the spool';
    else if (!migrated) state = 'the database cannot be migrated: callbacks go to the spool';
    const shown = { err: error, ...(await waiting.read()) };
    if (remedy === null) log.warn(shown, state);
    else log.error(shown, `${state}. ${remedy}`);
  }

  /** @returns false if the spool is empty */
  async function drainBatch(): Promise<boolean> {
    const started = performance.now();
    const rows = await spool.oldest(DRAIN_BATCH, DRAIN_BATCH_BYTES);
    waiting.found(rows);
    if (rows.length === 0) return false;
    const results = await Promise.allSettled(
      rows.map(({ acknowledged, ...row }) => {
        const judged = judge(row);
        // The contract may have changed since the sender was answered OK.
        return appendOrReject({
          ...judged,
          repeats: row.repeats,
          acknowledged: acknowledged && judged.status === 'rejected',
        });
      }),
    );
    const stored = rows.filter((_, index) => results[index]?.status === 'fulfilled').map(({ id }) => id);
    await spool.forget(stored);
    waiting.forgot(stored.length);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    log.info({ forwarded: rows.length, ...(await waiting.read()) }, 'forwarded from the spool');
    await yieldTurns(rows.length, performance.now() - started);
    return true;
  }
}

/**
 * Counts spooled callbacks in memory: health checks are frequent, and counting rows takes time in proportion to them,
 * in the thread that writes. Corrected whenever the spool is found empty.
 */
function countWaiting(spool: Spool) {
  let depth = 0;
  const adding = new Set<Promise<unknown>>();
  /** Milliseconds since 1970; null while nothing waits. */
  let oldestAt: number | null = null;
  // Counts what an earlier run left. The spool answers in order, so this run's appends are not included.
  const counted = spool.depth().then(
    (left) => {
      depth += left.depth;
      if (left.depth > 0) oldestAt = Date.now() - left.oldestSeconds * 1000;
    },
    () => {},
  );

  return {
    depth: () => depth,
    async adding(append: Promise<AppendedCallback>, { receivedAt }: ReceivedCallback): Promise<AppendedCallback> {
      adding.add(append);
      try {
        const appended = await append;
        if (!appended.repeat) {
          depth += 1;
          oldestAt ??= receivedAt.getTime();
        }
        return appended;
      } finally {
        adding.delete(append);
      }
    },
    /** Resolves when the pending appends have settled. */
    async added(): Promise<void> {
      while (adding.size > 0) await Promise.allSettled(adding);
    },
    /** @param rows the oldest */
    found([oldest]: readonly SpooledCallback[]): void {
      if (!oldest) depth = 0;
      oldestAt = oldest?.receivedAt.getTime() ?? null;
    },
    forgot(count: number): void {
      depth -= count;
      if (depth <= 0) oldestAt = null;
    },
    async read(): Promise<Spooled> {
      await counted;
      return {
        depth: Math.max(0, depth),
        oldestSeconds: oldestAt === null ? 0 : Math.max(0, (Date.now() - oldestAt) / 1000),
      };
    },
  };
}

/** Calls within half a second share one result: frequent readiness checks cannot load the store. */
function shareProbe(probe: () => Promise<boolean>) {
  let shared: Promise<boolean> | null = null;
  let until = 0;

  const ask = (): Promise<boolean> => {
    if (shared && performance.now() < until) return shared;
    // A running probe is shared, however long it takes.
    until = Number.POSITIVE_INFINITY;
    const answer = probe()
      .catch(() => false)
      .finally(() => {
        if (shared === answer) until = performance.now() + PROBE_SHARED_MS;
      });
    shared = answer;
    return answer;
  };
  const forget = () => {
    shared = null;
  };
  return Object.assign(ask, { forget });
}

/**
 * Yields to the event loop. A batch takes a few long turns, and libuv accepts one new connection per turn: without
 * turns in between, new connections would wait until a large spool is empty.
 * @param milliseconds limit of the pause, at least the minimum: the spool must drain faster than arriving callbacks
 *   fill it
 */
async function yieldTurns(turns: number, milliseconds: number): Promise<void> {
  const until = performance.now() + Math.max(MIN_YIELD_MS, milliseconds);
  for (let turn = 0; turn < turns && performance.now() < until; turn += 1) await nextTurn();
}

export function withinDeadline<Result>(work: Promise<Result>): Promise<Result> {
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
