import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { connect as openSocket } from 'node:net';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, jest, test } from '@jest/globals';
import connect from 'connect';
import express from 'express';
import fastify from 'fastify';
import type { Receiver, ReceiverOptions } from '../src/index.ts';
import {
  ALLOW,
  ConfigError,
  createReceiver,
  DatabaseUnusable,
  DROP,
  RegistrationError,
  RuleError,
  refuse,
  reject,
  replace,
  sign,
} from '../src/index.ts';
import { receiver, send } from './support/library.ts';
import { serve, teardown, temporaryFolder } from './support/start.ts';
import { APP, CREATED, pathOf, payload, payloadOf, post } from './support/vendor.ts';

const SEND = 'Group.CallbackBeforeSendMsg';
const OK = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };
const PREFIX = '/im/callback';

type Mount = (receiver: Receiver) => Promise<string> | string;
/** Keeps the bytes on the request, as documented for body parsers. */
const verify = (request: IncomingMessage, _response: unknown, bytes: Buffer) => {
  Object.assign(request, { rawBody: bytes });
};
/** Express 4: the parts used here have the types of Express 5. */
const olderExpress: typeof express = createRequire(import.meta.url)('express4');

/** Each way to mount the receiver. */
const MOUNTS: Record<string, Mount> = {
  'node:http': ({ handler }) => serve(handler),
  'node:http, with next': ({ handler }) => serve((request, response) => void handler(request, response, () => {})),
  Connect: ({ handler }) => serve(connect().use(PREFIX, handler as RequestListener)),
  'Fastify, raw': async ({ handler }) => {
    const app = fastify();
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    app.all(PREFIX, (request, reply) => {
      reply.hijack();
      void handler(request.raw, reply.raw);
    });
    teardown(() => app.close());
    return app.listen({ port: 0, host: '127.0.0.1' });
  },
  'Fastify, with the bytes that its parser has read': async ({ handler }) => {
    const app = fastify();
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.all(PREFIX, (request, reply) => {
      reply.hijack();
      void handler(Object.assign(request.raw, { rawBody: request.body }), reply.raw);
    });
    teardown(() => app.close());
    return app.listen({ port: 0, host: '127.0.0.1' });
  },
};
for (const [name, framework] of Object.entries({ 'Express 5': express, 'Express 4': olderExpress })) {
  Object.assign(MOUNTS, {
    [`${name}, app.use`]: ({ handler }: Receiver) => serve(framework().use(PREFIX, handler)),
    [`${name}, app.all`]: ({ handler }: Receiver) => serve(framework().all(PREFIX, handler)),
    [`${name}, a router in a router`]: ({ handler }: Receiver) =>
      serve(framework().use('/im', framework.Router().use('/callback', handler))),
    [`${name}, before a parser`]: ({ handler }: Receiver) =>
      serve(framework().use(PREFIX, handler).use(framework.json())),
    [`${name}, behind a parser that keeps rawBody`]: ({ handler }: Receiver) =>
      serve(framework().use(framework.json({ verify })).use(PREFIX, handler)),
    [`${name}, behind express.raw`]: ({ handler }: Receiver) =>
      serve(
        framework()
          .use(framework.raw({ type: () => true }))
          .use(PREFIX, handler),
      ),
    [`${name}, behind express.text`]: ({ handler }: Receiver) =>
      serve(
        framework()
          .use(framework.text({ type: () => true }))
          .use(PREFIX, handler),
      ),
    [`${name}, behind a parser of another type`]: ({ handler }: Receiver) =>
      serve(
        framework()
          .use(framework.urlencoded({ extended: false }))
          .use(PREFIX, handler),
      ),
  });
}

