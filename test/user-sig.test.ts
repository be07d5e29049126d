import { inflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { UserSigs, userSigOf } from '../src/backfill/user-sig.ts';
import { SimulatedClock } from './support/rest-vendor.ts';

const ACCOUNT = { sdkAppId: 1400000000, admin: 'administrator', key: '0123456789abcdef'.repeat(4) };
const HOUR = 60 * 60 * 1_000;

function inflated(userSig: string): Record<string, unknown> {
  const base64 = userSig.replace(/[*\-_]/g, (character) => ({ '*': '+', '-': '/' })[character] ?? '=');
  return JSON.parse(inflateSync(Buffer.from(base64, 'base64')).toString());
}

test.each([
  ['administrator', '9awWeUL8MxxbBn8dhB0Jvuo0JKIh4dNCLkGIX4n5fd0='],
  ['甲', '6P+lnwy1TLSiRbv9mADBqUvhAGcxmQnSoZ7fwFlGHEM='],
])("the signature of %s equals the vendor's", (admin, sig) => {
  const userSig = userSigOf({ ...ACCOUNT, admin }, 1700000000, 86400);
  expect(userSig).toMatch(/^[A-Za-z0-9*_-]+$/);
  expect(inflated(userSig)).toEqual({
    'TLS.ver': '2.0',
    'TLS.identifier': admin,
    'TLS.sdkappid': 1400000000,
    'TLS.time': 1700000000,
    'TLS.expire': 86400,
    'TLS.sig': sig,
  });
});

test('a signature of the vendor is read correctly', () => {
  const vector =
    'eJxVyjELwjAUBOD-8mYpqUSNAZd2kNbooqJr5KX2UZqGNNaA*N*FWgdvu*-uBSd1TAbjQcI8YTAbO6GxgSoaWWNLlvrgdej8dOix0c4Rgkw5m-JdArUGZLr6VxMdeQNSLPmPerqDhLV*XsxZiX2Mt8wKrDNWDo*Olbui5njIVbMtrtwuKmQbeH8Atbkz1Q__';
  expect(inflated(vector)).toEqual(inflated(userSigOf(ACCOUNT, 1700000000, 86400)));
});

test('one is kept until an hour before it expires', () => {
  const clock = new SimulatedClock();
  const userSigs = new UserSigs(ACCOUNT, clock);
  const first = userSigs.current();
  clock.time += 23 * HOUR - 1;
  expect(userSigs.current()).toBe(first);
  clock.time += 1;
  const second = userSigs.current();
  expect(second.text).not.toBe(first.text);
  expect(inflated(second.text)['TLS.time']).toBe(Math.floor(clock.time / 1_000));
});

test('after the clock was set back, a new one is created', () => {
  const clock = new SimulatedClock();
  const userSigs = new UserSigs(ACCOUNT, clock);
  const first = userSigs.current();
  clock.time -= 30 * 24 * HOUR;
  expect(userSigs.current()).not.toBe(first);
});

test("one that the vendor refused is created again, once, by the vendor's clock", () => {
  const clock = new SimulatedClock();
  const userSigs = new UserSigs(ACCOUNT, clock);
  const refused = userSigs.current();
  expect(userSigs.refused(refused, clock.time + 48 * HOUR)).toBe(true);
  const next = userSigs.current();
  expect(inflated(next.text)['TLS.time']).toBe(Math.floor((clock.time + 48 * HOUR) / 1_000));
  expect(userSigs.refused(refused, clock.time)).toBe(false);
  expect(userSigs.current()).toBe(next);
  clock.time += 23 * HOUR;
  expect(inflated(userSigs.current().text)['TLS.time']).toBe(Math.floor((clock.time + 48 * HOUR) / 1_000));
});
