import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import adminDocument from '../generated/admin.json' with { type: 'json' };
import { handRunConsumer } from './support/hand-run-consumer.ts';
import { usePostgres } from './support/postgres.ts';
import { adminContract, type Running, start } from './support/start.ts';
import { CREATED, pathOf, payload, post } from './support/vendor.ts';

const operations = Object.entries(adminDocument.paths).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, { operationId: string; tags: string[] }>)
    .filter(([, { tags }]) => tags.includes('deliveries'))
    .map(([method, { operationId }]) => ({ path: path.replace('{name}', 'handlers'), method, operationId })),
);
const postgres = usePostgres();
const UUID = '0198c0de-7a3b-7cc4-9e5f-6d2b3a4c5e6f';

afterAll(() => {
  const declared = adminContract.declaredWith('deliveries');
  // The others are covered by test/admin-security.test.ts.
  expect(declared.filter((reply) => !adminContract.seen.has(reply) && !/ (401|403|429)$/.test(reply))).toEqual([]);
});

const json = (body: unknown, type = 'application/json') => ({
  method: 'POST',
  headers: { 'Content-Type': type },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const POST = { method: 'POST' };
const consumer = async ({ read }: Running, at = 0) => (await read('/api/consumers')).json.consumers[at];
async function startOn(database: string): Promise<Running> {
  const running = await start(database === 'SQLite' ? {} : { env: { DATABASE_URL: await postgres.createDatabase() } });
  // PostgreSQL is migrated concurrently with the first requests, while callbacks wait in the spool.
  const deadline = Date.now() + 20_000;
  while ((await running.store.health()).spool?.inUse && Date.now() < deadline) await sleep(20);
  return running;
}
const messages = ({ logged }: Running) => logged.map((line) => JSON.parse(line).msg as string);

describe.each(['SQLite', 'PostgreSQL'])('on %s, consumers', (database) => {
  const begin = () => startOn(database);

  test('none without handlers; then each with its lag, failures and state', async () => {
    const running = await begin();
    expect((await running.read('/api/consumers')).json).toEqual({ consumers: [] });
    for (const GroupId of ['g1', 'g2', 'g3']) await running.send(pathOf(), post(payload({ GroupId })));
    const handlers = await handRunConsumer(running.store);
    await handRunConsumer(running.store, 'another');
    expect(await consumer(running)).toMatchObject({ name: 'another', lag: 3, lagCapped: false, state: 'running' });
    await handlers.fail();
    await handlers.save({ state: 'backing off', detail: 'Error: away; next attempt in 4 s' });
    expect(await consumer(running, 1)).toMatchObject({
      ...{ name: 'handlers', kind: 'handlers', lag: 0, oldest: null, parked: 1, dead: 0 },
      ...{ state: 'backing off', detail: 'Error: away; next attempt in 4 s' },
    });
    await handlers.end();
    expect(await consumer(running, 1)).toMatchObject({ state: 'idle', detail: null });
  });

  test('are paused and resumed, and the log says what that means', async () => {
    const running = await begin();
    await handRunConsumer(running.store);
    for (let count = 0; count < 2; count += 1) {
      const { status, json } = await running.read('/api/consumers/handlers/pause', POST);
      expect([status, json.state]).toEqual([200, 'paused']);
    }
    expect((await consumer(running)).state).toBe('paused');
    expect((await running.read('/api/consumers/handlers/resume', POST)).json.state).toBe('running');
    expect(messages(running)).toEqual(
      expect.arrayContaining([
        'a consumer was paused: it delivers nothing until it is resumed',
        'a consumer was resumed',
      ]),
    );
  });

  test('are rewound to a time', async () => {
    const running = await begin();
    await running.send(pathOf(), post(payload()));
    const handlers = await handRunConsumer(running.store);
    await handlers.fail();
    const { status, json: was } = await running.read(
      '/api/consumers/handlers/rewind',
      json({ to: '2022-12-09T08:00:00+08:00' }),
    );
    expect([status, was]).toMatchObject([202, { name: 'handlers', lag: 0 }]);
    await handlers.save();
    expect(handlers.requests).toMatchObject([{ kind: 'rewind', to: expect.stringMatching(/^\d+-\d+$/) }]);
    expect(messages(running).join()).toContain('go on from another time');
  });

  test('are sent a callback again, unless it is rejected or unknown', async () => {
    const running = await begin();
    await running.send(pathOf(), post(payload()));
    await running.send(pathOf(), post(payload({ Name: 7 })));
    const handlers = await handRunConsumer(running.store);
    const send = (callbackId: string) => running.read('/api/consumers/handlers/send', json({ callbackId }));
    expect((await send('1')).status).toBe(202);
    await handlers.save();
    expect(handlers.requests).toMatchObject([{ kind: 'send', callbackId: '1' }]);
    const rejected = await send('2');
    expect([rejected.status, rejected.json.detail]).toEqual([
      409,
      'The callback 2 is rejected: retry it first, and it is delivered once it is accepted',
    ]);
    for (const id of ['3', '9'.repeat(30)]) expect((await send(id)).json.detail).toBe(`No callback has the id ${id}`);
  });

  test('are removed with their failed deliveries once no process runs them', async () => {
    const running = await begin();
    await running.send(pathOf(), post(payload()));
    const handlers = await handRunConsumer(running.store);
    await handlers.fail({ status: 'dead', nextAttemptAt: null });
    const remove = () => running.read('/api/consumers/handlers', { method: 'DELETE' });
    const refused = await remove();
    expect([refused.status, refused.json.detail]).toEqual([
      409,
      'A process runs the consumer "handlers": remove its handlers and restart, then remove it',
    ]);
    await handlers.end();
    expect(await remove()).toMatchObject({ status: 200, json: { name: 'handlers', dead: 1 } });
    expect((await remove()).status).toBe(404);
    expect((await running.read('/api/deliveries')).json.deliveries).toEqual([]);
    expect(messages(running).join()).toContain('a consumer was removed');
  });
});

describe.each(['SQLite', 'PostgreSQL'])('on %s, deliveries', (database) => {
  const begin = () => startOn(database);

  test('are listed newest first in pages, by consumer and status', async () => {
    const running = await begin();
    const handlers = await handRunConsumer(running.store);
    const another = await handRunConsumer(running.store, 'another');
    for (const GroupId of ['g1', 'g2', 'g3']) {
      await running.send(pathOf(), post(payload({ GroupId })));
      await handlers.fail({ subject: JSON.stringify(['group', GroupId]), waiting: ['0-7', '0-8'] });
    }
    await another.fail({ status: 'dead', nextAttemptAt: null, late: true, attempts: 5 });
    const list = async (query: string) => (await running.read(`/api/deliveries?${query}`)).json;
    const first = await list('consumer=handlers&limit=2');
    const second = await list(`consumer=handlers&limit=2&cursor=${first.nextCursor}`);
    expect([...first.deliveries, ...second.deliveries].map(({ callbackId }) => callbackId)).toEqual(['3', '2', '1']);
    expect(second.nextCursor).toBeNull();
    expect(first.deliveries[0]).toMatchObject({
      ...{ consumer: 'handlers', command: CREATED, subject: { kind: 'group', value: 'g3' }, status: 'parked' },
      ...{ attempts: 1, error: 'Error: connect ECONNREFUSED 127.0.0.1:5432', late: false, waiting: 2 },
    });
    expect((await list('status=dead')).deliveries).toMatchObject([{ consumer: 'another', attempts: 5, late: true }]);
    expect((await list('status=dead&consumer=handlers')).deliveries).toEqual([]);
    expect((await running.read('/api/deliveries?cursor=x')).status).toBe(400);
  });

  test('are retried one by one, or all that match the filters', async () => {
    const running = await begin();
    const handlers = await handRunConsumer(running.store);
    const ids: string[] = [];
    for (const [GroupId, status] of [
      ['g1', 'parked'],
      ['g2', 'parked'],
      ['g3', 'dead'],
    ] as const) {
      await running.send(pathOf(), post(payload({ GroupId })));
      ids.push((await handlers.fail({ status })).id);
    }
    expect(await running.read(`/api/deliveries/${ids[0]}/retry`, POST)).toMatchObject({
      status: 202,
      json: { retrying: 1 },
    });
    expect(await handlers.deliverRetries()).toBe(true);
    const gone = await running.read(`/api/deliveries/${ids[0]}/retry`, POST);
    expect([gone.status, gone.json.detail]).toEqual([404, expect.stringContaining('may have been delivered')]);
    expect((await running.read('/api/deliveries/retry?status=dead&consumer=none', POST)).json).toEqual({ retrying: 0 });
    expect((await running.read('/api/deliveries/retry?status=parked', POST)).json).toEqual({ retrying: 1 });
    expect(await handlers.deliverRetries()).toBe(true);
    expect((await running.read('/api/deliveries')).json.deliveries).toMatchObject([{ id: ids[2], status: 'dead' }]);
    expect((await running.read('/api/deliveries/retry', POST)).json).toEqual({ retrying: 1 });
  });
});

describe('refused requests', () => {
  const REWIND = '/api/consumers/handlers/rewind';
  const SEND = '/api/consumers/handlers/send';
  test.each<[string, string, RequestInit, number, RegExp]>([
    ['no body', REWIND, POST, 415, /^The request has no Content-Type: send JSON/],
    ['an empty body', REWIND, json(''), 400, /^body\.to is required$/],
    ['a field that is missing', SEND, json({}), 400, /^body\.callbackId is required$/],
    ['a field more', REWIND, json({ to: '2022-12-09T08:00:00Z', from: 1 }), 400, /^body\.from is not a parameter$/],
    ['a number for a text', SEND, json({ callbackId: 1043 }), 400, /^body\.callbackId \(1043\) must be a string$/],
    [
      'a time without a zone',
      REWIND,
      json({ to: '2022-12-09T08:00:00' }),
      400,
      /^body\.to .* must be a date and time, as 2026-01-31T08:00:00Z$/,
    ],
    ['a leap second', REWIND, json({ to: '2016-12-31T23:59:60Z' }), 400, /leap seconds/],
    ['a list', REWIND, json([]), 400, /^body \(a list\) must be an object$/],
    ['what is not JSON', REWIND, json('{"to"'), 400, /^The body is not JSON/],
    ['a form', REWIND, json('to=1', 'application/x-www-form-urlencoded'), 415, /application\/json$/],
    [
      'a body of another media type',
      REWIND,
      json({ to: '2022-12-09T08:00:00Z' }, 'text/plain'),
      415,
      /^Content-Type \("text\/plain"\)/,
    ],
    [
      'an unknown encoding',
      SEND,
      { ...json({}), headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'zip' } },
      415,
      /encoding/,
    ],
    ['too long a body', REWIND, json({ to: 'x'.repeat(65_536) }), 413, /^The body is over 65536 bytes/],
    ['too long a body to send', SEND, json({ callbackId: '1'.repeat(65_536) }), 413, /65536/],
    ['a status that there is not', '/api/deliveries/retry?status=done', POST, 400, /parked, dead/],
    ['an id that is none', '/api/deliveries/1/retry', POST, 400, /UUID/],
    ['a filter that there is not', '/api/consumers?name=x', {}, 400, /name is not a parameter/],
  ])('%s', async (_title, path, init, status, detail) => {
    const { read, store } = await start();
    await handRunConsumer(store);
    const reply = await read(path, init);
    expect([reply.status, reply.json.detail]).toEqual([status, expect.stringMatching(detail)]);
  });

  test('unknown names or ids, a method that is not served, a superfluous parameter', async () => {
    const { read } = await start();
    for (const { path, method, operationId } of operations) {
      const at = path.replace('{id}', UUID);
      const init = { ...json({ to: '2022-12-09T08:00:00Z' }), method: method.toUpperCase() };
      if (operationId === 'sendToConsumer') init.body = JSON.stringify({ callbackId: '1' });
      const given = method === 'get' ? {} : init;
      const status = at.includes('handlers') || at.includes(UUID) ? 404 : method === 'get' ? 200 : 202;
      expect([operationId, (await read(at, given)).status]).toEqual([operationId, status]);
      expect([operationId, (await read(`${at}?nothing=1`, given)).status]).toEqual([operationId, 400]);
      expect([operationId, (await read(at, { method: 'PUT' })).status]).toEqual([operationId, 405]);
    }
  });

  test('everything, while the store is down', async () => {
    const fail = () => Promise.reject(new Error('gone'));
    const { read } = await start({
      wrapStore: (store) => ({
        ...store,
        ...{
          listConsumers: fail,
          pauseConsumer: fail,
          listDeliveries: fail,
          retryDelivery: fail,
          retryDeliveries: fail,
        },
      }),
    });
    for (const { path, method, operationId } of operations) {
      const body = JSON.stringify(
        operationId === 'sendToConsumer' ? { callbackId: '1' } : { to: '2022-12-09T08:00:00Z' },
      );
      const init = method === 'get' ? {} : { ...json(body), method: method.toUpperCase() };
      expect([operationId, (await read(path.replace('{id}', UUID), init)).status]).toEqual([operationId, 503]);
    }
  });
});
