import { request } from 'node:http';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { factsOf } from '../generated/commands.ts';
import type { Store } from '../src/store/store.ts';
import { callbackContract, start } from './support/start.ts';
import { APP, CREATED, commandOf, examples, pathOf, payload, post, signed } from './support/vendor.ts';

const TOKEN = 'xxxxyyyy';
const NOW = 1_669_872_112_000;
const OK = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };

afterAll(() => {
  const declared = callbackContract.declared;
  // Every declared reply must occur in a test of this file; 500 occurs only in an app that mounts it:
  // test/library.test.ts.
  const expected = declared.filter((reply) => reply !== 'receiveCallback 500');
  expect(expected.filter((reply) => !callbackContract.seen.has(reply))).toEqual([]);
});

describe('every row of the status table', () => {
  type Row = {
    path?: string;
    method?: string;
    body?: unknown;
    env?: Record<string, string>;
    want: [number, number];
    info?: RegExp;
    kept?: { status: string; command?: string; reason?: RegExp | null };
  };
  const rejected = (reason: RegExp) => ({ status: 'rejected', reason });
  const withToken = { CALLBACK_TOKEN: TOKEN };

  test.each<[string, Row]>([
    ['a callback is stored', { want: [200, 0], kept: { status: 'accepted', command: CREATED, reason: null } }],
    [
      'an unknown command is kept',
      {
        path: pathOf({ CallbackCommand: 'Group.CallbackAfterSomethingNew' }),
        body: { CallbackCommand: 'Group.CallbackAfterSomethingNew', MsgBody: [] },
        want: [200, 0],
        kept: { status: 'unknown', command: 'Group.CallbackAfterSomethingNew', reason: /does not describe/ },
      },
    ],
    [
      'an envelope without a command in the body is kept under the command of the URL',
      {
        path: pathOf({ CallbackCommand: 'Push.SomethingNew', ClientIP: undefined, OptPlatform: undefined }),
        body: { Events: [{ CallbackCommand: 'Push.SomethingNew' }] },
        want: [200, 0],
        kept: { status: 'unknown', command: 'Push.SomethingNew' },
      },
    ],
    ['the console probes with {} and no SdkAppid', { path: pathOf({ SdkAppid: undefined }), body: {}, want: [200, 0] }],
    ['the console probes with no body', { path: pathOf({ SdkAppid: undefined }), body: '', want: [200, 0] }],
    ['the console probes with our SdkAppid', { body: ' { } \n', want: [200, 0] }],
    [
      'the console probes with a signature where a token is set',
      { path: pathOf({ SdkAppid: undefined, ...signed(TOKEN, NOW / 1000) }), body: {}, env: withToken, want: [200, 0] },
    ],
    [
      'an unknown parameter is accepted',
      { path: pathOf({ RequestID: 'f3', Brand_New: 'x' }), want: [200, 0], kept: { status: 'accepted' } },
    ],
    [
      'an unknown platform is accepted',
      { path: pathOf({ OptPlatform: 'HarmonyOS' }), want: [200, 0], kept: { status: 'accepted' } },
    ],
    [
      'ClientIP, OptPlatform and contenttype may be absent',
      {
        path: pathOf({ ClientIP: undefined, OptPlatform: undefined, contenttype: undefined }),
        want: [200, 0],
        kept: { status: 'accepted' },
      },
    ],
    [
      'an unknown field is accepted',
      {
        body: payload({ InviteOption: 'NeedPermission', Brand_New: { a: 1 } }),
        want: [200, 0],
        kept: { status: 'accepted' },
      },
    ],
    ['not JSON', { body: '{"CallbackCommand":', want: [400, 10100], info: /JSON/, kept: rejected(/JSON/) }],
    [
      'not UTF-8',
      { body: Uint8Array.of(0x22, 0xff, 0x22), want: [400, 10100], info: /UTF-8/, kept: rejected(/UTF-8/) },
    ],
    [
      'JSON but no object',
      { body: '[1]', want: [400, 10100], info: /body \(a list\) must be an object/, kept: rejected(/object/) },
    ],
    ['null', { body: 'null', want: [400, 10100], info: /body/, kept: rejected(/body/) }],
    [
      'a required field is missing',
      {
        body: payload({ GroupId: undefined }),
        want: [400, 10100],
        info: /^body\.GroupId is required$/,
        kept: rejected(/^body\.GroupId is required$/),
      },
    ],
    [
      'a field has the wrong type',
      {
        body: payload({ Name: 5 }),
        want: [400, 10100],
        info: /^body\.Name \(5\) must be a string$/,
        kept: rejected(/Name/),
      },
    ],
    [
      'a member has the wrong type',
      {
        body: payload({ MemberList: ['bob'] }),
        want: [400, 10100],
        info: /^body\.MemberList\.0 \("bob"\) must be an object$/,
        kept: rejected(/MemberList/),
      },
    ],
    [
      'no command in the body',
      {
        body: payload({ CallbackCommand: undefined }),
        want: [200, 0],
        kept: { status: 'accepted', command: CREATED },
      },
    ],
    [
      'no command in the URL',
      {
        path: pathOf({ CallbackCommand: undefined }),
        want: [400, 10100],
        info: /query\.CallbackCommand is required/,
        kept: { status: 'rejected', command: CREATED },
      },
    ],
    [
      'a repeated parameter',
      {
        path: pathOf({ ClientIP: ['1.1.1.1', '2.2.2.2'] }),
        want: [400, 10100],
        info: /query\.ClientIP \(a list\) must be a string/,
        kept: rejected(/ClientIP/),
      },
    ],
    [
      'a repeated command',
      {
        path: pathOf({ CallbackCommand: [CREATED, CREATED] }),
        want: [400, 10100],
        info: /query\.CallbackCommand/,
        kept: rejected(/CallbackCommand/),
      },
    ],
    [
      'commands of URL and body differ',
      {
        path: pathOf({ CallbackCommand: 'Group.CallbackAfterGroupFull' }),
        want: [400, 10101],
        info: /URL.*body/,
        kept: { status: 'rejected', command: 'Group.CallbackAfterGroupFull', reason: /URL/ },
      },
    ],
    ['a token is set, no Sign', { env: withToken, want: [401, 10102], info: /Sign and RequestTime are required/ }],
    [
      'a wrong Sign',
      { path: pathOf(signed('xxxyyy', NOW / 1000)), env: withToken, want: [401, 10102], info: /Sign is not/ },
    ],
    [
      'a repeated Sign',
      {
        path: pathOf({ ...signed(TOKEN, NOW / 1000), Sign: ['a', signed(TOKEN, NOW / 1000).Sign] }),
        env: withToken,
        want: [401, 10102],
      },
    ],
    [
      'an old RequestTime',
      { path: pathOf(signed(TOKEN, NOW / 1000 - 61)), env: withToken, want: [401, 10102], info: /RequestTime/ },
    ],
    [
      'a RequestTime that is not a number',
      { path: pathOf(signed(TOKEN, 'now')), env: withToken, want: [401, 10102], info: /RequestTime/ },
    ],
    [
      'the probe unsigned where a token is set',
      { path: pathOf({ SdkAppid: undefined }), body: {}, env: withToken, want: [401, 10102] },
    ],
    ["another app's callback", { path: pathOf({ SdkAppid: '1400000001' }), want: [403, 10103], info: /1400000001/ }],
    ['our SdkAppid spelt as another number', { path: pathOf({ SdkAppid: '1.4e9' }), want: [403, 10103] }],
    [
      'no SdkAppid with a callback',
      { path: pathOf({ SdkAppid: undefined }), want: [403, 10103], info: /SdkAppid is missing/ },
    ],
    ['no SdkAppid with a short body', { path: pathOf({ SdkAppid: undefined }), body: '{"a":1}', want: [403, 10103] }],
    ['a repeated SdkAppid', { path: pathOf({ SdkAppid: [APP, '2'] }), want: [403, 10103] }],
    ['our SdkAppid twice', { path: pathOf({ SdkAppid: [APP, APP] }), want: [403, 10103] }],
    ['another path', { path: pathOf({}, '/elsewhere'), want: [404, 10104], info: /callbacks go to \// }],
    ['another method', { path: '/', method: 'PUT', want: [405, 10104], info: /use POST/ }],
    ['GET of the callback URL', { path: '/', method: 'GET', want: [405, 10104] }],
    ['POST to a health check', { path: '/healthz', want: [405, 10104] }],
    ['POST to a readiness check', { path: '/readyz', want: [405, 10104] }],
    [
      'a body over the limit',
      { body: payload({ Name: 'n'.repeat(5000) }), env: { MAX_BODY_BYTES: '4096' }, want: [413, 10105], info: /4096/ },
    ],
  ])(
    '%s',
    async (_title, {
      path = pathOf(),
      method = 'POST',
      body = payload(),
      env = {},
      want: [status, errorCode],
      info,
      kept,
    }) => {
      const { send, read } = await start({ env, now: () => NOW });
      const init = method === 'GET' ? {} : { ...post(body), method };
      const { status: got, headers, json } = await send(path, init);
      expect([got, json.ErrorCode]).toEqual([status, errorCode]);
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      if (status === 200) expect(json).toEqual(OK);
      if (info) expect(json.ErrorInfo).toMatch(info);

      const { callbacks } = (await read('/api/callbacks')).json;
      expect(callbacks).toHaveLength(kept ? 1 : 0);
      if (!kept) return;
      const [callback] = callbacks;
      const { reason, ...rest } = kept;
      expect(callback).toMatchObject({ ...rest, sdkAppId: Number(APP), repeats: 0 });
      if (reason === null) expect(callback.reason).toBeNull();
      else if (reason) expect(callback.reason).toMatch(reason);
      const detail = (await read(`/api/callbacks/${callback.id}`)).json;
      expect(detail.query).toEqual(queryOf(path));
      if (typeof body === 'string') expect(detail.body).toBe(body);
      expect((await read('/api/groups')).json.groups).toHaveLength(kept.status === 'accepted' ? 1 : 0);
    },
  );

  test('the store is unavailable: 503, without detail', async () => {
    const full = (store: Store): Store => ({
      ...store,
      append: () => Promise.reject(new Error('disk full at /secret/place')),
    });
    const { send, logged } = await start({ wrapStore: full });
    const { status, json, text } = await send(pathOf(), post(payload()));
    expect([status, json.ErrorCode]).toEqual([503, 10106]);
    expect(text).not.toContain('secret');
    expect(logged.join('')).toContain('disk full');
  });

  test('health and readiness', async () => {
    const { send } = await start();
    expect((await send('/healthz')).json).toEqual({ status: 'ok' });
    expect((await send('/readyz')).json).toEqual({ status: 'ready' });
    const broken = await start({ wrapStore: (store) => ({ ...store, health: async () => ({ ready: false }) }) });
    expect((await broken.send('/readyz')).status).toBe(503);
  });
});

function queryOf(path: string): Record<string, string | string[]> {
  const parameters = new URLSearchParams(path.split('?')[1]);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length > 1 ? values : (values[0] as string)];
    }),
  );
}

