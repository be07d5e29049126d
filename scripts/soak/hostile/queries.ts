import fc from 'fast-check';

/** Query strings of a callback's URL, made hostile; without CR and LF, which would end the request line. */
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

/** Names of commands that no contract has. */
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
