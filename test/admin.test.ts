import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { adminContract, type Running, start, temporaryFolder } from './support/start.ts';
import { CREATED, examples, pathOf, payload, post } from './support/vendor.ts';

afterAll(() => {
  // Those of deliveries are seen by test/admin-deliveries.test.ts, those of many callbacks by test/bulk.test.ts,
  // 304 by test/admin-reads.test.ts.
  const elsewhere = ['deliveries', 'backfill'].flatMap((tag) => adminContract.declaredWith(tag));
  const declared = adminContract.declared.filter(
    (reply) => !elsewhere.includes(reply) && !/^(retry|ignore)Callbacks /.test(reply),
  );
  expect(declared.filter((reply) => !adminContract.seen.has(reply) && !/ (304|403|429|503)$/.test(reply))).toEqual([]);
});

async function collect(
  read: Running['read'],
  list: 'groups' | 'callbacks',
  query: string,
): Promise<Record<string, unknown>[]> {
  const items = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { json } = await read(`/api/${list}?${query}${cursor && `&cursor=${cursor}`}`);
    items.push(...json[list]);
    cursor = json.nextCursor;
  }
  return items;
}

describe('groups', () => {
  test('are paged newest first; each appears once, even with equal times', async () => {
    const { send, read } = await start();
    const bodies = Array.from({ length: 25 }, (_, index) =>
      payload({ GroupId: `g${index}`, EventTime: 1000 + Math.floor(index / 10) }),
    );
    await Promise.all(bodies.map((body) => send(pathOf(), post(body))));
    const all = await collect(read, 'groups', 'limit=4');
    expect(new Set(all.map(({ groupId }) => groupId)).size).toBe(25);
    expect(all).toHaveLength(25);
    const times = all.map(({ createdAt }) => createdAt as string);
    expect(times).toEqual([...times].sort().reverse());
    expect((await read('/api/groups')).json).toMatchObject({ groups: { length: 25 }, nextCursor: null });
    expect((await read('/api/groups?limit=25')).json.nextCursor).toBeNull();
  });

  test('a page has 50 by default', async () => {
    const { send, read } = await start();
    await Promise.all(Array.from({ length: 51 }, () => send(pathOf(), post(payload()))));
    expect((await read('/api/groups')).json.groups).toHaveLength(50);
    expect((await read('/api/callbacks')).json.callbacks).toHaveLength(50);
    expect((await read('/api/groups?limit=200')).json.groups).toHaveLength(51);
  });

  const people = [
    { GroupId: 'g1', Name: '100% Tea_Time', Owner_Account: 'ann', Type: 'Work' },
    { GroupId: 'g2', Name: '深圳茶友会', Owner_Account: 'bob', Type: 'Private' },
    { GroupId: 'g3', Name: 'teatime', Owner_Account: undefined, Type: 'Meeting' },
    { GroupId: 'tea/4', Name: 'x', Owner_Account: 'annabel', Type: 'Public' },
    { GroupId: 'g5', Name: 'nul \u0000 inside', Owner_Account: 'o\u0000', Type: 'ChatRoom' },
  ];
  test.each([
    ['search=tea', ['g1', 'g3', 'tea/4']],
    ['search=%25', ['g1']],
    ['search=_', ['g1']],
    ['search=%5C', []],
    ['search=茶友', ['g2']],
    ['search=ann', ['g1', 'tea/4']],
    ['search=g2', ['g2']],
    ['search=%00', ['g5']],
    ['owner=ann', ['g1']],
    ['owner=o%00', ['g5']],
    ['owner=nobody', []],
    ['type=Work', ['g1', 'g2']],
    ['type=Private', ['g1', 'g2']],
    ['type=Meeting', ['g3', 'g5']],
    ['type=Public', ['tea/4']],
    ['type=Nothing', []],
    ['type=Work&owner=ann&search=TEA', ['g1']],
  ])('are found by %s', async (query, want) => {
    const { send, read } = await start();
    for (const group of people) await send(pathOf(), post(payload(group)));
    expect((await collect(read, 'groups', `${query}&limit=1`)).map(({ groupId }) => groupId).sort()).toEqual(want);
  });

  test('are found by their id, whatever its characters', async () => {
    const { send, read } = await start();
    for (const GroupId of ['@TGS#_@TGS#cABC', 'a/b', '100%', 'a b', 'a+b', '%2F', "it's?x=1"]) {
      await send(pathOf(), post(payload({ GroupId })));
      expect((await read(`/api/groups/${encodeURIComponent(GroupId)}`)).json.groupId).toBe(GroupId);
    }
  });
});

