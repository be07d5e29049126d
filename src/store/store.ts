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

/** A callback to be stored: as received, how it was judged, and what it changes. */
export interface ReceivedCallback {
  /** A UUID, assigned on arrival. Makes a retried insert idempotent when the outcome of the first is unknown. */
  arrival: string;
  /** The query string as received. */
  query: string;
  /** The body's bytes as received, without the content of a message where that is not kept. */
  body: Uint8Array;
  /** Of the body as received. A callback with the key and status of a stored one is a repeat of it. */
  idempotencyKey: Uint8Array;
  receivedAt: Date;
  status: CallbackRecord['status'];
  command: string;
  groupId: string | null;
  eventTime: Date | null;
  /** Why it was not accepted. */
  reason: string | null;
  /** It was rejected for content that was then removed from its body. */
  contentRemoved?: boolean;
  /** It was rejected after its sender had been answered OK, so it is not evicted with the rejects. */
  acknowledged?: boolean;
  /** Of an accepted before-callback: how it was first answered. */
  decision?: Decision | null;
  /** Repeats that the spool has already counted. */
  repeats?: number;
  /** What it changes in its group. */
  change: Change | null;
  /** What it changes in accounts; absent: nothing. */
  registers?: readonly Register[];
  /** The accounts by which it is found, each once; absent: none. */
  accounts?: readonly string[];
}

/** What a callback is judged from: on arrival, when it is retried, and when the spool drains. */
export type UnjudgedCallback = Pick<ReceivedCallback, 'arrival' | 'query' | 'body' | 'receivedAt' | 'decision'> & {
  /** Absent on arrival. A stored body may lack content, so the key cannot be computed from it again. */
  idempotencyKey?: Uint8Array;
  /** The reason of a callback that stays rejected, because the content that it was rejected for has been removed. */
  rejectedForRemovedContent?: string | null;
};

export interface AppendedCallback {
  /** Of the stored callback: for a repeat that of the first one. */
  id: string;
  repeat: boolean;
  /** It is in the spool: the id is the spool's, and says nothing of the callback that has it in the database. */
  spooled?: true;
}

/** Why a callback cannot be retried. */
export type NoRetry = 'not found' | 'already accepted' | 'ignored';

/** Which callbacks are meant: those that all of these match. */
export interface CallbackFilter {
  /** In full, or a pattern: `*` stands for any text, and ASCII letters match in either case. */
  command?: string | undefined;
  /** As `isOfFamily` takes it. */
  family?: string | undefined;
  status?: CallbackRecord['status'] | undefined;
  groupId?: string | undefined;
  /** That the callback names. A search may end before it has found all. */
  account?: string | undefined;
  repeated?: boolean | undefined;
  /** Received then or later. */
  since?: Date | undefined;
  /** Received before. */
  until?: Date | undefined;
}

/** Where a page of a list ended. */
export interface GroupPlace {
  /** Milliseconds since 1970. */
  createdAt: number;
  groupId: string;
}

export interface Health {
  /** Callbacks can be stored, if only in the spool. */
  ready: boolean;
  /** Absent where the store has no spool. */
  spool?: Spooled & {
    /** Callbacks go there at present. */
    inUse: boolean;
  };
}

export interface StoreHealth extends Health {
  /** Since when the database has not taken what was written; null: it does; absent: not known. */
  awaySince?: Date | null;
}

export interface Spooled {
  depth: number;
  /** How long the oldest has waited. */
  oldestSeconds: number;
}

/** An entry of the change feed: the ids of new callbacks, first to last, and of changed ones. */
export interface Stored {
  /** Higher than `to` where no callback is new. Ids in between may belong to other receivers. */
  from: number;
  to: number;
  changed: readonly number[];
}

/** For metrics: what a store does. Must return at once. */
export interface StoreObserver {
  committed(callbacks: number, seconds: number): void;
  pruned(reason: 'retention' | 'rejects' | 'unknown', callbacks: number): void;
  /** Of the disk with the database or the spool: its free bytes, and whether they are below the low-water mark. */
  disk?(freeBytes: number, low: boolean): void;
}

/** What has come of the commands of which a callback is stored. */
export interface SeenCommands {
  /** `count`: received since a time; at most as many as are counted, where `countCapped`. `lastAt`: of all stored ones. */
  commands: { command: string; count: number; countCapped: boolean; lastAt: Date }[];
  /** More commands are stored than are looked up. */
  incomplete: boolean;
}

