import { setImmediate } from 'node:timers/promises';

interface Waiting<Item, Result> {
  item: Item;
  settle: PromiseWithResolvers<Result>;
}

/** Bounds how long the first of a batch waits for the last. */
const MOST_IN_ONE_COMMIT = 1000;
/** So many are worth a commit at once: the rest of what arrives together is judged while they are written. */
const ENOUGH_FOR_A_COMMIT = 32;
const MOST_COMMITS_AT_ONCE = 2;

/**
 * Commits together what arrives together: while as many commits run as may, later items gather for the next. No timer.
 * The items of a batch that fails by the fault of one are tried once more alone, so that the bad one fails by itself.
 */
export class CommitQueue<Item, Result> {
  #waiting: Waiting<Item, Result>[] = [];
  #gathering = false;
  readonly #running = new Set<Promise<void>>();
  readonly #commit: (items: Item[]) => Promise<Result[]>;
  readonly #isFaultOfItems: (error: unknown) => boolean;
  readonly #onCommitted: (items: Item[], results: Result[], seconds: number) => void;

  /**
   * @param commit takes all items to disk, or throws and takes none; returns their results in order
   * @param isFaultOfItems whether what `commit` threw may be due to single items; trying each costs as many commits
   * @param onCommitted hears of each commit that succeeded
   */
  constructor(
    commit: (items: Item[]) => Promise<Result[]>,
    isFaultOfItems: (error: unknown) => boolean = () => true,
    onCommitted: (items: Item[], results: Result[], seconds: number) => void = () => {},
  ) {
    this.#commit = commit;
    this.#isFaultOfItems = isFaultOfItems;
    this.#onCommitted = onCommitted;
  }

  add(item: Item): Promise<Result> {
    const settle = Promise.withResolvers<Result>();
    this.#waiting.push({ item, settle });
    this.#next();
    return settle.promise;
  }

  /** Resolves when everything added so far is settled. */
  async idle(): Promise<void> {
    while (this.#waiting.length > 0 || this.#running.size > 0) await Promise.all([...this.#running, setImmediate()]);
  }

  #next(): void {
    if (this.#waiting.length >= ENOUGH_FOR_A_COMMIT) this.#commitWaiting();
    else if (this.#waiting.length > 0 && !this.#gathering) this.#gather().then(() => this.#commitWaiting());
  }

  /** Takes in all that arrives in this turn of the event loop. */
  async #gather(): Promise<void> {
    this.#gathering = true;
    await setImmediate();
    let before: number;
    // A turn brings one new connection at most (libuv accepts no more): while each brings something, so may the next.
    do {
      before = this.#waiting.length;
      await setImmediate();
    } while (this.#waiting.length > before);
    this.#gathering = false;
  }

  #commitWaiting(): void {
    if (this.#waiting.length === 0 || this.#running.size === MOST_COMMITS_AT_ONCE) return;
    const settled = this.#settle(this.#waiting.splice(0, MOST_IN_ONE_COMMIT)).then(() => {
      this.#running.delete(settled);
      this.#next();
    });
    this.#running.add(settled);
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
