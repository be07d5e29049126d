import type { Logger } from '../callback/logger.ts';
import type { ConsumerState } from '../store/consumers.ts';
import { StreamMoved, WrongStream } from './target.ts';

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
const LONGEST_ERROR = 1_000;

/** A failure that stops a consumer as a whole, and its back-off: 1 s, doubling to 30 s. */
export class Trouble {
  readonly #options: { consumer: string; log: Logger };
  #error: unknown = null;
  /** Since the last success. */
  #failures = 0;
  /** Monotonic clock. */
  #nextTrialAt = 0;

  constructor(options: { consumer: string; log: Logger }) {
    this.#options = options;
  }

  get isOn(): boolean {
    return this.#error !== null;
  }

  get state(): ConsumerState {
    return this.#error instanceof WrongStream ? 'wrong stream' : 'backing off';
  }

  /** Shown to operators. */
  get detail(): string {
    const next = new Date(Date.now() + Math.max(this.waitMs, 0)).toISOString();
    return `${textOf(this.#error)}; next attempt at ${next}`;
  }

  get waitMs(): number {
    return this.#nextTrialAt - performance.now();
  }

  /** @returns whether to wait. If another process has written, reading the end of the stream again may be enough */
  begin(error: unknown): boolean {
    this.#failures += 1;
    if (error instanceof StreamMoved && this.#failures === 1) return false;
    const { consumer, log } = this.#options;
    const text = textOf(error);
    if (!this.isOn || text !== textOf(this.#error)) log.warn({ consumer, error: text }, 'a consumer cannot go on');
    this.#error = error;
    const doubled = Math.min(FIRST_DELAY_MS * 2 ** (this.#failures - 1), LONGEST_DELAY_MS);
    // With jitter: several receivers must not return to a broken service at the same moments.
    const delayMs = (error instanceof WrongStream ? LONGEST_DELAY_MS : doubled) * (0.8 + 0.2 * Math.random());
    this.#nextTrialAt = performance.now() + delayMs;
    return true;
  }

  tryNow(): void {
    this.#nextTrialAt = 0;
  }

  /** @returns whether there was a failure */
  end(): boolean {
    this.#failures = 0;
    this.#nextTrialAt = 0;
    if (!this.isOn) return false;
    this.#error = null;
    this.#options.log.info({ consumer: this.#options.consumer }, 'a consumer goes on');
    return true;
  }
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll('\0', '').slice(0, LONGEST_ERROR).toWellFormed();
}
