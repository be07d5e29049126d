import type { ConsumerStore, Place } from '../store/consumers.ts';
import type { Store } from '../store/store.ts';
import type { DeliveredFields } from './delivery.ts';

/** One attempt to deliver a callback. */
export interface Delivery extends Omit<DeliveredFields, 'signal'> {
  command: string;
  /** Read leniently by the contract; as received if the contract does not describe the command. */
  payload: unknown;
  /** The contract does not describe the command. */
  unknown: boolean;
}

/** What a consumer receives of the log. Its fields are read anew for each use, so they may change. */
export interface Selection {
  /** The commands that are delivered; null: all but before-callbacks. */
  readonly wants: readonly string[] | null;
  /** Whether callbacks that the contract does not describe are delivered; a list: those of these families. */
  readonly includesUnknown: boolean | readonly string[];
  /** Whether snapshots of a back-fill are delivered. Default: false. */
  readonly includesSnapshots?: boolean;
  /** Whether deliveries carry the group, which costs a read per batch. */
  readonly needsGroup: boolean;
}

/** Takes deliveries of many subjects at once, those of one subject in order. */
export interface Target extends Selection {
  /** Delay after each failed attempt; after the last one, the delivery is dead. */
  readonly schedule: readonly number[];
  /** Share of a delay that is added at most, so that deliveries that failed together are not retried together. */
  readonly jitter?: number;
  readonly timeoutMs: number;
  /** Concurrent deliveries. */
  readonly concurrency: number;
  /**
   * Rejects if the attempt fails: with an UnrecoverableError if it should not be repeated, with an AttemptFailed if
   * more is known.
   * @param signal aborted when the attempt times out, or the process stops running the consumer
   */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<void>;
}

/** An attempt that an endpoint failed. The text is complete: it is shown without name and stack. */
export class AttemptFailed extends Error {
  /** The endpoint was unreachable, whatever the request: the failure is not the callback's. */
  readonly isAway: boolean;
  /** No delivery of the consumer may be attempted for this time. */
  readonly retryAfterMs: number;

  constructor(message: string, { isAway = false, retryAfterMs = 0 }: { isAway?: boolean; retryAfterMs?: number } = {}) {
    super(message);
    this.isAway = isAway;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The endpoint accepts no more deliveries: the consumer pauses itself. The text gives the reason. */
export class EndpointGone extends AttemptFailed {}

/** One message of a stream. */
export interface StreamMessage {
  delivery: Omit<Delivery, 'attempt'>;
  /** With this message, the stream holds the log up to here. */
  place: Place;
  /** Id of the last rewind before it; 0 if there was none. */
  rewind: number;
  /** Distinguishes an event that is published again on purpose from a duplicate; empty the first time. */
  pass: string;
}

/** A message ready to be published. */
export interface PreparedMessage {
  /** Memory that it is counted with. */
  bytes: number;
  /** Why the stream can never take it; null if it can. */
  problem: string | null;
}

/** What the last message of a stream tells. */
export interface StreamEnd {
  place: Place;
  rewind: number;
  /** The event's id, with the pass of the message. */
  id: string;
  /**
   * When the callback at the place was received, in milliseconds since 1970; null for a late event, which is of another
   * callback.
   */
  receivedAt: number | null;
}

/** The stream is not one that this store may write to. The text gives the reason and the remedy. */
export class WrongStream extends Error {
  override name = 'WrongStream';
}

/** The stream has changed since it was opened: another publisher has written to it, or it may have been purged. */
export class StreamMoved extends Error {
  override name = 'StreamMoved';
}

/** Takes all deliveries in log order. */
export interface Stream<Prepared extends PreparedMessage = PreparedMessage> extends Selection {
  /**
   * Connects, creates the stream if it is missing, and reads its last message. To be called first, and after each
   * failure once nothing is in flight.
   * @param onConnection called when the connection breaks, and when it is restored
   * @returns null if the stream is empty
   * @throws {WrongStream}
   */
  open(storeId: string, onConnection: (isUp: boolean) => void): Promise<StreamEnd | null>;
  prepare(message: StreamMessage): Prepared;
  /**
   * Appends to the stream, after all messages in flight. A failure fails the messages after it as well.
   * @returns `duplicate` if the stream has it already: then its last message has to be read again
   */
  publish(message: Prepared): Promise<'published' | 'duplicate'>;
  close(): Promise<void>;
}

/** For metrics. Must return at once. */
export interface DeliveryMetrics {
  /** After each attempt. `dead`: it is not retried. */
  delivered(consumer: string, seconds: number, outcome: 'ok' | 'failed' | 'dead'): void;
}

/** The part of the store that deliveries use. */
export type DeliveryStore = ConsumerStore & Pick<Store, 'findGroups' | 'follow'>;
