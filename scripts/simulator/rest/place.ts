import { RestError } from './request.ts';

/** Above 2^63: neither a double nor a signed 64-bit number can hold it. */
const TOP = 2n ** 63n;
const CHECK_BITS = 20n;
const CHECK_MASK = 2n ** CHECK_BITS - 1n;

/** `Next` of a list of groups. Its last bits are a checksum, so that a rounded number is refused. */
export function writePlace(place: number): string {
  return String(TOP + (BigInt(place) << CHECK_BITS) + checkOf(BigInt(place)));
}

/** @param digits of the number in the request; undefined or 0 at the beginning */
export function placeOf(digits: string | undefined): number {
  if (digits === undefined || digits === '0') return 0;
  const place = /^\d{1,20}$/.test(digits) ? (BigInt(digits) - TOP) >> CHECK_BITS : -1n;
  if (place > 0n && writePlace(Number(place)) === digits) return Number(place);
  throw new RestError(10004, 'Next is not from a reply: it has to come back with all its digits');
}

/** Odd: rounding clears the last bits and therefore never keeps it. */
function checkOf(place: bigint): bigint {
  return ((place * 0x9e3779b97f4a7c15n) & CHECK_MASK) | 1n;
}