describe('callbacks', () => {
  test('are paged newest first and filtered by command and status', async () => {
    const { send, read } = await start();
    for (let index = 0; index < 3; index += 1) {
      await send(pathOf(), post(payload()));
      await send(pathOf({ CallbackCommand: 'Some.New' }), post({ CallbackCommand: 'Some.New', GroupId: 'g' }));
      await send(pathOf(), post(payload({ Name: 7 })));
    }
    const ids = (items: Record<string, unknown>[]) => items.map(({ id }) => Number(id));
    expect(ids(await collect(read, 'callbacks', 'limit=2'))).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(ids(await collect(read, 'callbacks', 'limit=1&command=Some.New'))).toEqual([8, 5, 2]);
    expect(ids(await collect(read, 'callbacks', 'limit=2&status=rejected'))).toEqual([9, 6, 3]);
    expect(ids(await collect(read, 'callbacks', `status=accepted&command=${CREATED}`))).toEqual([7, 4, 1]);
    expect((await read('/api/callbacks/2')).json).toMatchObject({ groupId: 'g', eventTime: null, status: 'unknown' });
  });
});

describe('the callbacks behind a group', () => {
  test('are those that name it, as received, in pages', async () => {
    const { send, read } = await start();
    const body = payload({ GroupId: '@TGS#/1' });
    await send(pathOf(), post(body));
    await send(pathOf(), post(payload()));
    await send(pathOf({ CallbackCommand: 'Some.New' }), post({ CallbackCommand: 'Some.New', GroupId: '@TGS#/1' }));
    const path = `/api/groups/${encodeURIComponent('@TGS#/1')}/history`;
    const { json } = await read(`${path}?limit=1`);
    expect(json.callbacks).toMatchObject([{ id: '3', command: 'Some.New', status: 'unknown' }]);
    const rest = (await read(`${path}?limit=1&cursor=${json.nextCursor}`)).json;
    expect(rest).toMatchObject({ callbacks: [{ id: '1', query: { SdkAppid: '1400000000' } }], nextCursor: null });
    expect(JSON.parse(rest.callbacks[0].body)).toEqual(body);
    expect((await read('/api/groups/none/history')).json).toEqual({ callbacks: [], nextCursor: null });
    expect((await read('/api/callbacks?groupId=%40TGS%23%2F1')).json.callbacks).toHaveLength(2);
  });

  test('repeated ones are found', async () => {
    const { send, read } = await start();
    const twice = payload();
    for (const body of [twice, payload(), twice]) await send(pathOf(), post(body));
    expect((await read('/api/callbacks?repeated=true')).json.callbacks).toMatchObject([{ id: '1', repeats: 1 }]);
    expect((await read('/api/callbacks?repeated=false')).json.callbacks).toHaveLength(2);
  });
});

describe('for the setup', () => {
  test.each([
    [{}, { demo: true, signed: false }],
    [
      { SDK_APP_ID: '1400000001', CALLBACK_TOKEN: 'sesame-open,next' },
      { demo: false, signed: true },
    ],
  ])('the receiver describes itself: %j', async (env, want) => {
    const { read, receiverUrl } = await start({
      env: { ...env, CALLBACK_PATH: '/in', PUBLIC_URL: 'http://127.0.0.1:1/' },
    });
    const { json, text } = await read('/api/about');
    expect((await read('/api/setup')).json.publicUrl).toBe('http://127.0.0.1:1/');
    expect((await read('/api/setup/check', { method: 'POST' })).json.state).toBe('unknown');
    const callbackUrl = `${receiverUrl}/in`;
    const triggerCommand = `npm run trigger -- --url ${callbackUrl}`;
    expect(json).toMatchObject({ ...want, callbackUrl, triggerCommand, database: 'sqlite' });
    expect(text).not.toContain('sesame');
  });

  test.each([{}, { CALLBACK_TOKEN: 'sesame-open,next' }])('a test callback arrives: %j', async (env) => {
    const { read } = await start({ env });
    expect((await read('/api/setup/check', { method: 'POST' })).status).toBe(409);
    const { status, json } = await read('/api/test-callback', { method: 'POST' });
    expect([status, json.status, json.reply.ActionStatus]).toEqual([200, 200, 'OK']);
    expect((await read(`/api/groups/${encodeURIComponent(json.groupId)}`)).json.type).toBe('Public');
  });

  test('a test callback without an answer is reported', async () => {
    const { read, closeReceiver } = await start();
    await closeReceiver();
    const { status, json } = await read('/api/test-callback', { method: 'POST' });
    expect([status, json.detail]).toEqual([502, expect.stringContaining('did not answer')]);
  });
});

