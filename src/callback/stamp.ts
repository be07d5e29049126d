/**
 * Orders facts about a group or an account: milliseconds since 1970, then the beginning of the idempotency key as
 * tie-breaker. Sorts as text. Two different callbacks never share a stamp; a duplicate has the stamp of the first.
 */
export type Stamp = string;

/** Enough digits until the end of the year 9999. */
const TIME_DIGITS = 15;
const KEY_BYTES = 8;

export function stampOf(happenedAt: Date, idempotencyKey: Uint8Array): Stamp {
  const key = Buffer.from(idempotencyKey.buffer, idempotencyKey.byteOffset, KEY_BYTES).toString('hex');
  return `${String(happenedAt.getTime()).padStart(TIME_DIGITS, '0')}-${key}`;
}

/** Milliseconds since 1970. */
export function timeOf(stamp: Stamp): number {
  return Number(stamp.slice(0, TIME_DIGITS));
}

/** Sorts before the stamp, and after every older one, unless the two differ only in their last digit. */
export function justBefore(stamp: Stamp): Stamp {
  return stamp.slice(0, -1);
}

export function newest(...stamps: (Stamp | undefined)[]): Stamp | undefined {
  let found: Stamp | undefined;
  for (const stamp of stamps) if (stamp !== undefined && (found === undefined || stamp > found)) found = stamp;
  return found;
}
