import type { components } from '../../generated/admin.ts';
import type { Page } from './bounded-scans.ts';

// The store operations of deliveries. The stored callbacks are the log; a consumer is a name and a cursor into it.

/**
 * A place in the log, in commit order: `<xid>-<number>`. On PostgreSQL, the transaction's id and the callback's id. On
 * SQLite, the xid is 0, and the number is the callback's id, or a later one that it got by a retry. The items of a
 * batch have their own places, `<xid>-<number>.<index>` from index 0; the last one has that of the callback, so that
 * "up to this place" includes all items. Compare places of one store with `comparePlaces`.
 */
export type Place = string;

/** The place before the first callback. */
export const BEGINNING: Place = '0-0';

export function comparePlaces(one: Place, other: Place): number {
  const [xid, number, index] = stepsOf(one);
  const [otherXid, otherNumber, otherIndex] = stepsOf(other);
  if (xid !== otherXid) return xid < otherXid ? -1 : 1;
  return number - otherNumber || (index === otherIndex ? 0 : index - otherIndex);
}

/**
 * The xid of a place, and the number up to which whole callbacks are included: for the place of an item, that of the
 * previous callback.
 */
export function partsOf(place: Place): [xid: bigint, number: number] {
  const [xid, number, index] = stepsOf(place);
  return [xid, index === Number.POSITIVE_INFINITY ? number : number - 1];
}

/** The place of the whole callback. */
export function callbackPlaceOf(place: Place): Place {
  const dot = place.indexOf('.');
  return dot < 0 ? place : place.slice(0, dot);
}

/** The place of an item of a batch. */
export function itemPlaceOf(callback: Place, index: number, items: number): Place {
  return index === items - 1 ? callback : `${callback}.${index}`;
}

/** The place if it is an item's, which columns of whole places cannot hold; otherwise null. */
export function itemPlaceIn(place: Place): Place | null {
  return place === callbackPlaceOf(place) ? null : place;
}

/**
 * Combines a place from a column of whole places with the item's place stored beside it. Ignores an item's place that
 * belongs to an earlier whole place.
 */
export function placeWithin(whole: Place, item: Place | null): Place {
  if (item === null) return whole;
  const [[xid, number], [itemXid, before]] = [partsOf(whole), partsOf(item)];
  return xid === itemXid && number === before ? item : whole;
}

/** A whole callback has an infinite index: it comes after its items. */
function stepsOf(place: Place): [xid: bigint, number: number, index: number] {
  const dash = place.indexOf('-');
  const dot = place.indexOf('.', dash);
  const number = Number(dot < 0 ? place.slice(dash + 1) : place.slice(dash + 1, dot));
  return [BigInt(place.slice(0, dash)), number, dot < 0 ? Number.POSITIVE_INFINITY : Number(place.slice(dot + 1))];
}

export type ConsumerKind = 'handlers' | 'webhook' | 'stream';

/** A consumer when it is first registered. */
export interface Registration {
  name: string;
  kind: ConsumerKind;
  from: 'now' | 'beginning' | Date;
}

/** A stored callback as a consumer reads it. Rejected callbacks are not in the log. */
export interface LoggedCallback {
  place: Place;
  id: string;
  command: string;
  status: Exclude<components['schemas']['Callback']['status'], 'rejected'>;
  ignored: boolean;
  receivedAt: Date;
  decision: components['schemas']['Decision'] | null;
  query: string;
  /** As stored; null if the consumer did not request it, or it did not fit into a read of some megabytes. */
  body: Uint8Array | null;
}

/** A delivery that is stored because it failed, or because an operator requested it. */
export interface StoredDelivery {
  /** A UUID. */
  id: string;
  /** For an item of a batch, `<id of the callback>-<index>`. */
  callbackId: string;
  /** Null for a late one, which is outside of the log's order. */
  place: Place | null;
  /** Ordering key, such as `["group","@TGS#1"]`; empty if the callback stands alone. */
  subject: string;
  status: 'parked' | 'dead';
  /** Failed attempts so far. */
  attempts: number;
  /** The last attempt's error; null before the first attempt. */
  error: string | null;
  /** Time of the last attempt. */
  failedAt: Date | null;
  /** For a parked delivery. */
  nextAttemptAt: Date | null;
  /** It comes after newer callbacks of its subject: a retried dead letter, or one that was sent manually. */
  late: boolean;
  /** Places of later callbacks of the subject that wait for it. */
  waiting: readonly Place[];
  /**
   * Set if more callbacks may wait than are listed: those of the subject after this place, up to the consumer's cursor.
   */
  moreAfter: Place | null;
}

/** An operator's request to a running consumer; stored until the consumer has carried it out. */
export type ConsumerRequest = { id: number } & (
  | { kind: 'rewind'; to: Place }
  /** Delivers a callback again now; for a batch, all items. */
  | { kind: 'send'; callbackId: string }
  /** Retries a parked or dead delivery now. */
  | { kind: 'retry'; deliveryId: string }
);

