import type { components } from '../../generated/admin.ts';

type Minute = components['schemas']['Minute'];
type Count = 'accepted' | 'unknown' | 'rejected' | 'repeats' | 'refused';

const MINUTES = 60;
const MINUTE_MS = 60_000;

/** Reply times are counted in steps of 10 % from 50 us on: the middle of a step is within 5 % of any time in it. */
const STEP = Math.log(1.1);
const SHORTEST_SECONDS = 0.000_05;
const STEPS = 128;

interface Counted {
  /** Minutes since 1970. */
  minute: number;
  counts: Record<Count, number>;
  replies: Uint32Array;
}

/** What one receiver did in each of the last 60 minutes, in memory. */
export class RecentMinutes {
  #minutes: Counted[] = [];
  readonly #now: () => number;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  stored(outcome: 'accepted' | 'unknown' | 'rejected' | 'repeat'): void {
    this.#present().counts[outcome === 'repeat' ? 'repeats' : outcome] += 1;
  }

  refused(): void {
    this.#present().counts.refused += 1;
  }

  replied(seconds: number): void {
    const step = Math.floor(Math.log(seconds / SHORTEST_SECONDS) / STEP);
    const { replies } = this.#present();
    const within = Math.max(0, Math.min(step, STEPS - 1));
    replies[within] = (replies[within] ?? 0) + 1;
  }

  /** Oldest first. */
  read(): Minute[] {
    const present = this.#present().minute;
    return this.#minutes
      .filter(({ minute }) => minute > present - MINUTES)
      .map(({ minute, counts, replies }) => ({
        at: new Date(minute * MINUTE_MS).toISOString(),
        ...counts,
        medianSeconds: quantile(replies, 0.5),
        p99Seconds: quantile(replies, 0.99),
      }));
  }

  #present(): Counted {
    const minute = Math.floor(this.#now() / MINUTE_MS);
    let last = this.#minutes.at(-1);
    // After the clock was set back, counting goes on in the newest minute.
    while (last === undefined || last.minute < minute) {
      const next = last === undefined ? minute : Math.max(last.minute + 1, minute - MINUTES + 1);
      last = {
        minute: next,
        counts: { accepted: 0, unknown: 0, rejected: 0, repeats: 0, refused: 0 },
        replies: new Uint32Array(STEPS),
      };
      this.#minutes.push(last);
      if (this.#minutes.length > MINUTES) this.#minutes.shift();
    }
    return last;
  }
}

function quantile(replies: Uint32Array, share: number): number | null {
  const total = replies.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let below = 0;
  const step = replies.findIndex((count) => {
    below += count;
    return below >= share * total;
  });
  return Number((SHORTEST_SECONDS * Math.exp((step + 0.5) * STEP)).toPrecision(3));
}
