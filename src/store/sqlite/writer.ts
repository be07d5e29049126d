import type { DatabaseSync } from 'node:sqlite';
import type { Change } from '../../groups/facts.ts';
import { accountName, type NamedCallback, toRegisterRow } from '../account-rows.ts';
import { MAX_PRUNED_REPLIES } from '../pruning.ts';
import type { Rebuilt, ReplayWrites } from '../replay.ts';
import { type CallbackRow, indexedText, noRetryOf, storableText, toRecord, toUnjudged } from '../rows.ts';
import type { SpooledCallback } from '../spool.ts';
import type {
  AppendedCallback,
  CallbackRecord,
  NoRetry,
  ReceivedCallback,
  Spooled,
  UnjudgedCallback,
} from '../store.ts';
import { prepareAccounts } from './accounts.ts';
import { prepareActivity } from './activity.ts';
import { prepareBackfills } from './backfills.ts';
import { prepareConsumers } from './consumers.ts';
import { inTransaction, openDatabase } from './database.ts';
import { prepareGroups } from './groups.ts';
import { prepareLog } from './log.ts';
import { preparePruning } from './pruning.ts';
import { prepareRegistrations } from './registrations.ts';

export type Writer = ReturnType<typeof openWriter>;

/** The target has been written since it was read: rolls the transaction back. */
const STALE = new Error('stale');

/**
 * The only writing connection of a process. Each method blocks until its transaction is on disk; if it throws, nothing
 * was written.
 * @throws an Error that names the file if it cannot be opened
 */
