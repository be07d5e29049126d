import { WakeUp } from './turns.ts';

/** Messages that are published at once: some milliseconds of a server's work. */
const MOST = 512;
const MOST_BYTES = 8 * 1024 * 1024;
const LOOK_MS = 1_000;

/** Messages that are published, but not acknowledged. */
export class InFlight {
  #count = 0;
  #bytes = 0;
  /** For the one loop that publishes. */
  readonly #change = new WakeUp();
  /** For the one that closes. */
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

  /** What somebody waits for besides may have changed. */
  look(): void {
    this.#change.call();
    this.#none.call();
  }

  /** Resolves when a message of this size may follow, or `isWanted` ends. */
  async room(bytes: number, isWanted: () => boolean, isAlone: () => boolean): Promise<void> {
    const isFull = () => this.#count > 0 && (isAlone() || this.#count >= MOST || this.#bytes + bytes > MOST_BYTES);
    while (isWanted() && isFull()) await this.#change.sleep(LOOK_MS);
  }

  /** Resolves when there is none, or `isWanted` ends. */
  async none(isWanted: () => boolean): Promise<void> {
    while (isWanted() && this.#count > 0) await this.#change.sleep(LOOK_MS);
  }

  /** The same for who closes. @param deadline by the monotonic clock */
  async drained(deadline: number, isWanted: () => boolean): Promise<void> {
    while (isWanted() && this.#count > 0 && performance.now() < deadline)
      await this.#none.sleep(deadline - performance.now());
  }
}
