import type { components } from '../../generated/admin.ts';
import type { Change } from '../groups/facts.ts';
import type { Group, GroupDetail } from '../groups/view.ts';

/** A callback in the read API's shape. */
export type Callback = components['schemas']['Callback'];
export type CallbackDetail = components['schemas']['CallbackDetail'];
/** How a before-callback was answered. */
export type Decision = components['schemas']['Decision'];

/** A callback to be kept: as received, what it was judged to be, and what it changes. */
export interface ReceivedCallback {
  /** A UUID given on arrival: a row written twice, because nobody could tell whether the first write worked, is one. */
  arrival: string;
  /** The query string, untouched. */
  query: string;
  /** The body's bytes, untouched but for a message's content where that is not kept. */
  body: Uint8Array;
  /** What tells repeats of it, where the body is not (or may not be) the one that came. */
  onceKey?: Uint8Array | undefined;
  receivedAt: Date;
  status: Callback['status'];
  command: string;
  groupId: string | null;
  eventTime: Date | null;
  /** Its body carries an event time, so an equal body is a repeat of it; without one two equal bodies are two events. */
  tellsRepeats: boolean;
  reason: string | null;
  /** Of an accepted before-callback: how it was first answered. */
  decision?: Decision | null;
  /** Repeats of it that were counted before it came here. */
  repeats?: number;
  /** What it says of a group. What a newer callback said of the same stays. */
  change: Change | null;
}

/** What a callback is judged from: on arrival, and whenever what was kept of it is judged again. */
export type Judged = Pick<ReceivedCallback, 'arrival' | 'query' | 'body' | 'receivedAt' | 'onceKey' | 'decision'> & {
  /** Why it was not accepted before. */
  rejectedFor?: string | null;
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
  retry(id: string, judge: (kept: Judged) => ReceivedCallback): Promise<Callback | 'not found' | 'already accepted'>;
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
    status?: Callback['status'] | undefined;
    groupId?: string | undefined;
    repeated?: boolean | undefined;
    limit: number;
    after?: string | undefined;
  }): Promise<Page<Callback, string>>;
  /** The callbacks that name a group, as received, newest first by arrival. `after` is a callback's id. */
  listHistory(filter: {
    groupId: string;
    limit: number;
    after?: string | undefined;
  }): Promise<Page<CallbackDetail, string>>;
  findCallback(id: string): Promise<CallbackDetail | null>;
  /** The callbacks of these ids, and those from one id to another: the newest `limit` of them, newest first. */
  findCallbacks(which: { ids: readonly number[]; from: number; to: number; limit: number }): Promise<Callback[]>;
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
