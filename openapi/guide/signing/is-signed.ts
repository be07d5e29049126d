import { createHash, timingSafeEqual } from 'node:crypto';

const TOLERANCE_S = 60;

/** Whether the vendor signed this request; `now` in seconds. */
export function isSigned(
  token: string,
  requestTime: string,
  sign: string,
  now = Math.floor(Date.now() / 1000),
): boolean {
  if (!/^[0-9]{1,12}$/.test(requestTime)) return false;
  if (Math.abs(now - Number(requestTime)) > TOLERANCE_S) return false;
  const hash = createHash('sha256').update(token + requestTime);
  const expected = Buffer.from(hash.digest('hex'));
  const given = Buffer.from(sign);
  return (
    given.length === expected.length && timingSafeEqual(given, expected)
  );
}
