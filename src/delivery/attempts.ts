import { sep } from 'node:path';
import type { Logger } from '../callback/logger.ts';
import { BackOff } from './backoff.ts';
import { UnrecoverableError } from './delivery.ts';
import type { Lane } from './lane.ts';
import type { Subjects } from './subjects.ts';
import { AttemptFailed, type DeliveryMetrics, EndpointGone, type Target } from './target.ts';
import type { Entry } from './window.ts';

/** One sweep checks the deadlines of all attempts: a timer per attempt would be a large part of a short delivery. */
const SWEEP_MS = 100;
/** A subject that has been excused in this many back-offs, without a success in between, is itself at fault. */
const MOST_EXCUSED = 8;
const LONGEST_ERROR = 1_000;
const LONGEST_STACK = 4_000;
/** This folder in stack frames: as a URL, or as a path where a source map has been applied. */
const HERE = [new URL('.', import.meta.url).href, import.meta.dirname + sep];

interface Attempt {
  lane: Lane;
  entry: Entry;
  /** Monotonic clock. */
  startedAt: number;
  controller: AbortController;
  /** Set when the back-off makes this attempt; `fresh`: its subject had not failed before. */
  trial: { fresh: boolean } | null;
}

interface Failure {
  lane: Lane;
  entry: Entry;
  /** Failed attempts before this one. */
  attempts: number;
}

interface AttemptsOptions {
  consumer: string;
  target: Target;
  subjects: Subjects;
  log: Logger;
  metrics: DeliveryMetrics | undefined;
  mayStart(): boolean;
  onEnded(): void;
  /** Called when an attempt fails, and when the back-off begins or ends. */
  onTrouble(): void;
  /** Called when the endpoint answers that it accepts no more deliveries. */
  onGone(reason: string): void;
}

/** Makes the attempts of one consumer: up to its target's concurrency, or one at a time during a back-off. */
export class Attempts {
  readonly #options: AttemptsOptions;
  readonly #running = new Set<Attempt>();
  readonly #backOff = new BackOff<Failure>();
  #sweep: NodeJS.Timeout | null = null;
  #lastError = '';
  /** End of the wait that the endpoint asked for; monotonic clock. */
  #retryAt = 0;
  #isOver = false;

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Milliseconds until the consumer, which backs off as a whole, continues or tries to; null without a back-off. */
  get waitMs(): number | null {
    const until = this.#isAskedToWait ? this.#retryAt : this.#backOff.nextTrialAt;
    return until === null ? null : until - performance.now();
  }

