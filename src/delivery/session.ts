import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../callback/logger.ts';
import type { ConsumerRequest, Lease, Progress } from '../store/consumers.ts';
import { Attempts } from './attempts.ts';
import type { Burst } from './burst.ts';
import { HeldBackWatch } from './held-back.ts';
import { keyOf } from './lane.ts';
import { BATCH, LogReader } from './log-reader.ts';
import type { ReadLogged } from './read.ts';
import { POLL_MS, ReadPace } from './read-pace.ts';
import { Saver } from './saver.ts';
import { Subjects } from './subjects.ts';
import type { DeliveryMetrics, DeliveryStore, Target } from './target.ts';
import { inTurns, WakeUp } from './turns.ts';

export interface SessionOptions {
  store: DeliveryStore;
  target: Target;
  read: ReadLogged;
  burst: Pick<Burst, 'isOn'>;
  log: Logger;
  metrics: DeliveryMetrics | undefined;
}

/** Runs one consumer while this process holds its lease. */
export class Session {
  readonly #options: SessionOptions;
  readonly #lease: Lease;
  readonly #subjects: Subjects;
  readonly #reader: LogReader;
  readonly #attempts: Attempts;
  readonly #saver: Saver;
  readonly #heldBack: HeldBackWatch;
  readonly #pace: ReadPace;
  readonly #wakeUp = new WakeUp();
  readonly #nothingRuns = new WakeUp();
  readonly #requests = new Map<number, ConsumerRequest>();
  /** `closing`: nothing new is started. */
  #phase: 'running' | 'closing' | 'over' = 'running';
  #paused: boolean;
  /** Why it has paused itself; null if it has not. */
  #pausedBecause: string | null;
  /** Its own pause is not stored yet: what a save returns about a pause is outdated. */
  #isPausing = false;
  #isReopened = false;