test('every example of every command is accepted, and stored unchanged with all its fields', async () => {
  const { send, read } = await start();
  for (const [name, example] of Object.entries(examples)) {
    const body = { ...example, SomethingNew: { Since: name } };
    const path = pathOf({ CallbackCommand: commandOf(name), ClientIP: undefined, OptPlatform: undefined });
    const isTold = factsOf(commandOf(name))?.kind === 'after';
    expect([name, (await send(path, post(body))).json]).toMatchObject([name, isTold ? OK : { ActionStatus: 'OK' }]);
    const [{ id, command, status, groupId }] = (await read('/api/callbacks?limit=1')).json.callbacks;
    expect({ command, status, groupId }).toEqual({
      command: commandOf(name),
      status: 'accepted',
      groupId: example.GroupId ?? null,
    });
    expect((await read(`/api/callbacks/${id}`)).json.body).toBe(JSON.stringify(body));
  }
});

test.each([
  ['Live.CallbackAfterCreateRoom', { RoomInfo: { RoomId: 'a' } }],
  ['Call.CallbackAfterStartCall', { CallId: 'a' }],
  ['Desk.SessionEventNotify', { SessionId: 'a' }],
  ['Push.SomethingNew', { CallbackCommand: undefined, Events: [{ CallbackCommand: 'Push.SomethingNew' }] }],
  ['Group.CallbackAfterSomethingNew', { GroupId: 7 }],
])('%s, outside the contract, is stored unchanged and answered OK', async (command, fields) => {
  const { send, read } = await start();
  const body = JSON.stringify({ CallbackCommand: command, ...fields });
  const parameters = command.startsWith('Push') ? { ClientIP: undefined, OptPlatform: undefined } : {};
  expect((await send(pathOf({ CallbackCommand: command, ...parameters }), post(body))).json).toEqual(OK);
  const [callback] = (await read('/api/callbacks')).json.callbacks;
  expect(callback).toMatchObject({ command, status: 'unknown' });
  expect((await read(`/api/callbacks/${callback.id}`)).json.body).toBe(body);
  expect((await read('/api/groups')).json.groups).toEqual([]);
});

