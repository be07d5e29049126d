import { once } from 'node:events';
import { Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { json } from 'node:stream/consumers';
import { describe, expect, jest, test } from '@jest/globals';
import express, { type Request as ExpressRequest, type Response as ExpressResponse, type NextFunction } from 'express';
import { receiver, send } from './support/library.ts';
import { serve, teardown } from './support/start.ts';
import { pathOf, payload, post, signed } from './support/vendor.ts';

// Things that apps do to a request before the receiver gets it.

const REFUSED = expect.objectContaining({ ActionStatus: 'FAIL' });

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends over kept-alive connections. */
function sender() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  teardown(() => agent.destroy());
  return async (url: string, { method = 'POST', headers = {}, body }: Sent = {}) => {
    const sending = requestHttp(url, { agent, method, headers });
    if (headers.Expect) {
      sending.flushHeaders();
      await once(sending, 'continue');
    }
    sending.end(body);
    const [response] = (await once(sending, 'response')) as [IncomingMessage];
    const reply = method === 'HEAD' ? await once(response.resume(), 'end') : await json(response);
    return { status: response.statusCode, reply, reused: sending.reusedSocket };
  };
}

describe('a mounted receiver', () => {
  test('accepts the next callback over a connection with a refused one, whether or not its body was read', async () => {
    const opened = await receiver({ tokens: ['sesame'], maxBodyBytes: 4096 });
    const url = await serve(opened.handler);
    const good = () => pathOf(signed('sesame', Math.floor(Date.now() / 1000)));
    const exchange = sender();
    const body = JSON.stringify(payload({ Name: 'x'.repeat(100_000) }));
    expect(await exchange(url + pathOf(), { body })).toMatchObject({ status: 401, reply: REFUSED, reused: false });
    expect(await exchange(url + good(), { body })).toMatchObject({ status: 413, reply: REFUSED, reused: true });
    expect(await exchange(url + good(), { method: 'HEAD' })).toMatchObject({ status: 405, reused: true });
    expect(await exchange(url + good(), { body: JSON.stringify(payload()) })).toMatchObject({
      status: 200,
      reused: true,
    });
  });

  test('sends 100 Continue to a sender that waits for it', async () => {
    const url = await serve(express().use('/im', (await receiver()).handler));
    const body = JSON.stringify(payload());
    const headers = { Expect: '100-continue', 'Content-Length': String(Buffer.byteLength(body)) };
    expect(await sender()(`${url}/im${pathOf()}`, { headers, body })).toMatchObject({ status: 200 });
  });

  test('reads a stream with an encoding set', async () => {
    const { handler } = await receiver();
    const url = await serve((request, response) => void handler(request.setEncoding('utf8'), response));
    expect(await send(url + pathOf(), post(payload({ Name: 'Büro 茶' })))).toEqual([200, 0]);
  });

  test.each(['gzip', 'deflate'])(
    'reads JSON as JSON if its Content-Encoding (%s) was left in place',
    async (encoding) => {
      const opened = await receiver();
      const url = await serve(opened.handler);
      const init = post(JSON.stringify(payload(), null, 2));
      const headers = { ...init.headers, 'Content-Encoding': encoding };
      expect(await send(url + pathOf(), { ...init, headers })).toEqual([200, 0]);
    },
  );

  test.each<[string, string | Uint8Array, [number, number]]>([
    ['with a byte order mark', `\ufeff${JSON.stringify(payload())}`, [200, 0]],
    ['that is empty', '', [200, 0]],
    ['that is no JSON', 'tea', [400, 10100]],
  ])('accepts text %s like bytes', async (_name, body, answer) => {
    const opened = await receiver();
    const app = express()
      .use('/bytes', opened.handler)
      .use(express.text({ type: () => true }))
      .use('/text', opened.handler);
    const url = await serve(app);
    for (const mount of ['/bytes', '/text'])
      expect(await send(`${url}${mount}${pathOf()}`, post(body))).toEqual(answer);
  });

  test('reports a consumed body if an app continues after its parser has failed', async () => {
    const opened = await receiver();
    const app = express()
      .use(express.json())
      .use((_error: Error, _request: ExpressRequest, _response: ExpressResponse, next: NextFunction) => next())
      .use(opened.handler);
    expect(await send((await serve(app)) + pathOf(), post('{"half": '))).toEqual([500, 10108]);
  });

  test('called twice for a request, or after the reply, stores its callback once and replies once', async () => {
    const opened = await receiver();
    const twice = await serve((request, response) => {
      void opened.handler(request, response);
      void opened.handler(request, response);
    });
    expect(await send(twice + pathOf())).toEqual([200, 0]);
    const late = await serve((request, response) => {
      response.writeHead(202).end('mine');
      void opened.handler(request, response);
    });
    expect(await (await fetch(late + pathOf(), post(payload()))).text()).toBe('mine');
    await opened.close();
    const outcomes = opened.lines.filter(({ message }) => message === 'callback').map(({ fields }) => fields.outcome);
    expect(outcomes.sort()).toEqual(['accepted', 'accepted', 'repeat']);
    expect(opened.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('fetch', () => {
  const request = (body: ReadableStream | string, init: RequestInit = {}) =>
    new Request(`http://x${pathOf()}`, { method: 'POST', body, duplex: 'half', ...init } as RequestInit);
  const bytes = (text: string) => new TextEncoder().encode(text);

  test('accepts a body that arrives byte by byte', async () => {
    const opened = await receiver();
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes(JSON.stringify(payload()))) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect((await opened.fetch(request(body))).status).toBe(200);
  });

  test('answers at once if the body breaks off, and reports it as a sender that hung up', async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
    teardown(() => printed.mockRestore());
    const opened = await receiver();
    const broken = new ReadableStream({
      pull: (controller) => controller.error(new Error('gone')),
    });
    const started = performance.now();
    const response = await opened.fetch(request(broken));
    expect([response.status, await response.json()]).toEqual([400, REFUSED]);
    const aborting = new AbortController();
    const waiting = opened.fetch(
      request(new ReadableStream({ pull: () => aborting.abort() }), { signal: aborting.signal }),
    );
    expect((await waiting).ok).toBe(false);
    expect((await opened.fetch(request('{}', { signal: AbortSignal.abort() }))).ok).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_400);
    expect(opened.lines.filter(({ message }) => message === 'the sender hung up')).toHaveLength(3);
    expect(printed).not.toHaveBeenCalled();
  });

  test('reads no more of a body than it accepts', async () => {
    const opened = await receiver({ maxBodyBytes: 4096 });
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        if (pulled > 10_000) controller.close();
        else controller.enqueue(new Uint8Array(1024));
      },
    });
    expect((await opened.fetch(request(endless))).status).toBe(413);
    await opened.close();
    expect(pulled).toBeLessThan(1000);
  });
});
