import type { DeliveryStore } from '../../src/delivery/target.ts';
import {
  BEGINNING,
  type ConsumerRequest,
  comparePlaces,
  type HeldBack,
  LEASE_MS,
  type LoggedCallback,
  type Place,
  type Progress,
  type StoredDelivery,
} from '../../src/store/consumers.ts';

interface StoredConsumer extends Omit<Progress, 'put' | 'done' | 'requestsDone'> {
  holder: string | null;
  token: number;
  leasedUntil: number;
  paused: boolean;
  deliveries: Map<string, StoredDelivery>;
  requests: ConsumerRequest[];
}

export type MemoryLog = ReturnType<typeof createMemoryLog>;

/** A log and its consumers in memory, for things that a test of deliveries must be able to do to a store. */
export function createMemoryLog() {
  const callbacks: LoggedCallback[] = [];
  const consumers = new Map<string, StoredConsumer>();
  const followers = new Set<() => void>();
  const requestListeners = new Set<(consumer: string) => void>();
  let requestId = 0;
  let lastNumber = 0;
  const saves: Progress[] = [];
  const calls = new Map<string, number>();

  const log = {
    callbacks,
    consumers,
    saves,
    /** Number of calls of each method. */
    calls,
    /** If set, every call rejects with it. */
    failure: null as Error | null,
    heldBack: null as HeldBack | null,
    groups: new Map<string, { groupId: string; name: string }>(),

    /** @returns the callback's id */
    append(command: string, payload: object, fields: Partial<LoggedCallback> = {}): string {
      lastNumber += 1;
      const body = Buffer.from(JSON.stringify({ CallbackCommand: command, ...payload }));
      callbacks.push({
        place: `0-${lastNumber}`,
        id: String(lastNumber),
        command,
        status: 'accepted',
        ignored: false,
        receivedAt: new Date(),
        decision: null,
        query: 'ClientIP=192.0.2.1&OptPlatform=Web',
        body,
        ...fields,
      });
      for (const follower of followers) follower();
      return String(lastNumber);
    },

    remove(id: string): void {
      callbacks.splice(
        callbacks.findIndex((callback) => callback.id === id),
        1,
      );
    },

    consumer(name: string): StoredConsumer {
      const consumer = consumers.get(name);
      if (!consumer) throw new Error(`There is no consumer ${name}.`);
      return consumer;
    },

    /** As if the process that held them were gone. */
    expireLeases(): void {
      for (const consumer of consumers.values()) consumer.leasedUntil = 0;
    },

    ask(
      name: string,
      request:
        | Omit<Extract<ConsumerRequest, { kind: 'rewind' }>, 'id'>
        | Omit<Extract<ConsumerRequest, { kind: 'send' }>, 'id'>
        | Omit<Extract<ConsumerRequest, { kind: 'retry' }>, 'id'>,
    ): void {
      requestId += 1;
      log.consumer(name).requests.push({ id: requestId, ...request });
      for (const listener of requestListeners) listener(name);
    },

    pause(name: string, paused: boolean): void {
      log.consumer(name).paused = paused;
      for (const listener of requestListeners) listener(name);
    },

    /** The store as one process sees it. After `kill`, all of its calls reject. */
    connect(): DeliveryStore & { kill(): void } {
      let isKilled = false;
      const answer = async <Result>(name: string, work: () => Result): Promise<Result> => {
        calls.set(name, (calls.get(name) ?? 0) + 1);
        if (isKilled) throw new Error('the process was killed');
        if (log.failure) throw log.failure;
        await null;
        return structuredClone(work());
      };
      const missing = async () => {
        throw new Error('Not part of this store: add it.');
      };
      return {
        kill() {
          isKilled = true;
        },
        storeId: () => answer('storeId', () => '0a1b2c3d'),
        registerConsumers: (registered) =>
          answer('registerConsumers', () => {
            for (const { name, from } of registered) {
              if (consumers.has(name)) continue;
              const place = from === 'beginning' ? BEGINNING : (callbacks.at(-1)?.place ?? BEGINNING);
              consumers.set(name, {
                ...{ place, open: [], floor: place, state: 'running', detail: null, holder: null, token: 0 },
                ...{ leasedUntil: 0, paused: false, deliveries: new Map(), requests: [] },
              });
            }
          }),
        leaseConsumer: (name, holder) =>
          answer('leaseConsumer', () => {
            const consumer = consumers.get(name);
            if (!consumer || (consumer.holder !== holder && consumer.leasedUntil > Date.now())) return null;
            if (consumer.holder !== holder) consumer.token += 1;
            consumer.holder = holder;
            consumer.leasedUntil = Date.now() + LEASE_MS;
            const { token, place, open, paused, deliveries, state, detail } = consumer;
            const parked = [...deliveries.values()].filter(({ status }) => status === 'parked');
            return {
              name,
              token,
              place,
              open,
              parked,
              paused,
              pausedBecause: paused && state === 'paused' ? detail : null,
            };
          }),
        releaseConsumer: ({ name, token }) =>
          answer('releaseConsumer', () => {
            const consumer = consumers.get(name);
            if (consumer?.token === token) consumer.leasedUntil = 0;
          }),
        saveProgress: ({ name, token }, progress) =>
          answer('saveProgress', () => {
            const consumer = consumers.get(name);
            if (!consumer || consumer.token !== token) return null;
            const { put, done, requestsDone, ...rest } = structuredClone(progress);
            saves.push(progress);
            Object.assign(consumer, rest, { leasedUntil: Date.now() + LEASE_MS });
            for (const delivery of put) consumer.deliveries.set(delivery.id, delivery);
            for (const id of done) consumer.deliveries.delete(id);
            consumer.requests = consumer.requests.filter(({ id }) => !requestsDone.includes(id));
            return { paused: consumer.paused, requests: consumer.requests };
          }),
        readLog: ({ after, upTo, limit, wants }) =>
          answer('readLog', () => {
            const start = callbacks.findLastIndex(({ place }) => comparePlaces(place, after) <= 0) + 1;
            const read = callbacks.slice(start).filter(({ place }) => !upTo || comparePlaces(place, upTo) <= 0);
            return read
              .slice(0, limit)
              .map((callback) => (wants && !wants.includes(callback.command) ? { ...callback, body: null } : callback));
          }),
        findLogged: ({ places = [], ids = [] }) =>
          answer('findLogged', () => callbacks.filter(({ place, id }) => places.includes(place) || ids.includes(id))),
        heldBack: () => answer('heldBack', () => log.heldBack),
        findDelivery: (id) =>
          answer('findDelivery', () => {
            for (const [consumer, { deliveries }] of consumers) {
              const delivery = deliveries.get(id);
              if (delivery) return { ...delivery, consumer };
            }
            return null;
          }),
        // biome-ignore lint/suspicious/noExplicitAny: deliveries only hand groups on
        findGroups: (ids) => answer('findGroups', () => ids.flatMap((id) => (log.groups.get(id) as any) ?? [])),
        follow: (onStored) =>
          answer('follow', () => {}).then(() => {
            const follower = () => onStored({ from: 0, to: 0, changed: [] });
            followers.add(follower);
            return () => void followers.delete(follower);
          }),
        onConsumerRequest(listener) {
          requestListeners.add(listener);
          return () => void requestListeners.delete(listener);
        },
        listConsumers: missing,
        pauseConsumer: (name, paused) =>
          answer('pauseConsumer', () => {
            log.pause(name, paused);
            return true;
          }),
        rewindConsumer: missing,
        sendToConsumer: missing,
        removeConsumer: missing,
        listDeliveries: missing,
        retryDelivery: missing,
        retryDeliveries: missing,
      };
    },
  };
  return log;
}

/** The deliveries of one consumer with a status. */
export function deliveriesOf(log: MemoryLog, consumer: string, status: StoredDelivery['status']): StoredDelivery[] {
  return [...log.consumer(consumer).deliveries.values()].filter((delivery) => delivery.status === status);
}

export function placeOf(number: number): Place {
  return `0-${number}`;
}
