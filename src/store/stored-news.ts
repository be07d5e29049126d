import type { AppendedCallback, Stored } from './store.ts';

/** What a commit took in, from what became of each callback. */
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

/** Tells those who follow a store; costs nothing while there is none. */
export class Followers {
  readonly #followers = new Set<(stored: Stored) => void>();

  get some(): boolean {
    return this.#followers.size > 0;
  }

  tell(stored: Stored): void {
    for (const follower of this.#followers) follower(stored);
  }

  add(follower: (stored: Stored) => void): () => void {
    // A function of its own: the same follower may be added twice.
    const added = (stored: Stored) => follower(stored);
    this.#followers.add(added);
    return () => this.#followers.delete(added);
  }
}
