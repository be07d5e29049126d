const OUTCOMES = 20;
const LEAST_SUBJECTS = 3;
const MOST_SUCCEEDING = 0.1;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
/** How long after a failed trial a subject that has not failed yet may be tried. */
const FRESH_DELAY_MS = 1_000;

interface Outcome<Failure> {
  /** Tells subjects apart. */
  subject: unknown;
  /** Null of a success. */
  failure: Failure | null;
  /** What is delivered to was not there, so that the failure says nothing of the subject. */
  isAway?: boolean;
}

/**
 * Notices that nearly all subjects fail: then what they share is broken, as a database of the handler's, and one delivery
 * at a time finds out when it works again. Times are of the monotonic clock: one that is set back must not make it wait.
 */
export class BackOff<Failure> {
  #outcomes: Outcome<Failure>[] = [];
  #delayMs = 0;
  #nextTrialAt: number | null = null;
  #lastTrial = { at: 0, fresh: true };

  /** Null while there is no back-off. */
  get nextTrialAt(): number | null {
    return this.#nextTrialAt;
  }

  get isOn(): boolean {
    return this.#nextTrialAt !== null;
  }

  /** Counts an outcome while there is no back-off. @returns whether the back-off begins with it */
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

  /** Where few subjects are there, hours would pass before nearly all of the last outcomes are failures. */
  #isAway(): boolean {
    const away = this.#outcomes.slice(this.#outcomes.findLastIndex(({ isAway }) => !isAway) + 1);
    if (subjectsIn(away) < LEAST_SUBJECTS) return false;
    // The end of the back-off makes up for these failures only: an earlier one may be the fault of its subject.
    this.#outcomes = away;
    return true;
  }

  #nearlyAllFail(): boolean {
    const failed = this.#outcomes.filter(({ failure }) => failure !== null);
    return 1 - failed.length / this.#outcomes.length <= MOST_SUCCEEDING && subjectsIn(failed) >= LEAST_SUBJECTS;
  }

  /** @param fresh whether there is a subject to try that has not failed yet: it need not wait for a long delay to end */
  mayTry(now: number, fresh: boolean): boolean {
    if (this.#nextTrialAt === null) return false;
    if (now >= this.#nextTrialAt) return true;
    return fresh && !this.#lastTrial.fresh && now >= this.#lastTrial.at + FRESH_DELAY_MS;
  }

  /** An operator need not wait. */
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

  /** With jitter: the consumers of several receivers must not return to what is broken at the same moments. */
  #schedule(now: number): void {
    this.#nextTrialAt = now + this.#delayMs * (0.8 + 0.2 * Math.random());
  }
}

function subjectsIn(outcomes: readonly Outcome<unknown>[]): number {
  return new Set(outcomes.map(({ subject }) => subject)).size;
}
