/** While one commit runs, what arrives gathers for the next. */
export class CommitTogether<Item> {
  #waiting: { item: Item; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #running = false;
  readonly #commit: (items: Item[]) => void | Promise<void>;

  constructor(commit: (items: Item[]) => void | Promise<void>) {
    this.#commit = commit;
  }

  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#running) return;
      this.#running = true;
      setImmediate(() => this.#run());
    });
  }

  async #run(): Promise<void> {
    const batch = this.#waiting.splice(0);
    try {
      const done = this.#commit(batch.map(({ item }) => item));
      if (done) await done;
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    if (this.#waiting.length > 0) setImmediate(() => this.#run());
    else this.#running = false;
  }
}
