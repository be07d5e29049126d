import { createHmac } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { Clock } from './limits.ts';

/** The account that calls the vendor's REST API. */
export interface RestAccount {
  sdkAppId: number;
  /** An administrator of the app. */
  admin: string;
  /** The app's key as the vendor's console shows it: the text is the key, it is not decoded. */
  key: string;
}

/** The vendor recommends at least a day. */
const VALID_SECONDS = 24 * 60 * 60;
const KEPT_MS = (VALID_SECONDS - 60 * 60) * 1_000;

/** UserSig v2. Grants the rights of the administrator until it expires. Times are Unix seconds. */
export function userSigOf({ sdkAppId, admin, key }: RestAccount, time: number, validSeconds: number): string {
  const signed = [
    `TLS.identifier:${admin}\n`,
    `TLS.sdkappid:${sdkAppId}\n`,
    `TLS.time:${time}\n`,
    `TLS.expire:${validSeconds}\n`,
  ].join('');
  const json = JSON.stringify({
    'TLS.ver': '2.0',
    'TLS.identifier': admin,
    'TLS.sdkappid': sdkAppId,
    'TLS.time': time,
    'TLS.expire': validSeconds,
    'TLS.sig': createHmac('sha256', key).update(signed).digest('base64'),
  });
  return deflateSync(json)
    .toString('base64')
    .replace(/[+/=]/g, (character) => ({ '+': '*', '/': '-' })[character] ?? '_');
}

export interface UserSig {
  /** Secret. */
  text: string;
}

/** Keeps one UserSig until an hour before it expires. */
export class UserSigs {
  readonly #account: RestAccount;
  readonly #clock: Clock;
  #current: { userSig: UserSig; madeAt: number } | null = null;
  /** How far the vendor's clock is ahead of ours, once a signature was refused because of it. */
  #vendorAheadMs = 0;

  constructor(account: RestAccount, clock: Clock) {
    this.#account = account;
    this.#clock = clock;
  }

  current(): UserSig {
    const now = this.#clock.now();
    const age = now - (this.#current?.madeAt ?? Number.NEGATIVE_INFINITY);
    // Age is negative after the clock was set back: the signature would be kept for longer than it is valid.
    if (this.#current && age >= 0 && age < KEPT_MS) return this.#current.userSig;
    const time = Math.floor((now + this.#vendorAheadMs) / 1_000);
    const userSig = { text: userSigOf(this.#account, time, VALID_SECONDS) };
    this.#current = { userSig, madeAt: now };
    return userSig;
  }

  /**
   * Called when the vendor refused a signature. The next one is new, made by the vendor's clock if that is known.
   * @param vendorNow milliseconds since 1970
   * @returns whether the next one is new because of this: of several concurrent calls, the first renews it for all
   */
  refused(userSig: UserSig, vendorNow: number | null): boolean {
    if (userSig !== this.#current?.userSig) return false;
    if (vendorNow !== null) this.#vendorAheadMs = vendorNow - this.#clock.now();
    this.#current = null;
    return true;
  }
}
