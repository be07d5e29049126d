import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { idempotencyKeyOf } from '../src/callback/callback.ts';
import { startProcess } from './support/process.ts';
import { start, temporaryFolder } from './support/start.ts';
import { APP, CREATED, pathOf, payload, post } from './support/vendor.ts';

test('a ? inside the query hides no second SdkAppid, and is kept', async () => {
  const { receiverUrl, send, read } = await start();
  const hidden = `/?SdkAppid=${APP}&CallbackCommand=${CREATED}&x=?&SdkAppid=2`;
  expect((await send(hidden, post(payload()))).status).toBe(403);
  expect(
    (await fetch(`${receiverUrl}/?SdkAppid=${APP}&x=a?b&CallbackCommand=${CREATED}`, post(payload()))).status,
  ).toBe(200);
  expect((await read('/api/callbacks/1')).json.query.x).toBe('a?b');
});

test('a SdkAppid repeated after a thousand parameters is refused', async () => {
  const { send } = await start();
  const many = Array.from({ length: 1100 }, (_, index) => `a${index}`).join('&');
  expect((await send(`${pathOf()}&${many}&SdkAppid=2`, post(payload()))).status).toBe(403);
});

const NOW = Date.parse('2026-05-05T12:00:00.000Z');
test.each([
  [0, '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'],
  ['0', '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'],
  ['1760000100', '2025-10-09T08:55:00.000Z', '2025-10-09T08:55:00.000Z'],
  [1_760_000_100, '2025-10-09T08:55:00.000Z', '2025-10-09T08:55:00.000Z'],
  [NOW + 300_000, '2026-05-05T12:05:00.000Z', '2026-05-05T12:05:00.000Z'],
  [NOW + 300_001, '2026-05-05T12:05:00.001Z', '2026-05-05T12:00:00.000Z'],
  [99_999_999_999_999, '5138-11-16T09:46:39.999Z', '2026-05-05T12:00:00.000Z'],
  ['99999999999999', '5138-11-16T09:46:39.999Z', '2026-05-05T12:00:00.000Z'],
])('event time %j is %s; the group is created at %s', async (EventTime, eventTime, createdAt) => {
  const { send, read } = await start({ now: () => NOW });
  expect((await send(pathOf(), post(payload({ EventTime })))).status).toBe(200);
  expect((await read('/api/callbacks')).json.callbacks[0].eventTime).toBe(eventTime);
  expect((await read('/api/groups')).json.groups[0].createdAt).toBe(createdAt);
});

test.each([100_000_000_000_000, '100000000000000', -1, 8_640_000_000_000_000, -62_198_755_200_001])(
  'event time %j is rejected; the read API can show what is kept of it',
  async (EventTime) => {
    const { send, read } = await start();
    expect((await send(pathOf(), post(payload({ EventTime })))).status).toBe(400);
    const [{ eventTime, status }] = (await read('/api/callbacks')).json.callbacks;
    expect([status, eventTime ?? '9999-']).toEqual(['rejected', expect.stringMatching(/^\d{4}-/)]);
  },
);

test('text of any length is truncated in replies and in the log', async () => {
  const { send, logged } = await start();
  const long = 'x'.repeat(100_000);
  const differ = await send(pathOf(), post(payload({ CallbackCommand: long })));
  expect([differ.json.ErrorCode, differ.text.length < 400]).toEqual([10101, true]);
  const tooLong = await send(pathOf(), post(payload({ GroupId: long })));
  expect([tooLong.status, tooLong.text.length < 400]).toEqual([400, true]);
  expect(Math.max(...logged.map((line) => line.length))).toBeLessThan(1000);
});

test.each(['POST http://[::1/ HTTP/1.1', 'POST * HTTP/1.1', 'GET //\\x HTTP/1.1', 'OPTIONS * HTTP/1.1'])(
  '%s: refused with the contract’s body',
  async (line) => {
    const { receiverUrl } = await start();
    const socket = connect(Number(new URL(receiverUrl).port), '127.0.0.1');
    socket.write(`${line}\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`);
    let reply = '';
    for await (const chunk of socket) reply += chunk;
    expect(reply).toMatch(/^HTTP\/1\.1 40[345] /);
    expect(JSON.parse(reply.split('\r\n\r\n')[1] ?? '')).toMatchObject({ ActionStatus: 'FAIL' });
  },
);

test("If-None-Match gets the contract's reply, not 304", async () => {
  const { send, read } = await start();
  for (const ask of [
    () => read('/api/groups', { headers: { 'If-None-Match': '*' } }),
    () => send('/healthz', { headers: { 'If-None-Match': '*' } }),
  ]) {
    expect((await ask()).status).toBe(200);
  }
});

test.each([['abc'], [''], ['-1'], ['0x10'], [1.5], ['1', 'g'], [null, 'g']].map((place) => JSON.stringify(place)))(
  'a forged cursor, %s, is refused by both lists',
  async (place) => {
    const { read } = await start();
    const cursor = Buffer.from(place).toString('base64url');
    for (const list of ['groups', 'callbacks']) expect((await read(`/api/${list}?cursor=${cursor}`)).status).toBe(400);
  },
);

test('a retry keeps repeats and time of arrival; if an equal callback was accepted in the meantime, they are added to it', async () => {
  const at = { now: 1_700_000_000_000 };
  const { send, read, store } = await start({ now: () => at.now });
  const body = payload({ GroupId: 'g', EventTime: 1_700_000_000_000 });
  for (let copy = 0; copy < 3; copy += 1) await send(pathOf({ ClientIP: ['a', 'b'] }), post(body));
  at.now += 60_000;
  expect((await read('/api/callbacks/1/retry', { method: 'POST' })).json).toMatchObject({
    repeats: 2,
    receivedAt: '2023-11-14T22:13:20.000Z',
  });
  await send(pathOf(), post(body));
  // As after a correction of the contract: the rejected callback is now valid.
  const [accepted] = (await store.listCallbacks({ status: 'accepted', limit: 1 })).items;
  const kept = { query: pathOf().slice(2), body: Buffer.from(JSON.stringify(body)) };
  const result = await store.retry('1', (callback) => ({
    ...callback,
    ...kept,
    status: 'accepted',
    command: CREATED,
    groupId: 'g',
    eventTime: new Date(1_700_000_000_000),
    idempotencyKey: idempotencyKeyOf(kept.body, { carriesEventTime: true, arrival: callback.arrival }),
    reason: null,
    change: null,
  }));
  expect(result).toMatchObject({ id: accepted?.id, repeats: 3 });
  expect((await read('/api/callbacks')).json.callbacks).toHaveLength(1);
});

test('SIGTERM under load over kept-alive connections: every request in flight is answered', async () => {
  const { child, callbackUrl, exited } = await startProcess({}, temporaryFolder());
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const outcomes: string[] = [];
  let stopped = false;
  const sendAll = async () => {
    while (!stopped) {
      const sending = request(callbackUrl + pathOf().slice(1), { method: 'POST', agent });
      sending.end(JSON.stringify(payload()));
      const outcome = await once(sending, 'response').then(
        async ([response]) => {
          await response.toArray();
          return String(response.statusCode);
        },
        (error) => error.code as string,
      );
      // The listener is closed: nothing of the sender's next request was sent.
      if (outcome === 'ECONNREFUSED') return;
      outcomes.push(outcome);
    }
  };
  const load = Promise.all(Array.from({ length: 32 }, sendAll));
  await new Promise((resolve) => setTimeout(resolve, 500));
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  stopped = true;
  await load;
  agent.destroy();
  expect(new Set(outcomes)).toEqual(new Set(['200']));
}, 30_000);
