import { expect, test } from '@jest/globals';
import { ConfigError, readConfig } from '../src/config.ts';
import { readOptions } from '../src/options.ts';
import { SETTINGS } from '../src/settings.ts';

test('without settings: the demo, on loopback', () => {
  expect(readConfig({})).toEqual({
    demo: true,
    sdkAppId: 1400000000,
    tokens: [],
    signToleranceSeconds: 60,
    host: '127.0.0.1',
    port: 3000,
    callbackPath: '/',
    tls: null,
    adminHost: '127.0.0.1',
    adminPort: 3001,
    adminPassword: null,
    publicUrl: null,
    expectedCommands: [],
    databaseUrl: 'sqlite:data/callbacks.db',
    maxBodyBytes: 262144,
    keepMessages: true,
    decisionUrl: null,
    decisionFallback: 'allow',
    nats: null,
    rest: null,
    reconcile: null,
    retentionDays: null,
    consumerMaxIdleDays: 30,
    webhook: null,
    spoolFile: 'data/spool.db',
    handlers: null,
    logLevel: 'info',
    logFormat: null,
  });
});

const SECRETS = SETTINGS.filter(({ secret }) => secret).map(({ name }) => name);

test('an empty value counts as unset, except for secrets', () => {
  const names = SETTINGS.map(({ name }) => name).filter((name) => !SECRETS.includes(name));
  expect(readConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(readConfig({}));
  expect(SECRETS).toEqual(['CALLBACK_TOKEN', 'ADMIN_PASSWORD', 'DELIVERY_SECRET', 'REST_KEY']);
  for (const name of SECRETS) expect(() => readConfig({ [name]: '' })).toThrow(new RegExp(`${name} is \\(redacted`));
});

test('the documented defaults are the real ones', () => {
  const given = SETTINGS.filter(({ name, default: value }) => value !== null && !['HOST', 'RECONCILE'].includes(name));
  const defaults = Object.fromEntries(given.map(({ name, default: value }) => [name, value as string]));
  const { demo, ...config } = readConfig({ ...defaults, HOST: '127.0.0.1' });
  expect({ ...config, demo: true }).toEqual(readConfig({}));
  expect(readConfig({ SDK_APP_ID: '1' }).host).toBe(SETTINGS.find(({ name }) => name === 'HOST')?.default);
});

test.each([
  ['SDK_APPID', 'SDK_APP_ID'],
  ['SDKAppID', 'SDK_APP_ID'],
  ['APP_ID', 'SDK_APP_ID'],
  ['TOKEN', 'CALLBACK_TOKEN'],
  ['CALLBACKTOKEN', 'CALLBACK_TOKEN'],
  ['database_url', 'DATABASE_URL'],
])('%s is not a setting: the start fails with the right name', (name, right) => {
  expect(() => readConfig({ [name]: 's3cret', PORT: 'x' })).toThrow(
    `The environment cannot be used:\n  - ${name} is no setting: rename it to ${right}, or remove it\n  - PORT is "x"`,
  );
});

test("other programs' names, and empty values, are not settings of ours", () => {
  const others = {
    PATH: '/bin',
    TOKENS: 'a',
    NODE_PORT: '1',
    KUBERNETES_PORT: 'tcp://10.0.0.1',
    APPID: '1',
    TOKEN: '',
  };
  expect(readConfig(others)).toEqual(readConfig({}));
});

test('with an app id it listens on all addresses; there may be several tokens', () => {
  expect(readConfig({ SDK_APP_ID: '1400123456', CALLBACK_TOKEN: 'old, new' })).toMatchObject({
    demo: false,
    sdkAppId: 1400123456,
    host: '0.0.0.0',
    tokens: ['old', 'new'],
  });
});

test('the public URL may have a query; commands that the contract does not describe may be expected', () => {
  const env = { PUBLIC_URL: 'https://example.com/im?of=ours', EXPECTED_COMMANDS: 'Group.*, Some.New' };
  expect(readConfig(env)).toMatchObject({
    publicUrl: 'https://example.com/im?of=ours',
    expectedCommands: ['Group.*', 'Some.New'],
  });
});

test.each<[string, Record<string, string>, RegExp]>([
  ...['example.com', 'ftp://example.com/', 'https://', 'https://example.com/#here'].map(
    (value): [string, Record<string, string>, RegExp] => [
      `the public URL ${value}`,
      { PUBLIC_URL: value },
      /PUBLIC_URL is ".*": expected https:\/\/HOST\/PATH or http/,
    ],
  ),
  [
    'a public URL with a password',
    { PUBLIC_URL: 'https://me:s3cret@example.com/' },
    /PUBLIC_URL is \(redacted\): expected .* without USER:PASSWORD@/,
  ],
  [
    'an expected command that is none',
    { EXPECTED_COMMANDS: 'Group.*,After a group' },
    /EXPECTED_COMMANDS is "After a group": expected commands with commas between/,
  ],
  ['an expected command that is empty', { EXPECTED_COMMANDS: 'Group.*,' }, /EXPECTED_COMMANDS is "Group\.\*,"/],
  ['an app id that is not a number', { SDK_APP_ID: '14x' }, /SDK_APP_ID is "14x": expected a whole number/],
  [
    'an empty token',
    { CALLBACK_TOKEN: '' },
    /CALLBACK_TOKEN is \(redacted, with an empty token in it\): expected the authentication token/,
  ],
  ...['0', '61', '60.5', '-1'].map((value): [string, Record<string, string>, RegExp] => [
    `a tolerance of ${JSON.stringify(value)} s`,
    { SIGN_TOLERANCE_SECONDS: value },
    /SIGN_TOLERANCE_SECONDS is ".*": expected a whole number from 1 to 60/,
  ]),
  ['an empty token among others', { CALLBACK_TOKEN: 'a,,b' }, /CALLBACK_TOKEN is \(redacted/],
  ['a port out of range', { PORT: '70000' }, /PORT is "70000": expected a whole number from 0 to 65535/],
  ['the same port twice', { PORT: '4000', ADMIN_PORT: '4000' }, /ADMIN_PORT is 4000: expected another port than PORT/],
  [
    'the demo on another address',
    { HOST: '0.0.0.0' },
    /HOST is "0\.0\.0\.0": expected a loopback address while SDK_APP_ID is unset/,
  ],
  [
    'a public admin listener without a password',
    { ADMIN_HOST: '0.0.0.0' },
    /ADMIN_HOST is "0\.0\.0\.0": expected a loopback address, or ADMIN_PASSWORD/,
  ],
  ['an empty password', { ADMIN_PASSWORD: '' }, /ADMIN_PASSWORD is \(redacted, empty\)/],
  [
    'a path without slash',
    { CALLBACK_PATH: 'callback' },
    /CALLBACK_PATH is "callback": expected a path that starts with \//,
  ],
  [
    'another database',
    { DATABASE_URL: 'mysql://root:s3cret@db/x' },
    /DATABASE_URL is mysql:\/\/\(redacted\): expected sqlite:PATH/,
  ],
  [
    'a database whose durability is switched off',
    { DATABASE_URL: 'postgres://me:s3cret@db/x?sslmode=require&options=-c%20synchronous_commit%3Doff' },
    /DATABASE_URL is \(redacted\): expected no \?options=/,
  ],
  [
    'a database with a time-out of its own',
    { DATABASE_URL: 'postgres://me:s3cret@db/x?Statement_Timeout=0' },
    /expected no \?Statement_Timeout=/,
  ],
  [
    'a decision endpoint on a port that fetch refuses',
    { DECISION_URL: 'http://app:6000/decide' },
    /DECISION_URL is \(redacted\): expected another port than 6000/,
  ],
  [
    'a decision endpoint with a stray % in its password',
    { DECISION_URL: 'http://me:s3cret%zz@app/decide' },
    /DECISION_URL is \(redacted\): expected user and password percent-encoded/,
  ],
  [
    'a database that is not a URL',
    { DATABASE_URL: 's3cret@db/x' },
    /DATABASE_URL is \(redacted\): expected sqlite:PATH/,
  ],
  [
    'an endpoint that is not a URL',
    { DECISION_URL: 'me:s3cret@app/decide' },
    /DECISION_URL is \(redacted\): expected http:\/\/HOST/,
  ],
  ['another fallback', { DECISION_FALLBACK: 'drop' }, /DECISION_FALLBACK is "drop": expected allow or reject/],
  ['an invalid KEEP_MESSAGES', { KEEP_MESSAGES: 'no' }, /KEEP_MESSAGES is "no": expected true or false/],
  ['a body limit of 0', { MAX_BODY_BYTES: '0' }, /MAX_BODY_BYTES is "0"/],
  ['a retention of 0 days', { RETENTION_DAYS: '0' }, /RETENTION_DAYS is "0": expected a whole number from 1 to 36500/],
  [
    '0 idle days of a consumer',
    { CONSUMER_MAX_IDLE_DAYS: '0' },
    /CONSUMER_MAX_IDLE_DAYS is "0": expected a whole number from 1 to 36500/,
  ],
  ['a retention that is not a number', { RETENTION_DAYS: 'for ever' }, /RETENTION_DAYS is "for ever"/],
  ['an unknown log format', { LOG_FORMAT: 'text' }, /LOG_FORMAT is "text": expected pretty or json/],
  ['an unknown log level', { LOG_LEVEL: 'loud' }, /LOG_LEVEL is "loud": expected one of fatal/],
  [
    'a stream that is not a URL',
    { NATS_URL: 's3cret@nats:4222/x' },
    /NATS_URL is \(redacted\): expected nats:\/\/HOST:PORT/,
  ],
  ['a stream over WebSocket', { NATS_URL: 'ws://me:s3cret@nats' }, /NATS_URL is \(redacted\): expected nats:\/\/HOST/],
  [
    'servers of a stream with different logins',
    { NATS_URL: 'nats://me:s3cret@a,nats://you:s3cret@b' },
    /NATS_URL is \(redacted\): expected the same user and password, or token, for all servers/,
  ],
  [
    'a server of a stream with a stray % in its password',
    { NATS_URL: 'nats://me:s3cret%zz@a' },
    /NATS_URL is \(redacted\): expected user and password percent-encoded/,
  ],
  ['a name of a stream with dots', { NATS_STREAM: 'a.b' }, /NATS_STREAM is "a\.b": expected 1 to 255 letters/],
  ['two replicas', { NATS_REPLICAS: '2' }, /NATS_REPLICAS is "2": expected 1, 3, 5/],
  ['a stream of size 0', { NATS_MAX_BYTES: '0' }, /NATS_MAX_BYTES is "0": expected a whole number from 1/],
  [
    'a missing credentials file',
    { NATS_URL: 'nats://a', NATS_CREDS_FILE: 'a.creds' },
    /NATS_CREDS_FILE is "a\.creds" \(ENOENT\): expected a readable file with -----BEGIN NATS USER JWT-----/,
  ],
  [
    'a certificate authority that is not a certificate',
    { NATS_URL: 'tls://a', NATS_CA_FILE: 'package.json' },
    /NATS_CA_FILE is "package\.json": expected a readable file with -----BEGIN CERTIFICATE-----/,
  ],
  ['a missing TLS file', { TLS_CERT_FILE: 'a.pem' }, /TLS_CERT_FILE is "a\.pem".*no such file/],
])('%s is refused', (_title, env, message) => {
  expect(() => readConfig(env)).toThrow(message);
});

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(64, 8).toString('base64')}`;

test('the address that callbacks are posted to', () => {
  const env = { DELIVERY_URL: 'https://me:s3cret@crm.example.com/hook?key=1', DELIVERY_SECRET: `${SECRET}, ${OTHER}` };
  expect(readConfig(env).webhook).toEqual({ url: env.DELIVERY_URL, secret: env.DELIVERY_SECRET, commands: undefined });
  const commands = 'Group.*,Group.CallbackBeforeSendMsg';
  expect(readConfig({ ...env, DELIVERY_COMMANDS: commands }).webhook?.commands).toEqual(commands.split(','));
});

test('without a secret for the endpoint, a fresh one is printed to paste', () => {
  const env = { DELIVERY_URL: 'http://127.0.0.1:8080/' };
  const freshIn = () => {
    try {
      readConfig(env);
    } catch (error) {
      return /^ {2}- DELIVERY_SECRET is unset: expected .*: (whsec_\S+)$/m.exec((error as Error).message)?.[1];
    }
  };
  const fresh = freshIn() as string;
  expect(Buffer.from(fresh.slice(6), 'base64')).toHaveLength(24);
  expect(freshIn()).not.toBe(fresh);
  expect(readConfig({ ...env, DELIVERY_SECRET: fresh }).webhook?.secret).toBe(fresh);
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    'a URL of another kind',
    { DELIVERY_URL: 'ftp://me:s3cret@app/' },
    /DELIVERY_URL is \(redacted\): expected http:\/\/HOST/,
  ],
  ['a stray %', { DELIVERY_URL: 'http://me:s3cret%zz@app/' }, /expected user and password percent-encoded/],
  [
    'a metadata service of a cloud',
    { DELIVERY_URL: 'http://0xa9fea9fe/' },
    /expected another host than 169\.254\.169\.254: nothing/,
  ],
  ['an empty secret', { DELIVERY_SECRET: '' }, /DELIVERY_SECRET is \(redacted, empty\): expected whsec_/],
  [
    'a short secret',
    { DELIVERY_SECRET: 'whsec_s3cret==' },
    /DELIVERY_SECRET is \(redacted\): expected whsec_ and 24 to 64 bytes/,
  ],
  [
    'a long secret',
    { DELIVERY_SECRET: `whsec_${Buffer.alloc(65).toString('base64')}` },
    /DELIVERY_SECRET is \(redacted\)/,
  ],
  [
    'a secret that is not Base64',
    { DELIVERY_SECRET: `whsec_${'s3cret!!'.repeat(4)}` },
    /DELIVERY_SECRET is \(redacted\)/,
  ],
  ['a secret without its prefix', { DELIVERY_SECRET: SECRET.slice(6) }, /DELIVERY_SECRET is \(redacted\)/],
  ['an empty secret among others', { DELIVERY_SECRET: `${SECRET},,s3cret` }, /DELIVERY_SECRET is \(redacted\)/],
  [
    'a misspelt command',
    { DELIVERY_COMMANDS: 'Group.*,Group.CallbackAfterCreatGroup' },
    /DELIVERY_COMMANDS is "Group\.CallbackAfterCreatGroup": expected .* did you mean Group\.CallbackAfterCreateGroup/,
  ],
  [
    'a misspelt family',
    { DELIVERY_COMMANDS: 'Groups.*' },
    /DELIVERY_COMMANDS is "Groups\.\*": .* did you mean Group\.\*/,
  ],
  [
    'a command of a family that the contract does not describe',
    { DELIVERY_COMMANDS: 'Live.CallbackAfterCreateRoom' },
    /DELIVERY_COMMANDS is "Live\.CallbackAfterCreateRoom": expected a command of the contract, or all of its family: Live\.\*/,
  ],
  [
    'an invented command',
    { DELIVERY_COMMANDS: 'everything' },
    /expected a command of the contract, or all of a family, as in Group\.\*/,
  ],
])('of an endpoint, %s is refused', (_title, env, message) => {
  const given = { DELIVERY_URL: 'http://127.0.0.1:8080/', DELIVERY_SECRET: SECRET, ...env };
  expect(() => readConfig(given)).toThrow(message);
  expect(() => readConfig(given)).not.toThrow(/s3cret/);
});

test.each<[Record<string, string>, RegExp]>([
  [{ DELIVERY_SECRET: SECRET }, /DELIVERY_SECRET is \(redacted\): expected DELIVERY_URL beside it/],
  [{ DELIVERY_SECRET: '' }, /DELIVERY_SECRET is \(redacted, empty\)/],
  [{ DELIVERY_COMMANDS: 'Group.*' }, /DELIVERY_COMMANDS is "Group\.\*": expected DELIVERY_URL beside it/],
])('%j without an endpoint is refused', (env, message) => {
  expect(() => readConfig(env)).toThrow(message);
  expect(() => readConfig(env)).not.toThrow(SECRET);
});

test.each([
  ['nats://nats.example.com', { servers: ['nats.example.com:4222'], tls: false, login: null }],
  ['a:4223, b', { servers: ['a:4223', 'b:4222'], tls: false, login: null }],
  [
    'tls://app:s3%40cret@[::1]:1,tls://b',
    { servers: ['[::1]:1', 'b:4222'], tls: true, login: { user: 'app', pass: 's3@cret' } },
  ],
  ['nats://t0ken@a,nats://t0ken@b/', { servers: ['a:4222', 'b:4222'], tls: false, login: { token: 't0ken' } }],
])('the servers of a stream are read from %s', (NATS_URL, expected) => {
  expect(readConfig({ NATS_URL }).nats).toEqual({
    ...expected,
    ...{ stream: 'TENCENT_CHAT', replicas: 1, maxBytes: null, maxAgeHours: null, credsFile: null, caFile: null },
  });
});

const REST = { REST_DOMAIN: 'adminapisgp.im.qcloud.com', REST_ADMIN: 'administrator', REST_KEY: 's3cret' };

test('the settings of the REST API and of the regular audit', () => {
  expect(readConfig({ ...REST, RECONCILE_HOURS: '24' })).toMatchObject({
    rest: { admin: 'administrator', key: 's3cret' },
    reconcile: { hours: 24, repair: false },
  });
  expect(readConfig({ ...REST, RECONCILE_HOURS: '1', RECONCILE: 'repair' })).toMatchObject({
    reconcile: { hours: 1, repair: true },
  });
  expect(readConfig(REST)).toMatchObject({ reconcile: null });
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    'only a part of it',
    { REST_ADMIN: 'me', REST_KEY: 's3cret' },
    /REST_DOMAIN is unset: expected the domain .*; or no REST_ADMIN and REST_KEY/,
  ],
  ['an empty key', { ...REST, REST_KEY: '' }, /REST_KEY is \(redacted, empty\): expected the app's key/],
  [
    'an audit without it',
    { RECONCILE_HOURS: '24' },
    /RECONCILE_HOURS is "24": expected REST_DOMAIN, REST_ADMIN and REST_KEY beside it/,
  ],
  [
    'an audit every 0 hours',
    { ...REST, RECONCILE_HOURS: '0' },
    /RECONCILE_HOURS is "0": expected a whole number from 1 to 720/,
  ],
  ['an audit of half an hour', { ...REST, RECONCILE_HOURS: '0.5' }, /RECONCILE_HOURS is "0\.5"/],
  [
    'a repair without an audit',
    { ...REST, RECONCILE: 'repair' },
    /RECONCILE is "repair": expected RECONCILE_HOURS beside it/,
  ],
  [
    'another repair',
    { ...REST, RECONCILE_HOURS: '24', RECONCILE: 'fix' },
    /RECONCILE is "fix": expected report or repair/,
  ],
])('of the REST API, %s is refused', (_, env, message) => {
  expect(() => readConfig(env)).toThrow(message);
  expect(() => readConfig(env)).not.toThrow(/s3cret/);
});

test('the same settings as options of an app, with problems by option name', () => {
  const given = { restDomain: 'adminapisgp.im.qcloud.com', restAdmin: 'administrator', restKey: 's3cret' };
  expect(readOptions({ sdkAppId: 1, ...given, reconcileHours: 6, reconcile: 'repair' })).toMatchObject({
    rest: { admin: 'administrator', key: 's3cret' },
    reconcile: { hours: 6, repair: true },
  });
  const missing = /reconcileHours is "6": expected restDomain, restAdmin and restKey beside it/;
  expect(() => readOptions({ sdkAppId: 1, reconcileHours: 6 })).toThrow(missing);
  const part = /restAdmin is unset: expected .*; or no restDomain and restKey/;
  expect(() => readOptions({ sdkAppId: 1, ...given, restAdmin: undefined })).toThrow(part);
  expect(() => readOptions({ sdkAppId: 1, reconcile: 'repair' })).toThrow(
    /reconcile is "repair": expected reconcileHours/,
  );
});

test('every problem is reported at once, without secrets', () => {
  const env = {
    SDK_APP_ID: 'x',
    PORT: 'y',
    CALLBACK_TOKEN: 'sesame,',
    ADMIN_PASSWORD: 'hunter2',
    LOG_LEVEL: 'z',
    DATABASE_URL: 'mysql://me:s3cret@db/x',
    DECISION_URL: 'ftp://me:s3cret@app/decide',
    DELIVERY_URL: 'http://me:s3cret@169.254.169.254/',
    DELIVERY_SECRET: 'whsec_s3cret',
    DELIVERY_COMMANDS: 'Group',
    NATS_URL: 'http://me:s3cret@nats',
  };
  expect(() => readConfig(env)).toThrow(ConfigError);
  try {
    readConfig(env);
  } catch (error) {
    const { problems, message } = error as ConfigError;
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'SDK_APP_ID',
      'DATABASE_URL',
      'DECISION_URL',
      'DELIVERY_URL',
      'DELIVERY_SECRET',
      'DELIVERY_COMMANDS',
      'NATS_URL',
      'LOG_LEVEL',
      'PORT',
      'CALLBACK_TOKEN',
    ]);
    expect(message).not.toMatch(/sesame|hunter2|s3cret/);
  }
});