const created = Object.entries(examples).filter(([, { CallbackCommand }]) => CallbackCommand === CREATED);
test.each(created)('example %s becomes a group', async (_name, example) => {
  const { send, read } = await start();
  const before = Date.now();
  expect((await send(pathOf(), post(example))).json).toEqual(OK);
  // Members, custom fields and names are returned unchanged, whatever characters they contain.
  const group = (await read(`/api/groups/${encodeURIComponent(example.GroupId as string)}`)).json;
  const list = (name: string) => (example[name] ?? []) as Record<string, string>[];
  expect(group).toEqual({
    sdkAppId: Number(APP),
    groupId: example.GroupId,
    type: example.Type,
    name: example.Name,
    ownerAccount: example.Owner_Account ?? null,
    operatorAccount: example.Operator_Account,
    introduction: example.Introduction ?? null,
    notification: example.Notification ?? null,
    members: list('MemberList').map((member) => member.Member_Account),
    customFields: list('UserDefinedDataList').map(({ Key, Value }) => ({ key: Key, value: Value })),
    createdAt: 'EventTime' in example ? new Date(Number(example.EventTime)).toISOString() : group.receivedAt,
    receivedAt: expect.any(String),
    clientIp: '203.0.113.7',
    optPlatform: 'iOS',
    memberCount: list('MemberList').length,
    faceUrl: null,
    full: false,
    partial: false,
    destroyedAt: null,
    memberDetails: list('MemberList').map(({ Member_Account: account }) => ({
      account,
      since: group.createdAt,
      how: 'Created',
      by: example.Operator_Account,
      role: null,
      nameCard: null,
    })),
    attributes: [],
    topics: [],
    confirmedAt: null,
  });
  expect(Date.parse(group.receivedAt)).toBeGreaterThanOrEqual(before);
  const { memberDetails, attributes, topics, confirmedAt, ...listed } = group;
  expect((await read('/api/groups')).json.groups).toEqual([listed]);
});

