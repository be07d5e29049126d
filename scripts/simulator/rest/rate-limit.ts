const WINDOW_MS = 1000;

/** A rate limit over a sliding window of one second. Refused calls do not count. */
export class RateLimit {
  readonly #perSecond: number;
  /** Times of the latest accepted calls, as a ring buffer. */
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
