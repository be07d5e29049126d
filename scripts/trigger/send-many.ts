import { setMaxListeners } from 'node:events';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { grouped } from '../command-line.ts';
import type { Outcome } from '../simulator/send.ts';

interface Plan {
  total: number;
  concurrency: number;
  /** Requests per second; undefined: as fast as they are answered. */
  rate: number | undefined;
  /** Stops sending; requests in flight are still awaited. */
  signal: AbortSignal;
}

/** An unexpected outcome; outcomes of one `kind` are counted together. */
export interface Unexpected {
  kind: string;
  detail: string;
}

// Limits the memory if a receiver gives a different wrong answer to each request.
const MAX_KINDS = 20;

/** Counts of outcomes, in memory independent of the number of requests. */
export class Tally {
  answered = 0;
  unexpected = 0;
  /** The receiver was never reached, so the rest was not tried. */
  stopped = false;
  readonly kinds = new Map<string, { count: number; first: string }>();
  /** Latency of the replies in microseconds. */
  readonly times = createHistogram({ lowest: 1, highest: 60_000_000, figures: 3 });
  readonly #started = performance.now();

  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  count(outcome: Outcome, unexpected: Unexpected | undefined) {
    this.answered++;
    if ('status' in outcome) this.times.record(Math.max(1, Math.round(outcome.milliseconds * 1000)));
    else if (outcome.unreachable && this.times.count === 0) this.stopped = true;
    if (!unexpected) return;
    this.unexpected++;
    const kind = this.kinds.has(unexpected.kind) || this.kinds.size < MAX_KINDS ? unexpected.kind : 'others';
    const entry = this.kinds.get(kind) ?? { count: 0, first: unexpected.detail };
    entry.count++;
    this.kinds.set(kind, entry);
  }

  /** The counts so far in one line. */
  line(total: number): string {
    const perSecond = Math.round(this.answered / this.seconds);
    const counts = [`${grouped(this.answered)} of ${grouped(total)} answered`, `${grouped(perSecond)}/s`];
    return [...counts, `${grouped(this.unexpected)} unexpected`].join(' · ');
  }
}

/** Sends up to `total` requests, paced by `rate`, and counts each outcome in the tally. */
export async function sendMany(
  { total, concurrency, rate, signal }: Plan,
  tally: Tally,
  sendNext: () => Promise<Outcome>,
  judge: (outcome: Outcome) => Unexpected | undefined,
): Promise<void> {
  setMaxListeners(0, signal);
  const started = performance.now();
  let turns = 0;
  await Promise.all(Array.from({ length: Math.min(concurrency, total) }, sendInTurn));

  async function sendInTurn() {
    while (turns < total && !signal.aborted && !tally.stopped) {
      const turn = turns++;
      const early = rate ? started + (turn / rate) * 1000 - performance.now() : 0;
      // Rejects only on abort, which the next line handles.
      if (early > 0) await sleep(early, undefined, { signal }).catch(() => {});
      if (signal.aborted || tally.stopped) return;
      const outcome = await sendNext();
      tally.count(outcome, judge(outcome));
    }
  }
}
