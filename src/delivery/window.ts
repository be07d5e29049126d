import { comparePlaces, type Place } from '../store/consumers.ts';
import type { ReadCallback } from './read.ts';
import type { Delivery } from './target.ts';

const MOST_LOADED = 1_000;
const MOST_BYTES = 16 * 1024 * 1024;

/** A callback that has been read, with its group. */
export interface Loaded {
  read: ReadCallback;
  group: Delivery['group'];
}

/** A callback that is to be delivered. */
export interface Entry {
  /** Null for a late delivery, which stands outside the log order. */
  readonly place: Place | null;
  /** Null until it has been read: only the places of waiting callbacks are stored. */
  callbackId: string | null;
  /** The part in memory. */
  loaded: Loaded | null;
  /** A restart begins with it: it has been started, or precedes one that has. */
  started: boolean;
  /** It is delivered, or covered by a stored delivery. */
  settled: boolean;
}

/** An entry of the log. */
export type LogEntry = Entry & { place: Place };

/** The part of the log that has been read but not settled: what a restart needs to know. */
export class LogWindow {
  /** Not settled when last examined, in log order. */
  #entries: Entry[];
  #place: Place;
  #readTo: Place;

  /** @param open what a restart has to deliver before it reads on from `place` */
  constructor(place: Place, open: readonly Entry[]) {
    this.#place = place;
    this.#readTo = place;
    this.#entries = [...open];
  }

  /** The log has been read up to here. */
  get readTo(): Place {
    return this.#readTo;
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    this.#readTo = entry.place;
  }

  /** Skips a callback that is not delivered. */
  pass(place: Place): void {
    this.#readTo = place;
  }

  /** The state to store: the cursor, and the places up to it that are still open. */
  progress(): { place: Place; open: Place[] } {
    const last = this.#entries.findLastIndex((entry) => entry.started || entry.settled);
    const reached = last === this.#entries.length - 1 ? this.#readTo : this.#entries[last]?.place;
    if (reached && comparePlaces(reached, this.#place) > 0) this.#place = reached;
    const open = this.#entries.slice(0, last + 1).filter(({ settled }) => !settled);
    // The cursor has passed them for good, even where the entries settled after them are forgotten now.
    for (const entry of open) entry.started = true;
    this.#entries = [...open, ...this.#entries.slice(last + 1)];
    return { place: this.#place, open: open.flatMap(({ place }) => place ?? []) };
  }
}

/** Bounds the memory for a consumer's loaded callbacks. */
export class Memory {
  #loaded = 0;
  #bytes = 0;

  /** How many more callbacks may be read. One read is a few megabytes at most. */
  get room(): number {
    return this.#bytes < MOST_BYTES / 2 ? Math.max(MOST_LOADED - this.#loaded, 0) : 0;
  }

  /** Whether there is room for several reads. */
  get hasPlenty(): boolean {
    return this.#loaded < MOST_LOADED / 2 && this.#bytes < MOST_BYTES / 4;
  }

  load(entry: Entry, loaded: Loaded): void {
    entry.loaded = loaded;
    this.#loaded += 1;
    this.#bytes += loaded.read.bytes;
  }

  unload(entry: Entry): void {
    if (!entry.loaded) return;
    this.#loaded -= 1;
    this.#bytes -= entry.loaded.read.bytes;
    entry.loaded = null;
  }
}