describe('an account', () => {
  test('is shown with its friends and groups, and its callbacks are listed', async () => {
    const { send, read } = await start();
    const command = 'Sns.CallbackFriendAdd';
    const PairList = [{ From_Account: 'mina/1', To_Account: 'otto' }];
    await send(pathOf({ CallbackCommand: command }), post({ CallbackCommand: command, PairList }));
    await send(pathOf(), post(payload({ GroupId: 'g', MemberList: [{ Member_Account: 'mina/1' }] })));
    const { status, json } = await read('/api/accounts/mina%2F1');
    expect([status, json]).toMatchObject([200, { friends: [{ account: 'otto' }], groups: [{ groupId: 'g' }] }]);
    expect((await collect(read, 'callbacks', 'account=mina%2F1&limit=1')).map(({ id }) => id)).toEqual(['2', '1']);
    expect((await read(`/api/callbacks?account=mina%2F1&command=${command}`)).json.callbacks).toHaveLength(1);
    expect((await read('/api/callbacks?account=pia')).json).toEqual({ callbacks: [], nextCursor: null });
    const missing = await read('/api/accounts/pia');
    expect([missing.status, missing.json.detail]).toEqual([404, expect.stringContaining('"pia"')]);
  });
});

test('the figures: groups by type, and callbacks of the last minutes', async () => {
  const clock = Date.UTC(2026, 0, 1, 12);
  const { send, read } = await start({ now: () => clock });
  const created = (Type: string, hoursAgo: number) => payload({ Type, EventTime: clock - hoursAgo * 3_600_000 });
  for (const body of [created('Public', 0), created('Work', 2), created('Work', 30), created('Work', 300)])
    await send(pathOf(), post(body));
  await send(pathOf(), post(payload({ Name: 7 })));
  await send(pathOf({ SdkAppid: '1' }), post(payload()));
  const { groupsByType, minutes, spool, since } = (await read('/api/stats')).json;
  expect(groupsByType).toEqual({
    hour: [{ type: 'Public', count: 1 }],
    day: [
      { type: 'Public', count: 1 },
      { type: 'Work', count: 1 },
    ],
    week: [
      { type: 'Work', count: 2 },
      { type: 'Public', count: 1 },
    ],
  });
  expect(minutes.at(-1)).toMatchObject({ accepted: 4, rejected: 1, refused: 1, repeats: 0, unknown: 0 });
  expect(minutes.at(-1).medianSeconds).toBeGreaterThan(0);
  expect([spool, since]).toEqual([null, '2026-01-01T12:00:00.000Z']);
  const there = { database: { state: 'available', since: null }, spool: null };
  expect((await read('/api/state')).json).toEqual(there);
});

