/**
 * When something was said of a group, as text that sorts as it happened: milliseconds since 1970, and for a tie of time
 * what tells callbacks apart. Two callbacks never have the same one, a repeat has that of the first.
 */
export type Stamp = string;

/** Up to the end of the year 9999. */
const TIME_DIGITS = 15;
const KEY_BYTES = 8;

/** @param onceKey what makes the callback be stored once */
export function stampOf(happenedAt: Date, onceKey: Uint8Array): Stamp {
  const key = Buffer.from(onceKey.buffer, onceKey.byteOffset, KEY_BYTES).toString('hex');
  return `${String(happenedAt.getTime()).padStart(TIME_DIGITS, '0')}-${key}`;
}

/** Milliseconds since 1970. */
export function timeOf(stamp: Stamp): number {
  return Number(stamp.slice(0, TIME_DIGITS));
}

/** Older than the stamp, newer than whatever is older (but for a tie of all digits but the last). */
export function justBefore(stamp: Stamp): Stamp {
  return stamp.slice(0, -1);
}

export function newest(...stamps: (Stamp | undefined)[]): Stamp | undefined {
  let found: Stamp | undefined;
  for (const stamp of stamps) if (stamp !== undefined && (found === undefined || stamp > found)) found = stamp;
  return found;
}
