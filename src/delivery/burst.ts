import { performance } from 'node:perf_hooks';

/** A burst: on average so many callbacks wait for the store, */
const WAITING = 24;
/** and the event loop is busy for this share of the time. At full load it is for 0.55 to 0.8, deliveries aside. */
const BUSY = 0.4;
/** Callbacks that the average is taken of. */
const AVERAGED = 32;
/** How long what was found holds. */
const LOOK_MS = 100;
/** Longer than this, load is no burst: deliveries must not fall behind for good. It has to be over for a while to begin again. */
const LONGEST_MS = 10_000;
const OVER_MS = 1_000;

interface Clocks {
  /** Milliseconds of a monotonic clock, and how many of them the event loop was busy for. */
  now(): number;
  busyMs(): number;
}

const CLOCKS: Clocks = { now: () => performance.now(), busyMs: () => performance.eventLoopUtilization().active };

/**
 * Whether callbacks come in a burst. The vendor waits 2 s for an answer, deliveries out of the process can wait: in a burst
 * they take a small share of the processor, and catch up when it is over.
 */
export class Burst {
  readonly #clocks: Clocks;
  #waiting = 0;
  #average = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #isBusy = false;
  #look: { at: number; busyMs: number };
  /** When the burst began, and when it was seen last. */
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
