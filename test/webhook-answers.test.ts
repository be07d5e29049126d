import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { StoredDelivery } from '../src/store/consumers.ts';
import { until } from './support/deliveries.ts';
import { receiver } from './support/library.ts';
import { createMemoryLog } from './support/memory-log.ts';
import { serve, start, teardown, temporaryFolder } from './support/start.ts';
import { APP, CREATED, pathOf, payload, post } from './support/vendor.ts';
import {
  type Answer,
  deliverToWebhook,
  endpointOf,
  freshSecret,
  status,
  storedOf,
  webhookEndpoint,
} from './support/webhook.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The failed delivery of one callback, once it is parked. */
async function failed(url: string) {
  const log = createMemoryLog();
  log.append(CREATED, { GroupId: 'a' });
  const deliveries = deliverToWebhook(log.connect(), url);
  await until(() => storedOf(log).length === 1);
  const { error, attempts, nextAttemptAt, failedAt } = storedOf(log)[0] as StoredDelivery;
  const waitsMs = (nextAttemptAt?.getTime() ?? 0) - (failedAt?.getTime() ?? 0);
  return { log, logged: deliveries.logged, error, attempts, waitsMs };
}

describe('an answer other than 2xx fails the attempt', () => {
  test.each<[string, Answer, string]>([
    ['500', status(500), 'the endpoint answered 500 Internal Server Error'],
    ['400', status(400), 'the endpoint answered 400 Bad Request'],
    ['404', status(404), 'the endpoint answered 404 Not Found'],
    ['a status without a name', status(599), 'the endpoint answered 599'],
    [
      'a reason of its own',
      (r) => r.writeHead(500, 'hunter2').end(),
      'the endpoint answered 500 Internal Server Error',
    ],
    [
      '101, which nobody asked for',
      (r) => r.socket?.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'),
      'the endpoint answered 101 Switching Protocols',
    ],
    ['429 without Retry-After', status(429), 'the endpoint answered 429 Too Many Requests'],
    ['503 without Retry-After', status(503), 'the endpoint answered 503 Service Unavailable'],
    [
      '503 with a Retry-After that nobody can read',
      status(503, { 'Retry-After': 'soon' }),
      'the endpoint answered 503 Service Unavailable',
    ],
    [
      '500 with a Retry-After, which it cannot ask for',
      status(500, { 'Retry-After': '60' }),
      'the endpoint answered 500 Internal Server Error',
    ],
    [
      '304',
      status(304),
      'the endpoint answered 304 Not Modified: redirects are not followed, so give the URL of the endpoint itself',
    ],
    [
      'a redirect to a metadata service of a cloud',
      status(307, { Location: 'http://169.254.169.254/latest/meta-data/iam?token=hunter2' }),
      'the endpoint answered 307 Temporary Redirect with a redirect to http://169.254.169.254: redirects are not followed, so give the URL of the endpoint itself',
    ],
    ['a connection that ends', (response) => response.socket?.destroy(), 'no answer from the endpoint: ECONNRESET'],
    [
      'a reply that is not HTTP',
      (response) => response.socket?.end('hello, hunter2\r\n\r\n'),
      'no answer from the endpoint: HPE_INVALID_CONSTANT',
    ],
  ])('%s', async (_title, answer, expected) => {
    const endpoint = await webhookEndpoint(answer);
    const { error, attempts, waitsMs, log, logged } = await failed(`${endpoint.url}/hook?key=hunter2`);
    expect({ error, attempts }).toEqual({ error: expected, attempts: 1 });
    expect(waitsMs).toBeGreaterThanOrEqual(5 * SECOND - 50);
    expect(waitsMs).toBeLessThanOrEqual(5.5 * SECOND + 50);
    expect(endpoint.received).toHaveLength(1);
    expect(log.consumer('webhook').state).toBe('running');
    expect(logged.join('')).not.toContain('hunter2');
    expect(logged.join('')).not.toContain('the answer of the endpoint');
  });

  test('nothing listens', async () => {
    const endpoint = createHttpServer();
    const url = await serve(endpoint);
    endpoint.close();
    expect(await failed(url)).toMatchObject({ error: 'no answer from the endpoint: ECONNREFUSED', attempts: 1 });
  });
});