export function openWriter(file: string, sdkAppId: number) {
  const database = openDatabase(file);
  const groups = prepareGroups(database, sdkAppId);
  const accounts = prepareAccounts(database, sdkAppId);
  const log = prepareLog(database, sdkAppId);
  const pruning = preparePruning(database, sdkAppId);
  const { saveActivity, pruneReplies } = prepareActivity(database, sdkAppId);
  // Insert first, the unique key decides: a row of another arrival is the callback that this one repeats.
  const insertCallback = database.prepare(`
    INSERT INTO callbacks
      (id, sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, repeats, reason, decision,
       query, body, content_removed, acknowledged, place)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (sdk_app_id, coalesce(event_time, 0), once_key, status) DO UPDATE
      SET repeats = repeats + excluded.repeats + (arrival <> excluded.arrival),
        acknowledged = acknowledged OR excluded.acknowledged
    RETURNING id, arrival`);
  const selectCallback = database.prepare('SELECT * FROM callbacks WHERE id = ? AND sdk_app_id = ?');
  // With +, it reads in table order; by an index of the app, it would sort all rows for each page.
  const selectOldest = database.prepare('SELECT * FROM callbacks WHERE +sdk_app_id = ? ORDER BY id LIMIT ?');
  const selectOldestReceipt = database.prepare('SELECT min(received_at) AS at FROM callbacks WHERE sdk_app_id = ?');
  const countRows = database.prepare('SELECT count(*) AS rows FROM callbacks WHERE sdk_app_id = ?');
  const selectNewest = database.prepare('SELECT max(id) AS id FROM callbacks');
  const deleteCallback = database.prepare('DELETE FROM callbacks WHERE id = ?');
  const markCallback = database.prepare('UPDATE callbacks SET ignored = ? WHERE id = ?');
  const deleteReplay = database.prepare('DELETE FROM replays WHERE sdk_app_id = ?');
  const upsertReplay = database.prepare(`
    INSERT INTO replays (sdk_app_id, started_at, group_id, done) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET group_id = excluded.group_id, done = excluded.done`);
  /** Callbacks in the file: counted on first use, then kept up to date, because a count delays appends. */
  let depth: number | null = null;
  /** A higher id belongs to a new row: ids ascend and are never reused. */
  let newest = (selectNewest.get() as { id: number | null }).id ?? 0;
  const find = (id: number) => selectCallback.get(id, sdkAppId) as CallbackRow | undefined;

  /** Runs a transaction; if it fails, the depth is restored. */
  function transact<Result>(work: () => Result): Result {
    const before = { depth, newest };
    try {
      return inTransaction(database, work);
    } catch (error) {
      ({ depth, newest } = before);
      throw error;
    }
  }

  function deletedRows(count: number): number {
    addToDepth(-count);
    return count;
  }

  function addToDepth(rows: number): void {
    if (depth !== null) depth += rows;
  }

  /**
   * Inserts callbacks and their changes.
   * @param replaced a callback whose place the single inserted one takes
   * @returns the outcome of each, in order
   */
  function insert(callbacks: readonly PackedCallback[], replaced?: CallbackRow) {
    const changes: Change[] = [];
    const named: { id: number; accounts: string[] }[] = [];
    const appended = callbacks.map((packed): AppendedCallback => {
      const [status, command, groupId, eventTime, receivedAt, arrival, key, repeats, ...rest] = packed;
      const [reason, decision, query, body, contentRemoved, acknowledged, change, names, registers] = rest;
      const stored = insertCallback.get(
        replaced?.id ?? null,
        sdkAppId,
        status,
        command,
        groupId,
        eventTime,
        receivedAt,
        arrival,
        Buffer.from(key, 'hex'),
        replaced?.repeats ?? repeats,
        reason,
        decision,
        query,
        Buffer.from(body, 'latin1'),
        contentRemoved,
        // A callback that is judged again was answered OK unless it had been rejected.
        status === 'rejected' && replaced
          ? Number(replaced.acknowledged || replaced.status !== 'rejected')
          : acknowledged,
        replaced ? log.placeOfRetried(status, replaced) : null,
      ) as { id: number; arrival: string };
      const repeat = stored.arrival !== arrival;
      if (!repeat && stored.id > newest) {
        newest = stored.id;
        addToDepth(1);
      }
      // A duplicate changes nothing.
      if (!repeat) {
        if (change !== null) changes.push(JSON.parse(change));
        if (names !== null) named.push({ id: stored.id, accounts: JSON.parse(names) });
        if (registers !== null) accounts.change(stored.id, JSON.parse(registers));
      }
      return { id: String(stored.id), repeat };
    });
    groups.change(changes);
    if (named.length > 0) accounts.name(named);
    return appended;
  }

  return {
    append: (callbacks: readonly PackedCallback[]) => transact(() => insert(callbacks)),

    /** @returns the callback to judge again, or why it cannot be retried */
    findForRetry(id: number): UnjudgedCallback | NoRetry {
      const row = find(id);
      return noRetryOf(row) ?? toUnjudged(row as CallbackRow);
    },

    /** Replaces a callback that is not accepted yet by its new judgement. */
    replace: (id: number, judged: PackedCallback): CallbackRecord | NoRetry =>
      transact(() => {
        const row = find(id);
        const reason = noRetryOf(row);
        if (reason) return reason;
        deleteCallback.run(id);
        const [stored] = insert([judged], row);
        if (Number(stored?.id) !== id) addToDepth(-1);
        return toRecord(find(Number(stored?.id)) as CallbackRow);
      }),

    pruneStatus: (...which: Parameters<typeof pruning.ofStatus>): number =>
      transact(() => deletedRows(pruning.ofStatus(...which))),
    pruneCallbacks: (...which: Parameters<typeof pruning.receivedBefore>): number =>
      transact(() => {
        const count = deletedRows(pruning.receivedBefore(...which));
        accounts.prune();
        pruneReplies(MAX_PRUNED_REPLIES);
        return count;
      }),

    /** In the order of arrival. */
    oldest(limit: number, bytes: number): SpooledCallback[] {
      const found: SpooledCallback[] = [];
      let total = 0;
      for (const row of selectOldest.iterate(sdkAppId, limit) as Iterable<unknown> as Iterable<CallbackRow>) {
        const { id, repeats, status } = row;
        found.push({ ...toUnjudged(row), id, repeats, acknowledged: status !== 'rejected' });
        total += row.body.length;
        if (total >= bytes) return found;
      }
      // All callbacks were read: corrects the depth if another process has written to the file.
      if (found.length < limit) depth = found.length;
      return found;
    },

    forget: (ids: readonly number[]): void =>
      transact(() => {
        for (const id of ids) deletedRows(Number(deleteCallback.run(id).changes));
      }),

    depth(): Spooled {
      depth ??= (countRows.get(sdkAppId) as { rows: number }).rows;
      const { at } = selectOldestReceipt.get(sdkAppId) as { at: number | null };
      return { depth: Math.max(0, depth), oldestSeconds: at === null ? 0 : Math.max(0, (Date.now() - at) / 1000) };
    },

    saveReplay(row: Parameters<ReplayWrites['saveReplay']>[0]): void {
      if (row) upsertReplay.run(sdkAppId, row.started_at, row.group_id, row.done);
      else deleteReplay.run(sdkAppId);
    },

    writeRebuilt({ group, registers, mark }: Rebuilt): boolean {
      try {
        inTransaction(database, () => {
          if (mark) {
            if (find(mark.id)?.status !== mark.status) throw STALE;
            markCallback.run(Number(mark.ignored), mark.id);
          }
          if (group && !groups.replace(group)) throw STALE;
          if (registers && !accounts.replace(registers)) throw STALE;
        });
        return true;
      } catch (error) {
        if (error === STALE) return false;
        throw error;
      }
    },

    restoreAccounts: (callbacks: readonly NamedCallback[]) =>
      inTransaction(database, () => accounts.restore(callbacks)),

    saveActivity,

    ...prepareBackfills(database, sdkAppId),
    ...prepareConsumers(database, sdkAppId, log),
    ...prepareRegistrations(database, sdkAppId),

    canWrite: (): boolean => canWrite(database),

    close: (): void => database.close(),
  };
}

/**
 * A callback as it is posted to the writer thread: its columns, and its changes as JSON. Bytes are in hex and latin1:
 * strings and numbers are cloned in a tenth of the time of buffers and objects.
 */
export type PackedCallback = ReturnType<typeof packCallback>;

export function packCallback(callback: ReceivedCallback) {
  const { status, command, groupId, eventTime, receivedAt, arrival, repeats = 0, reason, decision, change } = callback;
  const { accounts = [], registers = [] } = callback;
  return [
    status,
    indexedText(command),
    groupId === null ? null : indexedText(groupId),
    eventTime?.getTime() ?? null,
    receivedAt.getTime(),
    arrival,
    toBuffer(callback.idempotencyKey).toString('hex'),
    repeats,
    reason === null ? null : storableText(reason),
    decision ? JSON.stringify(decision) : null,
    callback.query,
    toBuffer(callback.body).toString('latin1'),
    callback.contentRemoved ? 1 : 0,
    callback.acknowledged ? 1 : 0,
    change && JSON.stringify(change),
    accounts.length > 0 ? JSON.stringify(accounts.map(accountName)) : null,
    registers.length > 0 ? JSON.stringify(registers.map(toRegisterRow)) : null,
  ] as const;
}

/** Without a copy. */
function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Only a write shows whether the database is writable. */
function canWrite(database: DatabaseSync): boolean {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  try {
    inTransaction(database, () => database.exec(`PRAGMA user_version = ${version}`));
    return true;
  } catch {
    return false;
  }
}
