import type { DatabaseSync } from 'node:sqlite';
import type { Selectable } from 'kysely';
import { toCallback, toUnjudged } from '../callback-row.ts';
import { MOST_IN_ONE_STEP, MOST_REJECTED_BYTES, MOST_REJECTS, SELECT_REJECTS_BEYOND } from '../reject-bound.ts';
import type { AppendedCallback, CallbackRecord, Spooled, UnjudgedCallback } from '../store.ts';
import type { SpooledCallback } from '../store-and-forward.ts';
import type { Tables } from '../tables.ts';
import { inTransaction } from './in-transaction.ts';
import { openDatabase } from './open-database.ts';
import { type CallbackRow, prepareAppend } from './write.ts';

type Row = Selectable<Tables['callbacks']>;

export type Writer = ReturnType<typeof openWriter>;

/**
 * The one connection of a process that writes. Each method blocks until its transaction is on disk, or throws, and nothing
 * of it happened.
 * @throws an Error that names the file when it cannot be opened
 */
export function openWriter(file: string, sdkAppId: number) {
  const database = openDatabase(file);
  const append = prepareAppend(database, sdkAppId);
  const selectRejectsBeyond = database.prepare(SELECT_REJECTS_BEYOND);
  const deleteRejects = database.prepare(`
    DELETE FROM callbacks WHERE id IN (
      SELECT id FROM callbacks WHERE sdk_app_id = ? AND status = 'rejected' AND id <= ? ORDER BY id LIMIT ?)`);
  const deleteOldest = database.prepare(`
    DELETE FROM callbacks WHERE id IN (
      SELECT id FROM callbacks WHERE sdk_app_id = ? AND received_at < ? ORDER BY received_at LIMIT ?)`);
  const selectCallback = database.prepare('SELECT * FROM callbacks WHERE id = ? AND sdk_app_id = ?');
  const selectOldest = database.prepare('SELECT * FROM callbacks WHERE sdk_app_id = ? ORDER BY id LIMIT ?');
  const selectDepth = database.prepare(
    'SELECT count(*) AS rows, min(received_at) AS oldest FROM callbacks WHERE sdk_app_id = ?',
  );
  const deleteCallback = database.prepare('DELETE FROM callbacks WHERE id = ?');
  const find = (id: number) => selectCallback.get(id, sdkAppId) as Row | undefined;

  return {
    append: (callbacks: readonly CallbackRow[]): AppendedCallback[] => inTransaction(database, () => append(callbacks)),

    find(id: number): { status: CallbackRecord['status']; kept: UnjudgedCallback } | null {
      const row = find(id);
      return row ? { status: row.status, kept: toUnjudged(row) } : null;
    },

    /** Puts a new judgement in the place of a callback that is not accepted yet. */
    replace: (id: number, judged: CallbackRow): CallbackRecord | 'not found' | 'already accepted' =>
      inTransaction(database, () => {
        const kept = find(id);
        if (!kept) return 'not found';
        if (kept.status === 'accepted') return 'already accepted';
        deleteCallback.run(id);
        const [stored] = append([judged], kept);
        return toCallback(find(Number(stored?.id)) as Row);
      }),

    /** @returns how many rejects beyond the bound it deleted, in one step */
    pruneRejects(): number {
      const bound = { $1: sdkAppId, $2: MOST_REJECTS, $3: MOST_REJECTED_BYTES };
      const { id } = selectRejectsBeyond.get(bound) as { id: number | null };
      return id === null ? 0 : Number(deleteRejects.run(sdkAppId, id, MOST_IN_ONE_STEP).changes);
    },

    /** @param before milliseconds since 1970 */
    pruneCallbacks: (before: number, most: number): number => Number(deleteOldest.run(sdkAppId, before, most).changes),

    /** In the order of arrival. */
    oldest: (limit: number): SpooledCallback[] =>
      (selectOldest.all(sdkAppId, limit) as unknown as Row[]).map((row) => {
        const { id, repeats } = row;
        return { ...toUnjudged(row), id, repeats };
      }),

    forget: (ids: readonly number[]): void =>
      inTransaction(database, () => {
        for (const id of ids) deleteCallback.run(id);
      }),

    depth(): Spooled {
      const { rows, oldest } = selectDepth.get(sdkAppId) as { rows: number; oldest: number | null };
      return { depth: rows, oldestSeconds: oldest === null ? 0 : Math.max(0, (Date.now() - oldest) / 1000) };
    },

    canWrite: (): boolean => canWrite(database),

    close: (): void => database.close(),
  };
}

/** What tells whether it can be written is writing. */
function canWrite(database: DatabaseSync): boolean {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  try {
    inTransaction(database, () => database.exec(`PRAGMA user_version = ${version}`));
    return true;
  } catch {
    return false;
  }
}
