import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { COMMANDS } from '../generated/commands.ts';
import type { Rules } from '../src/decisions/rules.ts';
import { type DecidedCommand, DROP, refuse, reject, replace } from '../src/decisions/verdicts.ts';

import { callbackContract, type Running, serve, start } from './support/start.ts';
import { pathOf, payloadOf, post } from './support/vendor.ts';

/** After this time the vendor proceeds without the reply. */
const VENDOR_WAITS_MS = 2000;
/** The other families are in decision-families.test.ts. */
const BEFORE_COMMANDS = Object.entries(COMMANDS).flatMap(([name, { kind, family }]) =>
  kind === 'before' && family === 'Group' ? name : [],
);
const SEND = 'Group.CallbackBeforeSendMsg';
const CREATE = 'Group.CallbackBeforeCreateGroup';
const INVITE = 'Group.CallbackBeforeInviteJoinGroup';
const OK = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 } as const;
const MESSAGE = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi ***' } }];

/** Sends a before-callback; its reply must be in time and satisfy the contract of that command. */
async function ask({ send }: Running, command: string, body = payloadOf(command)) {
  const started = performance.now();
  const { status, json } = await send(pathOf({ CallbackCommand: command }), post(body));
  expect(performance.now() - started).toBeLessThan(VENDOR_WAITS_MS);
  expect(status).toBe(200);
  callbackContract.matchSchema(`${command}.Reply`, json);
  return json;
}

/** The decision recorded with the newest callback, in the list and in its single view. */
async function recorded({ read }: Running) {
  const [{ id, decision }] = (await read('/api/callbacks?limit=1')).json.callbacks;
  expect((await read(`/api/callbacks/${id}`)).json.decision).toEqual(decision);
  return decision;
}

async function metric({ read }: Running, series: string): Promise<number> {
  const line = (await read('/metrics')).text.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.split(' ').at(-1));
}

