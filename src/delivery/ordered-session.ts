import { randomUUID } from 'node:crypto';
import type { Logger } from '../callback/logger.ts';
import type { ConsumerRequest, Lease, Place, Progress, StoredDelivery } from '../store/consumers.ts';
import type { Burst } from './burst.ts';
import { HeldBackWatch } from './held-back.ts';
import { InFlight } from './in-flight.ts';
import { entryOf, keyOf } from './lane.ts';
import { LogReader } from './log-reader.ts';
import { OrderedProgress } from './ordered-progress.ts';
import { type LateRequest, OrderedRequests, partOf, passOf } from './ordered-requests.ts';
import type { ReadLogged } from './read.ts';
import { POLL_MS, ReadPace } from './read-pace.ts';
import { Saver } from './saver.ts';
import type { DeliveryMetrics, DeliveryStore, PreparedMessage, Stream, StreamEnd, StreamMessage } from './target.ts';
import { Trouble } from './trouble.ts';
import { inTurns, WakeUp } from './turns.ts';
import type { Loaded } from './window.ts';

export interface OrderedSessionOptions {
  store: DeliveryStore;
  target: Stream;
  read: ReadLogged;
  burst: Pick<Burst, 'isOn'>;
  storeId: string;
  log: Logger;
  metrics: DeliveryMetrics | undefined;
}

/**
 * Runs one consumer whose target takes all callbacks in log order, while this process holds the lease. The last message
 * of the stream tells where to continue. A failure stops the consumer as a whole.
 */
export class OrderedSession {
  readonly #options: OrderedSessionOptions;
  readonly #lease: Lease;
  readonly #progress: OrderedProgress;
  readonly #reader: LogReader;
  readonly #saver: Saver;
  readonly #heldBack: HeldBackWatch;
  readonly #trouble: Trouble;
  readonly #requests: OrderedRequests;
  readonly #pace: ReadPace;
  readonly #wakeUp = new WakeUp();
  readonly #inFlight = new InFlight();
  /** `closing`: nothing new is published. */
  #phase: 'running' | 'closing' | 'over' = 'running';
  #paused: boolean;
  /** The end of the stream has been read. */
  #isOpen = false;

