import type { Difference } from './difference.ts';
import type { Clock } from './limits.ts';
import { MOST_GROUPS } from './vendor-groups.ts';

/** A group with differences at its last reading. */
export interface Suspect {
  groupId: string;
  differences: readonly Difference[];
  /** Id of its newest callback at that time that can change it; null if there was none. */
  newest: number | null;
  /** How often it has been read again. */
  checks: number;
}

interface Waiting {
  suspect: Suspect;
  due: number;
  judged: PromiseWithResolvers<void>;
}

export interface SuspectsOptions {
  clock: Clock;
  signal: AbortSignal;
  /** How long a difference has to persist. */
  recheckMs: number;
  /** Reads groups again, 50 at most. @returns those that still differ */
  check(suspects: readonly Suspect[]): Promise<readonly Suspect[]>;
}

/** Limits of waiting groups and their differences. The walk waits while they are exceeded. */
const MOST_WAITING = 10_000;
const MOST_DIFFERENCES = 100_000;
/** Concurrent checks, of 50 groups each. */
const MOST_CHECKS = 8;

/** Groups with differences, each read again after a while until it is judged. Other groups are read in the meantime. */
export class Suspects {
  readonly #options: SuspectsOptions;
  /** In the order in which they are due. */
  readonly #waiting: Waiting[] = [];
  readonly #forRoom: (() => void)[] = [];
  #groups = 0;
  #differences = 0;
  #checks = 0;
  #isWorking = false;
  #forCheck: (() => void) | null = null;

  constructor(options: SuspectsOptions) {
    this.#options = options;
  }

  /** Resolves when the groups are judged. */
  async add(suspects: readonly Suspect[]): Promise<void> {
    for (const { differences } of suspects) this.#hold(1, differences.length);
    await Promise.all(suspects.map((suspect) => this.#await(suspect)));
  }

  /** Resolves when there is room for more. */
  async room(): Promise<void> {
    while (this.#groups >= MOST_WAITING || this.#differences >= MOST_DIFFERENCES)
      await new Promise<void>((resolve) => this.#forRoom.push(resolve));
  }

  #hold(groups: number, differences: number): void {
    this.#groups += groups;
    this.#differences += differences;
    for (const wake of this.#forRoom.splice(0)) wake();
  }

  #await(suspect: Suspect): Promise<void> {
    const { clock, recheckMs } = this.#options;
    const judged = Promise.withResolvers<void>();
    this.#waiting.push({ suspect, due: clock.monotonic() + recheckMs, judged });
    if (!this.#isWorking) void this.#work();
    return judged.promise.finally(() => this.#hold(-1, -suspect.differences.length));
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    const { clock, signal } = this.#options;
    try {
      for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
        const wait = first.due - clock.monotonic();
        if (wait > 0) await clock.sleep(wait, signal);
        signal.throwIfAborted();
        if (this.#checks >= MOST_CHECKS) await new Promise<void>((resolve) => (this.#forCheck = resolve));
        const now = clock.monotonic();
        const after = this.#waiting.findIndex(({ due }) => due > now);
        const isDue = after < 0 ? this.#waiting.length : after;
        this.#checks += 1;
        void this.#check(this.#waiting.splice(0, Math.min(isDue, MOST_GROUPS)));
      }
    } catch (error) {
      for (const { judged } of this.#waiting.splice(0)) judged.reject(error);
    }
    this.#isWorking = false;
  }

  async #check(due: readonly Waiting[]): Promise<void> {
    try {
      const remaining = await this.#options.check(due.map(({ suspect }) => suspect));
      const byGroup = new Map(remaining.map((suspect) => [suspect.groupId, suspect]));
      for (const { suspect, judged } of due) {
        const again = byGroup.get(suspect.groupId);
        if (again) this.add([again]).then(judged.resolve, judged.reject);
        else judged.resolve();
      }
    } catch (error) {
      for (const { judged } of due) judged.reject(error);
    }
    this.#checks -= 1;
    this.#forCheck?.();
    this.#forCheck = null;
  }
}
