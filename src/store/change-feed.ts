import type { AppendedCallback, Stored } from './store.ts';

/** What a commit stored, from the outcome of each of its callbacks. */
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

/** The change feed of one store within this process; it costs nothing while nobody follows it. */
export class ChangeFeed {
  readonly #followers = new Set<(stored: Stored) => void>();

  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  publish(stored: Stored): void {
    for (const follower of this.#followers) follower(stored);
  }

  /** @returns what ends it */
  follow(onStored: (stored: Stored) => void): () => void {
    // A new function each time, so that one callback can follow twice.
    const follower = (stored: Stored) => onStored(stored);
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }
}
