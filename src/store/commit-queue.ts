import { setImmediate } from 'node:timers/promises';

interface Waiting<Item, Result> {
  item: Item;
  settle: PromiseWithResolvers<Result>;
}

/** Bounds how long the first of a batch waits for the last. */
const MOST_IN_ONE_COMMIT = 1000;
/** Of those that come one by one, so many are worth a commit. */
const ENOUGH_FOR_A_COMMIT = 100;

/**
 * Commits together what arrives together: while one commit runs, later items gather for the next. No timer.
 * The items of a batch that fails by the fault of one are tried once more alone, so that the bad one fails by itself.
 */
export class CommitQueue<Item, Result> {
  #waiting: Waiting<Item, Result>[] = [];
  #running: Promise<void> | null = null;
  readonly #commit: (items: Item[]) => Result[] | Promise<Result[]>;
  readonly #isFaultOfItems: (error: unknown) => boolean;
  readonly #onCommitted: (items: Item[], results: Result[], seconds: number) => void;

  /**
   * @param commit takes all items to disk, or throws and takes none; returns their results in order
   * @param isFaultOfItems whether what `commit` threw may be due to single items; trying each costs as many commits
   * @param onCommitted hears of each commit that succeeded
   */
  constructor(
    commit: (items: Item[]) => Result[] | Promise<Result[]>,
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
    this.#running ??= this.#run();
    return settle.promise;
  }

  /** Resolves when everything added so far is settled. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // One turn of the event loop takes in all that has arrived over open connections, also during a commit that blocked,
      // but only one new connection (libuv accepts no more): while each turn brings something, so may the next.
      await setImmediate();
      let before: number;
      do {
        before = this.#waiting.length;
        await setImmediate();
      } while (this.#waiting.length > before && this.#waiting.length < ENOUGH_FOR_A_COMMIT);
      await this.#settle(this.#waiting.splice(0, MOST_IN_ONE_COMMIT));
    }
    this.#running = null;
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
