import { performance } from 'node:perf_hooks';

/** Load is a burst if on average this many callbacks wait for the store */
const WAITING = 24;
/** and the event loop is busy for this share of the time. At full load, it is 0.55 to 0.8 without deliveries. */
const BUSY = 0.4;
/** Callbacks in the moving average. */
const AVERAGED = 32;
/** Interval between two measurements. */
const LOOK_MS = 100;
/**
 * A burst lasts this long at most, so that deliveries do not fall behind for good, and must be over for `OVER_MS`
 * before the next one.
 */
const LONGEST_MS = 10_000;
const OVER_MS = 1_000;

interface Clocks {
  /** Monotonic clock in milliseconds, and how many of them the event loop was busy. */
  now(): number;
  busyMs(): number;
}

const CLOCKS: Clocks = { now: () => performance.now(), busyMs: () => performance.eventLoopUtilization().active };

/**
 * Detects a burst of callbacks. The vendor waits 2 s for an answer, while deliveries to other processes can wait: in a
 * burst, they take a small share of the processor, and catch up afterwards.
 */
export class Burst {
  readonly #clocks: Clocks;
  #waiting = 0;
  #average = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #isBusy = false;
  #look: { at: number; busyMs: number };
  /** When the burst began, and when it was last seen. */
  #began = Number.NEGATIVE_INFINITY;
  #seen = Number.NEGATIVE_INFINITY;

  constructor(clocks = CLOCKS) {
    this.#clocks = clocks;
    this.#look = { at: clocks.now(), busyMs: clocks.busyMs() };
  }

  /** Counts a callback as waiting until it is stored. */
  async whileStored<Result>(stored: Promise<Result>): Promise<Result> {
    this.#waiting += 1;
    this.#average += (this.#waiting - this.#average) / AVERAGED;
    this.#lastAt = this.#clocks.now();
    try {
      return await stored;
    } finally {
      this.#waiting -= 1;
    }
  }

  get isOn(): boolean {
    const at = this.#clocks.now();
    if (at >= this.#look.at + LOOK_MS) {
      const busyMs = this.#clocks.busyMs();
      this.#isBusy = busyMs - this.#look.busyMs >= BUSY * (at - this.#look.at);
      this.#look = { at, busyMs };
    }
    if (!this.#isBusy || this.#average < WAITING || at >= this.#lastAt + LOOK_MS) return false;
    if (at > this.#seen + OVER_MS) this.#began = at;
    this.#seen = at;
    return at < this.#began + LONGEST_MS;
  }
}
