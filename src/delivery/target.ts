import type { ConsumerStore } from '../store/consumers.ts';
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
  /** Nothing of the consumer may be attempted before, in milliseconds since 1970. */
  readonly retryAt: number;

  constructor(message: string, { isAway = false, retryAt = 0 }: { isAway?: boolean; retryAt?: number } = {}) {
    super(message);
    this.isAway = isAway;
    this.retryAt = retryAt;
  }
}

/** The endpoint wants nothing any more: the consumer pauses itself, for the reason that the text gives. */
export class EndpointGone extends AttemptFailed {}

/** For metrics. Must return at once. */
export interface DeliveryMetrics {
  /** After each attempt. `dead`: it is not tried again. */
  delivered(consumer: string, seconds: number, outcome: 'ok' | 'failed' | 'dead'): void;
}

/** What deliveries use of the store. */
export type DeliveryStore = ConsumerStore & Pick<Store, 'findGroups' | 'follow'>;
