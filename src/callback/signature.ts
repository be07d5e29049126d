import { hash, timingSafeEqual } from 'node:crypto';
import { parse } from 'node:querystring';

/** The query of a callback URL; a repeated parameter is a list. */
export type Query = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The parameters that the vendor appends to the callback URL. If that URL has its own query, they may follow a second
 * `?`.
 */
const SECOND_QUERY = /\?(?=(?:SdkAppid|CallbackCommand|contenttype|ClientIP|OptPlatform|RequestTime|Sign)=)/g;

/** @param query everything after the first `?` of a URL */
export function parseQuery(query: string): Query {
  // The default `maxKeys` of 1,000 would let a sender hide a repeated parameter behind a thousand others.
  return parse(query.replace(SECOND_QUERY, '&'), '&', '=', { maxKeys: 0 });
}

/** By the vendor's rule, a RequestTime further from the clock, in either direction, is invalid. */
export const MAX_TOLERANCE_SECONDS = 60;

/**
 * The sender of a request, by its query. Without SdkAppid (`unnamed app`), only the probe of the vendor's console is
 * accepted.
 */
export type Sender = 'our app' | 'unnamed app' | Refused;

/** `reason` may be shown to the sender. */
export interface Refused {
  refused: 'not our app' | 'not the vendor';
  reason: string;
}

export interface SignatureRules {
  sdkAppId: number;
  /** Empty: unsigned callbacks are accepted. */
  tokens: readonly string[];
  /** How far `RequestTime` may be from the clock: a leaked URL can be reused with other bodies for this long. */
  signToleranceSeconds: number;
}

/**
 * Authenticates a request by its query alone, before its body is read.
 * @param now milliseconds since 1970
 */
export function judgeSender(query: Query, rules: SignatureRules, now: number): Sender {
  const { sdkAppId, tokens } = rules;
  const { SdkAppid: app } = query;
  if (app !== undefined && app !== String(sdkAppId)) {
    return { refused: 'not our app', reason: `SdkAppid ${shown(app)} is not the app of this receiver` };
  }
  const reason = tokens.length > 0 ? signatureProblem(query, rules, now) : null;
  if (reason !== null) return { refused: 'not the vendor', reason };
  return app === undefined ? 'unnamed app' : 'our app';
}

function signatureProblem(
  { Sign: sign, RequestTime: time }: Query,
  { tokens, signToleranceSeconds }: SignatureRules,
  now: number,
): string | null {
  if (typeof sign !== 'string' || typeof time !== 'string') {
    return 'Sign and RequestTime are required, once each: switch authentication on in the console';
  }
  const secondsOff = Math.abs(Math.floor(now / 1000) - Number(time));
  if (!/^\d{1,12}$/.test(time) || secondsOff > signToleranceSeconds) {
    return `RequestTime ${shown(time)} must be Unix seconds at most ${signToleranceSeconds} s from the clock`;
  }
  // Compares with every token, so that the time taken does not reveal which one matches.
  const matches = tokens.map((token) => equal(sign, signatureOf(token, time)));
  return matches.includes(true) ? null : 'Sign is not the SHA-256 of token and RequestTime';
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