  /** @param leasedAt when the lease was requested; monotonic clock */
  constructor(lease: Lease, leasedAt: number, options: SessionOptions) {
    const { store, target, log, metrics } = options;
    const consumer = lease.name;
    this.#options = options;
    this.#lease = lease;
    this.#paused = lease.paused;
    this.#pausedBecause = lease.pausedBecause;
    this.#subjects = new Subjects(lease);
    this.#pace = new ReadPace(options.burst);
    this.#reader = new LogReader(options);
    this.#heldBack = new HeldBackWatch({ store, consumer, log });
    this.#saver = new Saver({
      ...{ store, lease, leasedAt, log, progress: this.#subjects },
      state: () => this.#state(),
      onSaved: (answer) => this.#saved(answer),
      onLost: () => this.#lost(),
    });
    this.#attempts = new Attempts({
      ...{ consumer, target, log, metrics, subjects: this.#subjects },
      mayStart: () => this.#mayStart,
      onEnded: () => this.#ended(),
      onTrouble: () => {
        this.#wakeUp.call();
        void this.#saver.save();
      },
      onGone: (reason) => void this.#pauseItself(reason),
    });
  }

  /** The log may have new callbacks. */
  wake(): void {
    this.#pace.call();
    this.#wakeUp.call();
  }

  /** There may be new requests of operators. */
  lookAtRequests(): void {
    void this.#saver.save();
  }

  /** Resolves when the lease is lost, or the session has been closed. */
  async run(): Promise<void> {
    void this.#saver.save();
    await inTurns({
      isRunning: () => this.#phase === 'running',
      turn: () => this.#turn(),
      ...{ wakeUp: this.#wakeUp, consumer: this.#lease.name, log: this.#options.log },
    });
  }

  async #turn(): Promise<number> {
    const due = this.#subjects.wakeDue(Date.now());
    const worked = await this.#work();
    this.#attempts.start();
    return worked ? 0 : this.#idleMs(due);
  }

  /**
   * Starts nothing new, waits for running attempts, and releases the lease. @param graceMs then running attempts are
   * aborted
   */
  async close(graceMs: number): Promise<void> {
    if (this.#phase === 'over') return;
    this.#phase = 'closing';
    this.#wakeUp.call();
    const deadline = performance.now() + graceMs;
    // A loop: an attempt that ended earlier has already called, so one sleep would return at once.
    while (this.#phase === 'closing' && this.#attempts.running > 0 && performance.now() < deadline)
      await this.#nothingRuns.sleep(deadline - performance.now());
    this.#phase = 'over';
    this.#attempts.abort('the receiver closes');
    await this.#saver.save();
    await this.#saver.stop();
    // On failure, the lease expires by itself.
    await this.#options.store.releaseConsumer(this.#lease).catch(() => {});
  }

  #lost(): void {
    this.#phase = 'over';
    this.#attempts.abort('another process runs the consumer');
    void this.#saver.stop();
    this.#wakeUp.call();
    this.#nothingRuns.call();
  }

  /** Like an operator's pause: it survives a restart, and lasts until an operator resumes the consumer. */
  async #pauseItself(reason: string): Promise<void> {
    // Other running attempts report the same.
    if (this.#pausedBecause !== null || this.#phase === 'over') return;
    const { store, log } = this.#options;
    const consumer = this.#lease.name;
    this.#paused = true;
    this.#pausedBecause = reason;
    this.#isPausing = true;
    log.error({ consumer, reason }, 'a consumer has paused itself');
    for (let isStored = false; !isStored && this.#phase === 'running'; ) {
      try {
        await store.pauseConsumer(consumer, true);
        isStored = true;
      } catch (error) {
        log.error({ err: error, consumer }, 'the pause of a consumer cannot be stored');
        await sleep(POLL_MS, undefined, { ref: false });
      }
    }
    await this.#saver.save();
    this.#isPausing = false;
  }

  #saved({ paused: isPaused, requests }: { paused: boolean; requests: readonly ConsumerRequest[] }): void {
    const paused = isPaused || this.#isPausing;
    if (paused !== this.#paused) this.#wakeUp.call();
    if (this.#paused && !paused) this.#subjects.readAgain();
    if (!paused) this.#pausedBecause = null;
    this.#paused = paused;
    for (const request of requests) {
      if (!this.#saver.isRequestDone(request.id)) this.#requests.set(request.id, request);
    }
    // The save has freed budget.
    if (this.#requests.size > 0 || this.#wantsToRead) this.#wakeUp.call();
    this.#attempts.start();
  }

  #ended(): void {
    this.#saver.ended();
    if (this.#attempts.running === 0) this.#nothingRuns.call();
    if (this.#requests.size > 0 || this.#subjects.hasToRead || this.#wantsToRead) this.#wakeUp.call();
  }

  get #mayStart(): boolean {
    if (this.#phase !== 'running' || this.#paused) return false;
    const isRewinding = this.#requests.values().some(({ kind }) => kind === 'rewind');
    return !isRewinding && this.#saver.mayStart;
  }

  get #wantsToRead(): boolean {
    const { ready, room } = this.#subjects;
    return this.#pace.isDue && room > 0 && ready < this.#options.target.concurrency && this.#saver.budget > BATCH / 4;
  }

  /** Time until there is something to do without a notification. Whatever blocks a start triggers it when it ends. */
  #idleMs(due: number): number {
    if (this.#paused) return POLL_MS;
    const { waitMs } = this.#attempts;
    const trial = waitMs !== null && waitMs > 0 ? waitMs : POLL_MS;
    const read = this.#wantsToRead ? this.#pace.waitMs : POLL_MS;
    return Math.max(Math.min(POLL_MS, due - Date.now(), trial, read), 1);
  }

  /** Reads what is needed next. @returns whether there may be more to do at once */
  async #work(): Promise<boolean> {
    const subjects = this.#subjects;
    if (!this.#isReopened) {
      subjects.reopen(await this.#reader.findEach(subjects.open));
      this.#isReopened = true;
    }
    const carriedOut = await this.#carryOutRequests();
    if (this.#paused || this.#phase !== 'running') return carriedOut;
    return [carriedOut, await this.#load(), await this.#refill(), await this.#readOn()].includes(true);
  }

  async #load(): Promise<boolean> {
    const isShort = this.#subjects.ready < this.#options.target.concurrency;
    const batch = this.#subjects.toLoad(this.#subjects.room > 0 ? BATCH : isShort ? 1 : 0);
    if (batch.length === 0) return false;
    const find = await this.#reader.find(batch.flatMap(({ entries }) => entries));
    this.#subjects.load(batch, find);
    this.#attempts.start();
    return true;
  }

  async #refill(): Promise<boolean> {
    const lane = this.#subjects.toRefill();
    if (!lane || lane.moreAfter === null) return false;
    const upTo = this.#subjects.readTo;
    const { callbacks } = await this.#reader.after(lane.moreAfter, BATCH, upTo);
    const isEnd = callbacks.length === 0 || callbacks.at(-1)?.place === upTo;
    this.#subjects.refill(lane, callbacks, isEnd);
    this.#attempts.start();
    return true;
  }

  async #readOn(): Promise<boolean> {
    const subjects = this.#subjects;
    if (subjects.room === 0 && subjects.ready < this.#options.target.concurrency) subjects.makeRoom();
    if (!this.#wantsToRead || this.#pace.waitMs > 0) return false;
    this.#pace.begin();
    const { callbacks, isEnd } = await this.#reader.after(
      subjects.readTo,
      Math.min(this.#pace.batch, subjects.room, this.#saver.budget),
    );
    for (const { place, loaded } of callbacks) {
      if (loaded) subjects.append(place, loaded);
      else subjects.pass(place);
    }
    this.#pace.end(callbacks.length, isEnd);
    this.#attempts.start();
    if (await this.#heldBack.look(subjects.readTo, callbacks.length > 0)) void this.#saver.save();
    return !isEnd;
  }

  async #carryOutRequests(): Promise<boolean> {
    let isAny = false;
    for (const [id, request] of this.#requests) {
      // A rewind waits for running attempts: two deliveries of one subject must not overlap.
      if (request.kind === 'rewind' && this.#attempts.running > 0) break;
      await this.#carryOut(request);
      this.#requests.delete(id);
      this.#saver.requestDone(id);
      isAny = true;
    }
    if (isAny) void this.#saver.save();
    return isAny;
  }

  async #carryOut(request: ConsumerRequest): Promise<void> {
    const { store, log } = this.#options;
    const consumer = this.#lease.name;
    if (request.kind === 'rewind') {
      this.#subjects.rewind(request.to);
      this.wake();
    } else if (request.kind === 'send') {
      const { callbackId } = request;
      const found = await this.#reader.findAll(callbackId);
      for (const { read } of found)
        this.#subjects.addLate({ id: randomUUID(), callbackId: read.callbackId, subject: keyOf(read.subject) });
      if (found.length === 0)
        log.warn({ consumer, callback: callbackId }, 'a callback is not sent: the consumer does not take its command');
    } else {
      const { deliveryId } = request;
      if (!this.#subjects.retry(deliveryId)) {
        const dead = await store.findDelivery(deliveryId);
        if (dead?.status === 'dead' && dead.consumer === consumer) this.#subjects.addLate(dead);
      }
      this.#attempts.tryNow();
    }
  }

  #state(): Pick<Progress, 'state' | 'detail'> {
    if (this.#pausedBecause !== null) return { state: 'paused', detail: this.#pausedBecause };
    if (this.#heldBack.detail !== null) return { state: 'held back', detail: this.#heldBack.detail };
    if (this.#attempts.waitMs === null) return { state: 'running', detail: null };
    return { state: 'backing off', detail: this.#attempts.detail };
  }
}
