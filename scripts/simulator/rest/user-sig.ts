import { createHmac, timingSafeEqual } from 'node:crypto';
import { inflateSync } from 'node:zlib';

/** The app as the vendor's console shows it. */
export interface RestApp {
  sdkAppId: number;
  /** Accounts that may call the REST API. */
  administrators: readonly string[];
  /** The console's text of hexadecimal digits, used without decoding. */
  key: string;
}

/** Why a call is refused. */
export interface Refusal {
  code: number;
  info: string;
}

const MOST_BYTES = 10_000;

/**
 * Verifies a UserSig of version 2, independently of the code that creates them.
 * @param now milliseconds since 1970
 */
export function refusalOf(userSig: string, identifier: string, app: RestApp, now: number): Refusal | undefined {
  const signed = read(userSig);
  if (!signed) return { code: 70003, info: 'UserSig is not readable' };
  const { sdkAppId, time, expire, signature } = signed;
  const text = Object.entries({ identifier: signed.identifier, sdkappid: sdkAppId, time, expire })
    .map(([name, value]) => `TLS.${name}:${value}\n`)
    .join('');
  const expected = createHmac('sha256', app.key).update(text, 'utf8').digest();
  const given = Buffer.from(signature, 'base64');
  const isRight = given.toString('base64') === signature && given.length === expected.length;
  if (!isRight || !timingSafeEqual(given, expected)) return { code: 70009, info: 'UserSig was made with another key' };
  if (sdkAppId !== app.sdkAppId) return { code: 70003, info: 'UserSig is of another SDKAppID' };
  if (signed.identifier !== identifier) return { code: 70013, info: 'UserSig is of another identifier' };
  if (time + expire <= now / 1000) return { code: 70001, info: 'UserSig has expired' };
  return undefined;
}

function read(userSig: string) {
  if (!/^[A-Za-z0-9*-]+_*$/.test(userSig)) return undefined;
  const base64 = userSig.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=');
  try {
    // With a zlib header; raw deflate is refused.
    const json = inflateSync(Buffer.from(base64, 'base64'), { maxOutputLength: MOST_BYTES }).toString();
    const fields = JSON.parse(json);
    const [version, identifier, signature] = ['ver', 'identifier', 'sig'].map((name) => fields[`TLS.${name}`]);
    const [sdkAppId, time, expire] = ['sdkappid', 'time', 'expire'].map((name) => fields[`TLS.${name}`]);
    const texts = [identifier, signature].every((value) => typeof value === 'string');
    if (version !== '2.0' || !texts || ![sdkAppId, time, expire].every(Number.isSafeInteger)) return undefined;
    return { identifier, signature, sdkAppId, time, expire };
  } catch {
    return undefined;
  }
}