describe('retry', () => {
  test('a rejected callback that a corrected contract accepts becomes a group; its id stays', async () => {
    const folder = temporaryFolder();
    const strict = structuredClone(callbackDocument) as unknown as {
      components: { schemas: Record<string, { properties: Record<string, object> }> };
    };
    const schema = strict.components.schemas[CREATED];
    if (!schema) throw new Error('no such schema');
    schema.properties.Name = { type: 'string', maxLength: 3 };
    const before = await start({ folder, document: strict });
    const body = payload({ GroupId: 'late', Name: 'longer than three' });
    await before.send(pathOf(), post(body));
    await before.send(pathOf(), post(payload()));
    const still = await before.read('/api/callbacks/1/retry', { method: 'POST' });
    expect(still.json).toMatchObject({ id: '1', status: 'rejected', reason: expect.stringMatching(/3 characters/) });

    const { send, read } = await start({ folder });
    expect((await read('/api/callbacks/1/retry', { method: 'POST' })).json).toMatchObject({
      id: '1',
      status: 'accepted',
      reason: null,
      groupId: 'late',
    });
    expect((await read('/api/groups/late')).json).toMatchObject({ name: 'longer than three', clientIp: '203.0.113.7' });
    expect((await read('/api/callbacks/1/retry', { method: 'POST' })).status).toBe(409);
    // It is known from now on: the same callback is a duplicate.
    await send(pathOf(), post(body));
    expect((await read('/api/callbacks/1')).json.repeats).toBe(1);
  });

  test('if an equal callback was accepted in the meantime, it counts as a duplicate of that one', async () => {
    const { send, read } = await start();
    const body = post(payload());
    await send(pathOf({ ClientIP: ['a', 'b'] }), body);
    await send(pathOf(), body);
    // Nothing has changed: it is rejected again.
    expect((await read('/api/callbacks/1/retry', { method: 'POST' })).json).toMatchObject({
      id: '1',
      status: 'rejected',
    });
  });

  test('an unknown one', async () => {
    const { read } = await start();
    expect((await read('/api/callbacks/99/retry', { method: 'POST' })).status).toBe(404);
  });
});

describe('an ignored callback', () => {
  const ignore = (id: string, method: 'POST' | 'DELETE') => [`/api/callbacks/${id}/ignore`, { method }] as const;

  test('is shown as ignored, and its group is rebuilt without it; both can be undone', async () => {
    const { send, read } = await start();
    await send(pathOf(), post(payload({ GroupId: 'g', Name: 'Right', EventTime: 1_000 })));
    const changed = 'Group.CallbackAfterGroupInfoChanged';
    const body = { CallbackCommand: changed, GroupId: 'g', Name: 'Wrong', EventTime: 2_000 };
    await send(pathOf({ CallbackCommand: changed }), post({ ...body, Operator_Account: 'ann', Type: 'Public' }));
    expect((await read('/api/groups/g')).json.name).toBe('Wrong');
    for (let time = 0; time < 2; time += 1) {
      const { status, json } = await read(...ignore('2', 'POST'));
      expect([status, json]).toEqual([200, expect.objectContaining({ id: '2', status: 'accepted', ignored: true })]);
    }
    expect((await read('/api/groups/g')).json.name).toBe('Right');
    const listed = (await read('/api/callbacks')).json.callbacks as { id: string; ignored: boolean }[];
    expect(listed.map(({ id, ignored }) => [id, ignored])).toEqual([
      ['2', true],
      ['1', false],
    ]);
    const retried = await read('/api/callbacks/2/retry', { method: 'POST' });
    expect([retried.status, retried.json.detail]).toEqual([
      409,
      expect.stringContaining('DELETE /api/callbacks/2/ignore first'),
    ]);
    await read(...ignore('1', 'POST'));
    expect((await read('/api/groups/g')).status).toBe(404);
    for (const id of ['1', '2'])
      expect((await read(...ignore(id, 'DELETE'))).json).toMatchObject({ id, ignored: false });
    expect((await read('/api/groups/g')).json.name).toBe('Wrong');
  });

  test('409 if retention has deleted callbacks of its group, 404 if it does not exist', async () => {
    const { send, read, store } = await start();
    const body = payload({ GroupId: 'g' });
    for (const Name of ['First', 'Second', 'Third']) await send(pathOf(), post({ ...body, Name }));
    await read(...ignore('2', 'POST'));
    await store.pruneCallbacks(new Date(Date.now() + 1_000), 1);
    for (const method of ['POST', 'DELETE'] as const) {
      expect((await read(...ignore('99', method))).status).toBe(404);
      expect((await read(...ignore('9'.repeat(20), method))).status).toBe(404);
    }
    for (const [id, method] of [
      ['2', 'DELETE'],
      ['3', 'POST'],
    ] as const) {
      const { status, json } = await read(...ignore(id, method));
      expect([status, json.detail]).toEqual([409, expect.stringContaining('RETENTION_DAYS')]);
    }
    expect((await read('/api/callbacks/1/ignore', { method: 'PUT' })).status).toBe(405);
  });
});

