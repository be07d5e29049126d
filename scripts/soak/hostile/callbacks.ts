import fc from 'fast-check';

type Entry = readonly [key: string, value: string];

/** Bodies in the shape of a callback, hostile in their values, keys, nesting or bytes. */
export function hostileBodies(example: Readonly<Record<string, unknown>>): fc.Arbitrary<Buffer> {
  return fc
    .tuple(
      fc.array(fc.tuple(fc.constantFrom(...Object.keys(example), ...KEYS), hostileValues()), { maxLength: 3 }),
      fc.boolean(),
      fc.nat(),
      bytesOf(),
    )
    .map(([changes, repeatKeys, number, spoil]) => {
      const fresh = { ...example, GroupId: `@TGS#H${number}`, EventTime: Date.now() + (number % 100_000) };
      const entries: Entry[] = Object.entries(fresh).map(([key, value]) => [
        JSON.stringify(key),
        JSON.stringify(value),
      ]);
      for (const [key, value] of changes) {
        const entry: Entry = [JSON.stringify(key), value];
        const index = entries.findIndex(([name]) => name === entry[0]);
        if (index >= 0 && !repeatKeys) entries[index] = entry;
        else entries.push(entry);
      }
      return spoil(`{${entries.map(([key, value]) => `${key}:${value}`).join(',')}}`);
    });
}

const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', 'length', '\0', '\ud800', 'é'];

/** Texts that replace a JSON value; some of them are not JSON. */
const VALUES = [
  ...['null', 'true', '""', '[]', '{}', ' [ ] ', '[null]', '[[]]', '"__proto__"', '"constructor"', '"toString"'],
  ...['1e400', '-1e400', '1e-400', '-0', '9007199254740993', '123456789012345678901234567890', '8640000000000001'],
  ...['"9007199254740993"', '"-1"', '"1e3"', '"999999999999999"', '999999999999999', '1.5', '-1', '0'],
  ...['NaN', 'Infinity', '01', '+1', '.5', '0x10', "'a'", 'undefined', '', '//', '"\t"', '"\\x41"', '"\\u12"'],
  ...['"\\u0000"', '"\\ud800"', '"\\udfff\\ud800"', '"\\ud83d\\ude00"', '"\ufeff"', '"\\u202e"', '"\\r\\n\\r\\nHTTP"'],
  '{"__proto__":{"GroupId":"polluted","Type":"Public"}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '[{"Member_Account":"a"},{"Member_Account":{"toString":1}}]',
  '[{"Member_Account":"\\u0000"},{"Member_Account":"\\ud800","__proto__":null}]',
  '[{"Key":"\\u0000","Value":"\\udc00"}]',
  '[{"Key":1,"Value":2}]',
  '{"length":4294967295}',
];

function hostileValues(): fc.Arbitrary<string> {
  const anyUtf16 = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), maxLength: 60 });
  const levels = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 500 }) },
    { weight: 1, arbitrary: fc.nat(60_000) },
  );
  const lengths = fc.oneof({ weight: 9, arbitrary: fc.nat(5_000) }, { weight: 1, arbitrary: fc.nat(300_000) });
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...VALUES) },
    { weight: 3, arbitrary: fc.json() },
    { weight: 3, arbitrary: anyUtf16.map((text) => JSON.stringify(text)) },
    { weight: 1, arbitrary: levels.map((deep) => '['.repeat(deep) + ']'.repeat(deep)) },
    { weight: 1, arbitrary: levels.map((deep) => `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`) },
    { weight: 1, arbitrary: levels.map((deep) => '['.repeat(deep)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('x', '\\u0000', '€', '\\\\', '9'), lengths)
        .map(([unit, length]) => `"${unit.repeat(Math.ceil(length / unit.length))}"`),
    },
    { weight: 1, arbitrary: lengths.map((length) => '9'.repeat(length)) },
    { weight: 1, arbitrary: lengths.map((length) => `[${'{},'.repeat(length / 3)}{}]`) },
  );
}

type Spoil = (text: string) => Buffer;

const SPOILS: Spoil[] = [
  (text) => Buffer.from(`\ufeff${text}`),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  (text) => Buffer.from(text, 'utf16le'),
  (text) => Buffer.from(text, 'latin1'),
  (text) => Buffer.from(Buffer.from(text).toString('base64')),
  (text) => Buffer.from(encodeURIComponent(text.toWellFormed())),
  (text) => Buffer.from(text + text),
  (text) => Buffer.from(`[${text}]`),
  (text) => Buffer.from(`${text}\0`),
  (text) => Buffer.from(` \r\n\t${text}\n`),
  () => Buffer.alloc(0),
  () => Buffer.from('{ }'),
];

