import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { decisionOf, toCallback } from '../callback-row.ts';
import { CommitQueue } from '../commit-queue.ts';
import { readsOf } from '../read.ts';
import {
  MOST_IN_ONE_STEP,
  MOST_REJECTED_BYTES,
  MOST_REJECTS,
  RejectBound,
  SELECT_REJECTS_BEYOND,
} from '../reject-bound.ts';
import type { Callback, ReceivedCallback, Store, StoreObserver } from '../store.ts';
import type { Spool } from '../store-and-forward.ts';
import { Followers, storedBy } from '../stored-news.ts';
import type { Tables } from '../tables.ts';
import { inTransaction } from './in-transaction.ts';
import { openDatabase } from './open-database.ts';
import { prepareAppend } from './write.ts';

/**
 * The store on one SQLite file.
 * @throws an Error that names the file when it cannot be opened
 */
export function openSqliteStore(file: string, sdkAppId: number, observer?: StoreObserver): Store & Spool {
  const writer = openDatabase(file);
  let reader: Promise<Kysely<Tables>> | undefined;
  const openReader = () => {
    reader ??= readerOf(file);
    return reader;
  };
  const followers = new Followers();
  const append = prepareAppend(writer, sdkAppId);
  /** The disk was full, or somebody else held the lock, when callbacks were to be written last. */
  let failing = false;
  const queue = new CommitQueue(
    async (callbacks: ReceivedCallback[]) => {
      try {
        const appended = await whenFree(() => inTransaction(writer, () => append(callbacks)));
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
      rejects.note(callbacks);
      if (followers.some) followers.tell(storedBy(appended));
    },
  );
  const selectRejectsBeyond = writer.prepare(SELECT_REJECTS_BEYOND);
  const deleteRejects = writer.prepare(`
    DELETE FROM callbacks WHERE id IN (
      SELECT id FROM callbacks WHERE sdk_app_id = ? AND status = 'rejected' AND id <= ? ORDER BY id LIMIT ?)`);
  const rejects = new RejectBound(
    () => {
      const bound = { $1: sdkAppId, $2: MOST_REJECTS, $3: MOST_REJECTED_BYTES };
      const { id } = selectRejectsBeyond.get(bound) as { id: number | null };
      return id === null ? 0 : Number(deleteRejects.run(sdkAppId, id, MOST_IN_ONE_STEP).changes);
    },
    (count) => observer?.pruned('rejects', count),
  );
  const deleteOldest = writer.prepare(`
    DELETE FROM callbacks WHERE id IN (
      SELECT id FROM callbacks WHERE sdk_app_id = ? AND received_at < ? ORDER BY received_at LIMIT ?)`);
  const selectCallback = writer.prepare('SELECT * FROM callbacks WHERE id = ? AND sdk_app_id = ?');
  const selectOldest = writer.prepare('SELECT * FROM callbacks WHERE sdk_app_id = ? ORDER BY id LIMIT ?');
  const selectDepth = writer.prepare(
    'SELECT count(*) AS rows, min(received_at) AS oldest FROM callbacks WHERE sdk_app_id = ?',
  );
  const deleteCallback = writer.prepare('DELETE FROM callbacks WHERE id = ?');
  type Row = Tables['callbacks'] & { id: number; repeats: number };

  return {
    ...readsOf(openReader, sdkAppId, 'sqlite'),

    append: (callback) => queue.add(callback),

    async retry(id, judge) {
      const judgeAgain = (): Callback | 'not found' | 'already accepted' => {
        const kept = selectCallback.get(Number(id), sdkAppId) as Row | undefined;
        if (!kept) return 'not found';
        if (kept.status === 'accepted') return 'already accepted';
        const judged = judge({
          arrival: kept.arrival,
          query: kept.query,
          body: kept.body,
          receivedAt: new Date(kept.received_at),
          onceKey: kept.once_key,
          decision: decisionOf(kept),
          rejectedFor: kept.reason,
        });
        deleteCallback.run(kept.id);
        const [stored] = append([{ ...judged, repeats: kept.repeats, id: kept.id }]);
        return toCallback(selectCallback.get(Number(stored?.id), sdkAppId) as unknown as Row);
      };
      const result = await whenFree(() => inTransaction(writer, judgeAgain));
      if (typeof result !== 'string') followers.tell(storedBy([{ id: result.id, repeat: true }]));
      return result;
    },

    follow: async (onStored) => followers.add(onStored),

    async pruneCallbacks(before, most) {
      const count = await whenFree(() => Number(deleteOldest.run(sdkAppId, before.getTime(), most).changes));
      if (count > 0) observer?.pruned('retention', count);
      return count;
    },

    async health() {
      // Once it failed, what tells whether it can be written is writing.
      if (writer.isOpen && failing) failing = !canWrite(writer);
      return { ready: writer.isOpen && !failing };
    },

    oldest: (limit) =>
      (selectOldest.all(sdkAppId, limit) as unknown as Row[]).map(
        ({ received_at, once_key, id, arrival, query, body, repeats, decision, reason }) => ({
          id,
          arrival,
          query,
          body,
          repeats,
          receivedAt: new Date(received_at),
          onceKey: once_key,
          decision: decisionOf({ decision }),
          rejectedFor: reason,
        }),
      ),

    async forget(ids) {
      const deleteAll = () => {
        for (const id of ids) deleteCallback.run(id);
      };
      await whenFree(() => inTransaction(writer, deleteAll));
    },

    depth() {
      const { rows, oldest } = selectDepth.get(sdkAppId) as { rows: number; oldest: number | null };
      return { depth: rows, oldestSeconds: oldest === null ? 0 : Math.max(0, (Date.now() - oldest) / 1000) };
    },

    async close() {
      await queue.idle();
      await rejects.idle();
      await (await reader)?.destroy();
      writer.close();
    },
  };
}

/** A lock held by somebody else must not keep the vendor waiting past its 2 s. */
const BUSY_MS = 700;
const SQLITE_BUSY = 5;

/** Does the work once no other process holds the lock, without blocking this one. */
async function whenFree<Result>(work: () => Result): Promise<Result> {
  const deadline = performance.now() + BUSY_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (kindOf(error) !== SQLITE_BUSY || performance.now() > deadline) throw error;
      await sleep(10);
    }
  }
}

/** SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH. A lock, a full disk or a bad file are met by every one alike. */
const FAULTS_OF_ITEMS = [18, 19, 20];

function isFaultOfItems(error: unknown): boolean {
  const kind = kindOf(error);
  // Without a kind it was not the database.
  return kind === null || FAULTS_OF_ITEMS.includes(kind);
}

/** SQLite's primary result code: the low byte, the rest says more of it. */
function kindOf(error: unknown): number | null {
  const { errcode } = error as { errcode?: number };
  return errcode === undefined ? null : errcode & 0xff;
}

function canWrite(database: DatabaseSync): boolean {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  try {
    inTransaction(database, () => database.exec(`PRAGMA user_version = ${version}`));
    return true;
  } catch {
    return false;
  }
}

/** Reads have a connection of their own: theirs are Kysely's, asynchronous, and may not come between BEGIN and COMMIT. */
async function readerOf(file: string): Promise<Kysely<Tables>> {
  const { Kysely, SqliteDialect } = await import('kysely');
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: forKysely(file) }) });
}

/** Kysely's SQLite driver speaks to better-sqlite3; node:sqlite differs in how parameters are passed. */
function forKysely(file: string) {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 1000 });
  return {
    close: () => database.close(),
    prepare(text: string) {
      const statement = database.prepare(text);
      type Parameters = readonly Parameter[];
      type Parameter = string | number | null;
      return {
        reader: true,
        all: (parameters: readonly unknown[]) => statement.all(...(parameters as Parameters)),
        run: (parameters: readonly unknown[]) => statement.run(...(parameters as Parameters)),
        iterate: (parameters: readonly unknown[]) => statement.iterate(...(parameters as Parameters)),
      };
    },
  };
}