/** How far a replay has come with the accounts: first the callbacks by id, then the registers. */
export interface AccountsReplayed {
  /** The last callback that is done; 0 before the first. */
  callbackId: number;
  /** Accepted callbacks: by some account not found before, found by all already, naming none. */
  found: number;
  known: number;
  unnamed: number;
  /** The last register that is done; null before the first. */
  register: { account: string; kind: string; name: string } | null;
  /** Registers: what the callbacks say, corrected, of a callback that has been pruned. */
  right: number;
  corrected: number;
  left: number;
}

/** How far a replay of the stored callbacks has come: first the groups, then the accounts. */
export interface ReplayProgress {
  /** Milliseconds since 1970. */
  startedAt: number;
  /** The last group that is done; '' before the first. */
  groupId: string;
  /** Each group that was or is there counts once: as rebuilt, unchanged, left or gone. */
  rebuilt: number;
  unchanged: number;
  /** Left as they are, because some of their callbacks have been pruned. */
  left: number;
  /** Deleted, because none of their callbacks counts any more. */
  gone: number;
  /** After the groups. */
  accounts: AccountsReplayed;
}

/**
 * The groups and callbacks of one app, on one database. What a method has written is on disk when it resolves. Every
 * method rejects when the database fails; nothing is half-written then.
 */
export interface Store extends ConsumerStore, BackfillStore, ActivityStore {
  /** Stores the callback and what it changes in one transaction. A repeat is counted and changes nothing. */
  append(callback: ReceivedCallback): Promise<AppendedCallback>;
  /**
   * Judges a rejected or unknown callback again and stores the result in its place, in one transaction. Where an equal
   * one was accepted meanwhile, it counts as a repeat of that one.
   * @returns the callback as it is stored now, or why it cannot be retried
   */
  retry(id: string, judge: (kept: UnjudgedCallback) => ReceivedCallback): Promise<CallbackRecord | NoRetry>;
  /**
   * Strikes a callback out, or takes it back: it stays stored, and its group or accounts are rebuilt without it or with it
   * in the same transaction.
   * @returns the callback as it is stored now, or why it stays as it is: 'pruned' where callbacks of its group have been
   *   pruned, so that a rebuild would lose what they said
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
  /** Those that exist, in no order. */
  findGroups(groupIds: readonly string[]): Promise<Group[]>;
  /** Null where nothing is known of the account. */
  findAccount(account: string): Promise<Account | null>;
  /** Counts the groups that were created since then; the most frequent type first. */
  countGroupsByType(since: Date): Promise<{ type: string; count: number }[]>;
  /**
   * By arrival, newest first unless `order` says otherwise: by id, and where a time range is the narrowest filter by
   * receipt, which is another order only for what waited in a spool. `after` is the place of a page's `next`, or a
   * callback's id where the order is that of ids.
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
  /** The callbacks of these ids, and those from one id to another: the newest `limit` of them, newest first. */
  findCallbacks(which: { ids: readonly number[]; from: number; to: number; limit: number }): Promise<CallbackRecord[]>;
  /** 0 where there is none. */
  newestCallbackId(): Promise<number>;
  /**
   * Follows the change feed: once this resolves, `onStored` gets what any receiver stores, right after it is on disk.
   * Where entries may have been lost, because the database was away, an entry of everything since catches up.
   * @returns what ends it
   */
  follow(onStored: (stored: Stored) => void): Promise<() => void>;
  /** The commands of which a callback is stored, with how many came since then. */
  seenCommands(since: Date): Promise<SeenCommands>;
  /** When the newest callback was received, by the clock of its receiver; null where there is none. */
  newestReceipt(): Promise<Date | null>;
  /**
   * Deletes at most `most` callbacks that were received before that time, the oldest first, with their dead letters. Groups
   * stay, and so does what a consumer may still read unless it has been idle for too long.
   * @returns how many it deleted
   */
  pruneCallbacks(before: Date, most: number): Promise<number>;
  /** The progress of an interrupted replay, or null. */
  replayProgress(): Promise<ReplayProgress | null>;
  /**
   * Rebuilds every group from the stored callbacks that are not ignored, each in one transaction, then the accounts, while
   * receivers go on. Continues an interrupted replay; aborted, it ends after the group or the page at hand.
   * @param onProgress is called at the start, after each group and each page of accounts, with the number of groups that
   *   there were
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
