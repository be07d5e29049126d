import { randomUUID } from 'node:crypto';
import type { components } from '../../generated/admin.ts';
import type { Activity } from '../store/activity.ts';
import type { Minutes } from '../store/activity-writer.ts';
import type { Decision } from '../store/store.ts';

type Minute = components['schemas']['Minute'];
type DecisionCount = keyof Minute['decisions'];

const COUNTS = ['accepted', 'unknown', 'rejected', 'repeats', 'refused'] as const;
const DECISIONS = ['allowed', 'refused', 'changed', 'fallback'] as const satisfies DecisionCount[];
const COUNTED_AS: Record<Decision['action'], DecisionCount> = {
  allow: 'allowed',
  answer: 'allowed',
  reject: 'refused',
  drop: 'refused',
  replace: 'changed',
};

const MINUTES = 60;
const MINUTE_MS = 60_000;
/** Interval between saves of the present minute. A crash loses its latest figures. */
const PRESENT_SAVED_MS = 10_000;

/** Reply times are counted in steps of 10 % from 50 µs on: the middle of a step is within 5 % of any time in it. */
const STEP = Math.log(1.1);
const SHORTEST_SECONDS = 0.000_05;
const STEPS = 128;

interface Counted {
  /** Minutes since 1970. */
  minute: number;
  counts: Record<(typeof COUNTS)[number], number>;
  decisions: Record<DecisionCount, number>;
  replies: Uint32Array;
}

interface OwnMinute extends Counted {
  isSaved: boolean;
  /** Milliseconds since 1970. */
  savedAt: number;
}

/** A minute as stored, without counts of 0 and without empty steps of reply times. */
interface StoredCounts extends Partial<Counted['counts']> {
  decisions?: Partial<Counted['decisions']>;
  replies?: Record<string, number>;
}

type StoredMinute = Activity['minutes'][number];

/**
 * The figures of the last 60 minutes: this receiver's in memory, combined with those that other receivers and earlier
 * runs have stored.
 */
export class RecentMinutes implements Minutes {
  /** Identifies this process among the receivers of the app. */
  readonly receiver = randomUUID().slice(0, 13);
  #minutes: OwnMinute[] = [];
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

  decided({ action, source }: Pick<Decision, 'action' | 'source'>): void {
    const { decisions } = this.#present();
    decisions[COUNTED_AS[action]] += 1;
    if (source === 'fallback') decisions.fallback += 1;
  }

  replied(seconds: number): void {
    const step = Math.floor(Math.log(seconds / SHORTEST_SECONDS) / STEP);
    const { replies } = this.#present();
    const within = Math.max(0, Math.min(step, STEPS - 1));
    replies[within] = (replies[within] ?? 0) + 1;
  }

  /** The first minute that is shown. */
  oldest(): number {
    return this.#presentMinute() - MINUTES + 1;
  }

  /**
   * Sums the counts of all receivers.
   * @param stored the stored minutes of all receivers; this receiver's own are ignored
   * @returns the minutes, oldest first, without a gap
   */
  read(stored: readonly StoredMinute[] = []): Minute[] {
    const oldest = this.oldest();
    const others = stored.filter(({ receiver }) => receiver !== this.receiver).map(fromRow);
    const sums = new Map<number, Counted>();
    for (const one of [...others, ...this.#minutes]) {
      if (one.minute < oldest) continue;
      const sum = sums.get(one.minute) ?? emptyMinute(one.minute);
      sums.set(one.minute, sum);
      addTo(sum, one);
    }
    // Another receiver's clock may be ahead.
    const present = this.#presentMinute();
    const first = Math.min(present, ...sums.keys());
    return Array.from({ length: present - first + 1 }, (_, index) =>
      toMinute(sums.get(first + index) ?? emptyMinute(first + index)),
    );
  }

  due(all: boolean): StoredMinute[] {
    const now = this.#now();
    const present = this.#presentMinute();
    const due = this.#minutes.filter(
      ({ isSaved, minute, savedAt }) =>
        !isSaved && (all || minute < present || Math.abs(now - savedAt) >= PRESENT_SAVED_MS),
    );
    for (const one of due) Object.assign(one, { isSaved: true, savedAt: now });
    return due.map((one) => toRow(one, this.receiver));
  }

  unsaved(rows: readonly StoredMinute[]): void {
    const minutes = new Set(rows.map(({ minute }) => minute));
    for (const one of this.#minutes) if (minutes.has(one.minute)) one.isSaved = false;
  }

  #presentMinute(): number {
    // After the clock was set back, counting continues in the newest minute.
    return Math.max(Math.floor(this.#now() / MINUTE_MS), this.#minutes.at(-1)?.minute ?? 0);
  }

  /** The minute that is being counted now. */
  #present(): Counted {
    const minute = this.#presentMinute();
    let last = this.#minutes.at(-1);
    if (last?.minute !== minute) {
      last = { ...emptyMinute(minute), isSaved: false, savedAt: 0 };
      this.#minutes.push(last);
      while ((this.#minutes[0]?.minute ?? minute) <= minute - MINUTES) this.#minutes.shift();
    }
    last.isSaved = false;
    return last;
  }
}

function emptyMinute(minute: number): Counted {
  return {
    minute,
    counts: { accepted: 0, unknown: 0, rejected: 0, repeats: 0, refused: 0 },
    decisions: { allowed: 0, refused: 0, changed: 0, fallback: 0 },
    replies: new Uint32Array(STEPS),
  };
}

function addTo(sum: Counted, { counts, decisions, replies }: Counted): void {
  for (const name of COUNTS) sum.counts[name] += counts[name];
  for (const name of DECISIONS) sum.decisions[name] += decisions[name];
  for (const [step, count] of replies.entries()) sum.replies[step] = (sum.replies[step] ?? 0) + count;
}

function toMinute({ minute, counts, decisions, replies }: Counted): Minute {
  return {
    at: new Date(minute * MINUTE_MS).toISOString(),
    ...counts,
    decisions,
    medianSeconds: quantile(replies, 0.5),
    p99Seconds: quantile(replies, 0.99),
  };
}

function toRow({ minute, counts, decisions, replies }: Counted, receiver: string): StoredMinute {
  const stored: StoredCounts = {
    ...withoutZeros(counts),
    decisions: withoutZeros(decisions),
    replies: withoutZeros(Object.fromEntries(replies.entries())),
  };
  return { minute, receiver, counts: JSON.stringify(stored) };
}

function withoutZeros(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** A receiver of another version may have other counts. */
function fromRow({ minute, counts: text }: StoredMinute): Counted {
  const { decisions = {}, replies = {}, ...counts }: StoredCounts = JSON.parse(text);
  const counted = emptyMinute(minute);
  for (const name of COUNTS) counted.counts[name] = counts[name] ?? 0;
  for (const name of DECISIONS) counted.decisions[name] = decisions[name] ?? 0;
  for (const [step, count] of Object.entries(replies)) if (Number(step) < STEPS) counted.replies[Number(step)] = count;
  return counted;
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
