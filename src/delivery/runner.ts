import { randomUUID } from 'node:crypto';
import { OrderedSession, type OrderedSessionOptions } from './ordered-session.ts';
import { Session } from './session.ts';
import type { Stream, Target } from './target.ts';
import { WakeUp } from './turns.ts';

/** Interval of attempts to take over another process's lease. */
const RETRY_MS = 1_000;

type RunnerOptions = Omit<OrderedSessionOptions, 'target'> & { target: Target | Stream };

/** Runs one consumer in this process whenever no other process does. */
export class Runner {
  readonly #name: string;
  readonly #options: RunnerOptions;
  readonly #holder = randomUUID();
  readonly #wakeUp = new WakeUp();
  #session: Session | OrderedSession | null = null;
  #isClosing = false;
  #isFailing = false;
  readonly #ended: Promise<void>;

  constructor(name: string, options: RunnerOptions) {
    this.#name = name;
    this.#options = options;
    this.#ended = this.#run();
  }

  /** The log may have new callbacks. */
  wake(): void {
    this.#session?.wake();
  }

  /** There may be new requests of operators. */
  lookAtRequests(): void {
    this.#session?.lookAtRequests();
  }

  /** @param graceMs how long running deliveries may take to end */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    this.#wakeUp.call();
    await this.#session?.close(graceMs);
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { log } = this.#options;
    while (!this.#isClosing) {
      try {
        await this.#runOnce();
        this.#isFailing = false;
      } catch (error) {
        if (!this.#isFailing) log.error({ err: error, consumer: this.#name }, 'a consumer cannot be leased');
        this.#isFailing = true;
      }
      if (!this.#isClosing) await this.#wakeUp.sleep(RETRY_MS);
    }
  }

  async #runOnce(): Promise<void> {
    const { store, target, log } = this.#options;
    const leasedAt = performance.now();
    const lease = await store.leaseConsumer(this.#name, this.#holder);
    if (!lease) return;
    if (this.#isClosing) return store.releaseConsumer(lease);
    log.debug({ consumer: this.#name, place: lease.place }, 'this process runs a consumer');
    this.#session =
      'publish' in target
        ? new OrderedSession(lease, leasedAt, { ...this.#options, target })
        : new Session(lease, leasedAt, { ...this.#options, target });
    await this.#session.run();
    this.#session = null;
    if (!this.#isClosing) log.warn({ consumer: this.#name }, 'this process does not run a consumer any more');
  }
}
