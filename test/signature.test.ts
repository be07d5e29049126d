import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeSender, signatureOf } from '../src/callback/signature.ts';
import { signed } from './support/vendor.ts';

const TOKEN = 'xxxxyyyy';
const TIME = 1_669_872_112;
const SIGN = '17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061';
const APP = { sdkAppId: 1400000000, tokens: [TOKEN], signToleranceSeconds: 60 };

function passes(query: Record<string, string>, tokens: readonly string[] = APP.tokens, now = TIME * 1000): boolean {
  try {
    return judgeSender({ SdkAppid: '1400000000', ...query }, { ...APP, tokens }, now) === 'our app';
  } catch {
    return false;
  }
}

test("the vendor's vector", () => {
  expect(signatureOf(TOKEN, String(TIME))).toBe(SIGN);
  expect(passes({ Sign: SIGN, RequestTime: String(TIME) })).toBe(true);
  expect(signatureOf('xxxyyy', String(TIME))).not.toBe(SIGN);
});

test.each([
  ['now', 0, true],
  ['59 s ago', -59, true],
  ['60 s ago', -60, true],
  ['61 s ago', -61, false],
  ['59 s ahead', 59, true],
  ['60 s ahead', 60, true],
  ['61 s ahead', 61, false],
])('signed %s', (_title, seconds, want) => {
  expect(passes(signed(TOKEN, TIME + seconds))).toBe(want);
  expect(passes(signed(TOKEN, TIME + seconds), [TOKEN], TIME * 1000 + 999)).toBe(want);
});

test.each([1, 5, 59])('the tolerance can be lowered to %i s, and the reason says so', (signToleranceSeconds) => {
  const judge = (seconds: number) =>
    judgeSender(
      { SdkAppid: '1400000000', ...signed(TOKEN, TIME + seconds) },
      { ...APP, signToleranceSeconds },
      TIME * 1000,
    );
  for (const sign of [-1, 1]) {
    expect(judge(sign * signToleranceSeconds)).toBe('our app');
    expect(judge(sign * (signToleranceSeconds + 1))).toMatchObject({
      reason: expect.stringContaining(`at most ${signToleranceSeconds} s from the clock`),
    });
  }
});

test('while rotating, either token signs', () => {
  const tokens = ['old-token', 'new-token'];
  for (const token of tokens) expect(passes(signed(token, TIME), tokens)).toBe(true);
  expect(passes(signed('old-token,new-token', TIME), tokens)).toBe(false);
  expect(passes(signed('', TIME), tokens)).toBe(false);
});

test.each([
  ['Sign in upper case', { ...signed(TOKEN, TIME), Sign: SIGN.toUpperCase() }],
  ['Sign with white space', { ...signed(TOKEN, TIME), Sign: `${SIGN} ` }],
  ['Sign of the same length beyond ASCII', { ...signed(TOKEN, TIME), Sign: 'é'.repeat(64) }],
  ['an empty Sign', { ...signed(TOKEN, TIME), Sign: '' }],
  ['no RequestTime', { Sign: SIGN }],
  ['an empty RequestTime', signed(TOKEN, '')],
  ['a RequestTime in milliseconds', signed(TOKEN, `${TIME}000`)],
  ['a RequestTime with a sign', signed(TOKEN, `+${TIME}`)],
  ['a RequestTime in hexadecimal', signed(TOKEN, `0x${TIME.toString(16)}`)],
])('%s is refused', (_title, query) => {
  expect(passes(query)).toBe(false);
});

const anyToken = fc.string({ minLength: 1, maxLength: 40 });
const anyTime = fc.integer({ min: TIME - 60, max: TIME + 60 });
const anyCharacter = fc.constantFrom(...'0123456789abcdefXYZ .-+éß');

test('any token and time: a correct signature passes', () => {
  fc.assert(fc.property(anyToken, anyTime, (token, time) => expect(passes(signed(token, time), [token])).toBe(true)));
});

test('any changed character of token, time or sign: refused', () => {
  const tampered = fc
    .record({
      token: anyToken,
      time: anyTime,
      part: fc.constantFrom('token', 'time', 'sign'),
      at: fc.nat(),
      character: anyCharacter,
    })
    .map(({ token, time, part, at, character }) => {
      const parts = { token, time: String(time), sign: createHash('sha256').update(`${token}${time}`).digest('hex') };
      const text = parts[part as keyof typeof parts];
      const index = at % text.length;
      const changed = text.slice(0, index) + character + text.slice(index + 1);
      return { ...parts, [part]: changed, untouched: changed === text };
    })
    .filter(({ untouched }) => !untouched);
  fc.assert(
    fc.property(tampered, ({ token, time, sign }) => {
      expect(passes({ Sign: sign, RequestTime: time }, [token])).toBe(false);
    }),
    { numRuns: 2000 },
  );
});
