import type { Burst } from './burst.ts';
import { BATCH } from './log-reader.ts';

/** Polling interval of the log, for changes without a notification. */
export const POLL_MS = 1_000;
/** Delay after a read that reached the end of the log: callbacks committed in the meantime are read together. */
const GATHER_MS = 5;
/** The same under load: a read costs as much as about 30 callbacks. */
const GATHER_MANY_MS = 15;
const MANY = 40;
/** In a burst, a consumer reads 640 callbacks a second. */
const BURST_BATCH = 64;
const BURST_GATHER_MS = 100;

/** Decides when a session reads on in the log. */
export class ReadPace {
  readonly #burst: Pick<Burst, 'isOn'>;
  /** Number of notifications. */
  #calls = 0;
  #callsBefore = 0;
  #atEnd = false;
  #readAt = 0;
  #gatherMs = GATHER_MS;

  constructor(burst: Pick<Burst, 'isOn'>) {
    this.#burst = burst;
  }

  /** The log may have new callbacks. */
  call(): void {
    this.#calls += 1;
    this.#atEnd = false;
  }

  /** Whether there may be something to read. */
  get isDue(): boolean {
    return !this.#atEnd || performance.now() >= this.#readAt + POLL_MS;
  }

  /** Delay before the next read; 0 or less: none. */
  get waitMs(): number {
    return this.isDue ? this.#readAt + this.#gatherMs - performance.now() : POLL_MS;
  }

  /** Callbacks per read. */
  get batch(): number {
    return this.#burst.isOn ? BURST_BATCH : BATCH;
  }

  begin(): void {
    this.#callsBefore = this.#calls;
  }

  /** @param count callbacks read @param isEnd whether the end of the log was reached */
  end(count: number, isEnd: boolean): void {
    const { isOn } = this.#burst;
    this.#readAt = isEnd || isOn ? performance.now() : 0;
    this.#gatherMs = isOn ? BURST_GATHER_MS : count < MANY ? GATHER_MS : GATHER_MANY_MS;
    this.#atEnd = isEnd && this.#calls === this.#callsBefore;
  }
}
