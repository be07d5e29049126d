import { WakeUp } from './turns.ts';

/** Limit of unacknowledged messages: a few milliseconds of a server's work. */
const MOST = 512;
const MOST_BYTES = 8 * 1024 * 1024;
const LOOK_MS = 1_000;

/** Messages that are published but not yet acknowledged. */
export class InFlight {
  #count = 0;
  #bytes = 0;
  /** Wakes the publishing loop. */
  readonly #change = new WakeUp();
  /** Wakes `drained`. */
  readonly #none = new WakeUp();

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  begin(bytes: number): void {
    this.#count += 1;
    this.#bytes += bytes;
  }

  end(bytes: number): void {
    this.#count -= 1;
    this.#bytes -= bytes;
    this.look();
  }

  /** Re-evaluates the conditions that callers wait for. */
  look(): void {
    this.#change.call();
    this.#none.call();
  }

  /** Resolves when a message of this size may be published, or when `isWanted` becomes false. */
  async room(bytes: number, isWanted: () => boolean, isAlone: () => boolean): Promise<void> {
    const isFull = () => this.#count > 0 && (isAlone() || this.#count >= MOST || this.#bytes + bytes > MOST_BYTES);
    while (isWanted() && isFull()) await this.#change.sleep(LOOK_MS);
  }

  /** Resolves when nothing is in flight, or when `isWanted` becomes false. */
  async none(isWanted: () => boolean): Promise<void> {
    while (isWanted() && this.#count > 0) await this.#change.sleep(LOOK_MS);
  }

  /** Like `none`, for closing. @param deadline monotonic clock */
  async drained(deadline: number, isWanted: () => boolean): Promise<void> {
    while (isWanted() && this.#count > 0 && performance.now() < deadline)
      await this.#none.sleep(deadline - performance.now());
  }
}
