import { comparePlaces, type Lease, type Place, type StoredDelivery } from '../store/consumers.ts';
import {
  begin,
  type Changes,
  cutAfter,
  deadLetterOf,
  emptyLane,
  entryOf,
  hasBegun,
  isFresh,
  keyOf,
  type Lane,
  lateDelivery,
  lowestStored,
  MOST_WAITING,
  store,
  Unsaved,
  waitBehind,
} from './lane.ts';
import { Schedule } from './schedule.ts';
import { type Entry, type Loaded, type LogEntry, LogWindow, Memory } from './window.ts';

/** Entries of one subject that are read again at once. */
const PREFETCHED = 50;

/**
 * The callbacks that a consumer has read but not delivered, in order per subject. In memory only: the session reads,
 * delivers and saves, so that each save is one consistent state.
 */
export class Subjects {
  readonly #lanes = new Map<string, Lane>();
  readonly #alone = new Set<Lane>();
  /** By the id of stored deliveries that are not dead. */
  readonly #byDelivery = new Map<string, Lane>();
  readonly #schedule = new Schedule();
  readonly #unsaved = new Unsaved();
  readonly #memory = new Memory();
  #window: LogWindow;
  /** The lowest place that a stored delivery needs, or a lower one; null if it has to be computed. */
  #floor: Place | null = null;
  /** What a restart begins with, in order: must be read and passed to `reopen` before anything else. */
  readonly open: readonly LogEntry[];

  constructor({ place, open, parked }: Pick<Lease, 'place' | 'open' | 'parked'>) {
    this.open = open.map((place) => ({ ...entryOf(place, null), place, settled: false }));
    this.#window = new LogWindow(place, this.open);
    for (const delivery of parked) {
      const lane = this.#laneOf(delivery.subject);
      this.#byDelivery.set(delivery.id, lane);
      if (hasBegun(delivery) && !lane.stored) begin(lane, delivery);
      else lane.late.push(delivery);
    }
  }

  get readTo(): Place {
    return this.#window.readTo;
  }

  /** How many more callbacks may be read. */
  get room(): number {
    return this.#memory.room;
  }

  /** Lanes that can be started. */
  get ready(): number {
    return this.#schedule.ready;
  }

  /** Whether something has to be read before it can be delivered. */
  get hasToRead(): boolean {
    return this.#schedule.toLoad.size > 0 || this.#schedule.toRefill.size > 0;
  }

  /** Whether a subject that has not failed can be started. */
  get hasFresh(): boolean {
    return this.#schedule.hasFresh;
  }

  /** The next callback of the log. */
  append(place: Place, loaded: Loaded): void {
    const entry = { ...entryOf(place, loaded.read.callbackId), place, started: false, settled: false };
    this.#window.add(entry);
    this.#add(entry, loaded);
  }

  /** The next callback of the log is not delivered. */
  pass(place: Place): void {
    this.#window.pass(place);
  }

  /** @param found for each of `open`, what has been read; null if it is no longer delivered */
  reopen(found: readonly (Loaded | null)[]): void {
    for (const [index, entry] of this.open.entries()) {
      const loaded = found[index];
      entry.callbackId = loaded?.read.callbackId ?? null;
      if (loaded) this.#add(entry, loaded);
      else entry.settled = true;
    }
    for (const lane of this.#all()) this.#consider(lane);
  }

  #add(entry: LogEntry, loaded: Loaded): void {
    const lane = this.#laneOf(keyOf(loaded.read.subject));
    if (lane.stored) {
      if (lane.moreAfter === null) this.#unsaved.change(lane);
      waitBehind(lane, entry);
    } else {
      this.#memory.load(entry, loaded);
      lane.entries.push(entry);
      if (lane.entries.length > MOST_WAITING) this.#store(lane);
    }
    this.#consider(lane);
  }

  /** The next lane that can be started; its first entry counts as running from now on. */
  take(): Lane | null {
    return this.#start(this.#schedule.take());
  }

  /** Like `take`, for the back-off. */
  takeTrial(now: number): Lane | null {
    return this.#start(this.#schedule.takeTrial(now));
  }

