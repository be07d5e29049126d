import type { components } from '../../generated/admin.ts';
import type { Register } from '../accounts/registers.ts';
import type { Account } from '../accounts/view.ts';
import type { Change } from '../groups/facts.ts';
import type { Group, GroupDetail } from '../groups/view.ts';
import type { ActivityStore } from './activity.ts';
import type { BackfillStore } from './backfills.ts';
import type { Page } from './bounded-scans.ts';
import type { ConsumerStore } from './consumers.ts';

/** A stored callback in the read API's shape. */
export type CallbackRecord = components['schemas']['Callback'];
export type CallbackRecordDetail = components['schemas']['CallbackDetail'];
/** How a before-callback was answered. */
export type Decision = components['schemas']['Decision'];

/** A callback to be stored: as received, with its verdict and its changes. */
export interface ReceivedCallback {
  /** A UUID, assigned on arrival. Makes a retried insert idempotent when the outcome of the first is unknown. */
  arrival: string;
  /** The query string as received. */
  query: string;
  /** The body's bytes as received, without message content if that is not kept. */
  body: Uint8Array;
  /** Of the body as received. A callback with the key and status of a stored one is a duplicate of it. */
  idempotencyKey: Uint8Array;
  receivedAt: Date;
  status: CallbackRecord['status'];
  command: string;
  groupId: string | null;
  eventTime: Date | null;
  /** Why it was not accepted. */
  reason: string | null;
  /** It was rejected because of content that was then removed from its body. */
  contentRemoved?: boolean;
  /** It was rejected after its sender had been answered OK, so it is exempt from the eviction of rejected callbacks. */
  acknowledged?: boolean;
  /** For an accepted before-callback: how it was first answered. */
  decision?: Decision | null;
  /** Duplicates that the spool has already counted. */
  repeats?: number;
  /** Its change to a group. */
  change: Change | null;
  /** Its changes to accounts; absent: none. */
  registers?: readonly Register[];
  /** The accounts under which it is indexed, each once; absent: none. */
  accounts?: readonly string[];
}

/** The input for judging a callback: on arrival, on a retry, and when the spool drains. */
export type UnjudgedCallback = Pick<ReceivedCallback, 'arrival' | 'query' | 'body' | 'receivedAt' | 'decision'> & {
  /** Absent on arrival. A stored body may lack content, so the key cannot be recomputed from it. */
  idempotencyKey?: Uint8Array;
  /** The reason for a callback that stays rejected, because the content that caused the rejection has been removed. */
  rejectedForRemovedContent?: string | null;
};

export interface AppendedCallback {
  /** Id of the stored callback; for a duplicate, that of the first one. */
  id: string;
  repeat: boolean;
  /** It is in the spool: the id is the spool's, and unrelated to the ids in the database. */
  spooled?: true;
}

/** Why a callback cannot be retried. */
export type NoRetry = 'not found' | 'already accepted' | 'ignored';

/** Selects the callbacks that match all of these. */
export interface CallbackFilter {
  /** A full command, or a pattern: `*` stands for any text, and ASCII letters match in either case. */
  command?: string | undefined;
  /** A family, as `isOfFamily` takes it. */
  family?: string | undefined;
  status?: CallbackRecord['status'] | undefined;
  groupId?: string | undefined;
  /** An account that the callback names. The search may end before it has found all. */
  account?: string | undefined;
  repeated?: boolean | undefined;
  /** Received at this time or later. */
  since?: Date | undefined;
  /** Received before this time. */
  until?: Date | undefined;
}

/** Where a page of a list ended. */
export interface GroupPlace {
  /** Milliseconds since 1970. */
  createdAt: number;
  groupId: string;
}

export interface Health {
  /** Callbacks can be stored, at least in the spool. */
  ready: boolean;
  /** Absent if the store has no spool. */
  spool?: Spooled & {
    /** Callbacks are being spooled now. */
    inUse: boolean;
  };
}

export interface StoreHealth extends Health {
  /** Since when the database has not taken writes; null: it takes them; absent: unknown. */
  awaySince?: Date | null;
}

export interface Spooled {
  depth: number;
  /** How long the oldest one has waited. */
  oldestSeconds: number;
}

/** An entry of the change feed: the ids of new callbacks, first to last, and of changed ones. */
export interface Stored {
  /** Higher than `to` if no callback is new. Ids in between may belong to other receivers. */
  from: number;
  to: number;
  changed: readonly number[];
}

/** Receives what a store does, for metrics. Must return at once. */
export interface StoreObserver {
  committed(callbacks: number, seconds: number): void;
  pruned(reason: 'retention' | 'rejects' | 'unknown', callbacks: number): void;
  /** The disk with the database or the spool: its free bytes, and whether they are below the low-water mark. */
  disk?(freeBytes: number, low: boolean): void;
}

/** Statistics of the commands with stored callbacks. */
export interface SeenCommands {
  /**
   * `count`: received since a time, or the limit of the count if `countCapped`. `lastAt`: among all stored callbacks.
   */
  commands: { command: string; count: number; countCapped: boolean; lastAt: Date }[];
  /** More commands are stored than the lookup allows. */
  incomplete: boolean;
}

/** Progress of a replay with the accounts: first the callbacks by id, then the registers. */
export interface AccountsReplayed {
  /** The last processed callback; 0 before the first. */
  callbackId: number;
  /** Accepted callbacks: newly indexed by some account; already indexed by all; naming none. */
  found: number;
  known: number;
  unnamed: number;
  /** The last processed register; null before the first. */
  register: { account: string; kind: string; name: string } | null;
  /** Registers: confirmed by the callbacks, corrected, or left because the callback has been pruned. */
  right: number;
  corrected: number;
  left: number;
}