test.each(['text/plain', 'application/x-www-form-urlencoded', undefined])(
  'Content-Type %s: the body is still read as JSON',
  async (type) => {
    const { send } = await start();
    const { body } = post(payload());
    // Bytes: for a string, fetch would add a Content-Type.
    const bytes = new TextEncoder().encode(body as string);
    expect(
      (await send(pathOf(), { method: 'POST', body: bytes, headers: type ? { 'Content-Type': type } : {} })).status,
    ).toBe(200);
  },
);

test('query and body are stored byte for byte', async () => {
  const { receiverUrl, read } = await start();
  const query = 'SdkAppid=1400000000&CallbackCommand=Group.CallbackAfterCreateGroup&x=%E4%BD%A0+b&x=2';
  const body = ` ${JSON.stringify(payload({ Name: '你好 \u0000 👩‍👩‍👧' }), null, 3)}\r\n`;
  expect((await fetch(`${receiverUrl}/?${query}`, post(body))).status).toBe(200);
  const [{ id }] = (await read('/api/callbacks')).json.callbacks;
  expect((await read(`/api/callbacks/${id}`)).json).toMatchObject({ body, query: { x: ['你 b', '2'] } });
});

test('a receiver whose writer thread has died reports it to health checks', async () => {
  const posted = jest.spyOn(Worker.prototype, 'postMessage');
  const { send } = await start();
  await send(pathOf(), post(payload()));
  const [thread] = posted.mock.contexts as [Worker];
  posted.mockRestore();
  await thread.terminate();
  expect(await send('/healthz')).toMatchObject({ status: 503, json: { status: 'failed' } });
});

