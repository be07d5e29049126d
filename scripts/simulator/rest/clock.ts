import { setTimeout as wait } from 'node:timers/promises';

/** Tells the time, and waits. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const REAL_CLOCK: Clock = { now: Date.now, sleep: (milliseconds) => wait(milliseconds) };

/**
 * Time that passes only during sleeps: it jumps to the end of the sleep that ends first. Two hours of waiting for a
 * rate limit take as long as the calls in between.
 */
export class SimulatedClock implements Clock {
  #now: number;
  #pending = false;
  /** Sorted: the sleep that ends first is the last one. */
  readonly #sleeps: { until: number; wake: () => void }[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now = (): number => this.#now;

  /** Milliseconds with any origin. */
  monotonic = (): number => this.#now;

  sleep = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<void>();
    const until = this.#now + Math.max(0, milliseconds);
    const index = this.#sleeps.findLastIndex((other) => other.until > until);
    const sleep = { until, wake: resolve };
    this.#sleeps.splice(index + 1, 0, sleep);
    this.#schedule();
    const abort = () => {
      const place = this.#sleeps.indexOf(sleep);
      if (place >= 0) this.#sleeps.splice(place, 1);
      resolve();
    };
    signal?.addEventListener('abort', abort);
    await promise;
    signal?.removeEventListener('abort', abort);
    signal?.throwIfAborted();
  };

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  #schedule(): void {
    if (this.#pending) return;
    this.#pending = true;
    // A woken caller may have work to do, or sleep for a shorter time.
    setImmediate(() => {
      this.#pending = false;
      const first = this.#sleeps.at(-1);
      if (!first) return;
      this.#sleeps.pop();
      this.#now = Math.max(this.#now, first.until);
      first.wake();
      if (this.#sleeps.length > 0) this.#schedule();
    });
  }
}
