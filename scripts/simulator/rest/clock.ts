import { setTimeout as wait } from 'node:timers/promises';

/** What tells the time, and waits by it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const REAL_CLOCK: Clock = { now: Date.now, sleep: (milliseconds) => wait(milliseconds) };

/**
 * Time that passes only while somebody sleeps: at once, to the end of the sleep that ends first. Two hours of waiting for
 * a rate limit take as long as the calls between them.
 */
export class SimulatedClock implements Clock {
  #now: number;
  #pending = false;
  /** The sleep that ends first is the last one. */
  readonly #sleeps: { until: number; wake: () => void }[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now = (): number => this.#now;

  sleep = (milliseconds: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const until = this.#now + Math.max(0, milliseconds);
    const index = this.#sleeps.findLastIndex((other) => other.until > until);
    this.#sleeps.splice(index + 1, 0, { until, wake: resolve });
    this.#schedule();
    return promise;
  };

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  #schedule(): void {
    if (this.#pending) return;
    this.#pending = true;
    // Whoever was woken may have something to do, or may sleep for a shorter time.
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
