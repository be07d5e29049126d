const OUTCOMES = 20;
const LEAST_SUBJECTS = 3;
const MOST_SUCCEEDING = 0.1;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
/** Delay after a failed trial before a subject that has not failed yet may be tried. */
const FRESH_DELAY_MS = 1_000;

interface Outcome<Failure> {
  /** Identifies the subject. */
  subject: unknown;
  /** Null on success. */
  failure: Failure | null;
  /** The endpoint was unreachable, so the failure is not the subject's. */
  isAway?: boolean;
}

/**
 * Detects that nearly all subjects fail: then something they share, such as the handler's database, is broken, and
 * single trial deliveries find out when it works again. Times are of the monotonic clock, so that setting the system
 * clock back does not prolong the wait.
 */
export class BackOff<Failure> {
  #outcomes: Outcome<Failure>[] = [];
  #delayMs = 0;
  #nextTrialAt: number | null = null;
  #lastTrial = { at: 0, fresh: true };

  /** Null without a back-off. */
  get nextTrialAt(): number | null {
    return this.#nextTrialAt;
  }

  get isOn(): boolean {
    return this.#nextTrialAt !== null;
  }

  /** Records an outcome outside a back-off. @returns whether it begins a back-off */
  count(outcome: Outcome<Failure>, now: number): boolean {
    this.#outcomes.push(outcome);
    if (this.#outcomes.length > OUTCOMES) this.#outcomes.shift();
    if (outcome.failure === null) return false;
    if (!this.#isAway() && !this.#nearlyAllFail()) return false;
    this.#delayMs = FIRST_DELAY_MS;
    this.#lastTrial = { at: now, fresh: true };
    this.#schedule(now);
    return true;
  }

  /**
   * Detects an unreachable endpoint. With few subjects, it would take hours until nearly all recent outcomes are
   * failures.
   */
  #isAway(): boolean {
    const away = this.#outcomes.slice(this.#outcomes.findLastIndex(({ isAway }) => !isAway) + 1);
    if (subjectsIn(away) < LEAST_SUBJECTS) return false;
    // The end of the back-off refunds only these failures: an earlier one may be the fault of its subject.
    this.#outcomes = away;
    return true;
  }

  #nearlyAllFail(): boolean {
    const failed = this.#outcomes.filter(({ failure }) => failure !== null);
    return 1 - failed.length / this.#outcomes.length <= MOST_SUCCEEDING && subjectsIn(failed) >= LEAST_SUBJECTS;
  }

  /** @param fresh whether a subject that has not failed yet can be tried: it does not wait for a long delay to end */
  mayTry(now: number, fresh: boolean): boolean {
    if (this.#nextTrialAt === null) return false;
    if (now >= this.#nextTrialAt) return true;
    return fresh && !this.#lastTrial.fresh && now >= this.#lastTrial.at + FRESH_DELAY_MS;
  }

  /** For operators: makes the next trial due now. */
  tryNow(now: number): void {
    if (this.#nextTrialAt !== null) this.#nextTrialAt = now;
  }

  trialFailed(now: number, fresh: boolean): void {
    this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
    this.#lastTrial = { at: now, fresh };
    this.#schedule(now);
  }

  /** Ends the back-off. @returns the failures that led to it, oldest first */
  end(): Failure[] {
    const failures = this.#outcomes.flatMap(({ failure }) => failure ?? []);
    this.#outcomes = [];
    this.#nextTrialAt = null;
    return failures as Failure[];
  }

  /** With jitter: consumers of several receivers must not return to a broken service at the same moments. */
  #schedule(now: number): void {
    this.#nextTrialAt = now + this.#delayMs * (0.8 + 0.2 * Math.random());
  }
}

function subjectsIn(outcomes: readonly Outcome<unknown>[]): number {
  return new Set(outcomes.map(({ subject }) => subject)).size;
}
