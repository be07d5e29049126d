import type { Phase } from './walk.ts';

/** Counts of a run. */
export interface Counts {
  /** Groups of the vendor that were compared with the mirror. */
  compared: number;
  /** Groups with differences. */
  differing: number;
  /** In all groups together. */
  differences: number;
  /** Snapshots that were appended. */
  stored: number;
  /** Groups that the mirror had and the vendor no longer has. */
  gone: number;
  /** Groups without activity since the given time. */
  quiet: number;
  /** Groups that could not be read. */
  leftOut: number;
  /** Groups that could not be judged, because callbacks of them kept arriving. */
  busy: number;
  /** Members that the vendor returned. */
  members: number;
  /** Calls to the vendor, without retries. */
  calls: number;
}

export interface Progress extends Counts {
  phase: Phase;
  /** Ids processed in this phase, and their total as far as it is known. */
  passed: number;
  total: number | null;
}

export function noCounts(): Counts {
  return {
    ...{ compared: 0, differing: 0, differences: 0, stored: 0, gone: 0 },
    ...{ quiet: 0, leftOut: 0, busy: 0, members: 0, calls: 0 },
  };
}

/** The counts alone, without the position of the run. */
export function countsOf(progress: Progress): Counts {
  const { phase: _, passed: __, total: ___, ...counts } = progress;
  return counts;
}

/** Counts saved by an earlier run. */
export function readCounts(saved: string): Counts {
  return { ...noCounts(), ...(JSON.parse(saved) as Partial<Counts>) };
}

/** A weighted semaphore: limits what is in use at once. Waiting callers are served first come, first served. */
export class Budget {
  readonly #most: number;
  readonly #waiting: { amount: number; start: () => void }[] = [];
  #used = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves when there is room. An amount beyond the limit may run alone. */
  async take(amount: number): Promise<void> {
    const isFree = this.#waiting.length === 0 && this.#hasRoomFor(amount);
    if (isFree) this.#used += amount;
    else await new Promise<void>((start) => this.#waiting.push({ amount, start }));
  }

  give(amount: number): void {
    this.#used -= amount;
    for (let next = this.#waiting[0]; next && this.#hasRoomFor(next.amount); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#used += next.amount;
      next.start();
    }
  }

  #hasRoomFor(amount: number): boolean {
    return this.#used === 0 || this.#used + amount <= this.#most;
  }
}