const NOT_UTF8 = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0x80], [0]];

/** Encodings of a text into bytes, mostly the correct one. */
function bytesOf(): fc.Arbitrary<Spoil> {
  const plain: Spoil = (text) => Buffer.from(text);
  const cutOff = (share: number): Spoil => {
    return (text) => plain(text).subarray(0, Math.floor(share * Buffer.byteLength(text)));
  };
  const withBytes = ([place, bytes]: [number, number[]]): Spoil => {
    return (text) => {
      const whole = plain(text);
      const at = place % whole.length;
      return Buffer.concat([whole.subarray(0, at), Buffer.from(bytes), whole.subarray(at)]);
    };
  };
  const only = (bytes: Uint8Array) => () => Buffer.from(bytes);
  return fc.oneof(
    { weight: 14, arbitrary: fc.constant(plain) },
    { weight: 3, arbitrary: fc.constantFrom(...SPOILS) },
    { weight: 2, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }).map(cutOff) },
    { weight: 2, arbitrary: fc.tuple(fc.nat(), fc.constantFrom(...NOT_UTF8)).map(withBytes) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map(only) },
  );
}

/** Hostile query strings of a callback URL, without CR and LF, which would end the request line. */
export function hostileQueries(command: string, sdkAppId: string): fc.Arbitrary<string> {
  const usual = [
    `CallbackCommand=${command}`,
    'ClientIP=203.0.113.7',
    'OptPlatform=iOS',
    `SdkAppid=${sdkAppId}`,
    'contenttype=json',
  ];
  const odd = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...PARAMETERS, ...usual, `SdkAppid=%31${sdkAppId.slice(1)}`) },
    { weight: 1, arbitrary: fc.tuple(fc.webQueryParameters(), fc.nat(20)).map(([text]) => text) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `x=${oneLine(text)}`) },
    { weight: 1, arbitrary: fc.nat(3_000).map((count) => 'a=1&'.repeat(count)) },
    { weight: 1, arbitrary: fc.nat(3_000).map((count) => '&'.repeat(count)) },
    { weight: 1, arbitrary: fc.nat(9_000).map((length) => `CallbackCommand=${'C'.repeat(length)}`) },
  );
  return fc
    .tuple(fc.subarray(usual, { minLength: 3 }), fc.array(odd, { maxLength: 3 }), fc.boolean())
    .map(([kept, added, first]) => (first ? [...added, ...kept] : [...kept, ...added]).join('&'));
}

/** Names of commands outside any contract. */
export function hostileCommands(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('__proto__', 'constructor', 'toString', '\0', '\ufeff', 'Group.', 'group.callbackaftercreategroup'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).map((text) => text.toWellFormed()),
    fc.nat(12_000).map((length) => 'C'.repeat(length + 1)),
  );
}

const PARAMETERS = [
  ...['', '=', '=&=', '%', '%zz', '%00', '%FF%FE', '%C0%80', '%ED%A0%80', '%u0041', '+', '#', '?', 'a[b]=c', 'a[]=1'],
  ...['__proto__=1', '__proto__[x]=1', 'constructor=1', 'toString=1', 'hasOwnProperty=1', 'length=9', 'a.b=1'],
  ...['CallbackCommand=', 'CallbackCommand', 'CallbackCommand=A&CallbackCommand=B', 'CallbackCommand=%00'],
  ...['CallbackCommand=__proto__', 'CallbackCommand=constructor', 'CallbackCommand=Group.CallbackOnMemberStateChange'],
  ...['CallbackCommand=%ED%A0%80', 'CallbackCommand=%F0%9F%98%80', 'callbackcommand=x', 'CallbackCommand[]=x'],
  ...['SdkAppid=', 'SdkAppid=0', 'SdkAppid=1e9', 'SdkAppid=-1', 'SdkAppid=%00', 'sdkappid=1'],
  ...['ClientIP=%00', 'ClientIP=&ClientIP=', 'ClientIP=%F0%9F%98%80', 'OptPlatform=%FF', 'contenttype=xml'],
  ...['Sign=x', 'RequestTime=NaN', 'Sign=&RequestTime=1e400', 'é=ü', '\ufeff=1', '\0=1', 'a=\x7f', 'a=b c'],
];

function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, '');
}