describe('a body is read to its end, and discarded', () => {
  test.each<[string, Answer]>([
    ['long', (response) => response.writeHead(200).end('x'.repeat(1_000_000))],
    ['endless', (response) => response.writeHead(200).write('x')],
  ])('of an answer that is %s, it does not matter', async (_title, answer) => {
    const endpoint = await webhookEndpoint(answer);
    const log = createMemoryLog();
    for (let index = 0; index < 3; index += 1) log.append(CREATED, { GroupId: 'a' });
    deliverToWebhook(log.connect(), endpoint.url);
    await until(() => endpoint.received.length === 3 && log.consumer('webhook').open.length === 0);
    await until(() => log.consumer('webhook').place === '0-3');
    expect(log.consumer('webhook').deliveries.size).toBe(0);
    expect(endpoint.received.map(({ event }) => event.attempt)).toEqual([1, 1, 1]);
  });
});

describe('429 and 503 with Retry-After', () => {
  const inAnHour = () => new Date(Date.now() + 3 * 60 * MINUTE).toUTCString();
  test.each<[string, Answer, number]>([
    ['seconds', status(429, { 'Retry-After': '120' }), 2 * MINUTE],
    [
      'a date',
      (r) => r.writeHead(503, { 'Retry-After': new Date(Date.now() + 120 * SECOND).toUTCString() }).end(),
      2 * MINUTE,
    ],
    ['less than the schedule', status(429, { 'Retry-After': '1' }), 5 * SECOND],
    ['more than an hour', (r) => r.writeHead(429, { 'Retry-After': inAnHour() }).end(), 60 * MINUTE],
    ['years', status(503, { 'Retry-After': '99999999999999999999' }), 60 * MINUTE],
    ['the past', status(503, { 'Retry-After': 'Tue, 01 Dec 2020 00:00:00 GMT' }), 5 * SECOND],
  ])('%s: the next attempt is due then, or by the schedule', async (_title, answer, expected) => {
    const endpoint = await webhookEndpoint(answer);
    const { attempts, waitsMs } = await failed(endpoint.url);
    expect(attempts).toBe(1);
    expect(waitsMs).toBeGreaterThanOrEqual(expected - 1.1 * SECOND);
    expect(waitsMs).toBeLessThanOrEqual(Math.max(expected, 5.5 * SECOND) + 0.1 * SECOND);
  });

  test('nothing of the consumer is attempted before, and its state says so', async () => {
    const endpoint = await webhookEndpoint(status(429, { 'Retry-After': '2' }));
    const { log } = await failed(endpoint.url);
    const { at } = endpoint.received[0] as (typeof endpoint.received)[0];
    endpoint.answer = status(204);
    for (let index = 0; index < 20; index += 1) log.append(CREATED, { GroupId: `g${index}` });
    await until(() => log.consumer('webhook').state === 'backing off');
    expect(log.consumer('webhook').detail).toMatch(/^the endpoint asks to wait until 20\d\d-.*Z$/);
    await until(() => endpoint.received.length === 21);
    const [, second, ...others] = endpoint.received.map((one) => one.at - at);
    expect(second).toBeGreaterThanOrEqual(1.99 * SECOND);
    expect(others).toHaveLength(19);
    await until(() => log.consumer('webhook').state === 'running');
    expect(log.consumer('webhook').detail).toBeNull();
  });
});