/** A consumer that this process may run until another one takes over the lease. */
export interface Lease {
  name: string;
  /**
   * Fencing token, higher than those of all earlier leases of the consumer: writes under an earlier lease are refused.
   */
  token: number;
  /** The cursor: everything up to here has been delivered, is stored as a delivery, or is in `open`. */
  place: Place;
  /** Undelivered callbacks up to `place`, in order. */
  open: readonly Place[];
  parked: readonly StoredDelivery[];
  paused: boolean;
  /** Why it paused itself; null if an operator paused it, or it is not paused. */
  pausedBecause: string | null;
  /**
   * Timeline of the PostgreSQL server that granted it: after a fail-over another server answers, and the place has to
   * be reread.
   */
  timeline?: string;
}

export type ConsumerState = Exclude<components['schemas']['Consumer']['state'], 'idle'>;

export interface Progress {
  place: Place;
  open: readonly Place[];
  /**
   * The lowest place that the consumer may still read: considers `place`, `open`, and what parked deliveries wait for.
   */
  floor: Place;
  /** Inserted, or overwritten by id. */
  put: readonly StoredDelivery[];
  /** Ids of completed deliveries. */
  done: readonly string[];
  /** Ids of completed requests. */
  requestsDone: readonly number[];
  state: ConsumerState;
  /** A note on the state for operators, or null. */
  detail: string | null;
}

/** What blocks reading the log further: an open transaction somewhere in the database cluster. */
export interface HeldBack {
  /** Null if the database does not show it to this role. */
  pid: number | null;
  database: string | null;
  ageSeconds: number | null;
}

export type ConsumerRecord = components['schemas']['Consumer'];
export type DeliveryRecord = components['schemas']['Delivery'];

/** Selects deliveries. */
export interface DeliveryFilter {
  consumer?: string | undefined;
  status?: StoredDelivery['status'] | undefined;
}

/** How long a lease lasts after it was taken or renewed, by the database's clock. */
export const LEASE_MS = 3_000;

/** The log of callbacks, and its consumers. Whatever a method has written survives a kill of the process. */
export interface ConsumerStore {
  /** 8 hexadecimal digits that identify the store: callback ids are unique only within one store. */
  storeId(): Promise<string>;
  /**
   * Creates the consumers that do not exist yet. Once it resolves they are on disk, and get every callback that is
   * answered later.
   */
  registerConsumers(consumers: readonly Registration[]): Promise<void>;
  /**
   * Takes or renews the lease of a consumer.
   * @param holder a UUID of the process and consumer; the same holder gets its lease again, with the same token
   * @returns null if another holder has the lease, or the consumer does not exist
   */
  leaseConsumer(name: string, holder: string): Promise<Lease | null>;
  /** Releases the lease, so that another process need not wait for it to expire. */
  releaseConsumer(lease: Pick<Lease, 'name' | 'token'>): Promise<void>;
  /**
   * Writes progress in one transaction and renews the lease.
   * @returns the oldest pending requests, at most a few hundred; null if another holder has the lease, the consumer was
   *   removed, or another server answers after a fail-over: then nothing is written
   */
  saveProgress(
    lease: Pick<Lease, 'name' | 'token' | 'timeline'>,
    progress: Progress,
  ): Promise<{ paused: boolean; requests: readonly ConsumerRequest[] } | null>;
  /**
   * The callbacks after a place, in order, up to the watermark: later reads never find one in between.
   * @param upTo the last place to read; by default all
   * @param limit number of callbacks; fewer if their bodies exceed some megabytes, but at least one
   * @param wants commands whose bodies are read; null reads all bodies
   */
  readLog(which: {
    after: Place;
    upTo?: Place | undefined;
    limit: number;
    wants: readonly string[] | null;
  }): Promise<LoggedCallback[]>;
  /**
   * The whole callbacks with these places or ids, in order. Does not find rejected ones. If their bodies exceed some
   * megabytes, only the first ones include theirs, at least one.
   */
  findLogged(which: { places?: readonly Place[]; ids?: readonly string[] }): Promise<LoggedCallback[]>;
  /** Whether callbacks after a place cannot be read yet because an open transaction holds back the watermark. */
  heldBack(after: Place): Promise<HeldBack | null>;

  listConsumers(): Promise<ConsumerRecord[]>;
  /** @returns false if there is no such consumer */
  pauseConsumer(name: string, paused: boolean): Promise<boolean>;
  /**
   * Requests that the consumer delivers again from a time, or skips to it.
   * @returns false if there is no such consumer
   */
  rewindConsumer(name: string, to: Date): Promise<boolean>;
  sendToConsumer(name: string, callbackId: string): Promise<'asked' | 'no consumer' | 'no callback' | 'rejected'>;
  /** @returns 'running' if a process holds its lease: it has to end first */
  removeConsumer(name: string): Promise<'removed' | 'not found' | 'running'>;
  /** Newest first. `after` is the `next` of the previous page. */
  listDeliveries(
    filter: DeliveryFilter & { limit: number; after?: string | undefined },
  ): Promise<Page<DeliveryRecord, string>>;
  findDelivery(id: string): Promise<(StoredDelivery & { consumer: string }) | null>;
  /** @returns false if there is no such delivery */
  retryDelivery(id: string): Promise<boolean>;
  /** @returns the number of deliveries to be retried */
  retryDeliveries(filter: DeliveryFilter): Promise<number>;
  /** Called when a consumer of this process should check its requests. @returns a function that ends it */
  onConsumerRequest(listener: (consumer: string) => void): () => void;
}
