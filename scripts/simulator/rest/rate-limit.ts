const WINDOW_MS = 1000;

/** A rate limit over a sliding window of one second. Calls that it refuses do not count. */
export class RateLimit {
  readonly #perSecond: number;
  /** When the latest calls were taken, as a ring: the oldest is overwritten. */
  readonly #taken: number[] = [];
  #oldest = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** @param now milliseconds */
  take(now: number): boolean {
    if (this.#taken.length < this.#perSecond) {
      this.#taken.push(now);
      return true;
    }
    if (now - (this.#taken[this.#oldest] as number) < WINDOW_MS) return false;
    this.#taken[this.#oldest] = now;
    this.#oldest = (this.#oldest + 1) % this.#perSecond;
    return true;
  }
}