describe.each(Object.entries(MOUNTS))('mounted in %s', (name, mount) => {
  test('it accepts callbacks, plain and compressed, and refuses the rest according to the contract', async () => {
    const opened = await receiver({ maxBodyBytes: 4096 });
    const url = `${await mount(opened)}${PREFIX}${pathOf().slice(1)}`;
    const body = payload();
    expect(await send(url, post(body))).toEqual([200, 0]);
    expect(await send(url, post(body))).toEqual([200, 0]);
    const gzipped = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' };
    expect(await send(url, { ...post(gzipSync(JSON.stringify(payload()))), headers: gzipped })).toEqual([200, 0]);
    const deflated = { 'Content-Type': 'application/json', 'Content-Encoding': 'deflate' };
    expect(await send(url, { ...post(deflateSync(JSON.stringify(payload()))), headers: deflated })).toEqual([200, 0]);
    expect(await send(url, post({ ...payload(), GroupId: 5 }))).toEqual([400, 10100]);
    expect(await send(url, post({ ...payload(), Name: 'x'.repeat(5000) }))).toEqual([413, 10105]);
    expect(await send(url.replace(APP, '1'))).toEqual([403, 10103]);
    expect(await send(url, { method: 'POST' })).toEqual([200, 0]);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const response = await fetch(url, { method });
      expect([name, method, response.status, response.headers.get('allow')]).toEqual([name, method, 405, 'POST']);
    }
    const outcomes = opened.lines.filter(({ message }) => message === 'callback').map(({ fields }) => fields.outcome);
    expect(outcomes).toEqual(['accepted', 'repeat', 'accepted', 'accepted', 'rejected']);
  });
});

