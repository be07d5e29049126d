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
  /** Whether callbacks that the contract does not describe are delivered. */
  readonly includesUnknown: boolean;
  /** Whether deliveries carry the group: it costs a read for each batch. */
  readonly needsGroup: boolean;
}

/** Takes deliveries of many subjects at once, those of one subject in order. */
export interface Target extends Selection {
  /** How long after each failed attempt the next one is made; after the last one the delivery is dead. */
  readonly schedule: readonly number[];
  readonly timeoutMs: number;
  /** Deliveries at once. */
  readonly concurrency: number;
  /**
   * Rejects where the attempt has failed; with an UnrecoverableError where no other one should be made.
   * @param signal aborted when the attempt has timed out, or the process no longer runs the consumer
   */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<void>;
}

/** For metrics. Must return at once. */
export interface DeliveryMetrics {
  /** After each attempt. `dead`: it is not tried again. */
  delivered(consumer: string, seconds: number, outcome: 'ok' | 'failed' | 'dead'): void;
}

/** What deliveries use of the store. */
export type DeliveryStore = ConsumerStore & Pick<Store, 'findGroups' | 'follow'>;
