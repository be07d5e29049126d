import { randomUUID } from 'node:crypto';
import type { Logger } from '../callback/logger.ts';
import { type ConsumerRequest, comparePlaces, type Lease, type Place, type Progress } from '../store/consumers.ts';
import { HeldBackWatch } from './held-back.ts';
import { InFlight } from './in-flight.ts';
import { entryOf, keyOf } from './lane.ts';
import { LogReader } from './log-reader.ts';
import { OrderedProgress } from './ordered-progress.ts';
import type { Pace } from './pace.ts';
import type { ReadLogged } from './read.ts';
import { Saver } from './saver.ts';
import { WakeUp } from './session.ts';
import type { DeliveryMetrics, DeliveryStore, PreparedMessage, Stream, StreamEnd, StreamMessage } from './target.ts';
import { Trouble } from './trouble.ts';
import type { Loaded } from './window.ts';

/** How often the log is looked at although nobody says that there is something new. */
const POLL_MS = 1_000;

export interface OrderedSessionOptions {
  store: DeliveryStore;
  target: Stream;
  read: ReadLogged;
  pace: Pace;
  storeId: string;
  log: Logger;
  metrics: DeliveryMetrics | undefined;
}

type Rewind = Extract<ConsumerRequest, { kind: 'rewind' }>;

/**
 * Runs one consumer whose target takes everything in the order of the log, for as long as this process holds its lease.
 * Where to go on is what the stream ends with. What fails holds up the consumer as a whole.
 */
export class OrderedSession {
  readonly #options: OrderedSessionOptions;
  readonly #lease: Lease;
  readonly #progress: OrderedProgress;
  readonly #reader: LogReader;
  readonly #saver: Saver;
  readonly #heldBack: HeldBackWatch;
  readonly #trouble: Trouble;
  readonly #wakeUp = new WakeUp();
  readonly #inFlight = new InFlight();
  readonly #requests = new Map<number, ConsumerRequest>();
  /** Rewinds that have been carried out, but not noted as done: nothing of the log after them is in the stream yet. */
  #rewinding: number[] = [];
  /** Id of the last rewind before what is published next. */
  #rewind = 0;
  /** `closing`: nothing new is published. */
  #phase: 'running' | 'closing' | 'over' = 'running';
  #paused: boolean;
  #knowsRequests = false;
  /** What the stream ends with is known. */
  #isOpen = false;
  /** Counts the calls for a look at the log. */
  #calls = 0;
  #atEnd = false;
  #readAt = 0;
  #gatherMs = 0;
  #isFailing = false;

