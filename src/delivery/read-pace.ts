import type { Burst } from './burst.ts';
import { BATCH } from './log-reader.ts';

/** How often the log is looked at although nobody says that there is something new. */
export const POLL_MS = 1_000;
/** After a read that found the end of the log: what commits meanwhile is read together. */
const GATHER_MS = 5;
/** The same where many come: a read costs as much as some 30 callbacks. */
const GATHER_MANY_MS = 15;
const MANY = 40;
/** In a burst a consumer reads 640 callbacks a second. */
const BURST_BATCH = 64;
const BURST_GATHER_MS = 100;

/** When a session reads on in the log. */
export class ReadPace {
  readonly #burst: Pick<Burst, 'isOn'>;
  /** Counts the calls for a look at the log. */
  #calls = 0;
  #callsBefore = 0;
  #atEnd = false;
  #readAt = 0;
  #gatherMs = GATHER_MS;

  constructor(burst: Pick<Burst, 'isOn'>) {
    this.#burst = burst;
  }

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

  /** How many callbacks are read at once. */
  get batch(): number {
    return this.#burst.isOn ? BURST_BATCH : BATCH;
  }

  begin(): void {
    this.#callsBefore = this.#calls;
  }

  /** @param count how many callbacks were read @param isEnd there are no others yet */
  end(count: number, isEnd: boolean): void {
    const { isOn } = this.#burst;
    this.#readAt = isEnd || isOn ? performance.now() : 0;
    this.#gatherMs = isOn ? BURST_GATHER_MS : count < MANY ? GATHER_MS : GATHER_MANY_MS;
    this.#atEnd = isEnd && this.#calls === this.#callsBefore;
  }
}
