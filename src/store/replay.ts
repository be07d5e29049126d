import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { REGISTER_COMMANDS } from '../accounts/registers.ts';
import { CHANGING_COMMANDS } from '../groups/meanings.ts';
import { merge } from '../groups/merge.ts';
import { SNAPSHOT } from '../groups/snapshot.ts';
import type { GroupState } from '../groups/state.ts';
import { accountReplayOf, NO_ACCOUNTS_REPLAYED } from './account-replay.ts';
import type { NamedCallback, RegisterReplacement } from './account-rows.ts';
import { storedBy } from './change-feed.ts';
import {
  alters,
  CALLBACK_COLUMNS,
  type DatabaseKind,
  type GroupWrite,
  type StoredGroup,
  type Tables,
  toRecord,
  toState,
  writeOf,
} from './rows.ts';
import type { CallbackRecord, ReplayProgress, Store, Stored } from './store.ts';
import { openStoredReader, type ReadStored, STORED_COLUMNS, storedChangeOf } from './stored-callback.ts';

/** The replacement of a group. */
export interface GroupReplacement {
  groupId: string;
  /** The version that was read; 0: there was none. */
  version: number;
  /** Null: the group is deleted. */
  write: GroupWrite | null;
}

/** Marks a callback as ignored, or clears the mark. */
export interface CallbackMark {
  id: number;
  /** The status that was read: a retry may change it meanwhile. */
  status: CallbackRecord['status'];
  ignored: boolean;
}

/** The writes of a rebuild, in one transaction. */
export interface Rebuilt {
  group: GroupReplacement | null;
  registers: RegisterReplacement | null;
  mark: CallbackMark | null;
}

/** The operations that a replay needs from the writing connection. */
export interface ReplayWrites {
  /** @param row null: there is no replay to continue */
  saveReplay(row: Omit<Tables['replays'], 'sdk_app_id'> | null): Promise<void>;
  /** @returns false if any of it was written since it was read; then nothing is written */
  writeRebuilt(rebuilt: Rebuilt): Promise<boolean>;
  /** Merges again what callbacks state about accounts, if they are as they were read. @returns the changed registers */
  restoreAccounts(callbacks: readonly NamedCallback[]): Promise<number>;
  publish(stored: Stored): void;
  /** Whether the error of one of these is a lock that a receiver held for longer than the store waits. */
  isLocked(error: unknown): boolean;
}

/** Commands of records that can change a group. */
const CHANGING = [...CHANGING_COMMANDS, SNAPSHOT];
const SAVE_INTERVAL_MS = 1_000;
const PAGE = 500;
/** Attempts for a group that keeps changing. */
const MAX_ATTEMPTS = 1_000;
/** Each attempt waits most of a second for the lock. */
const MAX_LOCKED_ATTEMPTS = 40;

