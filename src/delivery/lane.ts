import { randomUUID } from 'node:crypto';
import type { Subject } from '../callback/subject.ts';
import type { Place, StoredDelivery } from '../store/consumers.ts';
import type { Entry } from './window.ts';

/** Callbacks of one subject that may wait in memory, or be listed in a stored delivery. */
export const MOST_WAITING = 200;

/** The deliveries of one subject, one after the other. A callback without a subject has a lane of its own. */
export interface Lane {
  /** The subject as it is stored; empty where the callback stands alone. */
  readonly key: string;
  /** The first is delivered next, or is being delivered. */
  entries: Entry[];
  /** More of the subject are in the log after this place, but not in `entries`; null where there are none. */
  moreAfter: Place | null;
  running: boolean;
  /** Failed attempts of the first entry. */
  attempts: number;
  /** The stored delivery that covers the entries; null while they are in memory only. */
  stored: StoredLane | null;
  /** Stored deliveries that come after the entries. */
  late: StoredDelivery[];
  /** It has failed during the back-off that is on, or was tried without success. */
  failedTrial: boolean;
  /** When the back-off tried it. */
  triedAt: number;
  /** It is in the queue of lanes that can be started. */
  ready: boolean;
}

interface StoredLane {
  id: string;
  error: string | null;
  failedAt: Date | null;
  nextAttemptAt: number;
  /** The last entry that was first and has been read. */
  head: Pick<Entry, 'place' | 'callbackId'>;
}

export function emptyLane(key: string): Lane {
  return {
    key,
    entries: [],
    moreAfter: null,
    running: false,
    attempts: 0,
    stored: null,
    late: [],
    failedTrial: false,
    triedAt: 0,
    ready: false,
  };
}

/** From now on a stored delivery covers the entries. */
export function store(lane: Lane, now: number): StoredLane {
  const [head = entryOf(null, null)] = lane.entries;
  lane.stored ??= { id: randomUUID(), error: null, failedAt: null, nextAttemptAt: now, head };
  for (const entry of lane.entries) entry.settled = true;
  return lane.stored;
}

/** Begins with a stored delivery. */
export function begin(lane: Lane, delivery: StoredDelivery): void {
  const { id, callbackId, place, attempts, error, failedAt, nextAttemptAt, waiting, moreAfter } = delivery;
  const head = entryOf(place, callbackId);
  lane.stored = { id, error, failedAt, nextAttemptAt: nextAttemptAt?.getTime() ?? 0, head };
  lane.attempts = attempts;
  lane.entries = [head, ...waiting.map((place) => entryOf(place, null))];
  lane.moreAfter = moreAfter;
}

export function entryOf(place: Place | null, callbackId: string | null): Entry {
  return { place, callbackId, loaded: null, started: true, settled: true };
}

/**
 * The stored delivery of a lane; null where there is none. Until the callback that comes next has been read, it begins
 * with the one before, which a restart repeats: the callbacks that wait have to be covered all the time.
 */
export function deliveryOf({ key, entries, stored, attempts, moreAfter }: Lane): StoredDelivery | null {
  if (!stored) return null;
  const [first, ...others] = entries;
  const [head, waiting] = first?.callbackId ? [first, others] : [stored.head, entries];
  return {
    id: stored.id,
    callbackId: head.callbackId ?? '',
    place: head.place,
    subject: key,
    status: 'parked',
    attempts,
    error: stored.error,
    failedAt: stored.failedAt,
    nextAttemptAt: new Date(stored.nextAttemptAt),
    late: head.place === null,
    waiting: waiting.flatMap(({ place }) => place ?? []),
    moreAfter,
  };
}

/** Puts a callback behind the entries that a stored delivery covers. */
export function waitBehind(lane: Lane, entry: Entry & { place: Place }): void {
  entry.settled = true;
  if (lane.moreAfter === null && lane.entries.length > MOST_WAITING)
    lane.moreAfter = lane.entries.at(-1)?.place ?? null;
  if (lane.moreAfter === null) lane.entries.push(entry);
}

/** Whether no attempt of its first entry has failed. */
export function isFresh({ attempts, failedTrial }: Lane): boolean {
  return attempts === 0 && !failedTrial;
}

/** A subject as it is stored. */
export function keyOf(subject: Subject | null): string {
  return subject ? JSON.stringify([subject.kind, subject.value]) : '';
}

/** Whether others may wait behind it. Of one subject there is one at most. */
export function hasBegun({ place, waiting, moreAfter, attempts }: StoredDelivery): boolean {
  return place !== null || waiting.length > 0 || moreAfter !== null || attempts > 0;
}
