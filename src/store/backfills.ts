import type { GroupSnapshot } from '../groups/snapshot.ts';
import type { GroupDetail } from '../groups/view.ts';

/** What reads the groups of the vendor: a back-fill that somebody has started, or the regular audit of a receiver. */
export type RunKind = 'backfill' | 'reconcile';

/** How far a run has come, or how it ended. */
export interface StoredRun {
  startedAt: Date;
  /** Null: it was interrupted, or goes on. */
  finishedAt: Date | null;
  /** What it was asked for: another run goes on only where this is the same. */
  options: string;
  /** Where it goes on. */
  place: string;
  /** What it has done, in JSON. */
  done: string;
}

/** What back-fill and audit need of a store. A store-and-forward store has it while its database is there. */
export interface BackfillStore {
  /**
   * Stores a snapshot and what it changes in its group, in one transaction; never in the spool. The same snapshot again
   * changes nothing.
   */
  appendSnapshot(snapshot: GroupSnapshot): Promise<{ id: string; repeat: boolean }>;
  /** The groups of these ids that exist, each with its members and parts, in no order. */
  findGroupDetails(groupIds: readonly string[]): Promise<GroupDetail[]>;
  /** Ids in ascending order. @param types every name of the types that are meant; absent: all */
  listGroupIds(which: { after: string; limit: number; types?: readonly string[] | undefined }): Promise<string[]>;
  countGroups(which: { types?: readonly string[] | undefined }): Promise<number>;
  /**
   * Of each group the id of its newest callback that can change it, snapshots not counted, among its latest 500 callbacks;
   * groups without one are missing.
   */
  newestChangesOf(groupIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Notes that the vendor had these groups as they are stored, or no longer has them. Ids that are no groups are ignored. */
  confirmGroups(groupIds: readonly string[], at: Date): Promise<void>;
  /**
   * Begins or continues the run of this kind: there is one at a time, of all processes.
   * @param holder names the process and the run
   * @returns the run before it, or since when another holder, which was at work within the last `RUN_STALE_MS`, has it
   */
  claimRun(kind: RunKind, holder: string): Promise<{ earlier: StoredRun | null } | { heldBy: string; renewedAt: Date }>;
  /** Saves the progress, and renews the claim. @returns false where another holder has it; then nothing is saved */
  saveRun(kind: RunKind, holder: string, run: StoredRun): Promise<boolean>;
  /** Gives the claim back, so that another run need not wait. */
  releaseRun(kind: RunKind, holder: string): Promise<void>;
  /** The last run of this kind, interrupted, finished or going on; null where there was none. */
  findRun(kind: RunKind): Promise<StoredRun | null>;
}

/** A claim that was not renewed for so long is taken over: its process has ended. */
export const RUN_STALE_MS = 10_000;

/** As both databases have it; the migrations say what each column means. */
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

/** Null where a run was claimed and has not saved anything. */
export function toRun({ started_at, finished_at, options, place, done }: RunRow): StoredRun | null {
  if (started_at === null) return null;
  const finishedAt = finished_at === null ? null : new Date(finished_at);
  return { startedAt: new Date(started_at), finishedAt, options, place, done };
}