describe('refused requests', () => {
  test.each([
    ['/api/groups?limit=0', 400, /query\.limit \(0\) must be at least 1/],
    ['/api/groups?limit=201', 400, /query\.limit/],
    ['/api/groups?limit=ten', 400, /query\.limit \("ten"\)/],
    ['/api/groups?limit=1&limit=2', 400, /query\.limit/],
    ['/api/groups?cursor=zzz', 400, /query\.cursor.*nextCursor/],
    ['/api/groups?cursor=W10', 400, /query\.cursor/],
    ['/api/callbacks?cursor=WzEsMl0', 400, /query\.cursor/],
    ['/api/groups?serach=tea', 400, /query\.serach is not a parameter/],
    ['/api/callbacks?status=lost', 400, /query\.status \("lost"\).*accepted, unknown, rejected/],
    ['/api/callbacks/one', 400, /path\.id/],
    ['/api/callbacks/99', 404, /99/],
    ...['9007199254740992', '9223372036854775808', '9'.repeat(400)].map(
      (id) => [`/api/callbacks/${id}`, 404, /No callback has the id 9/] as const,
    ),
    ['/api/groups/nobody', 404, /"nobody"/],
    ['/api/groups/%E0%A4%A', 400, /./],
    ['/api/nothing', 404, /GET \/ names/],
    ['/?x=1', 400, /query\.x/],
    ['/assets/page.js?x=1', 400, /query\.x/],
    ['/assets/nothing.js', 404, /"nothing\.js"/],
    ['/assets/..%2Fadmin.json', 404, /admin\.json/],
    ['/assets/licences', 404, /"licences"/],
    ['/docs?x=1', 400, /query\.x/],
    ['/docs?lang=de', 400, /query\.lang \("de"\).*en, zh/],
    ['/openapi.yaml?x=1', 400, /query\.x/],
    ['/metrics?x=1', 400, /query\.x/],
    ['/api/callbacks?repeated=perhaps', 400, /query\.repeated/],
    ['/api/groups/g/history?limit=51', 400, /query\.limit/],
    ['/api/about?x=1', 400, /query\.x/],
    ['/api/setup?x=1', 400, /query\.x/],
    ['/api/stats?x=1', 400, /query\.x/],
    ['/api/state?x=1', 400, /query\.x/],
    ['/api/live?x=1', 400, /query\.x/],
  ])('%s', async (path, status, detail) => {
    const { read } = await start();
    const reply = await read(path);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(reply.json).toMatchObject({ status, title: expect.any(String), detail: expect.stringMatching(detail) });
  });

  test.each([
    '/',
    '/assets/page.js',
    '/docs',
    '/openapi.yaml',
    '/metrics',
    '/api/groups',
    '/api/groups/x',
    '/api/callbacks',
    '/api/callbacks/1',
    '/api/callbacks/1/retry',
    '/api/groups/x/history',
    '/api/accounts/x',
    '/api/about',
    '/api/setup',
    '/api/setup/check',
    '/api/test-callback',
    '/api/stats',
    '/api/state',
    '/api/live',
  ])('DELETE %s', async (path) => {
    const { read } = await start();
    expect((await read(path, { method: 'DELETE' })).status).toBe(405);
  });

  test('bad parameters of the single views', async () => {
    const { read } = await start();
    for (const [path, method] of [
      ['/api/groups/x?y=1', 'GET'],
      ['/api/accounts/x?y=1', 'GET'],
      ['/api/callbacks/x/retry', 'POST'],
      ['/api/callbacks/x/ignore', 'POST'],
      ['/api/callbacks/x/ignore', 'DELETE'],
      ['/api/test-callback?x=1', 'POST'],
      ['/api/setup/check?x=1', 'POST'],
    ] as const) {
      expect((await read(path, { method })).status).toBe(400);
    }
  });

  test('a failing store: 503, without detail', async () => {
    const { read, logged } = await start({
      wrapStore: (store) => ({ ...store, listGroups: () => Promise.reject(new Error('secret place')) }),
    });
    const reply = await read('/api/groups');
    expect([reply.status, reply.text.includes('secret')]).toEqual([503, false]);
    expect(logged.join('')).toContain('secret place');
  });
});

