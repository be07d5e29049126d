import { hash } from 'node:crypto';

/**
 * Tells duplicates: two callbacks with equal keys are one. A body with an event time identifies its event; without one,
 * two equal bodies may be two events, so each arrival is a callback of its own.
 */
export function idempotencyKeyOf(
  body: Uint8Array,
  { carriesEventTime, arrival }: { carriesEventTime: boolean; arrival: string },
): Buffer {
  return hash('sha256', carriesEventTime ? body : arrival, 'buffer');
}
