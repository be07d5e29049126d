import { createHmac, timingSafeEqual } from 'node:crypto';

const TOLERANCE_S = 300;

/** Whether the receiver sent this delivery; `now` in seconds. */
export function isSigned(
  secret: string,
  id: string,
  timestamp: string,
  signatures: string,
  body: Buffer,
  now = Math.floor(Date.now() / 1000),
): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (key.length === 0 || !/^[0-9]{1,12}$/.test(timestamp))
    return false;
  if (Math.abs(now - Number(timestamp)) > TOLERANCE_S) return false;
  const hmac = createHmac('sha256', key);
  hmac.update(`${id}.${timestamp}.`).update(body);
  const expected = Buffer.from(`v1,${hmac.digest('base64')}`);
  return signatures.split(' ').some((text) => {
    const given = Buffer.from(text);
    return (
      given.length === expected.length &&
      timingSafeEqual(given, expected)
    );
  });
}