/** @param open as for the reads of the same store */
export function replayOf(
  open: () => Promise<Kysely<Tables>>,
  sdkAppId: number,
  kind: DatabaseKind,
  { saveReplay, writeRebuilt, restoreAccounts, isLocked, publish }: ReplayWrites,
): Pick<Store, 'replay' | 'replayProgress' | 'setIgnored'> {
  /** Loaded by the first replay, so that it does not load the contract again at every start. */
  let reading: Promise<ReadStored> | null = null;
  const read = () => {
    reading ??= openStoredReader(sdkAppId);
    return reading;
  };
  const accounts = accountReplayOf(open, sdkAppId, kind, {
    read,
    writes: {
      restore: (callbacks) => whileLocked(() => restoreAccounts(callbacks)),
      replace: (registers) => whileLocked(() => writeRebuilt({ group: null, registers, mark: null })),
    },
  });
  return { replay, replayProgress, setIgnored };

  async function replay({ fromStart = false, signal, onProgress }: Parameters<Store['replay']>[0]) {
    if (fromStart) await save(null);
    const groups = await countGroups();
    const none = { groupId: '', rebuilt: 0, unchanged: 0, left: 0, gone: 0, accounts: NO_ACCOUNTS_REPLAYED };
    const progress = (await replayProgress()) ?? { startedAt: Date.now(), ...none };
    let saved = performance.now();
    onProgress(progress, groups);
    while (!signal.aborted) {
      const groupId = await groupAfter(progress.groupId);
      if (groupId !== null) {
        const outcome = await rebuild(groupId);
        if (outcome !== 'no group') progress[outcome] += 1;
        progress.groupId = groupId;
      } else {
        const replayed = await accounts.step(progress.accounts);
        if (replayed === null) {
          await save(null);
          return { ...progress, left: progress.left + (await countGroupsWithoutCallbacks()), finished: true };
        }
        progress.accounts = replayed;
      }
      if (performance.now() - saved >= SAVE_INTERVAL_MS) {
        await save(progress);
        saved = performance.now();
      }
      onProgress(progress, groups);
    }
    await save(progress);
    return { ...progress, finished: false };
  }

  async function replayProgress(): Promise<ReplayProgress | null> {
    const query = (await open()).selectFrom('replays').selectAll().where('sdk_app_id', '=', sdkAppId);
    const row = await query.executeTakeFirst();
    if (!row) return null;
    // The state of an older version lacks accounts, and counts deleted groups as rebuilt.
    const done = { gone: 0, accounts: NO_ACCOUNTS_REPLAYED, ...JSON.parse(row.done) };
    return { startedAt: row.started_at, groupId: row.group_id, ...done };
  }

  function save(progress: ReplayProgress | null): Promise<void> {
    if (progress === null) return whileLocked(() => saveReplay(null));
    const { startedAt, groupId, ...done } = progress;
    return whileLocked(() => saveReplay({ started_at: startedAt, group_id: groupId, done: JSON.stringify(done) }));
  }

  async function whileLocked<Result>(write: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await write();
      } catch (error) {
        if (!isLocked(error) || attempt === MAX_LOCKED_ATTEMPTS) throw error;
      }
    }
  }

  async function rebuild(groupId: string): Promise<'rebuilt' | 'unchanged' | 'left' | 'gone' | 'no group'> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const { stored, replacement } = await rebuilt(groupId);
      if (replacement === 'pruned') return 'left';
      // Callbacks may name groups without changing them.
      if (replacement === null) return 'no group';
      if (replacement.write && !alters(replacement.write, stored)) return 'unchanged';
      const started = performance.now();
      if (await whileLocked(() => writeRebuilt({ group: replacement, registers: null, mark: null }))) {
        // Pauses for as long as the write took, to leave time for receivers of the same database.
        await sleep(performance.now() - started);
        return replacement.write ? 'rebuilt' : 'gone';
      }
    }
    throw new Error(`group ${groupId} changes too often to be rebuilt; run it again`);
  }

  async function setIgnored(id: string, ignored: boolean): ReturnType<Store['setIgnored']> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const row = await find(Number(id));
      if (!row) return 'not found';
      if (Boolean(row.ignored) === ignored) return toRecord(row);
      const mark = { id: row.id, status: row.status, ignored };
      const isAccepted = row.status === 'accepted';
      const changesGroup = isAccepted && CHANGING.includes(row.command);
      // Written even if it alters nothing: if two callbacks are ignored at once, one transaction has to read again.
      const group = changesGroup && row.group_id !== null ? (await rebuilt(row.group_id, mark)).replacement : null;
      if (group === 'pruned') return 'pruned';
      const changesAccounts = isAccepted && REGISTER_COMMANDS.includes(row.command);
      const registers = changesAccounts ? await accounts.replacementBy(row) : null;
      if (!(await whileLocked(() => writeRebuilt({ group, registers, mark })))) continue;
      publish(storedBy([{ id, repeat: true }]));
      return toRecord({ ...row, ignored });
    }
    throw new Error(`what callback ${id} changes is written too often to be rebuilt; try it again`);
  }

  async function find(id: number) {
    const query = (await open())
      .selectFrom('callbacks')
      .select([...CALLBACK_COLUMNS, ...STORED_COLUMNS])
      .where('sdk_app_id', '=', sdkAppId);
    return query.where('id', '=', id).executeTakeFirst();
  }

  /** A group as stored, and as rebuilt from its stored callbacks; null if neither exists. */
  async function rebuilt(
    groupId: string,
    mark: CallbackMark | null = null,
  ): Promise<{ stored: StoredGroup | null; replacement: GroupReplacement | 'pruned' | null }> {
    const { stored, state: after, oldest } = await snapshot(groupId, mark);
    const before = stored && toState(stored);
    // Retention deletes the earliest arrivals first, so a group that is older than all of its callbacks has lost some.
    if (before && before.document.first.receivedAt < oldest) return { stored, replacement: 'pruned' };
    if (!stored && !after) return { stored, replacement: null };
    const write = after && writeOf(before, after, stored);
    return { stored, replacement: { groupId, version: stored?.version ?? 0, write } };
  }

  /**
   * The group as stored, and as rebuilt from its stored callbacks without the ignored ones, from one snapshot. `oldest`
   * is the earliest arrival of all, in milliseconds since 1970; infinite if there are none.
   * @param mark is treated as already set
   */
  async function snapshot(groupId: string, mark: CallbackMark | null) {
    const readStored = await read();
    const transaction = (await open()).transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
    return transaction.execute(async (database) => {
      const group = await database
        .selectFrom('groups')
        .select(['version', 'document'])
        .where('sdk_app_id', '=', sdkAppId)
        .where('group_id', '=', groupId)
        .executeTakeFirst();
      const parts = await database
        .selectFrom('group_parts')
        .select(['kind', 'name', 'full_name', 'value', 'stamp'])
        .where('sdk_app_id', '=', sdkAppId)
        .where('group_id', '=', groupId)
        .execute();
      const stored: StoredGroup | null = group ? { ...group, parts } : null;
      let state: GroupState | null = null;
      let oldest = Number.POSITIVE_INFINITY;
      for (let after = 0; ; ) {
        const rows = await database
          .selectFrom('callbacks')
          .select(STORED_COLUMNS)
          .where('sdk_app_id', '=', sdkAppId)
          .where('group_id', '=', groupId)
          .where('id', '>', after)
          .where('status', '=', 'accepted')
          .where('command', 'in', CHANGING)
          .orderBy('id')
          .limit(PAGE)
          .execute();
        const kept = rows.filter(({ id, ignored }) => !(id === mark?.id ? mark.ignored : ignored));
        const [first, ...others] = kept.flatMap((row) => storedChangeOf(row, readStored) ?? []);
        if (first) state = merge(state, [first, ...others]);
        for (const row of rows) oldest = Math.min(oldest, row.received_at);
        if (rows.length < PAGE) return { stored, state, oldest };
        after = rows.at(-1)?.id ?? after;
      }
    });
  }

  /** The next group that a stored callback names. */
  async function groupAfter(groupId: string): Promise<string | null> {
    const row = await (await open())
      .selectFrom('callbacks')
      .select((is) => is.fn.min<string | null>('group_id').as('group_id'))
      .where('sdk_app_id', '=', sdkAppId)
      .where('group_id', '>', groupId)
      .executeTakeFirst();
    return row?.group_id ?? null;
  }

  async function countGroups(): Promise<number> {
    const count = (await open()).selectFrom('groups').select((is) => is.fn.countAll<number>().as('count'));
    return (await count.where('sdk_app_id', '=', sdkAppId).executeTakeFirstOrThrow()).count;
  }

  async function countGroupsWithoutCallbacks(): Promise<number> {
    const { sql } = await import('kysely');
    // On PostgreSQL, ids in `groups` have a different collation than in the index of `callbacks`.
    const collate = sql.raw(kind === 'postgres' ? 'COLLATE "default"' : '');
    const { rows } = await sql<{ count: number }>`
      SELECT count(*) AS count FROM groups AS g WHERE sdk_app_id = ${sdkAppId} AND NOT EXISTS (
        SELECT 1 FROM callbacks AS c
        WHERE c.sdk_app_id = g.sdk_app_id AND c.group_id = g.group_id ${collate})`.execute(await open());
    return rows[0]?.count ?? 0;
  }
}