describe('encoded bodies', () => {
  const encode = {
    gzip: gzipSync,
    'x-gzip': gzipSync,
    deflate: deflateSync,
    'deflate without a header': deflateRawSync,
  };

  test.each(Object.entries(encode))('%s is read, and stored decoded', async (name, encoder) => {
    const { send, read } = await start();
    const body = JSON.stringify(payload({ Name: '茶'.repeat(1000) }));
    const headers = { 'Content-Encoding': name.split(' ')[0] as string };
    expect((await send(pathOf(), { method: 'POST', headers, body: encoder(body) })).status).toBe(200);
    expect((await send(pathOf(), post(JSON.parse(body)))).status).toBe(200);
    expect((await read('/api/callbacks/1')).json).toMatchObject({ body, repeats: 1, status: 'accepted' });
  });

  test('the decoded size is limited', async () => {
    const { send } = await start();
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    expect(bomb.length).toBeLessThan(262_144);
    const headers = { 'Content-Encoding': 'gzip' };
    const { status, json } = await send(pathOf(), { method: 'POST', headers, body: bomb });
    expect([status, json.ErrorCode]).toEqual([413, 10105]);
  });

  test('a body that does not match its encoding is read as it is: JSON is accepted, anything else stored as rejected', async () => {
    const { send, read } = await start();
    const headers = { 'Content-Encoding': 'gzip' };
    expect((await send(pathOf(), { method: 'POST', headers, body: JSON.stringify(payload()) })).status).toBe(200);
    const cut = gzipSync(JSON.stringify(payload())).subarray(0, 100);
    const { status, json } = await send(pathOf(), { method: 'POST', headers, body: cut });
    expect([status, json.ErrorCode, json.ErrorInfo]).toEqual([400, 10100, 'body is not JSON in UTF-8']);
    expect((await read('/api/callbacks/2')).json).toMatchObject({ status: 'rejected' });
  });

  test.each(['br', 'zstd', 'gzip, gzip', 'x'.repeat(500)])('%s is refused', async (encoding) => {
    const { send } = await start();
    const headers = { 'Content-Encoding': encoding };
    const { status, json } = await send(pathOf(), { method: 'POST', headers, body: JSON.stringify(payload()) });
    expect([status, json.ErrorCode]).toEqual([415, 10107]);
  });
});

test('the callback path can be other than /', async () => {
  const { send } = await start({ env: { CALLBACK_PATH: '/tencent/callback' } });
  expect(
    (
      await fetch(
        `${(await start({ env: { CALLBACK_PATH: '/tencent/callback' } })).receiverUrl}${pathOf({}, '/tencent/callback')}`,
        post(payload()),
      )
    ).status,
  ).toBe(200);
  expect((await send(pathOf(), post(payload()))).status).toBe(404);
  for (const path of ['/tencent/callback/', '/Tencent/callback', '//tencent/callback'])
    expect((await send(pathOf({}, path), post(payload()))).status).toBe(404);
});

test.each([
  ['SdkAppid is wrong', pathOf({ SdkAppid: '1' }), 403],
  ['SdkAppid is missing', pathOf({ SdkAppid: undefined, ...signed(TOKEN, NOW / 1000) }), 403],
  ['Sign is wrong', pathOf(signed('other', NOW / 1000)), 401],
  ['the announced body is over the limit', pathOf(signed(TOKEN, NOW / 1000)), 413],
])('%s: refused before the body is read', async (_title, path, want) => {
  const { receiverUrl } = await start({ env: { CALLBACK_TOKEN: TOKEN }, now: () => NOW });
  // A body that never ends: only a receiver that does not wait for it answers.
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const sending = request(
    receiverUrl + path,
    { method: 'POST', headers: { 'Content-Length': 10_000_000 } },
    (response) => {
      response.resume();
      resolve(response.statusCode);
    },
  ).on('error', reject);
  sending.write('{"CallbackCommand":"Group.CallbackAfterCreateGroup"');
  expect(await promise).toBe(want);
  sending.destroy();
});

