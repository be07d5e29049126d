import type { LookupFunction } from 'node:net';
import type { Logger } from '../callback/logger.ts';
import type { Registration } from '../store/consumers.ts';
import { Burst } from './burst.ts';
import type { DeliverTo, On } from './delivery.ts';
import { callbackReader } from './read.ts';
import { type AnyOptions, addHandler, type HandlersOf } from './registrations.ts';
import { Runner } from './runner.ts';
import type { DeliveryMetrics, DeliveryStore, Stream, Target } from './target.ts';
import { Webhook } from './webhook.ts';
import { readDeliverTo, shownUrl } from './webhook-settings.ts';

const LATE =
  'a handler is registered after its consumer has begun, and does not get what the consumer has passed: register all handlers of a consumer before you await anything';
const RETRY_MS = 1_000;
/** Handlers are exempt: one costs a fifth of a callback, and should run at once. */
const NO_BURST = { isOn: false };
/** How long running handlers may take to end when the receiver closes. */
const GRACE_MS = 5_000;

export interface DeliveryOptions {
  store: DeliveryStore;
  /** The bundled callback contract. */
  document: object;
  sdkAppId: number;
  log: Logger;
  metrics?: DeliveryMetrics;
  /** Decides when consumers read on; for tests. */
  burst?: Burst;
  /** Delays between the attempts of handlers, in milliseconds. */
  schedule?: readonly number[];
  graceMs?: number;
  /** Resolves the names of endpoints; for tests. */
  lookup?: LookupFunction;
}

/** A consumer with its target. */
export interface Consumer extends Registration {
  target: Target | Stream;
}

export type Deliveries = ReturnType<typeof createDelivery>;

/** Delivers stored callbacks to handlers and other targets. Nothing runs before the first one is added. */
export function createDelivery(options: DeliveryOptions) {
  const {
    store,
    document,
    sdkAppId,
    log,
    metrics,
    schedule,
    graceMs = GRACE_MS,
    lookup,
    burst = new Burst(),
  } = options;
  const handlers = new Map<string, HandlersOf>();
  const webhooks = new Map<string, Webhook>();
  /** Consumers that are not stored yet, by name. */
  const unregistered = new Map<string, Consumer>();
  const runners = new Map<string, Runner>();
  const closing = new AbortController();
  let isBurstAsked = false;
  let registering: Promise<void> | null = null;
  let following: Promise<() => void> | null = null;
  const endRequests = store.onConsumerRequest((name) => runners.get(name)?.lookAtRequests());

  const on: On = (command: string, handler: unknown, handlerOptions: AnyOptions = {}) => {
    const { name, target, isNew } = addHandler(handlers, [command, handler, handlerOptions], {
      schedule,
      isRegistered: (consumer) => !unregistered.has(consumer),
      isTaken: (consumer) => webhooks.has(consumer),
    });
    if (runners.has(name)) log.warn({ consumer: name, command }, LATE);
    if (isNew || unregistered.has(name)) add({ name, kind: 'handlers', from: target.from, target });
  };

  const deliverTo: DeliverTo = (url, given) => {
    const isTaken = (consumer: string) => handlers.has(consumer) || webhooks.has(consumer);
    const { consumer, from, settings } = readDeliverTo(url, given, isTaken);
    const target = new Webhook(settings, { consumer, sdkAppId, lookup });
    webhooks.set(consumer, target);
    log.info({ consumer, endpoint: shownUrl(settings.url) }, 'callbacks are delivered to an endpoint');
    add({ name: consumer, kind: 'webhook', from, target });
  };

  return {
    on,
    deliverTo,
    add,
    /** Must be told which callbacks wait for the store; null while no consumer uses it. */
    get burst(): Burst | null {
      return isBurstAsked ? burst : null;
    },
    /**
     * Callbacks must not be answered before it resolves: a consumer receives all callbacks after it. Null if no
     * registration is running.
     */
    get registering(): Promise<void> | null {
      return registering;
    },
    /** The commands that handlers are registered for, by consumer. */
    get registered(): { consumer: string; commands: readonly string[] }[] {
      return [...handlers].map(([consumer, { wants, includesUnknown }]) => ({
        consumer,
        commands: includesUnknown ? ['*'] : wants,
      }));
    },
    /** The commands that some handler names. */
    get handled(): string[] {
      return [...new Set([...handlers.values()].flatMap(({ named }) => named))];
    },
    /**
     * Starts nothing new, waits some seconds for running deliveries, then aborts them. The rest is delivered after a
     * restart.
     */
    async close(): Promise<void> {
      closing.abort();
      endRequests();
      await registering;
      await Promise.all([...runners.values()].map((runner) => runner.close(graceMs)));
      for (const webhook of webhooks.values()) webhook.close();
      const endFollowing = await following?.catch(() => null);
      endFollowing?.();
    },
  };

  function add(consumer: Consumer): void {
    isBurstAsked ||= consumer.kind !== 'handlers';
    unregistered.set(consumer.name, consumer);
    registering ??= register().finally(() => {
      registering = null;
    });
  }

  async function register(): Promise<void> {
    // Consumers added in the same turn of the event loop are stored together.
    await Promise.resolve();
    let isFailing = false;
    while (unregistered.size > 0 && !closing.signal.aborted) {
      const consumers = [...unregistered.values()];
      try {
        // From here on, another `from` would come too late.
        unregistered.clear();
        await store.registerConsumers(consumers.map(({ name, kind, from }) => ({ name, kind, from })));
        for (const consumer of consumers) void run(consumer);
      } catch (error) {
        for (const consumer of consumers) unregistered.set(consumer.name, consumer);
        if (!isFailing) log.error({ err: error }, 'consumers cannot be registered');
        isFailing = true;
        await retryTime();
      }
    }
  }

  async function run({ name, kind, target }: Consumer): Promise<void> {
    const storeId = await persistently(() => store.storeId());
    if (storeId === null || closing.signal.aborted) return;
    const read = callbackReader(document, { sdkAppId, storeId });
    runners.set(
      name,
      new Runner(name, { store, target, read, storeId, log, metrics, burst: kind === 'handlers' ? NO_BURST : burst }),
    );
    following ??= follow();
  }

  async function follow(): Promise<() => void> {
    const wakeAll = () => {
      for (const runner of runners.values()) runner.wake();
    };
    return (await persistently(() => store.follow(wakeAll))) ?? (() => {});
  }

  async function retryTime(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const timer = setTimeout(resolve, RETRY_MS);
    closing.signal.addEventListener('abort', resolve);
    await promise;
    clearTimeout(timer);
    closing.signal.removeEventListener('abort', resolve);
  }

  /** Retries until it succeeds. @returns null if the deliveries are closed first */
  async function persistently<Result>(attempt: () => Promise<Result>): Promise<Result | null> {
    while (!closing.signal.aborted) {
      try {
        return await attempt();
      } catch (error) {
        log.debug({ err: error }, 'the database does not answer deliveries yet');
        await retryTime();
      }
    }
    return null;
  }
}
