import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { toCallback } from '../callback/callback.ts';
import { parseJson } from '../callback/json.ts';
import { payloadReader, type ReadPayload } from '../callback/normalize.ts';
import { parseQuery } from '../callback/signature.ts';
import type { Change } from '../groups/facts.ts';
import { CHANGING_COMMANDS, changeOf } from '../groups/meanings.ts';
import { merge } from '../groups/merge.ts';
import type { GroupState } from '../groups/state.ts';
import type { DatabaseKind } from './reads.ts';
import { type CallbackRow, type GroupWrite, type StoredGroup, type Tables, toState, writeOf } from './rows.ts';
import type { ReplayProgress, Store } from './store.ts';

/** What a replay needs of the connection that writes. */
export interface ReplayWrites {
  /** @param row null: there is no replay to continue */
  saveReplay(row: Omit<Tables['replays'], 'sdk_app_id'> | null): Promise<void>;
  /** @returns false when the group has been written since it was read; then nothing is written */
  replaceGroup(groupId: string, write: GroupWrite): Promise<boolean>;
  /** Whether what one of these threw is a lock that a receiver held for longer than the store waits. */
  isLocked(error: unknown): boolean;
}

const SAVE_INTERVAL_MS = 1_000;
const PAGE = 500;
/** A group that changes all the time is read again this often. */
const MAX_ATTEMPTS = 1_000;
/** The store waits most of a second for a lock. */
const MAX_LOCKED_ATTEMPTS = 40;

/** @param open as for the reads of the same store */
export function replayOf(
  open: () => Promise<Kysely<Tables>>,
  sdkAppId: number,
  kind: DatabaseKind,
  { saveReplay, replaceGroup, isLocked }: ReplayWrites,
): Pick<Store, 'replay' | 'replayProgress'> {
  /** Loaded by the first replay: a start does not wait for the contract once more. */
  let reading: Promise<ReadPayload> | null = null;
  return { replay, replayProgress };

  async function replay({ fromStart = false, signal, onProgress }: Parameters<Store['replay']>[0]) {
    if (fromStart) await save(null);
    const groups = await countGroups();
    const start = { startedAt: Date.now(), groupId: '', rebuilt: 0, unchanged: 0, left: 0 };
    const progress = (await replayProgress()) ?? start;
    let saved = performance.now();
    onProgress(progress, groups);
    while (!signal.aborted) {
      const groupId = await groupAfter(progress.groupId);
      if (groupId === null) {
        await save(null);
        return { ...progress, left: progress.left + (await countGroupsWithoutCallbacks()), finished: true };
      }
      progress[await rebuild(groupId)] += 1;
      progress.groupId = groupId;
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
    return row ? { startedAt: row.started_at, groupId: row.group_id, ...JSON.parse(row.done) } : null;
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

  async function rebuild(groupId: string): Promise<'rebuilt' | 'unchanged' | 'left'> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const { stored, state: after } = await read(groupId);
      const before = stored && toState(stored);
      if (!after) return stored ? 'left' : 'unchanged';
      // Retention deletes the oldest callbacks by arrival first, so this group has lost some.
      if (before && before.document.first.receivedAt < after.document.first.receivedAt) return 'left';
      const write = writeOf(before, after, stored);
      if (!write) return 'unchanged';
      const started = performance.now();
      if (await whileLocked(() => replaceGroup(groupId, write))) {
        // Leaves receivers of the same database as much time as it took.
        await sleep(performance.now() - started);
        return 'rebuilt';
      }
    }
    throw new Error(`group ${groupId} changes too often to be rebuilt; run it again`);
  }

  /** The group as it is stored, and as its stored callbacks make it, from one snapshot. */
  async function read(groupId: string): Promise<{ stored: StoredGroup | null; state: GroupState | null }> {
    reading ??= openReader();
    const readPayload = await reading;
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
      let state: GroupState | null = null;
      for (let after = 0; ; ) {
        const rows = await database
          .selectFrom('callbacks')
          .select(['id', 'command', 'query', 'body', 'received_at', 'once_key'])
          .where('sdk_app_id', '=', sdkAppId)
          .where('group_id', '=', groupId)
          .where('id', '>', after)
          .where('status', '=', 'accepted')
          .where('command', 'in', CHANGING_COMMANDS)
          .orderBy('id')
          .limit(PAGE)
          .execute();
        const [first, ...others] = rows.flatMap((row) => changeIn(row, readPayload) ?? []);
        if (first) state = merge(state, [first, ...others]);
        if (rows.length < PAGE) return { stored: group ? { ...group, parts } : null, state };
        after = rows.at(-1)?.id ?? after;
      }
    });
  }

  async function openReader(): Promise<ReadPayload> {
    const { default: contract } = await import('../../generated/callback.json', { with: { type: 'json' } });
    return payloadReader(contract);
  }

  /** As the callback was read when it was judged, also where that was by an older version. */
  function changeIn(
    row: Pick<CallbackRow, 'command' | 'query' | 'body' | 'received_at' | 'once_key'>,
    readPayload: ReadPayload,
  ): Change | null {
    const payload = readPayload(row.command, parseJson(row.body).value) as Parameters<typeof toCallback>[0];
    const receivedAt = new Date(row.received_at);
    return changeOf(toCallback(payload, { query: parseQuery(row.query), sdkAppId, receivedAt }), row.once_key);
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
    // On PostgreSQL ids have another collation in `groups` than in the index of `callbacks`.
    const collate = sql.raw(kind === 'postgres' ? 'COLLATE "default"' : '');
    const { rows } = await sql<{ count: number }>`
      SELECT count(*) AS count FROM groups AS g WHERE sdk_app_id = ${sdkAppId} AND NOT EXISTS (
        SELECT 1 FROM callbacks AS c
        WHERE c.sdk_app_id = g.sdk_app_id AND c.group_id = g.group_id ${collate})`.execute(await open());
    return rows[0]?.count ?? 0;
  }
}