  /** @param leasedAt when the lease was requested; monotonic clock */
  constructor(lease: Lease, leasedAt: number, options: OrderedSessionOptions) {
    const { store, log } = options;
    const consumer = lease.name;
    this.#options = options;
    this.#lease = lease;
    this.#paused = lease.paused;
    this.#progress = new OrderedProgress(lease.place);
    this.#pace = new ReadPace(options.burst);
    this.#reader = new LogReader(options);
    this.#heldBack = new HeldBackWatch({ store, consumer, log });
    this.#trouble = new Trouble({ consumer, log });
    this.#saver = new Saver({
      ...{ store, lease, leasedAt, log, progress: this.#progress },
      state: () => this.#state(),
      onSaved: (answer) => this.#saved(answer),
      onLost: () => this.#end('over'),
    });
    this.#requests = new OrderedRequests(this.#progress, this.#saver);
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
      turn: async () => ((await this.#work()) ? 0 : this.#idleMs()),
      ...{ wakeUp: this.#wakeUp, consumer: this.#lease.name, log: this.#options.log },
    });
    // The lease is lost: the stream either refuses the messages in flight, or the next process finds them at its end.
    if (this.#phase === 'over') await this.#options.target.close();
  }

  /** Publishes nothing new, waits for the messages in flight, and releases the lease. */
  async close(graceMs: number): Promise<void> {
    if (this.#phase === 'over') return;
    this.#end('closing');
    await this.#inFlight.drained(performance.now() + graceMs, () => this.#phase === 'closing');
    await this.#options.target.close();
    await this.#saver.save();
    this.#end('over');
    await this.#saver.stop();
    // On failure, the lease expires by itself.
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
    this.#requests.add(requests);
    // A save renews the lease, and makes room for more messages.
    this.#wakeUp.call();
    this.#inFlight.look();
  }

  #idleMs(): number {
    if (this.#paused || !this.#requests.areKnown) return POLL_MS;
    if (!this.#isOpen) return Math.max(Math.min(this.#trouble.waitMs, POLL_MS), 1);
    if (!this.#mayPublish || this.#hasUnsaved) return POLL_MS;
    return Math.max(Math.min(this.#pace.waitMs, POLL_MS), 1);
  }

  /** @returns whether there may be more to do at once */
  async #work(): Promise<boolean> {
    if (!this.#requests.areKnown || this.#paused || !(await this.#open())) return false;
    if (this.#hasUnsaved) await this.#saver.save();
    if (this.#hasUnsaved) return false;
    return this.#requests.next ? this.#carryOut(this.#requests.next) : this.#readOn();
  }

  /**
   * Unsaved dead letters and completed requests: the end of the stream must not pass them, since a restart continues
   * there.
   */
  get #hasUnsaved(): boolean {
    return this.#progress.hasUnsaved || this.#saver.hasRequestsDone;
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
    // Set last: from here on, a connection that breaks is noticed.
    this.#isOpen = true;
    try {
      this.#requests.goOnAfter(end, end !== null && (await this.#isKnown(end)));
    } catch (error) {
      this.#isOpen = false;
      throw error;
    }
    this.#pace.call();
    void this.#saver.save();
    return this.#isOpen;
  }

  /**
   * Whether the store has the callback that the stream ends with. If retention deleted it, the store's place is
   * further. If the database was restored, or replaced by a standby that lagged behind, the callback is missing, or
   * another one has its place.
   */
  #isKnown({ place, receivedAt }: StreamEnd): Promise<boolean> {
    return this.#reader.has(place, receivedAt);
  }

  #connection(isUp: boolean): void {
    if (this.#phase !== 'running') return;
    if (isUp) this.#trouble.tryNow();
    else this.#failed(new Error('the connection is lost'));
    this.#wakeUp.call();
  }

  /** Stops publishing until the end of the stream has been read again. */
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
    if (!this.#mayPublish || this.#pace.waitMs > 0) return false;
    this.#pace.begin();
    const { callbacks, isEnd } = await this.#reader.after(this.#progress.readTo, this.#pace.batch);
    for (const { place, loaded } of callbacks) {
      if (!loaded) this.#progress.pass(place);
      else if (!(await this.#publish(loaded, place))) return false;
      if (this.#requests.next) return true;
    }
    this.#pace.end(callbacks.length, isEnd);
    // If the stream was closed in the meantime, messages in flight may have failed.
    if (isEnd && this.#isOpen && this.#inFlight.isEmpty) {
      this.#requests.rewound();
      this.#works();
    }
    if (await this.#heldBack.look(this.#progress.readTo, callbacks.length > 0)) void this.#saver.save();
    return !isEnd;
  }

  /** @returns false if the callback has to be read again */
  async #publish(loaded: Loaded, place: Place): Promise<boolean> {
    const message = this.#prepare(loaded, { place, pass: this.#requests.pass, late: false });
    if (message.problem !== null) return this.#giveUp(loaded, place, message.problem);
    const mayPublish = () => this.#mayPublish;
    // After a failure, a single message tests whether the stream accepts more.
    await this.#inFlight.room(message.bytes, mayPublish, () => this.#trouble.isOn);
    if (!mayPublish()) return false;
    const sent = this.#progress.send(place);
    void this.#send(message, () => {
      this.#progress.settle(sent);
      this.#requests.rewound();
    });
    return true;
  }

  /** @returns whether the stream has accepted it */
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
    const { rewind } = this.#requests;
    return this.#options.target.prepare({ delivery: { ...content, group, late }, rewind, ...fields });
  }

  /** Stores a dead letter before anything after it is published. @returns false if the callback has to be read again */
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

  /** @returns whether the request is carried out */
  async #carryOut(request: ConsumerRequest): Promise<boolean> {
    await this.#settled();
    if (!this.#mayPublish) return false;
    if (request.kind !== 'rewind') return this.#publishLate(request);
    this.#requests.goTo(request);
    this.wake();
    return true;
  }

  /** Publishes events again: one, or all of a batch. @returns whether the request is carried out */
  async #publishLate(request: LateRequest): Promise<boolean> {
    const { store, log } = this.#options;
    const consumer = this.#lease.name;
    const found = request.kind === 'retry' ? await store.findDelivery(request.deliveryId) : null;
    const dead = found?.status === 'dead' && found.consumer === consumer ? found : null;
    const all = request.kind === 'send' ? await this.#reader.findAll(request.callbackId) : await this.#findDead(dead);
    if (all.length === 0) {
      if (request.kind === 'send')
        log.warn(
          { consumer, callback: request.callbackId },
          'a callback is not sent: the consumer does not take its command',
        );
      // The callback is no longer delivered.
      else if (dead) this.#progress.done(dead.id);
      this.#requests.done(request.id);
      return true;
    }
    const rest = this.#requests.restOf(request, all);
    for (const [index, loaded] of rest.entries()) {
      const isLast = index === rest.length - 1;
      const pass = isLast ? passOf(request) : partOf(request);
      const message = this.#prepare(loaded, { place: this.#progress.readTo, pass, late: true });
      const { callbackId, content } = loaded.read;
      if (message.problem !== null) {
        const { problem: error } = message;
        if (dead) this.#progress.put({ ...dead, attempts: dead.attempts + 1, error, failedAt: new Date() });
        else log.warn({ consumer, callback: callbackId, error }, 'a callback is not sent');
        if (isLast) this.#requests.done(request.id);
        continue;
      }
      const onTaken = () => {
        if (isLast) this.#requests.published(request);
        else if ('id' in content) this.#requests.begun(request, content.id);
      };
      if (!this.#mayPublish || !(await this.#send(message, onTaken))) return false;
    }
    return true;
  }

  async #findDead(dead: StoredDelivery | null): Promise<Loaded[]> {
    if (!dead) return [];
    const late = entryOf(null, dead.callbackId);
    return [(await this.#reader.find([late]))(late)].flatMap((loaded) => loaded ?? []);
  }

  /** The stream accepts messages, or there are none to publish. */
  #works(): void {
    if (this.#trouble.end()) void this.#saver.save();
  }

  #state(): Pick<Progress, 'state' | 'detail'> {
    if (this.#trouble.isOn) return { state: this.#trouble.state, detail: this.#trouble.detail };
    const { detail } = this.#heldBack;
    return { state: detail === null ? 'running' : 'held back', detail };
  }
}
