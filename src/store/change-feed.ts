import type { AppendedCallback, Stored } from './store.ts';

/** Summarizes a commit as a feed entry, from the outcome of each of its callbacks. */
export function storedBy(appended: readonly AppendedCallback[]): Stored {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  const changed: number[] = [];
  for (const { id, repeat } of appended) {
    if (repeat) {
      changed.push(Number(id));
    } else {
      from = Math.min(from, Number(id));
      to = Math.max(to, Number(id));
    }
  }
  return { from, to, changed };
}

/** The change feed of one store within this process, or a feed of other entries; costs nothing without followers. */
export class ChangeFeed<Entry = Stored> {
  readonly #followers = new Set<(entry: Entry) => void>();

  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  publish(entry: Entry): void {
    for (const follower of this.#followers) follower(entry);
  }

  /** @returns a function that ends it */
  follow(onEntry: (entry: Entry) => void): () => void {
    // A new function on each call, so that the same callback can follow twice.
    const follower = (entry: Entry) => onEntry(entry);
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }
}
