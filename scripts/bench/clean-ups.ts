/** What must not outlive the bench, however it ends; last one first. */
export class CleanUps {
  readonly #works = new Set<() => unknown>();

  /** @returns forgets the work again: it was done already */
  add(work: () => unknown): () => void {
    this.#works.add(work);
    return () => this.#works.delete(work);
  }

  async run(): Promise<void> {
    const works = [...this.#works].reverse();
    this.#works.clear();
    for (const work of works) await work();
  }
}
