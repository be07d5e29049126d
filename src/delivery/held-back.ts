import type { Logger } from '../callback/logger.ts';
import type { HeldBack, Place } from '../store/consumers.ts';
import type { DeliveryStore } from './target.ts';

/** Short transactions are always open somewhere; only one open for this long is reported. */
const TOLD_AFTER_MS = 10_000;
const LOOK_MS = 1_000;

/** Detects that an open transaction in the database cluster keeps the consumer from reading on in the log. */
export class HeldBackWatch {
  readonly #options: { store: DeliveryStore; consumer: string; log: Logger };
  #lookedAt = Number.NEGATIVE_INFINITY;
  #since: number | null = null;
  /** Shown to operators; null unless the log has been held back for long. */
  detail: string | null = null;

  constructor(options: { store: DeliveryStore; consumer: string; log: Logger }) {
    this.#options = options;
  }

  /** @param readOn whether the last read found callbacks @returns whether `detail` was set or cleared */
  async look(place: Place, readOn: boolean): Promise<boolean> {
    const now = performance.now();
    if (!readOn && now < this.#lookedAt + LOOK_MS) return false;
    const was = this.detail !== null;
    this.#lookedAt = now;
    const heldBack = readOn ? null : await this.#options.store.heldBack(place);
    this.#since = heldBack ? (this.#since ?? now) : null;
    const isLong = this.#since !== null && now - this.#since >= TOLD_AFTER_MS;
    this.detail = heldBack && isLong ? describe(heldBack) : null;
    if (was === (this.detail !== null)) return false;
    const { consumer, log } = this.#options;
    if (heldBack) log.warn({ consumer, ...heldBack }, `a consumer is held back: ${this.detail}`);
    else log.info({ consumer }, 'a consumer is not held back any more');
    return true;
  }
}

function describe({ pid, database, ageSeconds }: HeldBack): string {
  const who = pid === null ? 'A transaction' : `The transaction of process ${pid}`;
  const where = database === null ? 'the database cluster' : `the database ${database}`;
  const age = ageSeconds === null ? '' : ` for ${Math.round(ageSeconds)} s`;
  return `${who} has been open in ${where}${age}; callbacks after it are delivered once it has ended`;
}