describe('410', () => {
  test('pauses the consumer across a restart; nothing is lost, and no attempt counts', async () => {
    const endpoint = await webhookEndpoint(status(410));
    const folder = temporaryFolder();
    const env = { SDK_APP_ID: APP, DELIVERY_URL: endpoint.url, DELIVERY_SECRET: freshSecret() };
    const consumerOf = async (running: Awaited<ReturnType<typeof start>>) =>
      (await running.read('/api/consumers')).json.consumers[0];
    const first = await start({ env, folder });
    for (let index = 0; index < 5; index += 1) await first.send(pathOf(), post(payload({ GroupId: `g${index}` })));
    await until(async () => (await consumerOf(first)).state === 'paused');
    const detail =
      'the endpoint answered 410 Gone, so nothing is sent to it any more: resume the consumer webhook, on the page or through the admin API, once it wants deliveries again';
    await until(async () => (await consumerOf(first)).detail === detail);
    const { length: attempts } = endpoint.received;
    expect(await consumerOf(first)).toMatchObject({ parked: 0, dead: 0 });
    expect(first.logged.filter((line) => line.includes('a consumer has paused itself'))).toHaveLength(1);
    await first.store.close();

    const second = await start({ env, folder });
    endpoint.answer = status(204);
    await second.send(pathOf(), post(payload({ GroupId: 'b' })));
    await until(async () => (await consumerOf(second)).state === 'paused');
    expect((await consumerOf(second)).detail).toBe(detail);
    expect(endpoint.received).toHaveLength(attempts);
    await second.read('/api/consumers/webhook/resume', { method: 'POST' });
    await until(() => endpoint.received.length === attempts + 6);
    await until(async () => (await consumerOf(second)).state === 'running');
    expect(await consumerOf(second)).toMatchObject({ detail: null, parked: 0, dead: 0 });
    expect(endpoint.received.slice(attempts).every(({ event }) => event.attempt === 1)).toBe(true);
  });

  test('the pause is stored later if the database is down at that moment', async () => {
    const log = createMemoryLog();
    const store = log.connect();
    const endpoint = await webhookEndpoint((response) => {
      log.failure = new Error('the database is away');
      status(410)(response, endpoint.received[0] as never);
    });
    log.append(CREATED, { GroupId: 'a' });
    const { logged } = deliverToWebhook(store, endpoint.url);
    await until(() => logged.some((line) => line.includes('the pause of a consumer cannot be stored')));
    log.failure = null;
    await until(() => log.consumer('webhook').paused && log.consumer('webhook').state === 'paused');
    expect(endpoint.received).toHaveLength(1);
    endpoint.answer = status(204);
    log.pause('webhook', false);
    await until(() => endpoint.received.length === 2);
    await until(() => log.consumer('webhook').state === 'running');
  });
});

function connectionsTo(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
}

/** An endpoint that handles its connections in unusual ways. */
async function connectionsOf(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  const url = await serve(Object.assign(server, { closeAllConnections() {} }) as never);
  teardown(() => {
    for (const socket of sockets) socket.destroy();
  });
  return url;
}

describe('over a kept-alive connection, the second event', () => {
  /** Answers the first request of each connection, and does something else on the second. */
  async function keeping(atSecond: (socket: Socket) => void) {
    const endpoint = { requests: 0, url: '' };
    endpoint.url = await connectionsOf((socket) => {
      let isFirst = true;
      socket.on('data', (chunk) => {
        if (!chunk.includes('POST ')) return;
        endpoint.requests += 1;
        if (isFirst) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        else atSecond(socket);
        isFirst = false;
      });
    });
    return endpoint;
  }

  /** Four events, in sequence. */
  async function deliverFour(url: string) {
    const log = createMemoryLog();
    deliverToWebhook(log.connect(), url);
    for (let index = 1; index <= 4; index += 1) {
      log.append(CREATED, { GroupId: 'a' });
      await until(() => log.consumers.get('webhook')?.place === `0-${index}`);
    }
    expect(log.consumer('webhook').deliveries.size).toBe(0);
    expect(log.saves.every(({ put }) => put.length === 0)).toBe(true);
  }

  test('finds it closed: that is not a failure, and it is sent over another one', async () => {
    const endpoint = await keeping((socket) => socket.destroy());
    await deliverFour(endpoint.url);
    expect(endpoint.requests).toBeGreaterThan(4);
  });

  test('is answered, and then the connection breaks: it is not sent again', async () => {
    const endpoint = await keeping((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok', () => {
        // By then, the answer has been read; a reset would discard it otherwise.
        setTimeout(() => socket.resetAndDestroy(), 50);
      });
    });
    await deliverFour(endpoint.url);
    expect(endpoint.requests).toBe(4);
  });
});

