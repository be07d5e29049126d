import { CommitQueue } from './commit-queue.ts';
import type { DatabaseKind } from './rows.ts';
import type { AppendedCallback, ReceivedCallback } from './store.ts';

/**
 * About 2,500 members, which are written within 100 ms. A transaction blocks SQLite's writer, even that of a receiver
 * in another process, whose vendor waits 2 s.
 */
const MAX_BATCH_BYTES = 256 * 1024;
/**
 * On SQLite one at a time, with a pause: a process that waits for the lock polls it every 25 to 100 ms, and must find
 * it free.
 */
const AT_ONCE = { sqlite: { concurrent: 1, maxPauseMs: 50 }, postgres: { concurrent: 2, maxPauseMs: 0 } };

/** The commit arguments of `CommitQueue` for a store. */
export type Commits = [
  commit: (callbacks: ReceivedCallback[]) => Promise<AppendedCallback[]>,
  isFaultOfItems: (error: unknown) => boolean,
  onCommitted: (callbacks: ReceivedCallback[], appended: AppendedCallback[], seconds: number) => void,
];

/**
 * Group commit of snapshots, separate from that of callbacks: the 10,000 members of a large group take 0.3 s, which
 * callbacks in the same transaction would have to wait for.
 */
export function snapshotQueue(kind: DatabaseKind, ...commits: Commits) {
  return new CommitQueue(...commits, {
    weightOf: ({ body }) => body.length,
    maxWeight: MAX_BATCH_BYTES,
    ...AT_ONCE[kind],
  });
}
