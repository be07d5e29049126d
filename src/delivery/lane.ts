import { randomUUID } from 'node:crypto';
import type { Subject } from '../callback/subject.ts';
import { comparePlaces, type Place, type StoredDelivery } from '../store/consumers.ts';
import type { Entry } from './window.ts';

/** Limit of waiting callbacks of one subject, in memory and in a stored delivery. */
export const MOST_WAITING = 200;

/** The deliveries of one subject, in order. A callback without a subject has its own lane. */
export interface Lane {
  /** The subject as stored; empty for a callback without a subject. */
  readonly key: string;
  /** The first entry is delivered next, or is being delivered. */
  entries: Entry[];
  /** The log holds more callbacks of the subject after this place that are not in `entries`; null if it holds none. */
  moreAfter: Place | null;
  running: boolean;
  /** Failed attempts of the first entry. */
  attempts: number;
  /** The stored delivery that covers the entries; null while they exist in memory only. */
  stored: StoredLane | null;
  /** Stored deliveries that follow after the entries. */
  late: StoredDelivery[];
  /** Has failed during the present back-off, or a trial of it was unsuccessful. */
  failedTrial: boolean;
  /** Number of failures excused because the success of another subject ended the back-off; reset by a success. */
  excused: number;
  /** When the back-off last tried it. */
  triedAt: number;
  /** Is in the queue of lanes that can be started. */
  ready: boolean;
}

interface StoredLane {
  id: string;
  error: string | null;
  failedAt: Date | null;
  nextAttemptAt: number;
  /** The last first entry that has been read. */
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
    excused: 0,
    triedAt: 0,
    ready: false,
  };
}

/** Creates the stored delivery of the lane if there is none, and lets it cover the entries. */
export function store(lane: Lane, now: number): StoredLane {
  const [head = entryOf(null, null)] = lane.entries;
  lane.stored ??= { id: randomUUID(), error: null, failedAt: null, nextAttemptAt: now, head };
  for (const entry of lane.entries) entry.settled = true;
  return lane.stored;
}

/** Restores the lane from a stored delivery. */
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
 * The lane's stored delivery; null if there is none. Until the next callback has been read, it begins with the previous
 * one, which a restart then repeats: the waiting callbacks must be covered at all times.
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

/** A delivery that comes after all present callbacks of its subject. */
export function lateDelivery(late: Pick<StoredDelivery, 'id' | 'callbackId' | 'subject'>): StoredDelivery {
  const { id, callbackId, subject } = late;
  return {
    ...{ id, callbackId, place: null, subject, status: 'parked', late: true, attempts: 0, error: null },
    ...{ failedAt: null, nextAttemptAt: new Date(), waiting: [], moreAfter: null },
  };
}

/**
 * The dead letter for the first entry. If other entries wait, they keep the stored delivery, and the dead letter gets
 * its own row.
 */
export function deadLetterOf({ key, entries, stored, attempts, moreAfter }: Lane, error: string): StoredDelivery {
  const [head = entryOf(null, null)] = entries;
  const isLast = entries.length === 1 && moreAfter === null;
  const id = (isLast && stored?.id) || randomUUID();
  const { callbackId, place } = head;
  return {
    ...{ id, callbackId: callbackId ?? '', place, subject: key, status: 'dead', late: place === null },
    ...{ attempts: attempts + 1, error, failedAt: new Date(), nextAttemptAt: null, waiting: [], moreAfter: null },
  };
}

/** The lowest place that the lane's stored delivery needs; null if it needs none. */
export function lowestStored({ stored, entries, moreAfter }: Lane): Place | null {
  return stored && (entries.find(({ place }) => place !== null)?.place ?? moreAfter);
}

/** Removes the entries after a place. @returns the removed entries */
export function cutAfter(lane: Lane, limit: Place): Entry[] {
  const stays = ({ place }: Entry) => place === null || comparePlaces(place, limit) <= 0;
  const [head] = lane.entries;
  if (head && !stays(head)) lane.attempts = 0;
  const gone = lane.entries.filter((entry) => !stays(entry));
  lane.entries = lane.entries.filter(stays);
  if (lane.moreAfter !== null && comparePlaces(lane.moreAfter, limit) >= 0) lane.moreAfter = null;
  return gone;
}

/** Queues a callback behind the entries that a stored delivery covers. */
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

/** The subject as it is stored. */
export function keyOf(subject: Subject | null): string {
  return subject ? JSON.stringify([subject.kind, subject.value]) : '';
}

/** Whether other callbacks may wait behind this delivery. A subject has one such delivery at most. */
export function hasBegun({ place, waiting, moreAfter, attempts }: StoredDelivery): boolean {
  return place !== null || waiting.length > 0 || moreAfter !== null || attempts > 0;
}

/** Deliveries to write and to delete. */
export interface Changes {
  put: StoredDelivery[];
  done: string[];
}

/** Tracks which stored deliveries have changed since the last save. */
export class Unsaved {
  readonly #changed = new Set<Lane>();
  /** Dead letters, and late deliveries that have not begun. */
  readonly #put = new Map<string, StoredDelivery>();
  readonly #done = new Set<string>();

  /** The content of the lane's stored delivery has changed. */
  change(lane: Lane): void {
    this.#changed.add(lane);
  }

  put(delivery: StoredDelivery): void {
    this.#done.delete(delivery.id);
    this.#put.set(delivery.id, delivery);
  }

  /** The lane's stored delivery has ended. */
  done(lane: Lane): void {
    if (!lane.stored) return;
    this.#changed.delete(lane);
    this.#put.delete(lane.stored.id);
    this.#done.add(lane.stored.id);
  }

  take(): Changes {
    const changed = [...this.#changed].flatMap((lane) => deliveryOf(lane) ?? []);
    const changes = { put: [...this.#put.values(), ...changed], done: [...this.#done] };
    this.#changed.clear();
    this.#put.clear();
    this.#done.clear();
    return changes;
  }

  /** Takes changes back that could not be saved. @param lanes by the id of their stored delivery */
  revert({ put, done }: Changes, lanes: ReadonlyMap<string, Lane>): void {
    for (const id of done) if (!this.#put.has(id)) this.#done.add(id);
    for (const delivery of put) {
      const { id } = delivery;
      const lane = lanes.get(id);
      if (lane?.stored?.id === id) this.#changed.add(lane);
      else if (!this.#done.has(id) && !this.#put.has(id)) this.#put.set(id, delivery);
    }
  }
}
