import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

interface Waiting<Item, Result> {
  item: Item;
  settle: PromiseWithResolvers<Result>;
}

/** Limits how long the first item of a batch waits for the last one. */
const MAX_BATCH = 1000;
/** A batch of this size commits at once: the rest of a burst is judged while it is written. */
const FULL_BATCH = 32;
const MAX_CONCURRENT_COMMITS = 2;

/** For items that are written alongside others, which must not wait long for them. */
interface CommitLimits<Item> {
  concurrent: number;
  weightOf: (item: Item) => number;
  /** An item that reaches this weight ends a batch. */
  maxWeight: number;
  /** After a commit the queue pauses for as long as the commit took, up to this limit. */
  maxPauseMs: number;
}

/**
 * Group commit: items that arrive together, or while the maximum number of commits runs, are committed together. No
 * timer. If a batch fails because of an item, each item is committed alone, so that only the bad one fails.
 */
export class CommitQueue<Item, Result> {
  #waiting: Waiting<Item, Result>[] = [];
  #gathering = false;
  readonly #running = new Set<Promise<void>>();
  readonly #commit: (items: Item[]) => Promise<Result[]>;
  readonly #isFaultOfItems: (error: unknown) => boolean;
  readonly #onCommitted: (items: Item[], results: Result[], seconds: number) => void;
  readonly #limits: CommitLimits<Item> | null;

  /**
   * @param commit writes all items to disk and returns their results in order, or throws and writes none
   * @param isFaultOfItems whether an error of `commit` may be caused by single items; if so, each item gets its own
   *   commit
   * @param onCommitted called after each successful commit
   */
  constructor(
    commit: (items: Item[]) => Promise<Result[]>,
    isFaultOfItems: (error: unknown) => boolean = () => true,
    onCommitted: (items: Item[], results: Result[], seconds: number) => void = () => {},
    limits: CommitLimits<Item> | null = null,
  ) {
    this.#commit = commit;
    this.#isFaultOfItems = isFaultOfItems;
    this.#onCommitted = onCommitted;
    this.#limits = limits;
  }

  add(item: Item): Promise<Result> {
    const settle = Promise.withResolvers<Result>();
    this.#waiting.push({ item, settle });
    this.#next();
    return settle.promise;
  }

  /** Resolves when everything that was added before is settled. */
  async idle(): Promise<void> {
    while (this.#waiting.length > 0 || this.#running.size > 0) await Promise.all([...this.#running, setImmediate()]);
  }

  #next(): void {
    if (this.#waiting.length >= FULL_BATCH) this.#commitWaiting();
    else if (this.#waiting.length > 0 && !this.#gathering) this.#gather().then(() => this.#commitWaiting());
  }

  /** Waits for all items of this turn of the event loop. */
  async #gather(): Promise<void> {
    this.#gathering = true;
    await setImmediate();
    let before: number;
    // libuv accepts one new connection per turn, so a burst of new connections arrives over many turns.
    do {
      before = this.#waiting.length;
      await setImmediate();
    } while (this.#waiting.length > before);
    this.#gathering = false;
  }

  #commitWaiting(): void {
    if (this.#waiting.length === 0 || this.#running.size === (this.#limits?.concurrent ?? MAX_CONCURRENT_COMMITS))
      return;
    const started = performance.now();
    const settled = this.#settle(this.#waiting.splice(0, this.#batchSize()))
      .then(() => this.#pause(performance.now() - started))
      .then(() => {
        this.#running.delete(settled);
        this.#next();
      });
    this.#running.add(settled);
  }

  #batchSize(): number {
    if (!this.#limits) return MAX_BATCH;
    const { weightOf, maxWeight } = this.#limits;
    let weight = 0;
    const last = this.#waiting.findIndex(({ item }) => {
      weight += weightOf(item);
      return weight >= maxWeight;
    });
    return last === -1 ? MAX_BATCH : Math.min(last + 1, MAX_BATCH);
  }

  async #pause(tookMs: number): Promise<void> {
    if (this.#limits) await sleep(Math.min(tookMs, this.#limits.maxPauseMs));
  }

  async #settle(batch: Waiting<Item, Result>[]): Promise<void> {
    try {
      const items = batch.map(({ item }) => item);
      const started = performance.now();
      const results = await this.#commit(items);
      this.#onCommitted(items, results, (performance.now() - started) / 1000);
      for (const [index, { settle }] of batch.entries()) settle.resolve(results[index] as Result);
    } catch (error) {
      if (batch.length === 1 || !this.#isFaultOfItems(error)) for (const { settle } of batch) settle.reject(error);
      else for (const one of batch) await this.#settle([one]);
    }
  }
}
