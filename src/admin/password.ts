import { createHash, timingSafeEqual } from 'node:crypto';

const USER = 'admin';

/** Whether an Authorization header holds user `admin` and this password (HTTP Basic, RFC 7617). */
export function isAuthorized(authorization: string | undefined, password: string): boolean {
  const [scheme, credentials] = authorization?.split(' ', 2) ?? [];
  if (scheme?.toLowerCase() !== 'basic' || credentials === undefined) return false;
  // Digests are of one length: the time taken tells nothing of the password's.
  const [given, expected] = [Buffer.from(credentials, 'base64').toString(), `${USER}:${password}`].map((text) =>
    createHash('sha256').update(text).digest(),
  ) as [Buffer, Buffer];
  return timingSafeEqual(given, expected);
}