describe('the body has been consumed', () => {
  const consuming: [string, (receiver: Receiver) => Promise<string> | string][] = [
    ['express.json() of Express 5', ({ handler }) => serve(express().use(express.json()).use(PREFIX, handler))],
    [
      'express.json() of Express 4',
      ({ handler }) => serve(olderExpress().use(olderExpress.json()).use(PREFIX, handler)),
    ],
    [
      'the parser of Fastify',
      async ({ handler }) => {
        const app = fastify();
        app.post(PREFIX, (request, reply) => {
          reply.hijack();
          void handler(request.raw, reply.raw);
        });
        teardown(() => app.close());
        return app.listen({ port: 0, host: '127.0.0.1' });
      },
    ],
    [
      'a listener that has read it',
      ({ handler }) =>
        serve((request, response) => {
          request.resume();
          request.on('end', () => setImmediate(() => handler(request, response)));
        }),
    ],
  ];

  test.each(consuming)('%s: it is answered at once, and the log names the remedy once', async (_name, mount) => {
    const opened = await receiver();
    const url = `${await mount(opened)}${PREFIX}${pathOf().slice(1)}`;
    const started = performance.now();
    const replies = await Promise.all(Array.from({ length: 20 }, () => send(url)));
    expect(replies).toEqual(replies.map(() => [500, 10108]));
    expect(performance.now() - started).toBeLessThan(2000);
    const told = opened.lines.filter(({ level }) => level === 'error');
    expect(told.length).toBeLessThan(4);
    expect(told[0]?.message).toMatch(/mount the receiver before express\.json\(\).*verify.*rawBody/);
  });

  test('a callback without a valid signature is refused as usual, so that strangers do not fill the log', async () => {
    const opened = await receiver({ tokens: ['sesame'] });
    const url = await serve(express().use(express.json()).use(PREFIX, opened.handler));
    expect(await send(`${url}${PREFIX}${pathOf().slice(1)}`)).toEqual([401, 10102]);
    expect(opened.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('a sender that hung up is not reported as a parser of the app', async () => {
    const opened = await receiver();
    const taken = Promise.withResolvers<void>();
    const url = await serve((request, response) => {
      request.on('data', () => socket.destroy());
      request.on('error', () => void opened.handler(request, response).then(taken.resolve));
    });
    const socket = openSocket(Number(new URL(url).port), '127.0.0.1');
    socket.write(`POST ${pathOf()} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{`);
    await taken.promise;
    expect(opened.lines.map(({ message }) => message)).toContain('the sender hung up');
    expect(opened.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('fetch', () => {
  const callback = (init: RequestInit = post(payload()), path = pathOf()) =>
    new Request(`https://app.example.com/api/im${path.slice(1)}`, init);

  test('accepts the same, and answers the same', async () => {
    const opened = await receiver({ tokens: ['sesame'] });
    const time = String(Math.floor(Date.now() / 1000));
    const path = pathOf({ RequestTime: time, Sign: sign('sesame', time) });
    const response = await opened.fetch(callback(post(payload()), path));
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(await response.json()).toEqual(OK);
    expect((await opened.fetch(callback())).status).toBe(401);
    const got = await opened.fetch(callback({ method: 'GET' }, path));
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    const headers = { 'Content-Encoding': 'gzip' };
    const zipped = { ...post(gzipSync(JSON.stringify(payload()))), headers };
    expect((await opened.fetch(callback(zipped, path))).status).toBe(200);
    const large = await opened.fetch(callback(post({ ...payload(), Name: 'x'.repeat(300_000) }), path));
    expect([large.status, await large.json()]).toEqual([413, expect.objectContaining({ ErrorCode: 10105 })]);
  });

  test('refuses a Request that was already read, and does not treat it as a probe', async () => {
    const opened = await receiver();
    const read = callback();
    await read.text();
    const locked = callback();
    locked.body?.getReader();
    for (const request of [read, locked]) {
      const response = await opened.fetch(request);
      expect([response.status, await response.json()]).toEqual([500, expect.objectContaining({ ErrorCode: 10108 })]);
    }
  });

  test('accepts many concurrently', async () => {
    const opened = await receiver();
    const statuses = await Promise.all(
      Array.from({ length: 100 }, async () => (await opened.fetch(callback())).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe('handlers', () => {
  test('run for callbacks accepted after registration, in order for each group, and again until they succeed', async () => {
    const opened = await receiver();
    const seen: unknown[] = [];
    const done = Promise.withResolvers<void>();
    opened.on(CREATED, ({ payload: { GroupId, Name }, group, attempt, id, raw, subject, signal }) => {
      seen.push([GroupId, Name, group?.groupId, attempt, subject, signal.aborted]);
      expect(id).toMatch(/^[0-9a-f]{8}-\d+$/);
      expect(JSON.parse(raw.toString())).toMatchObject({ GroupId });
      if (attempt === 1) throw new Error('not yet');
      done.resolve();
    });
    // Without waiting: the consumer is on disk before the first callback is answered.
    const url = (await serve(opened.handler)) + pathOf();
    expect(await send(url, post(payload({ GroupId: 'g', Name: 'Tea' })))).toEqual([200, 0]);
    await done.promise;
    expect(seen).toEqual([1, 2].map((attempt) => ['g', 'Tea', 'g', attempt, { kind: 'group', value: 'g' }, false]));
  });

  test('of a new consumer may begin with earlier callbacks', async () => {
    const databaseUrl = `sqlite:${join(temporaryFolder(), 'callbacks.db')}`;
    const first = await receiver({ databaseUrl });
    first.on('*', () => {});
    expect((await first.fetch(new Request(`http://x${pathOf()}`, post(payload({ GroupId: 'g1' }))))).status).toBe(200);
    await first.close();
    const second = await receiver({ databaseUrl });
    const found = Promise.withResolvers<string>();
    second.on(CREATED, ({ subject }) => found.resolve(subject?.value ?? ''), { consumer: 'late', from: 'beginning' });
    expect(await found.promise).toBe('g1');
  });

  test('that are running when it closes may finish', async () => {
    const opened = await receiver();
    const [began, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let finished = false;
    opened.on(CREATED, async () => {
      began.resolve();
      await go.promise;
      finished = true;
    });
    expect((await opened.fetch(new Request(`http://x${pathOf()}`, post(payload())))).status).toBe(200);
    await began.promise;
    const closing = opened.close();
    go.resolve();
    await closing;
    expect(finished).toBe(true);
  });

  test.each<[string, unknown[], RegExp]>([
    [
      'an unknown command',
      ['Group.CallbackAfterCreateGruop', () => {}],
      /not a command.*did you mean Group\.CallbackAfterCreateGroup/,
    ],
    ['no function', [CREATED, 'x'], /The handler of .* is "x": give a function/],
    ['no function for fatal', ['fatal'], /The listener of 'fatal' is .*: give a function/],
    ['a missing command', [undefined, () => {}], /missing is not a command of the contract/],
    ['an unknown option', [CREATED, () => {}, { retries: 3 }], /"retries" is not an option/],
  ])('with %s are refused', async (_name, given, message) => {
    const { on } = await receiver();
    expect(() => (on as (...given: unknown[]) => void)(...given)).toThrow(RegistrationError);
    expect(() => (on as (...given: unknown[]) => void)(...given)).toThrow(message);
  });
});

describe('rules', () => {
  test.each<[string, Parameters<Receiver['decide']>[0], (...given: never[]) => unknown, object]>([
    ['ALLOW', SEND, () => ALLOW, OK],
    ['DROP', SEND, () => DROP, { ...OK, ErrorCode: 2 }],
    ['reject', SEND, () => reject(), { ...OK, ErrorCode: 1 }],
    ['reject with a code', SEND, () => reject('no', 10111), { ...OK, ErrorCode: 10111, ErrorInfo: 'no' }],
    ['replace', SEND, () => replace({ CloudCustomData: 'x' }), { ...OK, CloudCustomData: 'x' }],
    [
      'refuse',
      'Group.CallbackBeforeInviteJoinGroup',
      () => refuse(['jared']),
      { ...OK, RefusedMembers_Account: ['jared'] },
    ],
    ['askApp, without an endpoint', SEND, (_callback, { askApp }: { askApp(): unknown }) => askApp(), OK],
  ])('%s', async (_name, command, rule, reply) => {
    const opened = await receiver();
    opened.decide(command, rule as never);
    const url = (await serve(opened.handler)) + pathOf({ CallbackCommand: command });
    expect(await (await fetch(url, post(payloadOf(command)))).json()).toEqual(reply);
  });

  test.each<[string, string, unknown, string]>([
    [
      'for a command that asks nothing',
      CREATED,
      () => ALLOW,
      `"${CREATED}" is told after the fact: a rule decides one`,
    ],
    ['for an unknown command', 'Group.Nothing', () => ALLOW, '"Group.Nothing" is not in the contract'],
    ['that is not a function', SEND, ALLOW, `The rule for ${SEND} is an object: expected a function of the callback`],
  ])('%s are refused', async (_name, command, rule, message) => {
    const { decide } = await receiver();
    expect(() => decide(command as never, rule as never)).toThrow(RuleError);
    expect(() => decide(command as never, rule as never)).toThrow(message);
  });

  test('are refused if a command has two', async () => {
    const { decide } = await receiver();
    decide(SEND, () => ALLOW);
    expect(() => decide(SEND, () => DROP)).toThrow(`${SEND} has a rule already`);
  });
});

describe('options', () => {
  const refused: [string, object, RegExp][] = [
    ['no app id', {}, /sdkAppId is missing: expected your app's SDKAppID/],
    ['an app id that is not a number', { sdkAppId: '14x' }, /sdkAppId is "14x": expected a whole number from 1 to/],
    ['an empty list of tokens', { tokens: [] }, /tokens is \(redacted\): expected a list of authentication tokens/],
    ['a missing token', { tokens: ['good', undefined] }, /tokens is \(redacted\).*leave it out/],
    ['tokens in one string', { tokens: 'sesame' }, /tokens is \(redacted\)/],
    ['a flag as text', { keepMessages: 'no' }, /keepMessages is "no": expected true or false/],
    ['a retention of half a day', { retentionDays: 0.5 }, /retentionDays is "0\.5": expected a whole number from 1/],
    ['another database', { databaseUrl: 'mysql://me:s3cret@db/x' }, /databaseUrl is mysql:\/\/\(redacted\): expected/],
    ['an invalid password', { adminPassword: null }, /adminPassword is \(redacted, of type object\): expected a pass/],
    ['the name of a property that every object has', { constructor: 1 }, /constructor is no option: expected one of/],
    ['null instead of a number', { retentionDays: null }, /retentionDays is "null": expected a whole number/],
    ['an empty password', { adminPassword: '' }, /adminPassword is \(redacted, empty\): expected a password; or leave/],
    ['an unknown guard', { adminAuth: 'yours' }, /adminAuth is yours: expected 'mine'/],
    [
      'an incomplete log',
      { log: { info() {} } },
      /log has no debug, warn, error: expected methods of \(fields, message\)/,
    ],
    ['a setting of the program', { port: 3000 }, /port is a setting of the program alone: your own server listens/],
    ['another of them', { handlers: 'x.ts' }, /handlers is a setting of the program alone: call receiver\.on/],
    ['a misspelt option', { databaseURL: 'sqlite:x.db' }, /databaseURL is no option: did you mean databaseUrl\?/],
    ['the name in the environment', { CALLBACK_TOKEN: 'x' }, /CALLBACK_TOKEN is no option: did you mean tokens\?/],
    ['an endpoint without a secret', { deliveryUrl: 'http://127.0.0.1/' }, /deliverySecret is unset: .*: whsec_\S+$/m],
    [
      'a secret without an endpoint',
      { deliverySecret: ['hunter2'] },
      /deliverySecret is \(redacted\): expected deliveryUrl beside it/,
    ],
    [
      'a misspelt command',
      {
        deliveryUrl: 'http://127.0.0.1/',
        deliverySecret: [],
        deliveryCommands: ['Group.*', 'Group.CallbackAfterSendMs'],
      },
      /deliverySecret is \(redacted, empty\).*\n.*deliveryCommands is "Group\.CallbackAfterSendMs": .*AfterSendMsg/,
    ],
    ['an invented option', { colour: 'red' }, /colour is no option: expected one of sdkAppId, tokens, /],
  ];
  test.each(refused)('%s is refused by name', async (_name, options, message) => {
    await expect(
      createReceiver({
        sdkAppId: 1,
        ...options,
        ...('sdkAppId' in options ? {} : _name === 'no app id' && { sdkAppId: undefined }),
      } as ReceiverOptions),
    ).rejects.toThrow(message);
  });

  test('all problems are reported at once, without a secret', async () => {
    const given = { tokens: ['hunter2', ''], databaseUrl: 'mysql://me:s3cret@db/x', hots: 1, maxBodyBytes: 1 };
    const error = await createReceiver(given as unknown as ReceiverOptions).catch((error) => error);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.problems.map((problem: string) => problem.split(' ')[0]).sort()).toEqual([
      'databaseUrl',
      'hots',
      'maxBodyBytes',
      'sdkAppId',
      'tokens',
    ]);
    expect(error.message).toMatch(/^The options of createReceiver cannot be used:\n/);
    expect(error.message).not.toMatch(/hunter2|s3cret/);
  });

  test('a database that cannot be opened is reported by a specific error', async () => {
    const folder = temporaryFolder();
    const error = await createReceiver({ sdkAppId: 1, databaseUrl: `sqlite:${folder}`, logLevel: 'silent' }).catch(
      (error) => error,
    );
    expect(error).toBeInstanceOf(DatabaseUnusable);
    expect(error.message).toBe(`The database ${folder} (DATABASE_URL) cannot be opened: unable to open database file`);
  });

  test('undefined values are ignored', async () => {
    const opened = await receiver({ tokens: undefined, retentionDays: undefined, adminPassword: undefined });
    expect(await send((await serve(opened.handler)) + pathOf())).toEqual([200, 0]);
    expect(opened.lines[0]).toMatchObject({
      level: 'warn',
      message: expect.stringContaining('unsigned callbacks are taken'),
    });
  });
});

test('several receivers in one process are independent', async () => {
  const [one, other] = [await receiver(), await receiver({ sdkAppId: 1400000001, adminAuth: 'mine' })];
  one.decide(SEND, () => reject());
  other.decide(SEND, () => DROP);
  const app = express().use('/one', one.handler).use('/other', other.handler).use('/admin', other.admin);
  const url = await serve(app);
  const ask = async (path: string, SdkAppid: string) => {
    const query = pathOf({ CallbackCommand: SEND, SdkAppid }).slice(1);
    return ((await (await fetch(`${url}${path}${query}`, post(payloadOf(SEND)))).json()) as { ErrorCode: number })
      .ErrorCode;
  };
  expect([await ask('/one', APP), await ask('/other', '1400000001'), await ask('/one', '1400000001')]).toEqual([
    1, 2, 10103,
  ]);
  await one.close();
  expect([await ask('/one', APP), await ask('/other', '1400000001')]).toEqual([10106, 2]);
  const metrics = await (await fetch(`${url}/admin/metrics`)).text();
  expect(metrics).toContain(`callbacks_total{command="${SEND}",outcome="accepted"} 2`);
  expect(await one.health()).toEqual({ ready: false });
  expect(await other.health()).toEqual({ ready: true });
});

test('it does not touch the process: no signal handlers, no listeners, no exit', async () => {
  const events = ['SIGTERM', 'SIGINT', 'exit', 'beforeExit', 'uncaughtException', 'unhandledRejection'];
  const count = () => events.map((event) => process.listenerCount(event));
  const before = count();
  const opened = await receiver();
  expect(await send((await serve(opened.handler)) + pathOf())).toEqual([200, 0]);
  expect(count()).toEqual(before);
});

test('close answers requests in flight, and later ones get 503', async () => {
  const opened = await receiver();
  const began = Promise.withResolvers<void>();
  const origin = await serve((request, response) => {
    void opened.handler(request, response);
    began.resolve();
  });
  const body = JSON.stringify(payload());
  const sending = httpRequest(origin + pathOf(), { method: 'POST', headers: { 'Content-Length': body.length } });
  const answered = once(sending, 'response');
  sending.write(body.slice(0, 10));
  await began.promise;
  const closing = opened.close();
  expect(await send(origin + pathOf())).toEqual([503, 10106]);
  sending.end(body.slice(10));
  expect((await answered)[0].resume().statusCode).toBe(200);
  await closing;
  await opened.close();
  expect(await send(origin + pathOf())).toEqual([503, 10106]);
});

test('a fatal failure is reported once, to later listeners too; callbacks get 503, and the process continues', async () => {
  const { Worker } = await import('node:worker_threads');
  const opened = await receiver();
  const told: Error[] = [];
  opened.on('fatal', () => {
    throw new Error('a listener that fails');
  });
  opened.on('fatal', (error) => told.push(error));
  const url = (await serve(opened.handler)) + pathOf();
  const { postMessage } = Worker.prototype;
  // Ends the writer thread with an uncaught exception.
  const breaking = jest.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (
    this: InstanceType<typeof Worker>,
  ) {
    postMessage.call(this, null);
  });
  expect(await send(url)).toEqual([503, 10106]);
  breaking.mockRestore();
  expect(told.map(({ message }) => message)).toEqual([expect.stringMatching(/thread that writes/)]);
  expect(await send(url)).toEqual([503, 10106]);
  const late = Promise.withResolvers<Error>();
  opened.on('fatal', late.resolve);
  expect(await late.promise).toBe(told[0]);
  expect(await opened.health()).toEqual({ ready: false });
});