describe('a rule', () => {
  test('allows by default, whatever the command', async () => {
    const running = await start();
    for (const command of BEFORE_COMMANDS) {
      expect(await ask(running, command)).toEqual(OK);
      expect(await recorded(running)).toEqual({
        action: 'allow',
        errorCode: 0,
        errorInfo: '',
        refusedMembers: [],
        source: 'rule',
        milliseconds: expect.any(Number),
      });
    }
  });

  const replaced = { MsgBody: MESSAGE, CloudCustomData: '{}' };
  const some = { RefusedMembers_Account: ['jared'] };
  test.each<[string, DecidedCommand, object, object, object]>([
    ['refuses', CREATE, reject('no'), { ErrorCode: 1, ErrorInfo: 'no' }, { action: 'reject', errorInfo: 'no' }],
    [
      'refuses with a code of its own',
      CREATE,
      reject('too many', 10123),
      { ErrorCode: 10123, ErrorInfo: 'too many' },
      { action: 'reject', errorCode: 10123 },
    ],
    ['drops a message', SEND, DROP, { ErrorCode: 2 }, { action: 'drop', errorCode: 2 }],
    ['replaces a message', SEND, replace(replaced), replaced, { action: 'replace' }],
    [
      'replaces the custom data',
      SEND,
      replace({ CloudCustomData: '' }),
      { CloudCustomData: '' },
      { action: 'replace' },
    ],
    ['refuses some members', INVITE, refuse(['jared']), some, { action: 'allow', refusedMembers: ['jared'] }],
    ["answers in the vendor's form", SEND, { ...OK, ...replaced }, replaced, { action: 'replace' }],
    ["refuses some in the vendor's form", INVITE, { ...OK, ...some }, some, { refusedMembers: ['jared'] }],
  ])('%s', async (_what, command, given, reply, decision) => {
    const running = await start({ rules: { [command]: () => given } });
    expect(await ask(running, command)).toEqual({ ...OK, ...reply });
    expect(await recorded(running)).toMatchObject({ source: 'rule', ...decision });
  });

  test('receives the callback, and may take its time', async () => {
    const rules: Partial<Rules> = {
      async [SEND]({ payload, sdkAppId }) {
        await sleep(50);
        return payload.From_Account === 'jared' ? reject(`${sdkAppId}`, 10100) : OK;
      },
    };
    const running = await start({ rules });
    expect(await ask(running, SEND, payloadOf(SEND, { From_Account: 'jared' }))).toMatchObject({ ErrorCode: 10100 });
    expect((await recorded(running)).milliseconds).toBeGreaterThan(40);
    expect(await ask(running, SEND, payloadOf(SEND, { From_Account: 'bob' }))).toEqual(OK);
  });

  const circular: Record<string, unknown> = { MsgType: 'TIMCustomElem' };
  circular.MsgContent = { circular };
  const failing: [string, () => unknown][] = [
    ['never answers', () => new Promise(() => {})],
    [
      'throws',
      () => {
        throw new Error('no such table');
      },
    ],
    ['throws later', () => Promise.reject(new Error('no such table'))],
    ['throws nothing at all', () => Promise.reject()],
    ['answers nothing', () => undefined],
    ['answers with an unassigned code', () => ({ ...OK, ErrorCode: 3 })],
    ['answers with a code that is not its own', () => reject('', 10201)],
    ['refuses with the code that allows', () => reject('', 0)],
    ['refuses with the code that drops', () => reject('', 2)],
    ['refuses members without naming any', () => refuse(['otto'])],
    ['gives a verdict that the command does not have', () => ({ verdict: 'defer' })],
    ['answers with a failure', () => ({ ...OK, ActionStatus: 'FAIL' })],
    ['answers with a message without a type', () => ({ ...OK, MsgBody: [{ MsgContent: {} }] })],
    ['answers with a value that is not JSON', () => ({ ...OK, MsgBody: [circular] })],
  ];
  test('that fails in any way leaves the decision to the fallback', async () => {
    let rule: () => unknown = () => OK;
    const rules = { [SEND]: () => rule() } as Partial<Rules>;
    const allowing = await start({ rules });
    const rejecting = await start({ rules, env: { DECISION_FALLBACK: 'reject' } });
    for (const [what, fails] of failing) {
      rule = fails;
      const replies = await Promise.all([ask(allowing, SEND), ask(rejecting, SEND)]);
      const refusal = { ActionStatus: 'OK', ErrorCode: 1, ErrorInfo: 'No decision could be made' };
      expect([what, ...replies]).toEqual([what, OK, refusal]);
      expect(await recorded(allowing)).toMatchObject({ action: 'allow', source: 'fallback' });
      expect(await recorded(rejecting)).toMatchObject({ action: 'reject', source: 'fallback' });
    }
    expect(allowing.logged.filter((line) => line.includes('no decision was made'))).toHaveLength(failing.length);
  });

  test('may not drop anything but a message', async () => {
    const running = await start({ rules: { [CREATE]: () => DROP as never }, env: { DECISION_FALLBACK: 'reject' } });
    expect(await ask(running, CREATE)).toMatchObject({ ErrorCode: 1 });
  });

  test('runs again for a repeated callback; the first decision is recorded', async () => {
    let asked = 0;
    const running = await start({
      rules: {
        [SEND]: () => {
          asked += 1;
          return asked === 1 ? OK : DROP;
        },
      },
    });
    const body = payloadOf(SEND);
    expect((await ask(running, SEND, body)).ErrorCode).toBe(0);
    expect((await ask(running, SEND, body)).ErrorCode).toBe(2);
    expect((await running.read('/api/callbacks')).json.callbacks).toEqual([
      expect.objectContaining({ repeats: 1, decision: expect.objectContaining({ action: 'allow' }) }),
    ]);
    expect(await metric(running, `callbacks_decisions_total{command="${SEND}",action="drop",source="rule"}`)).toBe(1);
  });

  test('does not run for an invalid callback, a retry, or an after-callback', async () => {
    let asked = 0;
    const count = () => {
      asked += 1;
      return OK;
    };
    const running = await start({ rules: { [SEND]: count } });
    const body = payloadOf(SEND, { GroupId: undefined });
    const { status, json } = await running.send(pathOf({ CallbackCommand: SEND }), post(body));
    expect([status, json.ErrorCode]).toEqual([400, 10100]);
    expect(await recorded(running)).toBeNull();
    const [{ id }] = (await running.read('/api/callbacks')).json.callbacks;
    await running.read(`/api/callbacks/${id}/retry`, { method: 'POST' });
    const after = 'Group.CallbackAfterSendMsg';
    await running.send(pathOf({ CallbackCommand: after }), post(payloadOf(after)));
    expect(await recorded(running)).toBeNull();
    expect(asked).toBe(0);
  });
});

