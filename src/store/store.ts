import type { components } from '../../generated/admin.ts';
import type { Change } from '../groups/facts.ts';
import type { Group, GroupDetail } from '../groups/view.ts';

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
  /** Of an accepted before-callback: how it was first answered. */
  decision?: Decision | null;
  /** Repeats that the spool has already counted. */
  repeats?: number;
  /** What it changes in its group. */
  change: Change | null;
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
}

/** Where a page of a list ended. */
export interface GroupPlace {
  /** Milliseconds since 1970. */
  createdAt: number;
  groupId: string;
}

export interface Page<Item, Place> {
  items: Item[];
  /** Where the next page starts after; null on the last. */
  next: Place | null;
}

export interface Health {
  /** Callbacks can be taken. */
  ready: boolean;
  /** Callbacks that wait on this machine for the database to come back; absent where there is no such place. */
  spool?: Spooled & {
    /** Callbacks go there now. */
    inUse: boolean;
  };
}

export interface Spooled {
  depth: number;
  /** How long the oldest has waited. */
  oldestSeconds: number;
}

/** What a store took in: the ids of new callbacks, first to last, and of those that changed. */
export interface Stored {
  /** Higher than `to` where no callback is new. Others may have got ids in between. */
  from: number;
  to: number;
  changed: readonly number[];
}

/** Hears what a store does beside what it is asked for; must return at once. */
export interface StoreObserver {
  committed(callbacks: number, seconds: number): void;
  pruned(reason: 'retention' | 'rejects', callbacks: number): void;
}

/**
 * The groups and callbacks of one app, on one database. Whatever an implementation promises to have written is on disk.
 * Every method rejects when the database fails; nothing is half-written then.
 */
export interface Store {
  /** The one write: the callback and what it changes, in one transaction. A repeat is counted and changes nothing. */
  append(callback: ReceivedCallback): Promise<AppendedCallback>;
  /**
   * Judges a kept callback (rejected or unknown) again and stores what `judge` makes of it, in one transaction. Where
   * an equal one was accepted meanwhile, it counts as a repeat of that one.
   * @returns the callback as it now stands, or why there is nothing to judge
   */
  retry(
    id: string,
    judge: (kept: UnjudgedCallback) => ReceivedCallback,
  ): Promise<CallbackRecord | 'not found' | 'already accepted'>;
  /** Newest first by creation. `search` is looked for in name, id and owner, whatever the case of ASCII letters. */
  listGroups(filter: {
    search?: string | undefined;
    types?: readonly string[] | undefined;
    owner?: string | undefined;
    limit: number;
    after?: GroupPlace | undefined;
  }): Promise<Page<Group, GroupPlace>>;
  findGroup(groupId: string): Promise<GroupDetail | null>;
  /** Those of them that there are, in no order. */
  findGroups(groupIds: readonly string[]): Promise<Group[]>;
  /** Of the groups that were created since then; the most frequent type first. */
  countGroupsByType(since: Date): Promise<{ type: string; count: number }[]>;
  /** Newest first by arrival. `after` is a callback's id. */
  listCallbacks(filter: {
    command?: string | undefined;
    status?: CallbackRecord['status'] | undefined;
    groupId?: string | undefined;
    repeated?: boolean | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<Page<CallbackRecord, string>>;
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
   * Once it resolves, tells what is stored, by this receiver or by another, right after it is on disk. Where something may
   * have been missed, because the database was away, it tells of everything since.
   * @returns what ends it
   */
  follow(onStored: (stored: Stored) => void): Promise<() => void>;
  /**
   * Deletes callbacks that were received before that time, the oldest first, at most `most`. Groups stay.
   * @returns how many there were
   */
  pruneCallbacks(before: Date, most: number): Promise<number>;
  health(): Promise<Health>;
  /** Waits for what was appended, then lets go of the database. */
  close(): Promise<void>;
}
