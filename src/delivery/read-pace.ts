/** How often the log is looked at although nobody says that there is something new. */
export const POLL_MS = 1_000;
/** After a read that found the end of the log: what commits meanwhile is read together. */
const GATHER_MS = 5;
/** The same where many come: a read costs as much as some 30 callbacks. */
const GATHER_MANY_MS = 15;
const MANY = 40;

/** When a session reads on in the log. */
export class ReadPace {
  /** Counts the calls for a look at the log. */
  #calls = 0;
  #callsBefore = 0;
  #atEnd = false;
  #readAt = 0;
  #gatherMs = GATHER_MS;

  /** There may be something new. */
  call(): void {
    this.#calls += 1;
    this.#atEnd = false;
  }

  /** Whether there may be something to read. */
  get isDue(): boolean {
    return !this.#atEnd || performance.now() >= this.#readAt + POLL_MS;
  }

  /** How long the next read waits; 0 or less: not at all. */
  get waitMs(): number {
    return this.isDue ? this.#readAt + this.#gatherMs - performance.now() : POLL_MS;
  }

  begin(): void {
    this.#callsBefore = this.#calls;
  }

  /** @param count how many callbacks were read @param isEnd there are no others yet */
  end(count: number, isEnd: boolean): void {
    this.#readAt = isEnd ? performance.now() : 0;
    this.#gatherMs = count < MANY ? GATHER_MS : GATHER_MANY_MS;
    this.#atEnd = isEnd && this.#calls === this.#callsBefore;
  }
}