/** Progress of a replay of the stored callbacks: first the groups, then the accounts. */
export interface ReplayProgress {
  /** Milliseconds since 1970. */
  startedAt: number;
  /** The last processed group; '' before the first. */
  groupId: string;
  /** Each group that existed or exists counts once: as rebuilt, unchanged, left or gone. */
  rebuilt: number;
  unchanged: number;
  /** Not changed, because some of their callbacks have been pruned. */
  left: number;
  /** Deleted, because none of their callbacks counts any more. */
  gone: number;
  /** Processed after the groups. */
  accounts: AccountsReplayed;
}

/**
 * The groups and callbacks of one app, in one database. Whatever a method writes is on disk when it resolves. Every
 * method rejects if the database fails; nothing is half-written then.
 */
export interface Store extends ConsumerStore, BackfillStore, ActivityStore {
  /** Stores the callback and its changes in one transaction. A duplicate is counted and changes nothing. */
  append(callback: ReceivedCallback): Promise<AppendedCallback>;
  /**
   * Judges a rejected or unknown callback again and stores the result in its place, in one transaction. If an equal
   * callback was accepted meanwhile, it counts as a duplicate of that one.
   * @returns the callback as stored now, or why it cannot be retried
   */
  retry(id: string, judge: (kept: UnjudgedCallback) => ReceivedCallback): Promise<CallbackRecord | NoRetry>;
  /**
   * Ignores a callback, or restores it: it stays stored, and the same transaction rebuilds its group or accounts
   * without it or with it.
   * @returns the callback as stored now, or why it is unchanged: 'pruned' if callbacks of its group have been pruned,
   *   so that a rebuild would lose facts
   */
  setIgnored(id: string, ignored: boolean): Promise<CallbackRecord | 'not found' | 'pruned'>;
  /** Newest first by creation. `search` matches parts of name, id and owner; ASCII letters match in either case. */
  listGroups(filter: {
    search?: string | undefined;
    types?: readonly string[] | undefined;
    owner?: string | undefined;
    limit: number;
    after?: GroupPlace | undefined;
  }): Promise<Page<Group, GroupPlace>>;
  findGroup(groupId: string): Promise<GroupDetail | null>;
  /** The existing groups among these, in no particular order. */
  findGroups(groupIds: readonly string[]): Promise<Group[]>;
  /** Null if nothing is known about the account. */
  findAccount(account: string): Promise<Account | null>;
  /** Counts the groups that were created since then; the most frequent type first. */
  countGroupsByType(since: Date): Promise<{ type: string; count: number }[]>;
  /**
   * By arrival, newest first unless `order` says otherwise: by id, or by time of receipt if a time range is the most
   * selective filter; the two orders differ only for spooled callbacks. `after` is the place of a page's `next`, or a
   * callback's id if the order is by id.
   */
  listCallbacks(
    list: CallbackFilter & { order?: 'asc' | 'desc' | undefined; limit: number; after?: string | undefined },
  ): Promise<Page<CallbackRecord, string>>;
  /** The callbacks that name a group, as received, newest first by arrival. `after` is a callback's id. */
  listHistory(filter: {
    groupId: string;
    limit: number;
    after?: string | undefined;
  }): Promise<Page<CallbackRecordDetail, string>>;
  findCallback(id: string): Promise<CallbackRecordDetail | null>;
  /** The callbacks with these ids or in this range of ids: the newest `limit` of them, newest first. */
  findCallbacks(which: { ids: readonly number[]; from: number; to: number; limit: number }): Promise<CallbackRecord[]>;
  /** 0 if there are none. */
  newestCallbackId(): Promise<number>;
  /**
   * Follows the change feed: once this resolves, `onStored` gets what any receiver stores, right after it is on disk.
   * If entries may have been lost because the database was away, one entry covers everything since.
   * @returns a function that ends it
   */
  follow(onStored: (stored: Stored) => void): Promise<() => void>;
  /** The commands with stored callbacks, with the number of callbacks since a time. */
  seenCommands(since: Date): Promise<SeenCommands>;
  /** When the newest callback was received, by its receiver's clock; null if there is none. */
  newestReceipt(): Promise<Date | null>;
  /**
   * Deletes at most `most` callbacks that were received before that time, the oldest first, with their dead letters.
   * Keeps groups, and callbacks that a consumer may still read unless it has been idle for too long.
   * @returns the number of deleted callbacks
   */
  pruneCallbacks(before: Date, most: number): Promise<number>;
  /** The progress of an interrupted replay, or null. */
  replayProgress(): Promise<ReplayProgress | null>;
  /**
   * Rebuilds every group from the stored callbacks that are not ignored, each in one transaction, then the accounts,
   * while receivers continue. Resumes an interrupted replay; when aborted, it stops after the current group or page.
   * @param onProgress called at the start, after each group and each page of accounts, with the number of groups at the
   *   start
   */
  replay(options: {
    fromStart?: boolean;
    signal: AbortSignal;
    onProgress: (progress: ReplayProgress, groups: number) => void;
  }): Promise<ReplayProgress & { finished: boolean }>;
  health(): Promise<StoreHealth>;
  /** Waits for pending appends, then closes the database. */
  close(): Promise<void>;
}