describe('the password', () => {
  const authorization = (credentials: string) => ({
    headers: { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
  });
  const everything = [
    '/',
    '/assets/page.js',
    '/metrics',
    '/docs',
    '/openapi.yaml',
    '/api/groups',
    '/api/groups/x',
    '/api/callbacks',
    '/api/callbacks/1',
    '/api/groups/x/history',
    '/api/accounts/x',
    '/api/about',
    '/api/setup',
    '/api/stats',
    '/api/state',
    '/api/live',
  ];

  test('is required everywhere', async () => {
    const { read } = await start({ env: { ADMIN_PASSWORD: 'pässword:1' } });
    for (const path of everything) {
      const reply = await read(path);
      expect([path, reply.status, reply.headers.get('www-authenticate')]).toEqual([
        path,
        401,
        expect.stringMatching(/^Basic realm=/),
      ]);
    }
    for (const path of ['/api/callbacks/1/retry', '/api/callbacks/1/ignore', '/api/test-callback', '/api/setup/check'])
      expect((await read(path, { method: 'POST' })).status).toBe(401);
    expect((await read('/api/callbacks/1/ignore', { method: 'DELETE' })).status).toBe(401);
    expect((await read('/api/groups', authorization('admin:pässword:1'))).status).toBe(200);
  });

  test.each(['admin:wrong', 'admin:', 'root:pässword:1', 'admin', '', 'admin:pässword:1 '])(
    '%j is refused',
    async (credentials) => {
      const { read } = await start({ env: { ADMIN_PASSWORD: 'pässword:1' } });
      expect((await read('/api/groups', authorization(credentials))).status).toBe(401);
    },
  );
});

test('the page lists the endpoints', async () => {
  const { read } = await start();
  const { text, headers } = await read('/');
  expect(headers.get('content-type')).toMatch(/^text\/html/);
  for (const endpoint of ['/api/groups', '/api/callbacks', '/retry', '1400000000']) expect(text).toContain(endpoint);
});

test.each([
  ['page.js', 'text/javascript'],
  ['page.css', 'text/css'],
  ['icon.svg', 'image/svg+xml'],
  ['licences.txt', 'text/plain'],
])("the page's files are served whole: %s", async (file, type) => {
  const { read } = await start();
  const { status, text, headers } = await read(`/assets/${file}`);
  expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining(type)]);
  expect(text).toContain('generated, run npm run generate');
});

test('the reference is a single page whose policy forbids loading anything', async () => {
  const { read } = await start();
  const { text, headers } = await read('/docs');
  expect(headers.get('content-type')).toMatch(/^text\/html/);
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/);
  expect(text).toContain('17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061');
});

test('the contract is the published document', async () => {
  const { read } = await start();
  const { text, headers } = await read('/openapi.yaml');
  expect(headers.get('content-type')).toMatch(/^application\/yaml/);
  expect(text).toBe(readFileSync(join(import.meta.dirname, '../generated/openapi.yaml'), 'utf8'));
});

test('the live stream begins with a position to resume from', async () => {
  const { read } = await start();
  const { status, text } = await read('/api/live');
  expect([status, text]).toEqual([200, 'retry: 1000\nid: 0\n\n']);
});

test('the metrics are served', async () => {
  const { read } = await start();
  expect((await read('/metrics')).text).toContain('callbacks_total{');
});

test('a list of 500 members is complete and in order', async () => {
  const { send, read } = await start();
  const example = examples[`${CREATED}.with-500-members`] ?? payload();
  await send(pathOf(), post(example));
  const { members } = (await read('/api/groups')).json.groups[0];
  expect(members).toEqual(
    (example.MemberList as { Member_Account: string }[]).map(({ Member_Account }) => Member_Account),
  );
  expect(members).toHaveLength(500);
});
