import type { components } from '../../generated/admin.ts';
import type { Page } from './bounded-scans.ts';

// What deliveries need of a store. The stored callbacks are the log; a consumer is a name and a place in it.

/**
 * A place in the log, in commit order: `<xid>-<number>`. On PostgreSQL the transaction's id and the callback's id; on
 * SQLite the xid is 0, and the number is the callback's id, or a later one that a retried callback was given. The items of
 * a batch have places of their own, `<xid>-<number>.<index>` from index 0; the last one has that of the callback, so that
 * "up to this place" means all of it. Places of one store are compared by `comparePlaces`.
 */
export type Place = string;

/** Before the first callback. */
export const BEGINNING: Place = '0-0';

export function comparePlaces(one: Place, other: Place): number {
  const [xid, number, index] = stepsOf(one);
  const [otherXid, otherNumber, otherIndex] = stepsOf(other);
  if (xid !== otherXid) return xid < otherXid ? -1 : 1;
  return number - otherNumber || (index === otherIndex ? 0 : index - otherIndex);
}

/** The xid of a place, and the number up to which callbacks are whole: that before the callback, where it is an item's. */
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

/** The place, where it is one that columns of whole places cannot hold; else null. */
export function itemPlaceIn(place: Place): Place | null {
  return place === callbackPlaceOf(place) ? null : place;
}

/** A place from a column of whole places, and the item's place that was stored with it. One that was stored before does not count. */
export function placeWithin(whole: Place, item: Place | null): Place {
  if (item === null) return whole;
  const [[xid, number], [itemXid, before]] = [partsOf(whole), partsOf(item)];
  return xid === itemXid && number === before ? item : whole;
}

/** The index is infinite of a whole callback: it comes after its items. */
function stepsOf(place: Place): [xid: bigint, number: number, index: number] {
  const dash = place.indexOf('-');
  const dot = place.indexOf('.', dash);
  const number = Number(dot < 0 ? place.slice(dash + 1) : place.slice(dash + 1, dot));
  return [BigInt(place.slice(0, dash)), number, dot < 0 ? Number.POSITIVE_INFINITY : Number(place.slice(dot + 1))];
}

export type ConsumerKind = 'handlers' | 'webhook' | 'stream';

/** A consumer as it is first seen. */
export interface Registration {
  name: string;
  kind: ConsumerKind;
  from: 'now' | 'beginning' | Date;
}

/** A stored callback as a consumer reads it. Rejected ones are not in the log. */
export interface LoggedCallback {
  place: Place;
  id: string;
  command: string;
  status: Exclude<components['schemas']['Callback']['status'], 'rejected'>;
  ignored: boolean;
  receivedAt: Date;
  decision: components['schemas']['Decision'] | null;
  query: string;
  /** As stored; null where the consumer did not ask for it, or it did not fit into a read of some megabytes. */
  body: Uint8Array | null;
}

/** A delivery that is stored because it failed, or because an operator asked for it. */
export interface StoredDelivery {
  /** A UUID. */
  id: string;
  /** Of an item of a batch, `<id of the callback>-<index>`. */
  callbackId: string;
  /** Null of a late one: it stands outside of the order of the log. */
  place: Place | null;
  /** What orders it: `["group","@TGS#1"]`; empty where the callback stands alone. */
  subject: string;
  status: 'parked' | 'dead';
  /** Failed attempts so far. */
  attempts: number;
  /** Of the last attempt; null before it. */
  error: string | null;
  /** Of the last attempt. */
  failedAt: Date | null;
  /** Of a parked one. */
  nextAttemptAt: Date | null;
  /** It comes after newer callbacks of its subject: a retried dead letter, or one that was sent by hand. */
  late: boolean;
  /** Places of later callbacks of the subject, which wait behind it. */
  waiting: readonly Place[];
  /** Where more may wait than are listed: those of the subject after this place, up to the consumer's. */
  moreAfter: Place | null;
}

/** What an operator asks of a running consumer; stored until the consumer has done it. */
export type ConsumerRequest = { id: number } & (
  | { kind: 'rewind'; to: Place }
  /** Delivers a callback again, now; of a batch all items. */
  | { kind: 'send'; callbackId: string }
  /** Retries a parked or dead delivery now. */
  | { kind: 'retry'; deliveryId: string }
);

/** A consumer that this process may run until another one takes the lease over. */
export interface Lease {
  name: string;
  /** Higher than that of every earlier lease of the consumer: what an earlier one writes is refused. */
  token: number;
  /** Everything up to here has been delivered, is stored as a delivery, or is among `open`. */
  place: Place;
  /** Up to `place`, but not delivered yet; in order. */
  open: readonly Place[];
  parked: readonly StoredDelivery[];
  paused: boolean;
  /** Why it has paused itself; null where an operator has paused it, or nobody. */
  pausedBecause: string | null;
  /** Of the PostgreSQL server that gave it: after a fail-over another one answers, and the place has to be read again. */
  timeline?: string;
}

