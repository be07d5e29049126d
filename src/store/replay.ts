import { setTimeout as sleep } from 'node:timers/promises';
import { toCallback } from '../callback/callback.ts';
import { parseQuery } from '../callback/signature.ts';
import type { Change } from '../groups/facts.ts';
import { changeOf } from '../groups/meanings.ts';
import { merge } from '../groups/merge.ts';
import type { GroupState } from '../groups/state.ts';
import { type GroupWrite, type KeptGroup, toState, writeOf } from './group-rows.ts';

/** An accepted callback, as far as it says what it changes. */
export interface ReplayedRow {
  query: string;
  body: Uint8Array;
  received_at: number;
  once_key: Uint8Array;
}

/** What became of the groups so far. */
export interface Replayed {
  /** Milliseconds since 1970. */
  startedAt: number;
  /** The last group that is done; '' before the first. */
  groupId: string;
  rebuilt: number;
  unchanged: number;
  /** Some of its callbacks are stored no more, so it stays as it is. */
  left: number;
}

/** A database of callbacks and groups, of one app, that is replayed. */
export interface ReplayDatabase {
  progress(): Promise<Replayed | null>;
  /** null: it is done. */
  saveProgress(replayed: Replayed | null): Promise<void>;
  countGroups(): Promise<number>;
  countGroupsWithoutCallbacks(): Promise<number>;
  /** The next group that a stored callback names. */
  groupAfter(groupId: string): Promise<string | null>;
  /** The group and its accepted callbacks that change groups, a page at a time, as they are at one moment. */
  read(groupId: string, onCallbacks: (rows: readonly ReplayedRow[]) => void): Promise<KeptGroup | null>;
  /** @returns false when the group was written since it was read; then nothing is written */
  write(groupId: string, write: GroupWrite): Promise<boolean>;
  close(): Promise<void>;
}

const SAVE_EVERY_MS = 1_000;
/** A group that receives callbacks all the time is read so often at most. */
const MOST_ATTEMPTS = 1_000;

/**
 * Rebuilds every group from the stored callbacks, each in one transaction, beside receivers that go on. Goes on where an
 * interrupted one was.
 */
export async function replay(
  database: ReplayDatabase,
  sdkAppId: number,
  {
    signal,
    onProgress,
    now = Date.now,
  }: { signal: AbortSignal; onProgress: (replayed: Replayed) => void; now?: () => number },
): Promise<Replayed> {
  const done = (await database.progress()) ?? { startedAt: now(), groupId: '', rebuilt: 0, unchanged: 0, left: 0 };
  let saved = performance.now();
  onProgress(done);
  while (!signal.aborted) {
    const groupId = await database.groupAfter(done.groupId);
    if (groupId === null) {
      await database.saveProgress(null);
      return { ...done, left: done.left + (await database.countGroupsWithoutCallbacks()) };
    }
    done[await rebuild(database, sdkAppId, groupId)] += 1;
    done.groupId = groupId;
    if (performance.now() - saved < SAVE_EVERY_MS) continue;
    await database.saveProgress(done);
    onProgress(done);
    saved = performance.now();
  }
  await database.saveProgress(done);
  return done;
}

async function rebuild(
  database: ReplayDatabase,
  sdkAppId: number,
  groupId: string,
): Promise<'rebuilt' | 'unchanged' | 'left'> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    let state: GroupState | null = null;
    const kept = await database.read(groupId, (rows) => {
      const [first, ...others] = rows.flatMap((row) => changeIn(row, sdkAppId) ?? []);
      if (first) state = merge(state, [first, ...others]);
    });
    const before = kept && toState(kept);
    // Assigned in the function above, which the compiler does not see.
    const after = state as GroupState | null;
    if (!after) return kept ? 'left' : 'unchanged';
    // The oldest by arrival are deleted first.
    if (before && before.document.first.receivedAt < after.document.first.receivedAt) return 'left';
    const write = writeOf(before, after, kept);
    if (!write) return 'unchanged';
    const started = performance.now();
    if (await database.write(groupId, write)) {
      // Receivers of the same database get their turn.
      await sleep(performance.now() - started);
      return 'rebuilt';
    }
  }
  throw new Error(`group ${groupId} changes too often to be rebuilt; run it again`);
}

function changeIn({ query, body, received_at, once_key }: ReplayedRow, sdkAppId: number): Change | null {
  const payload = JSON.parse(Buffer.from(body).toString()) as Parameters<typeof toCallback>[0];
  const receivedAt = new Date(received_at);
  return changeOf(toCallback(payload, { query: parseQuery(query), sdkAppId, receivedAt }), once_key);
}
