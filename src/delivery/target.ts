import type { ConsumerStore, Place } from '../store/consumers.ts';
import type { Store } from '../store/store.ts';
import type { DeliveredFields } from './delivery.ts';

/** One attempt to deliver a callback. */
export interface Delivery extends Omit<DeliveredFields, 'signal'> {
  command: string;
  /** Read leniently, as the contract means it; as received where the contract does not describe the command. */
  payload: unknown;
  /** The contract does not describe the command. */
  unknown: boolean;
}

/** What a consumer gets of the log. Its fields are read again for each use, so they may change. */
export interface Selection {
  /** The commands that are delivered; null: all but before-callbacks. */
  readonly wants: readonly string[] | null;
  /** Whether callbacks that the contract does not describe are delivered; a list: those of these families. */
  readonly includesUnknown: boolean | readonly string[];
  /** Whether the snapshots of a back-fill are delivered; absent: they are not. */
  readonly includesSnapshots?: boolean;
  /** Whether deliveries carry the group: it costs a read for each batch. */
  readonly needsGroup: boolean;
}

/** Takes deliveries of many subjects at once, those of one subject in order. */
export interface Target extends Selection {
  /** How long after each failed attempt the next one is made; after the last one the delivery is dead. */
  readonly schedule: readonly number[];
  /** Up to this share of it is added to each of them, so that what failed together does not come back together. */
  readonly jitter?: number;
  readonly timeoutMs: number;
  /** Deliveries at once. */
  readonly concurrency: number;
  /**
   * Rejects where the attempt has failed; with an UnrecoverableError where no other one should be made, with an
   * AttemptFailed where more is known.
   * @param signal aborted when the attempt has timed out, or the process no longer runs the consumer
   */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<void>;
}

/** An attempt that an endpoint has failed. The text says all of it: it is shown without a name and a stack. */
export class AttemptFailed extends Error {
  /** The endpoint was not there, whatever it was to get: the failure says nothing of the callback. */
  readonly isAway: boolean;
  /** For how long nothing of the consumer may be attempted. */
  readonly retryAfterMs: number;

  constructor(message: string, { isAway = false, retryAfterMs = 0 }: { isAway?: boolean; retryAfterMs?: number } = {}) {
    super(message);
    this.isAway = isAway;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The endpoint wants nothing any more: the consumer pauses itself, for the reason that the text gives. */
export class EndpointGone extends AttemptFailed {}

/** One message of a stream. */
export interface StreamMessage {
  delivery: Omit<Delivery, 'attempt'>;
  /** With this message, the stream has the log up to here. */
  place: Place;
  /** Id of the last rewind before it; 0 where there was none. */
  rewind: number;
  /** Tells an event that is published again on purpose from a repetition; empty the first time. */
  pass: string;
}

/** A message as it goes out. */
export interface PreparedMessage {
  /** What it counts in memory. */
  bytes: number;
  /** Why the stream never takes it; null where it can. */
  problem: string | null;
}

/** What the last message of a stream says of itself. */
export interface StreamEnd {
  place: Place;
  rewind: number;
  /** The event's id, with the pass of the message. */
  id: string;
  /** When the callback at the place was received, in milliseconds since 1970; null where the event is a late one, of another callback. */
  receivedAt: number | null;
}

/** The stream is not one that this store may write to. The text says why, and what to do. */
export class WrongStream extends Error {
  override name = 'WrongStream';
}

/** The stream has changed since it was opened: somebody else has written to it, or it may have been emptied meanwhile. */
export class StreamMoved extends Error {
  override name = 'StreamMoved';
}

/** Takes all deliveries in the order of the log. */
export interface Stream<Prepared extends PreparedMessage = PreparedMessage> extends Selection {
  /**
   * Connects, creates the stream where it is missing, and reads how it ends. To be called first, and after each failure
   * once nothing is being published any more.
   * @param onConnection called when the connection breaks, and when it is there again
   * @returns null where the stream does not tell: it is empty
   * @throws {WrongStream}
   */
  open(storeId: string, onConnection: (isUp: boolean) => void): Promise<StreamEnd | null>;
  prepare(message: StreamMessage): Prepared;
  /**
   * Appends to the stream, after all that is being published. A failure fails those after it as well.
   * @returns `duplicate` where the stream has it already: then what it ends with has to be read again
   */
  publish(message: Prepared): Promise<'published' | 'duplicate'>;
  close(): Promise<void>;
}

/** For metrics. Must return at once. */
export interface DeliveryMetrics {
  /** After each attempt. `dead`: it is not tried again. */
  delivered(consumer: string, seconds: number, outcome: 'ok' | 'failed' | 'dead'): void;
}

/** What deliveries use of the store. */
export type DeliveryStore = ConsumerStore & Pick<Store, 'findGroups' | 'follow'>;