  /** @param leasedAt when the lease was asked for, by the monotonic clock */
  constructor(lease: Lease, leasedAt: number, options: OrderedSessionOptions) {
    const { store, log } = options;
    const consumer = lease.name;
    this.#options = options;
    this.#lease = lease;
    this.#paused = lease.paused;
    this.#progress = new OrderedProgress(lease.place);
    this.#reader = new LogReader(options);
    this.#heldBack = new HeldBackWatch({ store, consumer, log });
    this.#trouble = new Trouble({ consumer, log });
    this.#saver = new Saver({
      ...{ store, lease, leasedAt, log, progress: this.#progress },
      state: () => this.#state(),
      onSaved: (answer) => this.#saved(answer),
      onLost: () => this.#end('over'),
    });
  }

  /** There may be something new in the log. */
  wake(): void {
    this.#calls += 1;
    this.#atEnd = false;
    this.#wakeUp.call();
  }

  /** There may be something that an operator asks for. */
  lookAtRequests(): void {
    void this.#saver.save();
  }

  /** Resolves when the lease is lost, or the session has been closed. */
  async run(): Promise<void> {
    void this.#saver.save();
    while (this.#phase === 'running') {
      try {
        const worked = await this.#work();
        if (this.#isFailing) this.#options.log.info({ consumer: this.#lease.name }, 'a consumer reads the log again');
        this.#isFailing = false;
        if (!worked) await this.#wakeUp.sleep(this.#idleMs());
      } catch (error) {
        if (!this.#isFailing)
          this.#options.log.error({ err: error, consumer: this.#lease.name }, 'a consumer cannot read the log');
        this.#isFailing = true;
        await this.#wakeUp.sleep(POLL_MS);
      }
    }
    // A lost lease: what is in flight is refused, or is what the next process finds at the end of the stream.
    if (this.#phase === 'over') await this.#options.target.close();
  }

  /** Publishes nothing new, waits for what is in flight, and gives the lease back. */
  async close(graceMs: number): Promise<void> {
    if (this.#phase === 'over') return;
    this.#end('closing');
    await this.#inFlight.drained(performance.now() + graceMs, () => this.#phase === 'closing');
    await this.#options.target.close();
    await this.#saver.save();
    this.#end('over');
    await this.#saver.stop();
    // Where it fails, the lease ends by itself.
    await this.#options.store.releaseConsumer(this.#lease).catch(() => {});
  }

  #end(phase: 'closing' | 'over'): void {
    this.#phase = phase;
    if (phase === 'over') void this.#saver.stop();
    this.#wakeUp.call();
    this.#inFlight.look();
  }

  #saved({ paused, requests }: { paused: boolean; requests: readonly ConsumerRequest[] }): void {
    this.#paused = paused;
    this.#knowsRequests = true;
    for (const request of requests) {
      if (!this.#saver.isRequestDone(request.id)) this.#requests.set(request.id, request);
    }
    // A save renews the lease, and makes room.
    this.#wakeUp.call();
    this.#inFlight.look();
  }

  #idleMs(): number {
    if (this.#paused || !this.#knowsRequests) return POLL_MS;
    if (!this.#isOpen) return Math.max(Math.min(this.#trouble.waitMs, POLL_MS), 1);
    if (!this.#mayPublish) return POLL_MS;
    const read = this.#atEnd ? POLL_MS : this.#readAt + this.#gatherMs - performance.now();
    return Math.max(Math.min(read, POLL_MS), 1);
  }

  /** @returns whether there may be more to do at once */
  async #work(): Promise<boolean> {
    if (!this.#knowsRequests || this.#paused || !(await this.#open())) return false;
    if (this.#progress.hasUnsaved) {
      // The end of the stream must not pass a callback that is dead, but not stored as such.
      await this.#saver.save();
      if (this.#progress.hasUnsaved) return false;
    }
    const carriedOut = await this.#carryOutRequests();
    return (await this.#readOn()) || carriedOut;
  }

  /** Whether the next message may be published. */
  get #mayPublish(): boolean {
    return this.#phase === 'running' && this.#isOpen && !this.#paused && this.#saver.mayStart;
  }

  async #open(): Promise<boolean> {
    if (this.#isOpen) return true;
    const { target, storeId } = this.#options;
    await this.#settled();
    if (this.#trouble.waitMs > 0 || this.#phase !== 'running') return false;
    let end: StreamEnd | null;
    try {
      end = await target.open(storeId, (isUp) => this.#connection(isUp));
    } catch (error) {
      if (this.#phase === 'running') this.#failed(error);
      return false;
    }
    await this.#goOnAfter(end);
    this.#isOpen = true;
    return true;
  }

  /** The stream may have more than was acknowledged; and less than it had, where it was emptied. The further place counts. */
  async #goOnAfter(end: StreamEnd | null): Promise<void> {
    const progress = this.#progress;
    // It was deleted, so that the store's place is further; or the database was restored into another cluster, where
    // places are set anew.
    const isKnown = end !== null && (await this.#options.store.findLogged({ places: [end.place] })).length > 0;
    const rewinds = [...this.#requests.values()].filter((request): request is Rewind => request.kind === 'rewind');
    const done = isKnown ? rewinds.findIndex(({ id }) => id === end.rewind) : -1;
    this.#rewinding = rewinds.slice(0, done + 1).map(({ id }) => id);
    if (end && this.#rewinding.length > 0) {
      progress.restart(end.place);
      this.#rewound();
    } else progress.restart(isKnown ? further(progress.place, end.place) : progress.place);
    this.#rewind = end?.rewind ?? this.#rewind;
    this.#atEnd = false;
    void this.#saver.save();
  }

  #connection(isUp: boolean): void {
    if (this.#phase !== 'running') return;
    if (isUp) this.#trouble.tryNow();
    else this.#failed(new Error('the connection is lost'));
    this.#wakeUp.call();
  }

  /** What is published next waits, until what the stream ends with has been read again. */
  #failed(error: unknown): void {
    this.#isOpen = false;
    const { metrics } = this.#options;
    if (this.#trouble.begin(error)) metrics?.delivered(this.#lease.name, 0, 'failed');
    void this.#saver.save();
    this.#wakeUp.call();
    this.#inFlight.look();
  }

  /** Resolves when nothing is in flight. */
  #settled(): Promise<void> {
    return this.#inFlight.none(() => this.#phase === 'running');
  }

  async #readOn(): Promise<boolean> {
    const progress = this.#progress;
    const { pace } = this.#options;
    const now = performance.now();
    const isNew = !this.#atEnd || now >= this.#readAt + POLL_MS;
    if (!this.#mayPublish || !isNew || now < this.#readAt + this.#gatherMs) return false;
    const calls = this.#calls;
    const { callbacks, isEnd } = await this.#reader.after(progress.readTo, pace.batch);
    for (const { place, loaded } of callbacks) {
      if (!loaded) progress.pass(place);
      else if (!(await this.#publish(loaded, place))) return false;
      if (this.#hasNewRequests) return true;
    }
    this.#readAt = performance.now();
    this.#gatherMs = pace.gatherMs(callbacks.length, isEnd);
    this.#atEnd = isEnd && calls === this.#calls;
    if (isEnd && this.#inFlight.isEmpty) {
      this.#rewound();
      this.#works();
    }
    if (await this.#heldBack.look(progress.readTo, callbacks.length > 0)) void this.#saver.save();
    return !isEnd;
  }

  /** @returns false where it has to be read again */
  async #publish(loaded: Loaded, place: Place): Promise<boolean> {
    const pass = this.#rewind === 0 ? '' : `rewind${this.#rewind}`;
    const message = this.#prepare(loaded, { place, pass, late: false });
    if (message.problem !== null) return this.#giveUp(loaded, place, message.problem);
    const mayPublish = () => this.#mayPublish;
    // After a failure one message finds out whether the stream takes more.
    await this.#inFlight.room(message.bytes, mayPublish, () => this.#trouble.isOn);
    if (!mayPublish()) return false;
    const sent = this.#progress.send(place);
    void this.#send(message, () => {
      this.#progress.settle(sent);
      this.#rewound();
    });
    return true;
  }

  /** @returns whether the stream has taken it */
  async #send(message: PreparedMessage, onTaken: () => void): Promise<boolean> {
    const { target, metrics } = this.#options;
    const startedAt = performance.now();
    this.#inFlight.begin(message.bytes);
    try {
      const outcome = await target.publish(message);
      if (this.#phase === 'over') return false;
      metrics?.delivered(this.#lease.name, (performance.now() - startedAt) / 1000, 'ok');
      onTaken();
      this.#saver.ended();
      this.#works();
      if (outcome === 'duplicate') {
        this.#isOpen = false;
        this.#trouble.tryNow();
      }
      return true;
    } catch (error) {
      if (this.#phase === 'running' && this.#isOpen) this.#failed(error);
      return false;
    } finally {
      this.#inFlight.end(message.bytes);
      if (this.#inFlight.isEmpty) this.#wakeUp.call();
    }
  }

  #prepare(
    { read, group }: Loaded,
    { late, ...fields }: Omit<StreamMessage, 'delivery' | 'rewind'> & { late: boolean },
  ) {
    const { content } = read;
    if ('problem' in content) return { bytes: 0, problem: content.problem };
    return this.#options.target.prepare({ delivery: { ...content, group, late }, rewind: this.#rewind, ...fields });
  }

  /** Stores a callback as dead, before anything after it is published. @returns false where it has to be read again */
  async #giveUp({ read }: Loaded, place: Place, error: string): Promise<boolean> {
    await this.#settled();
    if (!this.#mayPublish) return false;
    const { callbackId, command, subject } = read;
    this.#progress.pass(place);
    this.#progress.put({
      ...{ id: randomUUID(), callbackId, place, subject: keyOf(subject), status: 'dead', attempts: 1, error },
      ...{ failedAt: new Date(), nextAttemptAt: null, late: false, waiting: [], moreAfter: null },
    });
    const { log, metrics } = this.#options;
    const consumer = this.#lease.name;
    metrics?.delivered(consumer, 0, 'dead');
    log.warn({ consumer, command, callback: callbackId, subject, error }, 'a delivery has failed and is given up');
    await this.#saver.save();
    return !this.#progress.hasUnsaved;
  }

  get #hasNewRequests(): boolean {
    return this.#requests.size > this.#rewinding.length;
  }

  async #carryOutRequests(): Promise<boolean> {
    let isAny = false;
    for (const request of [...this.#requests.values()]) {
      if (this.#rewinding.includes(request.id)) continue;
      await this.#settled();
      if (!this.#mayPublish) break;
      if (request.kind === 'rewind') this.#goTo(request);
      else if (!(await this.#publishLate(request))) break;
      isAny = true;
    }
    if (isAny) void this.#saver.save();
    return isAny;
  }

  #goTo({ id, to }: Rewind): void {
    this.#rewinding.push(id);
    this.#rewind = id;
    if (!this.#progress.rewind(to)) this.#rewound();
    this.wake();
  }

  /** The stream has begun with what follows a rewind, or nothing follows. */
  #rewound(): void {
    if (this.#rewinding.length === 0) return;
    this.#progress.rewound();
    for (const id of this.#rewinding) this.#requestDone(id);
    this.#rewinding = [];
    void this.#saver.save();
  }

  #requestDone(id: number): void {
    this.#requests.delete(id);
    this.#saver.requestDone(id);
  }

  /** Publishes one event again. @returns whether the request is carried out */
  async #publishLate(request: Exclude<ConsumerRequest, Rewind>): Promise<boolean> {
    const { store, log } = this.#options;
    const consumer = this.#lease.name;
    const dead = request.kind === 'retry' ? await store.findDelivery(request.deliveryId) : null;
    const isRetried = dead?.status === 'dead' && dead.consumer === consumer;
    const callbackId = request.kind === 'send' ? request.callbackId : isRetried ? dead.callbackId : null;
    const late = entryOf(null, callbackId);
    const loaded = callbackId === null ? null : (await this.#reader.find([late]))(late);
    if (!loaded) {
      if (request.kind === 'send')
        log.warn({ consumer, callback: callbackId }, 'a callback is not sent: the consumer does not take its command');
      // It is not delivered any more.
      else if (isRetried) this.#progress.done(request.deliveryId);
      this.#requestDone(request.id);
      return true;
    }
    const pass = `${request.kind}${request.id}`;
    const message = this.#prepare(loaded, { place: this.#progress.readTo, pass, late: true });
    if (message.problem !== null) {
      const { problem: error } = message;
      if (isRetried) this.#progress.put({ ...dead, attempts: dead.attempts + 1, error, failedAt: new Date() });
      else log.warn({ consumer, callback: callbackId, error }, 'a callback is not sent');
      this.#requestDone(request.id);
      return true;
    }
    return this.#send(message, () => {
      if (isRetried) this.#progress.done(dead.id);
      this.#requestDone(request.id);
    });
  }

  /** The stream takes messages, or there are none. */
  #works(): void {
    if (this.#trouble.end()) void this.#saver.save();
  }

  #state(): Pick<Progress, 'state' | 'detail'> {
    if (this.#trouble.isOn) return { state: this.#trouble.state, detail: this.#trouble.detail };
    const { detail } = this.#heldBack;
    return { state: detail === null ? 'running' : 'held back', detail };
  }
}

function further(one: Place, other: Place): Place {
  return comparePlaces(one, other) >= 0 ? one : other;
}
