import { hash } from 'node:crypto';
import type { ReceivedCallback } from '../store/store.ts';

/** What makes a callback be stored once: without an event time two equal bodies are two events, each its own arrival. */
export function onceKeyOf({
  onceKey,
  tellsRepeats,
  body,
  arrival,
}: Pick<ReceivedCallback, 'onceKey' | 'tellsRepeats' | 'body' | 'arrival'>): Buffer {
  if (onceKey) return Buffer.from(onceKey);
  return hash('sha256', tellsRepeats ? body : arrival, 'buffer');
}
