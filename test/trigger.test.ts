import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { factsOf } from '../generated/commands.ts';
import { commandOf, findExample, freshPayload, readExamples } from '../scripts/simulator/examples.ts';
import { trigger as playVendor } from '../scripts/trigger.ts';
import { identifiesEvent } from '../src/callback/callback.ts';
import { spawnCommand, startCommand } from './support/command.ts';

interface Recorded {
  method: string;
  path: string;
  query: string;
  parameters: URLSearchParams;
  contentType: string | undefined;
  body: string;
  socket: Socket;
  at: number;
}

interface Answer {
  status: number;
  errorCode: number;
  contentType?: string;
  body?: string;
}

const ok: Answer = { status: 200, errorCode: 0 };
const examples = readExamples();
const replies: Record<string, { value: object }> =
  callbackDocument.paths['/'].post.responses[200].content['application/json'].examples;
const plain = Object.keys(examples).filter((key) => key === commandOf(key));
const examplePayload = examples['Group.CallbackAfterCreateGroup']?.value ?? {};

const directory = await mkdtemp(join(tmpdir(), 'trigger-'));

afterAll(() => rm(directory, { recursive: true }));

describe('one callback', () => {
  test("is sent like the vendor's, and its reply is checked against the contract", async () => {
    await using receiver = await listen();
    const { url, recorded } = receiver;
    const before = Date.now();
    const { status, stdout, stderr } = await trigger(['--url', url]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [request] = recorded as [Recorded];
    expect(request).toMatchObject({ method: 'POST', path: '/', contentType: 'application/json' });
    expect(request.query).toBe(
      'CallbackCommand=Group.CallbackAfterCreateGroup&ClientIP=127.0.0.1&OptPlatform=RESTAPI&SdkAppid=1400000000&contenttype=json',
    );
    const payload = JSON.parse(request.body);
    expect(request.body).toBe(JSON.stringify(payload));
    const { GroupId, EventTime, ...rest } = payload;
    expect(examplePayload).toMatchObject(rest);
    expect(GroupId).toMatch(/^@TGS#[0-9A-Z]{12}$/);
    expect(typeof EventTime).toBe(typeof examplePayload.EventTime);
    expect(Number(EventTime)).toBeGreaterThanOrEqual(before);
    expect(stdout).toContain(`POST ${url}?${request.query}`);
    expect(stdout).toContain(`"GroupId": "${GroupId}"`);
    expect(stdout).toMatch(/Reply 200 after [\d.]+ ms/);
    expect(stdout).toContain('"ActionStatus": "OK"');
    expect(stdout).toContain('As expected: 200 OK 0');
  });

  test('is signed if a token is given, which is never printed', async () => {
    await using receiver = await listen();
    const args = ['--url', receiver.url, '--token', 'xxxxyyyy', '--sdk-app-id', '1400000007'];
    const { status, stdout, stderr } = await trigger(args);
    expect(status).toBe(0);
    const { parameters } = receiver.recorded[0] as Recorded;
    const names = ['CallbackCommand', 'ClientIP', 'OptPlatform', 'RequestTime', 'SdkAppid', 'Sign', 'contenttype'];
    expect([...parameters.keys()]).toEqual(names);
    expect(parameters.get('SdkAppid')).toBe('1400000007');
    expect(Math.abs(Number(parameters.get('RequestTime')) - Date.now() / 1000)).toBeLessThan(5);
    expect(parameters.get('Sign')).toBe(signature('xxxxyyyy', parameters.get('RequestTime')));
    expect(stdout + stderr).not.toContain('xxxxyyyy');
  });

  test("takes its defaults from the receiver's environment, which overrides .env", async () => {
    await using receiver = await listen();
    const folder = await mkdtemp(join(directory, 'env-'));
    await writeFile(
      join(folder, '.env'),
      `PORT=1\nCALLBACK_PATH=/im/callback\nSDK_APP_ID=1400000009\nCALLBACK_TOKEN=new-token,old-token\n`,
    );
    const { status } = await spawnCommand('trigger', [], { env: { PORT: String(receiver.port) }, cwd: folder }).ended;
    expect(status).toBe(0);
    const { path, parameters } = receiver.recorded[0] as Recorded;
    expect([path, parameters.get('SdkAppid')]).toEqual(['/im/callback', '1400000009']);
    expect(parameters.get('Sign')).toBe(signature('new-token', parameters.get('RequestTime')));
  });

  /** Whether ClientIP and OptPlatform are sent; both are, for commands not listed. */
  const withLess: Record<string, [boolean, boolean]> = {
    'Group.CallbackOnMemberStateChange': [false, false],
    'ContentCallback.ResultNotify': [false, false],
    'Push.OfflinePush': [false, false],
    'Push.AllMemberPush': [false, false],
    'Alert.RequestOverLimit': [false, true],
  };

  test.concurrent.each(plain)('%s is sent unchanged, except for fresh ids and time', async (key) => {
    const { [`${key}.reply`]: reply } = replies;
    await using receiver = await listen(() => (reply ? { ...ok, body: JSON.stringify(reply.value) } : ok));
    expect((await trigger(['--command', key, '--url', receiver.url])).status).toBe(0);
    const { body = '', parameters } = receiver.recorded[0] as Recorded;
    expectFresh(key, JSON.parse(body), examples[key]?.value ?? {});
    expect(parameters.get('CallbackCommand')).toBe(key);
    const { [key]: client = [true, true] } = withLess;
    expect([parameters.has('ClientIP'), parameters.has('OptPlatform')]).toEqual(client);
  });

  test('so is every other example, and no two are alike', () => {
    for (const [key, { value }] of Object.entries(examples)) {
      const [one, other] = [freshPayload(commandOf(key), value), freshPayload(commandOf(key), value)];
      expectFresh(commandOf(key), one, value);
      if (value.GroupId || identifiesEvent(value, factsOf(commandOf(key)))) expect(other).not.toEqual(one);
    }
  });

  test('a topic belongs to its fresh group', () => {
    for (const [key, { value }] of Object.entries(examples)) {
      const { GroupId, TopicId, TopicIdList } = freshPayload(commandOf(key), value) as {
        GroupId: string;
        TopicId?: string;
        TopicIdList?: string[];
      };
      for (const id of [TopicId ?? [], TopicIdList ?? []].flat()) expect(id).toContain(`${GroupId}@TOPIC#_`);
    }
  });

  test('a variant belongs to --command, or to the only command that has it, or to the default one', async () => {
    await using receiver = await listen();
    for (const args of [
      ['--command', 'group.callbackaftersendmsg', 'with-random-above-int32'],
      ['exit-type-quit'],
      ['no-event-time'],
    ]) {
      expect((await trigger([...args, '--url', receiver.url])).status).toBe(0);
    }
    expect(receiver.recorded.map(({ body }) => JSON.parse(body).CallbackCommand)).toEqual([
      'Group.CallbackAfterSendMsg',
      'Group.CallbackAfterMemberExit',
      'Group.CallbackAfterCreateGroup',
    ]);
    expect(JSON.parse(receiver.recorded[0]?.body ?? '').Random).toBeGreaterThan(2 ** 31);
    expect(await trigger(['group-alone'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('name its command too'),
    });
    expect(await trigger(['--command', 'CallbackAfterSendMsg'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/name its family too:\n {2}Group\.\S+\n {2}C2C\./),
    });
  });

  test('is edited by --set and --unset', async () => {
    await using receiver = await listen();
    const { status } = await trigger([
      ...['--url', receiver.url, '--set', 'GroupId=tea/1', '--set', 'EventTime=1670574414123', '--set', 'Name="7"'],
      ...[
        '--set',
        'MemberList.0.Member_Account=zoe',
        '--set',
        'MemberList.2.Member_Account=a=b',
        '--set',
        'New.0.At=[1]',
      ],
      ...['--unset', 'Owner_Account', '--unset', 'MemberList.1', '--set', 'Introduction='],
    ]);
    expect(status).toBe(0);
    const { Owner_Account: _, ...rest } = examplePayload;
    expect(JSON.parse(receiver.recorded[0]?.body ?? '')).toEqual({
      ...rest,
      GroupId: 'tea/1',
      EventTime: 1670574414123,
      Name: '7',
      MemberList: [{ Member_Account: 'zoe' }, { Member_Account: 'a=b' }],
      New: [{ At: [1] }],
      Introduction: '',
    });
  });
});

interface FaultCase {
  want: Answer;
  sent: (request: Recorded) => unknown;
  is: unknown;
  signed?: boolean;
}

const token = 'xxxxyyyy';
const clock = ({ parameters }: Recorded) => [
  `${((Number(parameters.get('RequestTime')) - Date.now() / 1000) / 10).toFixed(0)}0 s off`.replace(/^-?00/, '0'),
  parameters.get('Sign') === signature(token, parameters.get('RequestTime')),
];
const refused = (status: number, errorCode: number): Answer => ({ status, errorCode });

test.concurrent.each<[string, FaultCase]>([
  ['tampered-sign', { want: refused(401, 10102), sent: clock, is: ['0 s off', false] }],
  ['expired', { want: refused(401, 10102), sent: clock, is: ['-120 s off', true] }],
  ['from-the-future', { want: refused(401, 10102), sent: clock, is: ['120 s off', true] }],
  ['unsigned', { want: refused(401, 10102), sent: (r) => /Sign|RequestTime/.test(r.query), is: false, signed: false }],
  ['wrong-app', { want: refused(403, 10103), sent: (r) => r.parameters.getAll('SdkAppid'), is: ['1400000001'] }],
  ['missing-app', { want: refused(403, 10103), sent: (r) => r.parameters.has('SdkAppid'), is: false }],
  [
    'repeated-app',
    { want: refused(403, 10103), sent: (r) => r.parameters.getAll('SdkAppid'), is: ['1400000000', '1400000001'] },
  ],
  ['malformed', { want: refused(400, 10100), sent: (r) => isJson(r.body) || !isJson(`${r.body}}`), is: false }],
  ['missing-field', { want: refused(400, 10100), sent: (r) => 'GroupId' in JSON.parse(r.body), is: false }],
  ['wrong-type', { want: refused(400, 10100), sent: (r) => typeof JSON.parse(r.body).Name, is: 'number' }],
  ['commands-differ', { want: refused(400, 10101), sent: (r) => commands(r).size, is: 2 }],
  [
    'oversized',
    { want: refused(413, 10105), sent: (r) => [isJson(r.body), Buffer.byteLength(r.body)], is: [true, 5001] },
  ],
  ['wrong-path', { want: refused(404, 10104), sent: (r) => r.path, is: '/not-the-callback-path' }],
  ['wrong-method', { want: refused(405, 10104), sent: (r) => [r.method, isJson(r.body)], is: ['PUT', true] }],
  ['unknown-command', { want: ok, sent: (r) => [...commands(r)].map((name) => name in examples), is: [false] }],
  ['unknown-parameter', { want: ok, sent: (r) => r.parameters.get('SomethingNew'), is: '1' }],
  ['unknown-field', { want: ok, sent: (r) => 'SomethingNew' in JSON.parse(r.body), is: true }],
  ['probe', { want: ok, sent: (r) => [r.body, r.parameters.has('SdkAppid')], is: ['{}', false] }],
])('the fault %s is in the request, and its reply is judged', async (name, { want, sent, is, signed = true }) => {
  await using receiver = await listen(() => want);
  const args = ['--url', receiver.url, '--token', token, '--fault', name];
  const { status, stdout, stderr } = await trigger(args, { MAX_BODY_BYTES: '5000' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [request] = receiver.recorded as [Recorded];
  expect(sent(request)).toEqual(is);
  expect([...request.parameters.keys()]).toEqual([...request.parameters.keys()].sort());
  expect(request.parameters.has('Sign')).toBe(signed);
  expect(stdout).toContain(`As expected: ${want.status} ${want === ok ? 'OK 0' : `FAIL ${want.errorCode}`}`);
  expect(stdout).not.toContain(token);
});

describe('an unexpected reply', () => {
  test.concurrent.each<[string, { given: Partial<Answer>; args?: string[]; says: string }]>([
    ['another ErrorCode', { given: { body: '{"ActionStatus":"OK","ErrorCode":1}' }, says: 'ErrorCode 1 instead of 0' }],
    [
      'an ErrorCode as text',
      { given: { body: '{"ActionStatus":"OK","ErrorCode":"0"}' }, says: 'ErrorCode "0" instead' },
    ],
    ['no ActionStatus', { given: { body: '{"ErrorCode":0}' }, says: 'ActionStatus missing instead of "OK"' }],
    ['a plain ok', { given: { body: 'ok' }, says: 'a body that is not a JSON object' }],
    ['JSON in JSON', { given: { body: '"{}"' }, says: 'a body that is not a JSON object' }],
    ['a page', { given: { contentType: 'text/html' }, says: 'Content-Type text/html instead of application/json' }],
    ['a status', { given: { status: 503, errorCode: 10106 }, says: 'status 503 instead of 200' }],
    ['an unsigned callback refused', { given: refused(401, 10102), says: 'give its token by --token' }],
    ['another token', { given: refused(401, 10102), args: ['--token', 'a'], says: 'has another token' }],
    ['another app', { given: refused(403, 10103), says: 'give its SDKAppID by --sdk-app-id' }],
    ['another path', { given: refused(404, 10104), says: 'give it by --url or CALLBACK_PATH' }],
    ['an accepted fault', { given: ok, args: ['--fault', 'wrong-app'], says: 'status 200 instead of 403' }],
    [
      'an accepted fault of the signature',
      {
        given: ok,
        args: ['--token', 'a', '--fault', 'tampered-sign'],
        says: 'It has no token, so it checks no signature',
      },
    ],
    ['terminal codes', { given: { body: '\u001b[2J\u009b' }, says: '\\u001b[2J\\u009b' }],
  ])('%s', async (_, { given, args = [], says }) => {
    await using receiver = await listen(() => ({ ...ok, ...given }));
    const { status, stdout } = await trigger(['--url', receiver.url, ...args]);
    expect(status).toBe(1);
    expect(stdout).toContain(says);
    expect(stdout).not.toContain('\u001b');
  });

  test('nothing listens: says how to start the receiver, and does not continue', async () => {
    const closed = await listen();
    await closed.close();
    const nowhere = closed.url.replace(/\/$/, '');
    const says = `nothing listens at ${nowhere}: start the receiver with npm start`;
    const one = await trigger(['--url', nowhere]);
    expect(one).toMatchObject({ status: 1, stderr: `trigger: ${says}\n` });
    const many = await trigger(['--url', nowhere, '--count', '1000000']);
    expect(many.status).toBe(1);
    expect(many.stdout).toContain(says);
  });

  test.concurrent('no reply, one too late, one too long', async () => {
    await using silent = await listen(() => undefined);
    await using abrupt = await listen(({ socket }) => void socket.destroy());
    await using endless = await listen(() => ({ ...ok, body: 'x'.repeat(100_000) }));
    for (const [{ url }, says] of [
      [silent, 'no reply within 5 s'],
      [abrupt, 'the connection was closed without a reply'],
      [endless, 'a reply of more than 65536 bytes'],
    ] as const) {
      expect(await trigger(['--url', url])).toMatchObject({ status: 1, stderr: `trigger: ${says}\n` });
    }
  });
});

describe('many callbacks', () => {
  test('--count and --repeat: each callback as often as given, over kept-alive connections', async () => {
    await using receiver = await listen();
    const { url, recorded } = receiver;
    const args = ['--count', '30', '--repeat', '4', '--concurrency', '5', '--token', 'a'];
    const { status, stdout } = await trigger(['--url', url, ...args]);
    expect(status).toBe(0);
    const bodies = Map.groupBy(recorded, ({ body }) => body);
    expect([...bodies.values()].map((copies) => copies.length)).toEqual(Array(30).fill(4));
    expect(new Set([...bodies.keys()].map((body) => JSON.parse(body).GroupId)).size).toBe(30);
    expect(new Set(recorded.map(({ socket }) => socket)).size).toBeLessThanOrEqual(5);
    expect(stdout).toContain(`120 requests to ${url} in `);
    expect(stdout).toContain('30 callbacks Group.CallbackAfterCreateGroup, each sent 4 times');
    expect(stdout).toMatch(/^as expected {2}120 \(200 OK 0\)\nunexpected {3}0\nrate +[\d,.]+ requests\/s\n/m);
    expect(stdout).toMatch(/^reply after {2}[\d.]+ ms median, [\d.]+ ms p99, [\d.]+ ms max$/m);
  });

  test('unexpected replies are counted by status, and the first of each is shown', async () => {
    const answers = [ok, refused(401, 10102), refused(503, 10106), ok];
    let next = 0;
    await using receiver = await listen(() => answers[next++ % 4]);
    const { status, stdout } = await trigger(['--url', receiver.url, '--count', '40']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^as expected {2}20 /m);
    expect(stdout).toMatch(/^unexpected {3}20$/m);
    expect(stdout).toContain('10 × status 401, the first:\n    status 401 instead of 200');
    expect(stdout).toContain('10 × status 503, the first:\n    status 503 instead of 200');
    expect(stdout).toContain('"ErrorCode":10106');
  });

  test.concurrent.each(['50', '50/s'])('--rate %s paces them', async (rate) => {
    await using receiver = await listen();
    const { url, recorded } = receiver;
    const { status, stdout } = await trigger(['--url', url, '--count', '40', '--rate', rate]);
    expect(status).toBe(0);
    expect(recorded).toHaveLength(40);
    // No request is sent early, so the rate is never higher; a busy machine may be slower.
    expect(Number(/^rate +([\d.]+) requests/m.exec(stdout)?.[1])).toBeLessThanOrEqual(52);
  });

  test.concurrent('progress goes to stderr, a line every 2 s; an interruption ends it with the summary', async () => {
    await using receiver = await listen();
    const run = spawnCommand('trigger', ['--url', receiver.url, '--count', '100000', '--rate', '20']);
    while (run.output.stderr === '') await sleep(10);
    run.kill('SIGINT');
    run.kill('SIGINT');
    const { status, stdout, stderr } = await run.ended;
    // Null: on a busy machine, the second signal arrives while Node is exiting and no longer handles it.
    expect([130, null]).toContain(status);
    expect(stderr).toMatch(/^\d+ of 100,000 answered · [\d.]+\/s · 0 unexpected\n$/);
    expect(stdout).toContain(`as expected  ${receiver.recorded.length} (200 OK 0)`);
    expect(stdout).toMatch(/^99,9\d\d of 100,000 requests not sent: interrupted$/m);
  });
});

test('--help shows every option, every fault with its reply, and every example', async () => {
  const { status, stdout } = await trigger(['--help'], { PORT: 'wrong', CALLBACK_TOKEN: 'xxxxyyyy' });
  expect(status).toBe(0);
  for (const name of [
    'url',
    'sdk-app-id',
    'token',
    'set',
    'unset',
    'count',
    'repeat',
    'rate',
    'concurrency',
    'fault',
    'command',
  ]) {
    expect(stdout).toMatch(new RegExp(`^  --${name} [A-Z]`, 'm'));
  }
  expect(stdout).toMatch(/^ {2}expired +401 FAIL 10102 {2}RequestTime is 120 s old/m);
  expect(stdout).toMatch(/^ {2}probe +200 OK 0 /m);
  const listed = stdout.slice(stdout.indexOf('\nCommands'), stdout.indexOf('\nExit status'));
  const [, ...commands] = listed.split(/^ {2}(?=\S)/m).map((part) => part.trim().split(/,?\s+/));
  const shown = commands.flatMap(([key, ...variants]) => [key, ...variants.map((name) => `${key}.with-${name}`)]);
  expect(shown).toEqual(Object.keys(examples));
  expect(Math.max(...listed.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  expect(stdout).not.toContain('xxxxyyyy');
});

test('--list shows every example, or those of a command', async () => {
  const { status, stdout } = await trigger(['--list']);
  expect({ status, listed: stdout.trim().split(/\s+/) }).toEqual({ status: 0, listed: Object.keys(examples) });
  const some = await trigger(['--list', '--command', 'CallbackAfterGroupFull']);
  expect(some.stdout).toBe(
    'Group.CallbackAfterGroupFull\n  Group.CallbackAfterGroupFull.with-group-alone\n  Group.CallbackAfterGroupFull.with-integer-event-time\n',
  );
});

test.each<[string, { command: string; reply: object; is: string | RegExp }]>([
  ['a rejection', { command: 'CallbackBeforeCreateGroup', reply: { ErrorCode: 1 }, is: 'As expected: 200 OK 1' }],
  [
    'a code of the app',
    { command: 'CallbackBeforeApplyJoinGroup', reply: { ErrorCode: 10150 }, is: 'As expected: 200 OK 10150' },
  ],
  [
    'another message',
    {
      command: 'Group.CallbackBeforeSendMsg',
      reply: { MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: '***' } }] },
      is: 'As expected: 200 OK 0',
    },
  ],
  [
    'a message without a type',
    {
      command: 'Group.CallbackBeforeSendMsg',
      reply: { MsgBody: [{}] },
      is: /Not as expected.*required property 'MsgType'/,
    },
  ],
  [
    'an unassigned code',
    { command: 'CallbackBeforeCreateGroup', reply: { ErrorCode: 2 }, is: /Not as expected.*ErrorCode/ },
  ],
  [
    'FAIL',
    {
      command: 'CallbackBeforeCreateGroup',
      reply: { ActionStatus: 'FAIL' },
      is: /Not as expected.*ActionStatus "FAIL"/,
    },
  ],
  [
    'a rejection of an after-callback',
    { command: 'CallbackAfterCreateGroup', reply: { ErrorCode: 1 }, is: /Not as expected.*ErrorCode 1 instead of 0/ },
  ],
])('%s is judged by the replies that the command allows', async (_, { command, reply, is }) => {
  const body = JSON.stringify({ ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '', ...reply });
  await using receiver = await listen(() => ({ ...ok, body }));
  const { status, stdout } = await trigger(['--command', command, '--url', receiver.url]);
  expect(stdout).toMatch(is);
  expect(status).toBe(typeof is === 'string' ? 0 : 1);
});

test.concurrent.each<[string, { args: string[]; environment?: Record<string, string>; says: string }]>([
  ['an unknown option', { args: ['--cuont', '2'], says: '--cuont: there is no such option, see --help' }],
  ['an option without value', { args: ['--count'], says: '--count: a value is missing' }],
  ['an option in place of a value', { args: ['--token', '--fault', 'expired'], says: '--token: a value is missing' }],
  ['a count of 0', { args: ['--count', '0'], says: '--count: "0", expected a whole number from 1 to' }],
  ['a negative count', { args: ['--count', '-3'], says: '--count: "-3", expected a whole number' }],
  ['half a repeat', { args: ['--repeat', '1.5'], says: '--repeat: "1.5", expected a whole number' }],
  ['a concurrency in words', { args: ['--concurrency', 'ten'], says: '--concurrency: "ten", expected' }],
  ['a rate a minute', { args: ['--rate', '10/m'], says: '--rate: "10/m", expected requests a second' }],
  ['a rate of 0', { args: ['--rate', '0'], says: '--rate: "0", expected requests a second' }],
  ['a URL without scheme', { args: ['--url', 'localhost:3000'], says: '--url: "localhost:3000", expected a URL' }],
  ['a wrong app', { args: ['--sdk-app-id', 'x'], says: '--sdk-app-id: "x", expected a whole number' }],
  ['a wrong variable', { args: [], environment: { SDK_APP_ID: 'x' }, says: 'SDK_APP_ID: "x", expected' }],
  ['a wrong port', { args: [], environment: { PORT: 'x' }, says: 'PORT and CALLBACK_PATH: "http://127.0.0.1:x/"' }],
  ['an empty token', { args: ['--token='], says: '--token: is empty' }],
  ['an unknown fault', { args: ['--fault', 'typo'], says: '--fault: "typo", expected one of tampered-sign, ' }],
  [
    'a fault that needs a token',
    {
      args: ['--fault', 'expired'],
      says: 'name that token by --token or CALLBACK_TOKEN:\n  CALLBACK_TOKEN=my-token npm start\n  npm run trigger -- --fault expired --token',
    },
  ],
  [
    'a fault of a field that has been removed',
    { args: ['--fault', 'wrong-type', '--unset', 'Name'], says: 'has no Name to spoil' },
  ],
  ['a --set without value', { args: ['--set', 'Name'], says: '--set: "Name", expected PATH=VALUE' }],
  [
    'a --set below a string',
    { args: ['--set', 'Name.x=1'], says: '--set Name.x: Name is "MyFirstGroup", nothing can be below' },
  ],
  [
    'a --set that leaves a gap',
    { args: ['--set', 'MemberList.9.x=1', '--count', '5'], says: 'is not an item of that list' },
  ],
  ['an --unset of a missing field', { args: ['--unset', 'Nmae'], says: '--unset Nmae: the example has no Nmae' }],
  ['two examples', { args: ['one', 'two'], says: 'one command or example at a time, not "one" and "two"' }],
  ['an unknown example', { args: ['no-ownr'], says: 'near it are:\n  Group.CallbackAfterCreateGroup.with-no-owner' }],
])('wrong usage is named with its remedy: %s', async (_, { args, environment, says }) => {
  const { status, stdout, stderr } = await trigger(args, environment);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(says);
  expect(stderr).not.toMatch(/^ +at /m);
});

test('an example is found by its key, its command, or a unique variant', () => {
  const map = Object.fromEntries(
    ['A.Made', 'A.Made.with-no-owner', 'A.Made.with-tea', 'B.Gone', 'B.Gone.with-no-owner'].map((key) => [
      key,
      { value: {} },
    ]),
  );
  for (const [name, key] of [
    ['A.Made', 'A.Made'],
    ['a.made', 'A.Made'],
    ['Made', 'A.Made'],
    ['A.Made.with-no-owner', 'A.Made.with-no-owner'],
    ['with-tea', 'A.Made.with-tea'],
    ['tea', 'A.Made.with-tea'],
  ] as const) {
    expect(findExample(name, map)).toBe(key);
  }
  expect(findExample('no-owner', map, 'B.Gone')).toBe('B.Gone.with-no-owner');
  const several =
    '"no-owner" is the name of several examples; name its command too:\n  A.Made.with-no-owner\n  B.Gone.with-no-owner';
  expect(() => findExample('no-owner', map)).toThrow(several);
  expect(() => findExample('zzz', map)).toThrow('there is no example "zzz": npm run trigger -- --list shows them all');
});

/** A receiver that records its requests and answers them as specified; undefined = never. */
async function listen(answer: (request: Recorded) => Answer | undefined = () => ok) {
  const recorded: Recorded[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const entry = {
      method: request.method ?? '',
      path,
      query,
      parameters: new URLSearchParams(query),
      contentType: request.headers['content-type'],
      body: Buffer.concat(chunks).toString(),
      socket: request.socket,
      at: performance.now(),
    };
    recorded.push(entry);
    const wanted = answer(entry);
    if (!wanted) return;
    const { status, errorCode, contentType = 'application/json; charset=utf-8' } = wanted;
    const reply = { ActionStatus: errorCode === 0 ? 'OK' : 'FAIL', ErrorInfo: '', ErrorCode: errorCode };
    response.writeHead(status, { 'Content-Type': contentType });
    response.end(wanted.body ?? JSON.stringify(reply));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { port, url: `http://127.0.0.1:${port}/`, recorded, close, [Symbol.asyncDispose]: close };
}

function trigger(args: string[], env: Record<string, string> = {}) {
  return startCommand('trigger', playVendor, args, { env }).ended;
}

function signature(secret: string, requestTime: string | null): string {
  return createHash('sha256').update(`${secret}${requestTime}`).digest('hex');
}

function commands({ parameters, body }: Recorded): Set<string> {
  return new Set([String(parameters.get('CallbackCommand')), JSON.parse(body).CallbackCommand]);
}

/** The example with all its fields, but with a different id and time where it has them. */
function expectFresh(command: string, sent: Record<string, unknown>, value: Record<string, unknown>): void {
  const named = factsOf(command)?.idempotency?.slice(1) ?? 'EventTime';
  const {
    GroupId: _,
    EventTime: __,
    TopicId: ___,
    TopicIdList: ____,
    Events: items = [],
    [named]: _____,
    ...rest
  } = sent;
  expect(value).toMatchObject(rest);
  expect(Object.keys(sent)).toEqual(Object.keys(value));
  for (const [index, item] of Object.entries(items as Record<string, unknown>[])) {
    const { EventTime, MsgKey, PushID, TaskId, ...others } = item;
    const original = (value.Events as Record<string, unknown>[])[Number(index)];
    expect(original).toMatchObject(others);
    expect(Object.keys(item)).toEqual(Object.keys(original ?? {}));
    for (const [name, fresh] of Object.entries({ EventTime, MsgKey, PushID, TaskId })) {
      if (fresh !== undefined) expect(fresh).not.toBe(original?.[name]);
    }
  }
  expect(typeof sent.EventTime).toBe(typeof value.EventTime);
  expect(typeof sent[named]).toBe(typeof value[named]);
  if (value[named] !== undefined) expect(sent[named]).not.toBe(value[named]);
  if (named === 'MsgKey' && value.MsgKey !== undefined) {
    expect(sent.MsgKey).toMatch(`${String(value.MsgKey).split('_')[0]}`);
  }
  if (value.GroupId === undefined) return;
  const [groupId, fresh] = [String(value.GroupId), String(sent.GroupId)];
  expect(fresh).not.toBe(groupId);
  if (groupId.startsWith('@TGS#_')) expect(fresh).toMatch(/^@TGS#_/);
  else if (groupId.startsWith('@TGS#')) expect(fresh).toMatch(/^@TGS#[0-9A-Z]+$/);
  else expect(fresh.startsWith(groupId.slice(0, 34))).toBe(true);
  expect(fresh.length).toBeLessThan(48);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
