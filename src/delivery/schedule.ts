import { isFresh, type Lane } from './lane.ts';

/** With fewer entries than this, a lane is refilled from the log. */
const REFILLED_BELOW = 20;
/** Scanning 100,000 parked subjects takes about 20 ms, so they are scanned every 400 ms at most. */
const PARKED_PER_MS = 250;
/** Longer than any delay between two attempts. */
const LONGEST_WAIT_MS = 12 * 3_600_000;

/** Decides which lanes can be started, in turn, and what the others wait for. */
export class Schedule {
  #ready: Lane[] = [];
  /** Parked until a time, or until the back-off tries them. */
  readonly #parked = new Set<Lane>();
  /** When the first of them is due, or earlier; milliseconds since 1970. */
  #nextDue = Number.POSITIVE_INFINITY;
  #lookAgainAt = 0;
  /** Lanes whose first entry has to be read. */
  readonly toLoad = new Set<Lane>();
  /** Lanes whose subject has more callbacks in the log. */
  readonly toRefill = new Set<Lane>();

  get ready(): number {
    return this.#ready.length;
  }

  /** Whether a subject that has not failed can be started. */
  get hasFresh(): boolean {
    return this.#ready.some(isFresh);
  }

  /** Reassigns a lane after any change to it. */
  place(lane: Lane): void {
    if (lane.moreAfter !== null && lane.entries.length < REFILLED_BELOW) this.toRefill.add(lane);
    if (lane.running || lane.ready) return;
    this.#parked.delete(lane);
    this.toLoad.delete(lane);
    const [head] = lane.entries;
    if (!head) return;
    const dueAt = lane.failedTrial ? Number.POSITIVE_INFINITY : (lane.stored?.nextAttemptAt ?? 0);
    if (isToCome(dueAt, Date.now())) {
      this.#parked.add(lane);
      this.#nextDue = Math.min(this.#nextDue, dueAt);
    } else if (!head.loaded) this.toLoad.add(lane);
    else {
      lane.ready = true;
      this.#ready.push(lane);
    }
  }

  remove(lane: Lane): void {
    if (lane.ready) this.#ready = this.#ready.filter((other) => other !== lane);
    lane.ready = false;
    this.#parked.delete(lane);
    this.toLoad.delete(lane);
    this.toRefill.delete(lane);
  }

  take(): Lane | null {
    const lane = this.#ready.shift();
    if (!lane) return null;
    lane.ready = false;
    return lane;
  }

  /**
   * The lane that the back-off tries next: a fresh one, or else the least recently tried. Null if it has to be
   * loaded first.
   */
  takeTrial(now: number): Lane | null {
    let lane = this.#ready.find(isFresh);
    if (!lane) {
      for (const other of [...this.#ready, ...this.#parked]) if (!lane || other.triedAt < lane.triedAt) lane = other;
    }
    if (!lane) return null;
    this.remove(lane);
    if (!lane.entries[0]?.loaded) {
      this.toLoad.add(lane);
      return null;
    }
    lane.triedAt = now;
    return lane;
  }

  /** Releases the lanes that are due. @returns when the next one is due */
  wakeDue(now: number): number {
    const lookAt = Math.max(this.#nextDue, this.#lookAgainAt);
    if (isToCome(lookAt, now)) return lookAt;
    this.#lookAgainAt = now + this.#parked.size / PARKED_PER_MS;
    this.#nextDue = Number.POSITIVE_INFINITY;
    for (const lane of [...this.#parked]) this.place(lane);
    return Math.max(this.#nextDue, this.#lookAgainAt);
  }
}

/** A time too far in the future was set before the system clock was set back, and is ignored. */
function isToCome(at: number, now: number): boolean {
  return at > now && (at <= now + LONGEST_WAIT_MS || at === Number.POSITIVE_INFINITY);
}
