import { randomInt } from 'node:crypto';
import { factsOf } from '../../generated/commands.ts';

const latest = { milliseconds: 0, seconds: 0 };

/** The current time, but never the same one twice. */
export function freshTime(unit: 'milliseconds' | 'seconds'): number {
  const now = unit === 'seconds' ? Math.floor(Date.now() / 1000) : Date.now();
  latest[unit] = Math.max(latest[unit] + 1, now);
  return latest[unit];
}

/**
 * Turns a payload into a new event instead of a duplicate: changes its event time, and the field that the contract
 * names as its idempotency key. Adds no missing fields.
 */
export function makeFresh(command: string, payload: object): void {
  const { eventTime, idempotency = null } = factsOf(command) ?? {};
  const time = freshTime(eventTime?.unit ?? 'milliseconds');
  change(payload, eventTime?.from ?? '/EventTime', (value) => (typeof value === 'string' ? String(time) : time));
  if (idempotency === null) return;
  const number = freshTime('seconds');
  change(payload, idempotency, (value) => {
    if (typeof value === 'string') return freshKey(value);
    return typeof value === 'number' ? number : value;
  });
}

/** A new key in the form of the vendor's message keys, or else the old one with a suffix. */
export function freshKey(key: string): string {
  const random = randomInt(2 ** 32);
  return /^\d+_\d+_\d+$/.test(key) ? key.replace(/_\d+_/, `_${random}_`) : `${key}-${random}`;
}

/** Changes the existing values at a JSON pointer; `*` stands for every item of a list. */
function change(payload: object, pointer: string, renew: (value: unknown) => unknown): void {
  const [name = '', ...rest] = pointer.slice(1).split('/');
  const node = payload as Record<string, unknown>;
  const names = name === '*' && Array.isArray(payload) ? Object.keys(payload) : [name];
  for (const one of names.filter((one) => (node[one] ?? null) !== null)) {
    const value = node[one];
    if (rest.length === 0) node[one] = renew(value);
    else if (typeof value === 'object' && value !== null) change(value, `/${rest.join('/')}`, renew);
  }
}
