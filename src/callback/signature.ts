import { hash, timingSafeEqual } from 'node:crypto';
import { parse } from 'node:querystring';
import { Refusal } from '../receiver/reply.ts';

/** The query of a callback's URL; a repeated parameter is a list. */
export type Query = Readonly<Record<string, string | string[] | undefined>>;

export function parseQuery(query: string): Query {
  // Without `maxKeys: 0` a parameter that is repeated after the 1,000th would pass as given once.
  return parse(query, '&', '=', { maxKeys: 0 });
}

/** The vendor calls a RequestTime invalid that is further off than this, in either direction. */
const TOLERANCE_SECONDS = 60;

/**
 * Judges by the query alone whether a request is for our app and from the vendor: before a byte of the body is read.
 * A missing SdkAppid passes (`'unnamed app'`): the console's probe may lack it, and only its body tells.
 *
 * @param now milliseconds since 1970
 * @throws {Refusal} 403 for another app, 401 for a missing, wrong or outdated signature
 */
export function judgeSender(
  query: Query,
  { sdkAppId, tokens }: { sdkAppId: number; tokens: readonly string[] },
  now: number,
): 'our app' | 'unnamed app' {
  const { SdkAppid: app } = query;
  if (app !== undefined && app !== String(sdkAppId)) {
    throw new Refusal('not our app', `SdkAppid ${shown(app)} is not the app of this receiver`);
  }
  if (tokens.length > 0) checkSignature(query, tokens, now);
  return app === undefined ? 'unnamed app' : 'our app';
}

function checkSignature({ Sign: sign, RequestTime: time }: Query, tokens: readonly string[], now: number): void {
  if (typeof sign !== 'string' || typeof time !== 'string') {
    throw new Refusal(
      'not the vendor',
      'Sign and RequestTime are required, once each: switch authentication on in the console',
    );
  }
  const secondsOff = Math.abs(Math.floor(now / 1000) - Number(time));
  if (!/^\d{1,12}$/.test(time) || secondsOff > TOLERANCE_SECONDS) {
    throw new Refusal(
      'not the vendor',
      `RequestTime ${shown(time)} must be Unix seconds at most ${TOLERANCE_SECONDS} s from the clock`,
    );
  }
  // Every token is tried, whichever matches: the time taken must not tell which one it was.
  const matches = tokens.map((token) => equal(sign, signatureOf(token, time)));
  if (!matches.includes(true)) throw new Refusal('not the vendor', 'Sign is not the SHA-256 of token and RequestTime');
}

/** The vendor's signature: lower-case hex SHA-256 of the token followed by the Unix seconds. */
export function signatureOf(token: string, requestTime: string): string {
  return hash('sha256', token + requestTime, 'hex');
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function shown(value: string | string[]): string {
  return JSON.stringify(value).slice(0, 60);
}