  #start(lane: Lane | null): Lane | null {
    if (lane?.entries[0]) {
      lane.running = true;
      lane.entries[0].started = true;
    }
    return lane;
  }

  succeeded(lane: Lane): void {
    lane.running = false;
    this.#shift(lane);
    this.#consider(lane);
  }

  /** After a failed attempt: later callbacks of the subject wait for the next one. */
  park(lane: Lane, error: string, nextAttemptAt: number): void {
    lane.running = false;
    lane.attempts += 1;
    Object.assign(this.#store(lane), { error, failedAt: new Date(), nextAttemptAt });
    for (const entry of lane.entries) this.#memory.unload(entry);
    this.#consider(lane);
  }

  /** Gives the first entry up; the subject continues with the next. */
  die(lane: Lane, error: string): void {
    lane.running = false;
    const dead = deadLetterOf(lane, error);
    this.#shift(lane);
    this.#consider(lane);
    this.#unsaved.put(dead);
  }

  /** After an attempt that does not count; the callback is read again before the next one. */
  giveBack(lane: Lane, failedTrial: boolean): void {
    lane.running = false;
    lane.failedTrial = failedTrial;
    if (lane.entries[0]) this.#memory.unload(lane.entries[0]);
    this.#consider(lane);
  }

  /** After the back-off: makes the failures during it due now. */
  resume(): void {
    for (const lane of this.#all()) {
      if (!lane.failedTrial) continue;
      lane.failedTrial = false;
      lane.excused += 1;
      this.#consider(lane);
    }
  }

  /** Makes an entry that failed before the back-off began due now, and restores its number of attempts. */
  refund(lane: Lane, entry: Entry, attempts: number): void {
    if (lane.entries[0] !== entry || !lane.stored) return;
    lane.attempts = Math.min(lane.attempts, attempts);
    lane.excused += 1;
    if (!lane.running && !lane.ready) this.#memory.unload(entry);
    this.#dueNow(lane);
  }

  /** @returns false if no waiting delivery has the id */
  retry(deliveryId: string): boolean {
    const lane = this.#byDelivery.get(deliveryId);
    if (lane?.stored?.id === deliveryId) {
      lane.triedAt = 0;
      this.#dueNow(lane);
    }
    return lane !== undefined;
  }

  #dueNow(lane: Lane): void {
    if (lane.stored) lane.stored.nextAttemptAt = Date.now();
    this.#unsaved.change(lane);
    this.#consider(lane);
  }

  /** Delivers a callback after all present ones of its subject. */
  addLate(delivery: Pick<StoredDelivery, 'id' | 'callbackId' | 'subject'>): void {
    const late = lateDelivery(delivery);
    this.#unsaved.put(late);
    const lane = this.#laneOf(late.subject);
    this.#byDelivery.set(late.id, lane);
    lane.late.push(late);
    this.#consider(lane);
  }

  /** Releases the lanes that are due. @returns when the next one is due, in milliseconds since 1970 */
  wakeDue(now: number): number {
    return this.#schedule.wakeDue(now);
  }

  /** Entries to read, about `most` in total. Nothing behind a failed entry is read: it may fail again. */
  toLoad(most: number): { lane: Lane; entries: Entry[] }[] {
    const batch: { lane: Lane; entries: Entry[] }[] = [];
    for (const lane of this.#schedule.toLoad) {
      if (most <= 0) break;
      const next = lane.entries.slice(0, isFresh(lane) ? Math.min(PREFETCHED, most) : 1);
      const entries = next.filter(({ loaded }) => !loaded);
      batch.push({ lane, entries });
      most -= entries.length;
    }
    return batch;
  }

  /** @param find what has been read of an entry; null if it is no longer delivered, undefined if it was not read */
  load(batch: ReturnType<Subjects['toLoad']>, find: (entry: Entry) => Loaded | null | undefined): void {
    for (const { lane, entries } of batch) {
      const gone = new Set<Entry>();
      for (const entry of entries) {
        const loaded = find(entry);
        if (loaded) {
          entry.callbackId = loaded.read.callbackId;
          this.#memory.load(entry, loaded);
        } else if (loaded === null) gone.add(entry);
      }
      const [head] = lane.entries;
      if (head && gone.delete(head)) this.#shift(lane);
      lane.entries = lane.entries.filter((entry) => !gone.has(entry));
      for (const entry of gone) entry.settled = true;
      if (lane.stored) this.#unsaved.change(lane);
      this.#consider(lane);
    }
  }

  /** A lane that needs more callbacks from the log, after its `moreAfter`; null if there is none. */
  toRefill(): Lane | null {
    return this.#schedule.toRefill.values().next().value ?? null;
  }

  /**
   * @param read the callbacks after the lane's `moreAfter`, in order; null where one is not delivered
   * @param isEnd whether these are all callbacks up to `readTo`
   */
  refill(lane: Lane, read: readonly { place: Place; loaded: Loaded | null }[], isEnd: boolean): void {
    this.#schedule.toRefill.delete(lane);
    this.#unsaved.change(lane);
    let isFull = false;
    for (const { place, loaded } of read) {
      if (loaded && keyOf(loaded.read.subject) === lane.key) {
        isFull = lane.entries.length > MOST_WAITING;
        if (isFull) break;
        const entry = entryOf(place, loaded.read.callbackId);
        lane.entries.push(entry);
        // A failed entry may wait for minutes.
        if (this.room > 0 && isFresh(lane)) this.#memory.load(entry, loaded);
      }
      lane.moreAfter = place;
    }
    if (isEnd && !isFull) lane.moreAfter = null;
    this.#consider(lane);
  }

  /** Memory is full of callbacks that wait for a running one of their subject: from now on, the store keeps them. */
  makeRoom(): void {
    const blocked = [...this.#lanes.values()].filter(({ running, entries }) => running && entries.length > 1);
    for (const lane of blocked.sort((one, other) => other.entries.length - one.entries.length)) {
      if (this.#memory.hasPlenty) return;
      this.#store(lane);
      for (const entry of lane.entries.slice(1)) this.#memory.unload(entry);
    }
  }

  /** Reads again what has not been started: it may have been ignored since. */
  readAgain(): void {
    for (const lane of this.#all()) {
      this.#schedule.remove(lane);
      for (const entry of lane.entries) if (!lane.running || entry !== lane.entries[0]) this.#memory.unload(entry);
      this.#consider(lane);
    }
  }

  /** Moves the cursor. Nothing may be running. Open entries up to the lower of the old and the new place stay open. */
  rewind(to: Place): void {
    const { place } = this.#window.progress();
    const limit = lower(to, place);
    const open: Entry[] = [];
    for (const lane of this.#all()) {
      this.#schedule.remove(lane);
      for (const entry of cutAfter(lane, limit)) this.#memory.unload(entry);
      if (lane.stored) this.#unsaved.change(lane);
      else open.push(...lane.entries);
    }
    for (const entry of open) entry.started = true;
    open.sort((one, other) => comparePlaces(one.place ?? limit, other.place ?? limit));
    this.#window = new LogWindow(to, open);
    this.#floor = null;
    for (const lane of this.#all()) this.#consider(lane);
  }

  /** The state to save. If the save fails, `revert` takes the changes back. */
  takeProgress(): { place: Place; open: Place[]; floor: Place; changes: Changes } {
    const { place, open } = this.#window.progress();
    this.#floor ??= lowest(this.#all().map(lowestStored));
    const floor = lowest([place, open[0] ?? null, this.#floor]) ?? place;
    return { place, open, floor, changes: this.#unsaved.take() };
  }

  revert(changes: Changes): void {
    this.#unsaved.revert(changes, this.#byDelivery);
  }

  /** Called periodically: until it is computed again, the floor may be lower than necessary. */
  refreshFloor(): void {
    this.#floor = null;
  }

  #store(lane: Lane): NonNullable<Lane['stored']> {
    const stored = store(lane, Date.now());
    this.#byDelivery.set(stored.id, lane);
    this.#unsaved.change(lane);
    const first = lane.entries[0]?.place;
    if (first && this.#floor !== null) this.#floor = lower(this.#floor, first);
    return stored;
  }

  /** The first entry is delivered, dead, or no longer delivered. */
  #shift(lane: Lane): void {
    const entry = lane.entries.shift();
    if (entry) {
      this.#memory.unload(entry);
      entry.settled = true;
    }
    lane.attempts = 0;
    lane.failedTrial = false;
    lane.excused = 0;
    if (!lane.stored) return;
    if (entry?.callbackId) lane.stored.head = entry;
    Object.assign(lane.stored, { error: null, failedAt: null, nextAttemptAt: Date.now() });
    this.#unsaved.change(lane);
  }

  #consider(lane: Lane): void {
    if (lane.entries.length === 0 && lane.moreAfter === null && !lane.running) this.#beginNext(lane);
    this.#schedule.place(lane);
  }

  /** All entries are done: begins a late delivery if there is one. */
  #beginNext(lane: Lane): void {
    if (lane.stored) {
      this.#unsaved.done(lane);
      this.#byDelivery.delete(lane.stored.id);
      lane.stored = null;
    }
    const late = lane.late.shift();
    if (late) begin(lane, late);
    else {
      this.#schedule.remove(lane);
      this.#lanes.delete(lane.key);
      this.#alone.delete(lane);
    }
  }

  #laneOf(key: string): Lane {
    const known = key === '' ? undefined : this.#lanes.get(key);
    if (known) return known;
    const lane = emptyLane(key);
    if (key === '') this.#alone.add(lane);
    else this.#lanes.set(key, lane);
    return lane;
  }

  #all(): Lane[] {
    return [...this.#lanes.values(), ...this.#alone];
  }
}

function lowest(places: readonly (Place | null)[]): Place | null {
  return places.reduce((one, other) => (one && other ? lower(one, other) : (one ?? other)), null);
}

function lower(one: Place, other: Place): Place {
  return comparePlaces(one, other) <= 0 ? one : other;
}