test('a body over the limit in chunks, without announced length, is refused while it arrives', async () => {
  const { receiverUrl, read } = await start({ env: { MAX_BODY_BYTES: '1024' } });
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const sending = request(receiverUrl + pathOf(), { method: 'POST' }, (response) => {
    response.resume();
    resolve(response.statusCode);
  }).on('error', reject);
  sending.write(' '.repeat(1025));
  expect(await promise).toBe(413);
  sending.destroy();
  expect((await read('/api/callbacks')).json.callbacks).toEqual([]);
});

test('headers over the limit', async () => {
  const { send } = await start();
  const { status, json } = await send(pathOf({ RequestID: 'x'.repeat(9000) }), post(payload()));
  expect([status, json.ErrorCode]).toEqual([431, 10100]);
});

test('a sender that hangs up within the body leaves nothing', async () => {
  const { receiverUrl, read, logged } = await start();
  const { port } = new URL(receiverUrl);
  const socket = connect(Number(port), '127.0.0.1');
  socket.end(`POST ${pathOf()} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{"Callback`);
  socket.resume();
  for (let tries = 0; tries < 200 && !logged.join('').includes('hung up'); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(logged.join('')).toContain('hung up');
  expect((await read('/api/callbacks')).json.callbacks).toEqual([]);
});

test('one connection carries many callbacks, also after a refusal', async () => {
  const { receiverUrl } = await start();
  const { port } = new URL(receiverUrl);
  const socket = connect(Number(port), '127.0.0.1');
  const requestOf = (path: string, body: string) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const statuses: string[] = [];
  socket.write(
    requestOf(pathOf(), JSON.stringify(payload())) +
      requestOf(pathOf({ SdkAppid: '1' }), JSON.stringify(payload())) +
      requestOf(pathOf(), '{') +
      requestOf(pathOf(), JSON.stringify(payload())),
  );
  let received = '';
  for await (const chunk of socket) {
    received += chunk;
    statuses.splice(
      0,
      statuses.length,
      ...[...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status as string),
    );
    if (statuses.length === 4) break;
  }
  expect(statuses).toEqual(['200', '403', '400', '200']);
});

test('the log has a line per callback, and no token, member or password', async () => {
  const { send, logged } = await start({
    env: { CALLBACK_TOKEN: `${TOKEN},next-token`, ADMIN_PASSWORD: 'hunter2hunter2' },
    now: () => NOW,
  });
  const body = payload({ MemberList: [{ Member_Account: 'private-person' }], GroupId: '@TGS#LOGGED' });
  await send(pathOf(signed('next-token', NOW / 1000)), post(body));
  await send(pathOf(signed(TOKEN, NOW / 1000)), post({ ...body, MemberList: ['private-person'] }));
  await send(pathOf(signed('guess', NOW / 1000)), post(body));
  const lines = logged.map((line) => JSON.parse(line));
  expect(lines).toEqual([
    expect.objectContaining({
      command: CREATED,
      group: '@TGS#LOGGED',
      outcome: 'accepted',
      milliseconds: expect.any(Number),
    }),
    expect.objectContaining({ command: CREATED, group: '@TGS#LOGGED', outcome: 'rejected' }),
    expect.objectContaining({ outcome: 'refused', status: 401 }),
  ]);
  for (const secret of [TOKEN, 'next-token', 'hunter2', 'private-person'])
    expect(logged.join('')).not.toContain(secret);
});

test('refusals are sampled in the log by kind, the first at once; metrics count each', async () => {
  const { send, read, logged } = await start({ env: { CALLBACK_TOKEN: TOKEN }, now: () => NOW });
  for (let count = 0; count < 50; count += 1) {
    await send(pathOf(signed('guess', NOW / 1000)), post(payload()));
    await send(pathOf({ SdkAppid: '1' }), post(payload()));
  }
  const lines = logged.map((line) => JSON.parse(line)).filter(({ outcome }) => outcome === 'refused');
  expect(lines.slice(0, 2).map(({ status, count }) => [status, count])).toEqual([
    [401, undefined],
    [403, undefined],
  ]);
  expect(lines.length).toBeLessThan(10);
  const { text } = await read('/metrics');
  for (const reason of ['not_the_vendor', 'not_our_app'])
    expect(text).toContain(`callbacks_refused_total{reason="${reason}"} 50`);
});
