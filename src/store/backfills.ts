import type { GroupSnapshot } from '../groups/snapshot.ts';
import type { GroupDetail } from '../groups/view.ts';

/** The jobs that read the vendor's groups: a back-fill started by a user, or the regular audit of a receiver. */
export type RunKind = 'backfill' | 'reconcile';

/** The progress or the end of a run. */
export interface StoredRun {
  startedAt: Date;
  /** Null: interrupted or still active. */
  finishedAt: Date | null;
  /** Options of the run: only a run with the same options continues it. */
  options: string;
  /** Where it continues. */
  place: string;
  /** Counts of the work done, in JSON. */
  done: string;
}

/** The store operations of back-fill and audit. A store-and-forward store has them while its database is available. */
export interface BackfillStore {
  /**
   * Stores a snapshot and its changes to the group, in one transaction; never in the spool. Appending the same snapshot
   * again changes nothing.
   */
  appendSnapshot(snapshot: GroupSnapshot): Promise<{ id: string; repeat: boolean }>;
  /** The existing groups among these ids, with members and parts, in no particular order. */
  findGroupDetails(groupIds: readonly string[]): Promise<GroupDetail[]>;
  /** Ids in ascending order. @param types every name of the wanted types; absent: all */
  listGroupIds(which: { after: string; limit: number; types?: readonly string[] | undefined }): Promise<string[]>;
  countGroups(which: { types?: readonly string[] | undefined }): Promise<number>;
  /**
   * For each group the id of its newest callback that can change it, other than snapshots, among its latest 500
   * callbacks; groups without one are absent.
   */
  newestChangesOf(groupIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Records that the vendor had these groups as they are stored, or no longer has them. Ignores unknown ids. */
  confirmGroups(groupIds: readonly string[], at: Date): Promise<void>;
  /**
   * Begins or continues the run of this kind; only one can be active across all processes.
   * @param holder identifies the process and the run
   * @returns the previous run; or the start of the run of another holder that was active within the last `RUN_STALE_MS`
   */
  claimRun(kind: RunKind, holder: string): Promise<{ earlier: StoredRun | null } | { heldBy: string; renewedAt: Date }>;
  /** Saves the progress and renews the claim. @returns false if another holder has the claim; then nothing is saved */
  saveRun(kind: RunKind, holder: string, run: StoredRun): Promise<boolean>;
  /** Releases the claim, so that another run need not wait. */
  releaseRun(kind: RunKind, holder: string): Promise<void>;
  /** The last run of this kind, interrupted, finished or active; null if there was none. */
  findRun(kind: RunKind): Promise<StoredRun | null>;
}

/** A claim that was not renewed for this long is taken over: its process has ended. */
export const RUN_STALE_MS = 10_000;

/** The row in both databases; the migrations document the columns. */
export interface RunRow {
  sdk_app_id: number;
  kind: RunKind;
  holder: string | null;
  renewed_at: number;
  started_at: number | null;
  finished_at: number | null;
  options: string;
  place: string;
  done: string;
}

/** Null if the run was claimed but has not saved anything. */
export function toRun({ started_at, finished_at, options, place, done }: RunRow): StoredRun | null {
  if (started_at === null) return null;
  const finishedAt = finished_at === null ? null : new Date(finished_at);
  return { startedAt: new Date(started_at), finishedAt, options, place, done };
}
