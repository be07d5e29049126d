import { setTimeout as sleep } from 'node:timers/promises';

/** Clock of rate limits, back-off and signatures; tests run on simulated time. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds of a monotonic clock with any origin. */
  monotonic(): number;
  /** @throws the signal's reason once it is aborted */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, { ...(signal && { signal }) });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

/** Share of the allowed rate that refills the bucket. */
const REFILLED = 0.95;
/**
 * Share of it that may come at once. The rest is a reserve for delayed calls: the vendor must not see too many in any
 * second.
 */
const BURST = 0.02;
/** A missing part of a token below this counts as none: a sleep for a rounding error may not advance the clock. */
const ROUNDED = 1e-3;

/** Token bucket: never exceeds the rate in any second, and stays 5 % below it over time. First come, first served. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt: number;
  #pausedUntil = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(perSecond: number, clock: Clock) {
    this.#clock = clock;
    this.#perMs = (perSecond * REFILLED) / 1_000;
    this.#burst = Math.max(1, perSecond * BURST);
    this.#tokens = this.#burst;
    this.#filledAt = clock.monotonic();
  }

  /** Resolves when the next call may be made. */
  take(signal?: AbortSignal): Promise<void> {
    const turn = this.#last.then(() => this.#takeNext(signal));
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** The vendor reports too many calls, perhaps other callers': pauses all calls. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.monotonic() + ms);
  }

  async #takeNext(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const waitMs = this.#fill();
      if (waitMs <= 0) break;
      await this.#clock.sleep(waitMs, signal);
    }
    this.#tokens -= 1;
  }

  /** @returns milliseconds until a token is available */
  #fill(): number {
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#filledAt) * this.#perMs);
    this.#filledAt = now;
    const missing = 1 - this.#tokens;
    return Math.max(missing > ROUNDED ? missing / this.#perMs : 0, this.#pausedUntil - now);
  }
}

/** Limits concurrency. First come, first served. */
export class Slots {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  async run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      signal?.throwIfAborted();
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

/** Rejects at once when the signal is aborted, even if the work takes a moment to notice. */
export async function untilAborted<Result>(work: Promise<Result>, signal?: AbortSignal): Promise<Result> {
  if (!signal) return work;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