describe('the endpoint of the app', () => {
  /** An endpoint that gives this answer. @returns its URL and the requests it received */
  async function serveApp(answer: RequestListener) {
    const asked: { url: URL; authorization: string | undefined; body: unknown }[] = [];
    const base = await serve(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const url = new URL(request.url ?? '', 'http://app');
      asked.push({ url, authorization: request.headers.authorization, body: JSON.parse(text) });
      answer(request, response);
    });
    return { base, asked };
  }
  const json =
    (reply: unknown): RequestListener =>
    (_request, response) =>
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(reply));

  test("receives the vendor's request, and its password is in no log", async () => {
    const { base, asked } = await serveApp(json({ ErrorCode: 10150, ErrorInfo: 'later' }));
    const url = new URL('/decide?key=s3same', base);
    url.username = 'chat';
    url.password = 'hunter@2';
    const running = await start({ env: { DECISION_URL: url.href } });
    const body = payloadOf(SEND);
    expect(await ask(running, SEND, body)).toEqual({ ActionStatus: 'OK', ErrorCode: 10150, ErrorInfo: 'later' });
    expect(await recorded(running)).toMatchObject({ action: 'reject', errorCode: 10150, source: 'endpoint' });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url.pathname).toBe('/decide');
    expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toEqual({
      key: 's3same',
      SdkAppid: '1400000000',
      CallbackCommand: SEND,
      contenttype: 'json',
      ClientIP: '203.0.113.7',
      OptPlatform: 'iOS',
    });
    expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from('chat:hunter@2').toString('base64')}`);
    expect(asked[0]?.body).toEqual(body);
    const away = await start({ env: { DECISION_URL: `http://chat:hunter%402@127.0.0.1:2/decide?key=s3same` } });
    expect(await ask(away, SEND)).toEqual(OK);
    expect([...running.logged, ...away.logged].join('')).not.toMatch(/hunter|s3same/);
  });

  test('is asked for every before-command', async () => {
    const { base, asked } = await serveApp(json({ ErrorCode: 1 }));
    const running = await start({ env: { DECISION_URL: base } });
    for (const command of BEFORE_COMMANDS) expect(await ask(running, command)).toEqual({ ...OK, ErrorCode: 1 });
    expect(asked.map(({ url }) => url.searchParams.get('CallbackCommand'))).toEqual(BEFORE_COMMANDS);
  });

  test.each<[string, object]>([
    ['drop a message', { ErrorCode: 2 }],
    ['replace a message', { ...OK, MsgBody: MESSAGE }],
  ])('may %s', async (_what, reply) => {
    const { base } = await serveApp(json(reply));
    expect(await ask(await start({ env: { DECISION_URL: base } }), SEND)).toEqual({ ...OK, ...reply });
  });

  test('may be asked by a rule that has the final decision', async () => {
    const { base } = await serveApp(json({ ErrorCode: 0 }));
    const running = await start({
      env: { DECISION_URL: base },
      rules: { [SEND]: async (_callback, { askApp }) => ((await askApp()).ErrorCode === 0 ? DROP : OK) },
    });
    expect(await ask(running, SEND)).toMatchObject({ ErrorCode: 2 });
    expect(await recorded(running)).toMatchObject({ action: 'drop', source: 'rule' });
  });

  const answers: [string, RequestListener][] = [
    ['does not answer', () => {}],
    ['stops in the middle', (_request, response) => void response.writeHead(200).write('{')],
    ['hangs up', (request) => request.socket.destroy()],
    ['answers 500', (_request, response) => response.writeHead(500).end(JSON.stringify(OK))],
    ['answers 204', (_request, response) => response.writeHead(204).end()],
    ['redirects', (_request, response) => response.writeHead(302, { Location: '/' }).end()],
    ['answers in HTML', (_request, response) => response.end('<p>ok')],
    ['answers ok', (_request, response) => response.end('"ok"')],
    ['answers a list', json([OK])],
    ['answers null', json(null)],
    ['answers without a code', json({})],
    ['answers with an invalid code', json({ ErrorCode: 'one' })],
    ['answers null for the code', json({ ...OK, ErrorCode: null })],
    ['answers with a failure without a code', json({ ActionStatus: 'FAIL', ErrorInfo: 'no', ErrorCode: 0 })],
    ['answers endlessly', (_request, response) => response.end(JSON.stringify({ ...OK, x: 'x'.repeat(300_000) }))],
    ['answers with JSON nested too deep', (_request, response) => response.end('['.repeat(100_000))],
  ];
  test('that is unusable leaves the decision to the fallback, in time', async () => {
    const rejecting = { DECISION_FALLBACK: 'reject' };
    const away: [string, string] = ['is away', 'http://127.0.0.1:2/'];
    const nowhere: [string, string] = ['has no address', 'http://app.invalid/'];
    const bad = await Promise.all(
      answers.map(async ([what, answer]): Promise<[string, string]> => [what, (await serveApp(answer)).base]),
    );
    const all: [string, Running][] = [];
    for (const [what, url] of [away, nowhere, ...bad])
      all.push([what, await start({ env: { DECISION_URL: url, ...rejecting } })]);
    // Sequentially, so that their times do not add up.
    for (const [what, running] of all) {
      expect([what, (await ask(running, SEND)).ErrorCode]).toEqual([what, 1]);
      expect([what, (await recorded(running)).source]).toEqual([what, 'fallback']);
    }
  }, 60_000);

  const echoed = (command: string, more: object) => ({
    ...JSON.parse(JSON.stringify(payloadOf(command))),
    ...OK,
    ...more,
  });
  const replaced = [{ MsgType: 'TIMTextElem', MsgContent: { Text: '***' } }];
  const lenient: [string, string, RequestListener, object, object][] = [
    ['a code in quotes', SEND, json({ ErrorCode: '10120' }), { ErrorCode: 10120 }, { action: 'reject' }],
    [
      'null for absent fields',
      SEND,
      json({ ActionStatus: null, ErrorCode: 1, ErrorInfo: null, MsgBody: null, CloudCustomData: null }),
      { ...OK, ErrorCode: 1 },
      { action: 'reject' },
    ],
    ['null for an empty list', INVITE, json({ ...OK, RefusedMembers_Account: null }), OK, { action: 'allow' }],
    [
      'its reply merged into the whole callback',
      SEND,
      json(echoed(SEND, { MsgBody: replaced })),
      { ...OK, MsgBody: replaced },
      { action: 'replace' },
    ],
    ['the whole callback, and lets it pass', SEND, json(echoed(SEND, {})), OK, { action: 'allow' }],
    ['another command’s field', SEND, json({ ...OK, RefusedMembers_Account: ['x'] }), OK, { action: 'allow' }],
    [
      'FAIL with a code',
      SEND,
      json({ ActionStatus: 'FAIL', ErrorCode: 10150, ErrorInfo: 'no' }),
      { ActionStatus: 'OK', ErrorCode: 10150, ErrorInfo: 'no' },
      { action: 'reject', errorCode: 10150 },
    ],
    [
      'a byte order mark, as text/html',
      SEND,
      (_request, response) =>
        void response.setHeader('Content-Type', 'text/html').end(`\ufeff${JSON.stringify({ ErrorCode: 1 })}`),
      { ...OK, ErrorCode: 1 },
      { action: 'reject' },
    ],
  ];
  test.each(lenient)('that answers with %s is understood', async (_what, command, answer, reply, decision) => {
    const { base } = await serveApp(answer);
    const running = await start({ env: { DECISION_URL: base } });
    expect(await ask(running, command)).toMatchObject(reply);
    expect(await recorded(running)).toMatchObject({ source: 'endpoint', ...decision });
  });

  test('a kept-alive connection that it has closed is not a failure', async () => {
    const { base, asked } = await serveApp((request, response) => {
      if (asked.length === 2) request.socket.destroy();
      else json({ ErrorCode: 1 })(request, response as never);
    });
    const running = await start({ env: { DECISION_URL: base } });
    expect((await ask(running, SEND)).ErrorCode).toBe(1);
    expect((await ask(running, SEND)).ErrorCode).toBe(1);
    expect(asked).toHaveLength(3);
  });

  test('that fails is left alone for a while, then asked again', async () => {
    let works = false;
    const { base, asked } = await serveApp((request, response) => {
      if (works) json({ ErrorCode: 1 })(request, response as never);
      else response.writeHead(500).end();
    });
    const running = await start({ env: { DECISION_URL: base } });
    for (let index = 0; index < 15; index += 1) expect(await ask(running, SEND)).toEqual(OK);
    expect(asked).toHaveLength(10);
    expect(await metric(running, 'callbacks_decision_breaker_open')).toBe(1);
    const series = `callbacks_decisions_total{command="${SEND}",action="allow",source="fallback"}`;
    expect(await metric(running, series)).toBe(15);
    works = true;
    const deadline = Date.now() + 20_000;
    while ((await ask(running, SEND)).ErrorCode !== 1) {
      expect(Date.now()).toBeLessThan(deadline);
      await sleep(200);
    }
    expect(asked).toHaveLength(11);
    expect(await metric(running, 'callbacks_decision_breaker_open')).toBe(0);
    expect(running.logged.join('')).toMatch(/left alone for a while.*answers again/s);
  }, 30_000);
});

describe('the store is down', () => {
  test.each<[string, () => Promise<never>]>([
    ['fails', () => Promise.reject(new Error('disk full'))],
    ['hangs', () => new Promise(() => {})],
  ])('a store that %s: the decision is sent all the same', async (_what, append) => {
    const running = await start({
      rules: { [SEND]: () => reject('no', 10111) },
      wrapStore: (store) => ({ ...store, append }),
    });
    expect(await ask(running, SEND)).toMatchObject({ ErrorCode: 10111 });
    expect(await metric(running, 'callbacks_unkept_total')).toBe(1);
    expect(running.logged.join('')).toMatch(/the store did not take a callback.*"not kept"/s);
  });

  test('a slow rule and a store that hangs, both', async () => {
    const running = await start({
      env: { DECISION_FALLBACK: 'reject' },
      rules: { [SEND]: () => new Promise(() => {}) },
      wrapStore: (store) => ({ ...store, append: () => new Promise(() => {}) }),
    });
    expect(await ask(running, SEND)).toMatchObject({ ErrorCode: 1 });
  });
});