  /** Reason of the back-off. */
  get detail(): string {
    const next = new Date(Date.now() + (this.waitMs ?? 0)).toISOString();
    if (this.#isAskedToWait) return `the endpoint asks to wait until ${next}`;
    return `nearly all deliveries fail; the last error: ${this.#lastError}; next attempt at ${next}`;
  }

  /** Starts as many attempts as limits allow. */
  start(): void {
    const { target, subjects, mayStart } = this.#options;
    if (this.#isOver || this.#isAskedToWait) return;
    if (this.#backOff.isOn) {
      this.#startTrial();
      return;
    }
    while (this.#running.size < target.concurrency && mayStart()) {
      const lane = subjects.take();
      if (!lane) return;
      this.#start(lane, null);
    }
  }

  /** Called when an operator asks for a retry. */
  tryNow(): void {
    this.#backOff.tryNow(performance.now());
  }

  /** Aborts running attempts. Their outcome is ignored: the callbacks are delivered again. */
  abort(reason: string): void {
    this.#isOver = true;
    if (this.#sweep) clearInterval(this.#sweep);
    for (const { controller } of this.#running) controller.abort(new Error(reason));
  }

  get #isAskedToWait(): boolean {
    return performance.now() < this.#retryAt;
  }

  #startTrial(): void {
    const { subjects, mayStart } = this.#options;
    const now = performance.now();
    const fresh = subjects.hasFresh;
    if ([...this.#running].some(({ trial }) => trial) || !this.#backOff.mayTry(now, fresh) || !mayStart()) return;
    const lane = subjects.takeTrial(now);
    if (lane) this.#start(lane, { fresh });
  }

  #start(lane: Lane, trial: Attempt['trial']): void {
    const [entry] = lane.entries;
    if (!entry?.loaded) return;
    const { read, group } = entry.loaded;
    const attempt: Attempt = { lane, entry, startedAt: performance.now(), controller: new AbortController(), trial };
    this.#running.add(attempt);
    this.#sweep ??= setInterval(() => this.#abortTimedOut(), SWEEP_MS);
    const late = entry.place === null;
    const delivered =
      'problem' in read.content
        ? Promise.reject(new UnrecoverableError(read.content.problem))
        : this.#options.target.deliver(
            { ...read.content, group, attempt: lane.attempts + 1, late },
            attempt.controller.signal,
          );
    delivered.then(
      () => this.#succeeded(attempt),
      (error) => this.#failed(attempt, error),
    );
  }

  #abortTimedOut(): void {
    const { timeoutMs } = this.#options.target;
    const now = performance.now();
    for (const attempt of this.#running) {
      if (now - attempt.startedAt < timeoutMs) continue;
      const error = new Error(`no end within ${timeoutMs / 1000} s`);
      error.name = 'TimeoutError';
      // The stack would show this file, not where the handler waits.
      delete error.stack;
      attempt.controller.abort(error);
      this.#failed(attempt, error);
    }
    if (this.#running.size > 0 || !this.#sweep) return;
    clearInterval(this.#sweep);
    this.#sweep = null;
  }

  #succeeded(attempt: Attempt): void {
    if (!this.#end(attempt, 'ok')) return;
    this.#options.subjects.succeeded(attempt.lane);
    this.#works(attempt);
    this.#goOn();
  }

  #failed(attempt: Attempt, error: unknown): void {
    const { subjects, target } = this.#options;
    const { lane, entry, trial } = attempt;
    if (this.#isOver || !this.#running.has(attempt)) return;
    const failure = describe(error);
    const { text, known } = failure;
    const { isAway = false, retryAfterMs = 0 } = known ?? {};
    const attempts = lane.attempts;
    const delayMs = target.schedule[attempts];
    const now = performance.now();
    this.#lastError = text;
    this.#retryAt = Math.max(this.#retryAt, now + retryAfterMs);

    if (known instanceof EndpointGone) {
      this.#end(attempt, 'failed', failure);
      subjects.giveBack(lane, this.#backOff.isOn);
      this.#options.onGone(text);
    } else if (failure.isUnrecoverable) {
      this.#end(attempt, 'dead', failure);
      subjects.die(lane, text);
      // An UnrecoverableError shows that the handler itself works.
      this.#works(attempt);
    } else if (this.#backOff.isOn) {
      this.#end(attempt, 'failed', failure);
      subjects.giveBack(lane, true);
      if (trial) this.#backOff.trialFailed(now, trial.fresh);
    } else if (
      lane.excused < MOST_EXCUSED &&
      this.#backOff.count({ subject: lane.key || lane, failure: { lane, entry, attempts }, isAway }, now)
    ) {
      this.#end(attempt, 'failed', failure);
      subjects.giveBack(lane, true);
      this.#options.log.warn(
        { consumer: this.#options.consumer, error: text },
        'nearly all deliveries of a consumer fail: it backs off until one succeeds',
      );
    } else if (delayMs === undefined) {
      this.#end(attempt, 'dead', failure);
      subjects.die(lane, text);
    } else {
      this.#end(attempt, 'failed', failure);
      const jitter = 1 + (target.jitter ?? 0) * Math.random();
      subjects.park(lane, text, Date.now() + Math.max(delayMs * jitter, this.#retryAt - now));
    }
    this.#options.onTrouble();
    this.#goOn();
  }

  /** @returns false if the attempt has ended before: it timed out, or this process no longer runs the consumer */
  #end(attempt: Attempt, outcome: 'ok' | 'failed' | 'dead', failure?: Described): boolean {
    if (this.#isOver || !this.#running.delete(attempt)) return false;
    const { consumer, metrics, log } = this.#options;
    metrics?.delivered(consumer, (performance.now() - attempt.startedAt) / 1000, outcome);
    if (!failure) return true;
    const { text: error, stack } = failure;
    const { callbackId, loaded } = attempt.entry;
    const { command, subject } = loaded?.read ?? {};
    log.warn(
      {
        ...{ consumer, command, callback: callbackId, subject, attempt: attempt.lane.attempts + 1, error },
        ...(stack !== null && { stack }),
      },
      outcome === 'dead' ? 'a delivery has failed and is given up' : 'a delivery has failed',
    );
    return true;
  }

  /** The handler works: ends a back-off, and makes the failures that led to it due at once. */
  #works({ lane }: Attempt): void {
    const { subjects, log, consumer, onTrouble } = this.#options;
    const wasOn = this.#backOff.isOn;
    const failures = wasOn ? this.#backOff.end() : [];
    this.#backOff.count({ subject: lane.key || lane, failure: null }, performance.now());
    if (!wasOn) return;
    subjects.resume();
    for (const { lane, entry, attempts } of failures) subjects.refund(lane, entry, attempts);
    log.info({ consumer }, 'a delivery has succeeded: the consumer goes on');
    onTrouble();
  }

  #goOn(): void {
    this.#options.onEnded();
    this.start();
  }
}

interface Described {
  /** `name: message`, or the message of an AttemptFailed; without characters that a database cannot store. */
  text: string;
  /** Without the frames of this folder; null without a stack. */
  stack: string | null;
  isUnrecoverable: boolean;
  /** Set if an endpoint failed the attempt. */
  known: AttemptFailed | null;
}

/**
 * Describes what a handler threw, which can be anything. Reads no other fields: a client's error may carry the headers
 * of its request.
 */
function describe(error: unknown): Described {
  try {
    const known = error instanceof AttemptFailed ? error : null;
    const text = known?.message ?? (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    return {
      text: text.replaceAll('\0', '').slice(0, LONGEST_ERROR).toWellFormed(),
      stack: error instanceof Error && typeof error.stack === 'string' && !known ? withoutOurs(error.stack) : null,
      // Compared by name: the library may be loaded twice.
      isUnrecoverable: error instanceof UnrecoverableError || (error as Error | null)?.name === UnrecoverableError.name,
      known,
    };
  } catch {
    return { text: 'an error without a text', stack: null, isUnrecoverable: false, known: null };
  }
}

function withoutOurs(stack: string): string {
  const lines = stack.slice(0, LONGEST_STACK).split('\n');
  return lines.filter((line) => !HERE.some((here) => line.includes(here))).join('\n');
}
