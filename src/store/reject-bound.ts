import { setImmediate } from 'node:timers/promises';
import type { ReceivedCallback } from './store.ts';

// A rejected callback is the one thing that a sender can have kept without the contract's consent. What is kept is enough
// to find out what went wrong and to take it in afterwards, and too little to fill a disk.
export const MOST_REJECTS = 10_000;
export const MOST_REJECTED_BYTES = 64 * 1024 * 1024;
/** What a row takes beside its texts and its body. */
const ROW_BYTES = 512;

/** Rejects are looked at when so many, or so much of them, came in: the bound is overstepped by that much, a receiver. */
const LOOK_AFTER_ROWS = 500;
const LOOK_AFTER_BYTES = 4 * 1024 * 1024;

/** Bounds how long one deletion keeps appends waiting. */
export const MOST_IN_ONE_STEP = 500;

/**
 * The newest reject of app $1 that is beyond the bound of $2 rows and $3 bytes, or null: it and all before it can go.
 * On both databases.
 */
export const SELECT_REJECTS_BEYOND = `
  SELECT max(id) AS id FROM (
    SELECT id, row_number() OVER newest AS place, sum(bytes) OVER newest AS total FROM (
      SELECT id, ${ROW_BYTES} + octet_length(body) + octet_length(query) + octet_length(command)
        + octet_length(coalesce(reason, '')) AS bytes
      FROM callbacks WHERE sdk_app_id = $1 AND status = 'rejected' ORDER BY id DESC LIMIT $2 + 1
    ) AS kept WINDOW newest AS (ORDER BY id DESC)
  ) AS summed WHERE place > $2 OR total > $3`;

/** Keeps the rejects of one store within their bound, beside the appends and in small steps. */
export class RejectBound {
  // The first reject looks: nobody knows what an earlier run left.
  #rows = LOOK_AFTER_ROWS;
  #bytes = 0;
  #running: Promise<void> | null = null;
  readonly #prune: () => number | Promise<number>;
  readonly #onPruned: (count: number) => void;

  /**
   * @param prune deletes at most `MOST_IN_ONE_STEP` rejects beyond the bound; returns how many. Where it fails, the
   *   next time is as good.
   */
  constructor(prune: () => number | Promise<number>, onPruned: (count: number) => void) {
    this.#prune = prune;
    this.#onPruned = onPruned;
  }

  /** To be told of every commit. */
  note(callbacks: readonly ReceivedCallback[]): void {
    for (const { status, body, query, command } of callbacks) {
      if (status !== 'rejected') continue;
      this.#rows += 1;
      this.#bytes += ROW_BYTES + body.length + query.length + command.length;
    }
    if (this.#due) this.#running ??= this.#run();
  }

  async idle(): Promise<void> {
    await this.#running;
  }

  get #due(): boolean {
    return this.#rows > LOOK_AFTER_ROWS || this.#bytes > LOOK_AFTER_BYTES;
  }

  async #run(): Promise<void> {
    try {
      while (this.#due) {
        this.#rows = 0;
        this.#bytes = 0;
        for (;;) {
          // Between two deletions an append gets its turn.
          await setImmediate();
          const count = await this.#prune();
          if (count > 0) this.#onPruned(count);
          if (count < MOST_IN_ONE_STEP) break;
        }
      }
    } catch {
      // The appends of the same database report what is wrong with it.
    } finally {
      this.#running = null;
    }
  }
}