export type ConsumerState = Exclude<components['schemas']['Consumer']['state'], 'idle'>;

export interface Progress {
  place: Place;
  open: readonly Place[];
  /** The lowest place that the consumer may still read: of `place`, `open`, and what parked deliveries wait for. */
  floor: Place;
  /** Inserted, or written over by their ids. */
  put: readonly StoredDelivery[];
  /** Ids of deliveries that are done. */
  done: readonly string[];
  /** Ids of requests that have been carried out. */
  requestsDone: readonly number[];
  state: ConsumerState;
  /** What an operator should know of the state; null where there is nothing. */
  detail: string | null;
}

/** What keeps the log from being read further: a transaction that is open somewhere in the database cluster. */
export interface HeldBack {
  /** Null where the database does not show it to this role. */
  pid: number | null;
  database: string | null;
  ageSeconds: number | null;
}

export type ConsumerRecord = components['schemas']['Consumer'];
export type DeliveryRecord = components['schemas']['Delivery'];

/** Which deliveries. */
export interface DeliveryFilter {
  consumer?: string | undefined;
  status?: StoredDelivery['status'] | undefined;
}

/** How long a lease holds after it was taken or renewed, by the clock of the database. */
export const LEASE_MS = 3_000;

/** The log of callbacks, and the consumers of it. What a method has written survives a kill of the process. */
export interface ConsumerStore {
  /** 8 hexadecimal digits: tells one store from another, because ids of callbacks are unique within one only. */
  storeId(): Promise<string>;
  /**
   * Creates those consumers that have not been seen before. Once it resolves they are on disk, and they get every callback
   * that is answered later.
   */
  registerConsumers(consumers: readonly Registration[]): Promise<void>;
  /**
   * Takes or renews the lease of a consumer.
   * @param holder a UUID of the process and consumer; the lease of this holder is given again, with the same token
   * @returns null where another holder has it, or there is no such consumer
   */
  leaseConsumer(name: string, holder: string): Promise<Lease | null>;
  /** Gives the lease back, so that another process need not wait for its end. */
  releaseConsumer(lease: Pick<Lease, 'name' | 'token'>): Promise<void>;
  /**
   * Writes progress in one transaction and renews the lease.
   * @returns with the oldest requests that are not done, some hundreds at most; null when another holder has the lease, the
   *   consumer was removed, or another server answers after a fail-over: then nothing is written
   */
  saveProgress(
    lease: Pick<Lease, 'name' | 'token' | 'timeline'>,
    progress: Progress,
  ): Promise<{ paused: boolean; requests: readonly ConsumerRequest[] } | null>;
  /**
   * The callbacks after a place, in order, as far as the order is settled: later reads never find one in between.
   * @param upTo the last place to read; by default all
   * @param limit callbacks; fewer where their bodies come to more than some megabytes, but at least one
   * @param wants commands of which the body is read; null reads all bodies
   */
  readLog(which: {
    after: Place;
    upTo?: Place | undefined;
    limit: number;
    wants: readonly string[] | null;
  }): Promise<LoggedCallback[]>;
  /**
   * Those that still have these places, or these ids, in order; both of whole callbacks. Rejected ones are not found. Where their bodies come to
   * more than some megabytes only the first ones have theirs, and at least one.
   */
  findLogged(which: { places?: readonly Place[]; ids?: readonly string[] }): Promise<LoggedCallback[]>;
  /** Whether there are callbacks after a place that cannot be read yet, because a transaction holds the log back. */
  heldBack(after: Place): Promise<HeldBack | null>;

  listConsumers(): Promise<ConsumerRecord[]>;
  /** @returns false where there is no such consumer */
  pauseConsumer(name: string, paused: boolean): Promise<boolean>;
  /**
   * Asks the consumer to deliver again from a time, or to skip to it.
   * @returns false where there is no such consumer
   */
  rewindConsumer(name: string, to: Date): Promise<boolean>;
  sendToConsumer(name: string, callbackId: string): Promise<'asked' | 'no consumer' | 'no callback' | 'rejected'>;
  /** @returns 'running' where a process holds its lease: it has to end first */
  removeConsumer(name: string): Promise<'removed' | 'not found' | 'running'>;
  /** Newest first. `after` is the `next` of the page before. */
  listDeliveries(
    filter: DeliveryFilter & { limit: number; after?: string | undefined },
  ): Promise<Page<DeliveryRecord, string>>;
  findDelivery(id: string): Promise<(StoredDelivery & { consumer: string }) | null>;
  /** @returns false where there is no such delivery */
  retryDelivery(id: string): Promise<boolean>;
  /** @returns how many will be retried */
  retryDeliveries(filter: DeliveryFilter): Promise<number>;
  /** Called when a consumer of this process should look at its requests. @returns what ends it */
  onConsumerRequest(listener: (consumer: string) => void): () => void;
}