test('an endpoint that answers without reading the event costs the connection, and leaks none', async () => {
  const sockets: Socket[] = [];
  let isClosed = false;
  const url = await connectionsOf((socket) => {
    sockets.push(socket);
    socket.once('close', () => {
      isClosed = true;
    });
    socket.pause().write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
  const log = createMemoryLog();
  // More than the buffers of a connection hold.
  const padding = 'x'.repeat(20_000_000);
  log.append(CREATED, { GroupId: 'a', padding });
  deliverToWebhook(log.connect(), url);
  await until(() => log.consumers.get('webhook')?.place === '0-1' && log.consumer('webhook').open.length === 0);
  expect(log.consumer('webhook').deliveries.size).toBe(0);
  const [socket] = sockets as [Socket];
  socket.resume();
  await until(() => isClosed);
  expect(socket.bytesRead).toBeLessThan(padding.length);
  expect(sockets).toHaveLength(1);
});

test('a retry has the same id, its own signature, and the next number', async () => {
  const endpoint = await webhookEndpoint(status(500));
  const secret = freshSecret();
  const opened = await receiver({ deliveryUrl: endpoint.url, deliverySecret: secret, adminAuth: 'mine' });
  const url = await serve(opened.handler);
  const admin = await serve(opened.admin);
  await fetch(url + pathOf(), post(payload()));
  const list = async () => (await (await fetch(`${admin}/api/deliveries`)).json()) as { deliveries: { id: string }[] };
  await until(async () => (await list()).deliveries.length === 1);
  // A signature covers whole seconds.
  const { at } = endpoint.received[0] as (typeof endpoint.received)[0];
  await until(() => Math.floor(Date.now() / SECOND) > Math.floor(at / SECOND));
  endpoint.answer = status(204);
  const [delivery] = (await list()).deliveries;
  await fetch(`${admin}/api/deliveries/${delivery?.id}/retry`, { method: 'POST' });
  await until(() => endpoint.received.length === 2);
  const [first, second] = endpoint.received.map(({ headers }) => headers);
  expect(second?.['webhook-id']).toBe(first?.['webhook-id']);
  expect(second?.['webhook-signature']).not.toBe(first?.['webhook-signature']);
  expect(endpoint.received.map(({ event }) => event.attempt)).toEqual([1, 2]);
});

test('a receiver that closes does not wait for a missing answer; the event is sent again later', async () => {
  const endpoint = endpointOf(() => {});
  const server = createHttpServer(endpoint.listener);
  const url = await serve(server);
  const log = createMemoryLog();
  const first = deliverToWebhook(log.connect(), url, { options: { graceMs: 50 } });
  log.append(CREATED, { GroupId: 'a' });
  await until(() => endpoint.received.length === 1);
  await first.close();
  await until(async () => (await connectionsTo(server)) === 0);
  expect(log.consumer('webhook').deliveries.size).toBe(0);
  endpoint.answer = status(204);
  deliverToWebhook(log.connect(), url);
  await until(() => endpoint.received.length === 2);
  const [, again] = endpoint.received.map(({ event }) => event);
  expect(again).toEqual(endpoint.received[0]?.event);
});

test('a webhook of a closed receiver leaves no connection open', async () => {
  const endpoint = endpointOf();
  const server = createHttpServer(endpoint.listener);
  server.keepAliveTimeout = 60_000;
  const log = createMemoryLog();
  const deliveries = deliverToWebhook(log.connect(), await serve(server));
  log.append(CREATED, { GroupId: 'a' });
  await until(() => endpoint.received.length === 1);
  await deliveries.close();
  await until(async () => (await connectionsTo(server)) === 0);
});
