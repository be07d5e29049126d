import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { MOST_CONNECTIONS } from '../src/receiver/guard-server.ts';
import type { Store } from '../src/store/store.ts';
import { startProcess } from './support/process.ts';
import { callbackContract, start, teardown, temporaryFolder } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

/** A TCP connection to a receiver, destroyed when the test ends. */
function open(url: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
  teardown(() => socket.destroy());
  return socket;
}

/** Everything that a connection returns until the other side closes it. */
async function drain(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await closed(socket);
  return text;
}

/** Resolves however the connection ends; `once` would reject on an error. */
function closed(socket: Socket): Promise<void> {
  socket.resume();
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}

/** Each reply on a connection, matched to the contract: status, ErrorCode, ErrorInfo. */
function repliesIn(text: string): [number, number, string][] {
  return text
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((part) => part.startsWith('HTTP/1.1') && !part.startsWith('HTTP/1.1 100'))
    .map((part) => {
      const status = Number(part.slice(9, 12));
      const [head = '', body = ''] = part.split('\r\n\r\n');
      const headers = new Headers(
        head
          .split('\r\n')
          .slice(1)
          .map((line) => line.split(': ', 2) as [string, string]),
      );
      callbackContract.match('POST', '/', { status, headers, text: body });
      const { ErrorCode, ErrorInfo } = JSON.parse(body);
      return [status, ErrorCode, ErrorInfo];
    });
}

function requestOf(body: string, headers = `Content-Length: ${Buffer.byteLength(body)}`): string {
  return `POST ${pathOf()} HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${body}`;
}

describe('nesting', () => {
  const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
  const deep = 'body is nested deeper than 100 levels';
  test.each<[string, unknown, [number, string]]>([
    ['100 levels', payload({ Extra: nested(99) }), [200, '']],
    ['101 levels', payload({ Extra: nested(100) }), [400, deep]],
    ['100,000 levels, left open', '[{"a":'.repeat(30_000), [400, deep]],
    ['brackets in a string', payload({ Name: '[{'.repeat(500) }), [200, '']],
    ['brackets after escaped quotes and backslashes', payload({ Name: `\\"${'\\"[{'.repeat(500)}\\` }), [200, '']],
    ['many side by side', payload({ Extra: Array.from({ length: 500 }, () => [{}]) }), [200, '']],
  ])('%s', async (_title, body, want) => {
    const { send, read } = await start();
    const { status, json } = await send(pathOf(), post(body));
    expect([status, json.ErrorInfo]).toEqual(want);
    const [kept] = (await read('/api/callbacks')).json.callbacks;
    expect(kept).toMatchObject({ status: status === 200 ? 'accepted' : 'rejected', reason: want[1] || null });
  });
});

describe("requests that are not HTTP get the contract's reply, and the connection ends", () => {
  const host = 'POST / HTTP/1.1\r\nHost: x\r\n';
  test.each<[string, string, [number, RegExp]]>([
    ['a text', 'how do you do\r\n\r\n', [400, /not HTTP\/1\.1/]],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, /not HTTP\/1\.1/]],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400, /not HTTP\/1\.1/]],
    ['two framings', `${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, [400, /not HTTP/]],
    ['two lengths', `${host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef`, [400, /not HTTP/]],
    ['an invalid length', `${host}Content-Length: -1\r\n\r\n`, [400, /not HTTP/]],
    ['a header with NUL', `${host}A: \0\r\n\r\n`, [400, /not HTTP/]],
    ['a broken chunk', requestOf('ZZ\r\n', 'Transfer-Encoding: chunked'), [400, /not HTTP/]],
    ['no Host', `POST ${pathOf()} HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}`, [400, /Host is missing/]],
    ['endless headers', `${host}${'A: b\r\n'.repeat(5000)}`, [431, /over 8192 bytes/]],
    ['an endless URL', `POST /${'x'.repeat(20_000)}`, [431, /over 8192 bytes/]],
  ])('%s', async (_title, bytes, [status, info]) => {
    const { receiverUrl, read } = await start();
    const socket = open(receiverUrl);
    socket.write(bytes, 'latin1');
    expect(repliesIn(await drain(socket))).toEqual([[status, 10100, expect.stringMatching(info)]]);
    expect((await read('/api/callbacks')).json.callbacks).toEqual([]);
    expect((await read('/metrics')).text).toMatch(
      /^callbacks_refused_total\{reason="(malformed_http|headers_too_large)"\} 1$/m,
    );
  });

  test('requests before it are answered first', async () => {
    const { receiverUrl, read } = await start();
    const socket = open(receiverUrl);
    socket.write(`${requestOf(JSON.stringify(payload()))}garbage\r\n\r\n`);
    expect(repliesIn(await drain(socket))[0]).toEqual([200, 0, '']);
    expect((await read('/api/callbacks')).json.callbacks).toHaveLength(1);
  });

  test('Expect: 100-continue is served, and so is any other expectation', async () => {
    const { receiverUrl } = await start();
    for (const expectation of ['100-continue', 'a-miracle']) {
      const body = JSON.stringify(payload());
      const socket = open(receiverUrl);
      socket.write(requestOf(body, `Expect: ${expectation}\r\nConnection: close\r\nContent-Length: ${body.length}`));
      expect(repliesIn(await drain(socket))).toEqual([[200, 0, '']]);
    }
  });
});

describe('time', () => {
  test('endless headers and silent connections are ended', async () => {
    const { receiverUrl } = await start();
    const silent = open(receiverUrl);
    const slow = open(receiverUrl);
    slow.write('POST / HTTP/1.1\r\nHost: x\r\n');
    const dribble = setInterval(() => slow.write('A: b\r\n'), 200);
    const texts = await Promise.all([drain(silent), drain(slow)]);
    clearInterval(dribble);
    for (const text of texts) expect(repliesIn(text)).toEqual([[400, 10100, expect.stringMatching(/after 5 s/)]]);
  });

  test('a dribbling body is refused before the vendor gives up, and nothing is stored', async () => {
    const { receiverUrl, read } = await start();
    const socket = open(receiverUrl);
    socket.write(requestOf('{', 'Content-Length: 100000'));
    const dribble = setInterval(() => socket.write(' '), 50);
    const text = await drain(socket);
    clearInterval(dribble);
    expect(repliesIn(text)).toEqual([[400, 10100, 'The body was not complete after 1.5 s']]);
    expect((await read('/api/callbacks')).json.callbacks).toEqual([]);
  });

  test('a body that continues after its refusal does not hold the connection', async () => {
    const { receiverUrl } = await start();
    const socket = open(receiverUrl);
    socket.write(`POST ${pathOf({ SdkAppid: '1' })} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{`);
    const dribble = setInterval(() => socket.write(' '), 50);
    const text = await drain(socket);
    clearInterval(dribble);
    expect(repliesIn(text).map(([status]) => status)).toEqual([403]);
  });

  test('a store that does not settle: 503; if it has stored the callback all the same, no harm is done', async () => {
    const release = Promise.withResolvers<void>();
    let slow = true;
    const wrapStore = (store: Store): Store => ({
      ...store,
      async append(callback) {
        if (slow) await release.promise;
        return store.append(callback);
      },
    });
    const { send, read, logged } = await start({ wrapStore });
    const body = post(payload());
    const { status, json } = await send(pathOf(), body);
    expect([status, json.ErrorCode]).toEqual([503, 10106]);
    slow = false;
    expect((await send(pathOf(), body)).status).toBe(200);
    release.resolve();
    while (!logged.join('').includes('stored after the reply')) await sleep(10);
    expect((await read('/api/callbacks')).json.callbacks).toEqual([expect.objectContaining({ repeats: 1 })]);
    expect((await read('/api/groups')).json.groups).toHaveLength(1);
  });

  test('a database locked by another process is not tried for each callback', async () => {
    const folder = temporaryFolder();
    const { send, read } = await start({ folder });
    const other = new DatabaseSync(join(folder, 'callbacks.db'));
    teardown(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    const replies = await Promise.all(Array.from({ length: 40 }, () => send(pathOf(), post(payload()))));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([503]));
    // Each attempt takes 0.7 s of the appends' time.
    const started = performance.now();
    const readiness = await Promise.all(Array.from({ length: 10 }, () => send('/readyz')));
    expect(new Set(readiness.map(({ status }) => status))).toEqual(new Set([503]));
    expect(performance.now() - started).toBeLessThan(3_500);
    other.exec('ROLLBACK');
    expect((await send('/readyz')).status).toBe(200);
    expect((await send(pathOf(), post(payload()))).status).toBe(200);
    // If each were tried for 0.7 s, most would still be waiting for the lock, and get it now.
    expect((await read('/api/callbacks')).json.callbacks.length).toBeLessThan(20);
  });
});

describe('connections', () => {
  const slowOnes: [string, string][] = [
    ['silent', ''],
    ['slow headers', 'POST / HTTP/1.1\r\nHost: x\r\nA: '],
    ['slow bodies', requestOf('{', 'Content-Length: 5000')],
  ];

  test.each(slowOnes)('%s: more than can be held do not stop a good sender', async (_name, bytes) => {
    const { receiverUrl, send, read } = await start({ mostConnections: 20 });
    const slow = Array.from({ length: 100 }, () => open(receiverUrl));
    for (const socket of slow) if (bytes) socket.write(bytes);
    await Promise.all(slow.slice(0, 80).map(closed));
    for (let count = 0; count < 5; count += 1) expect((await send(pathOf(), post(payload()))).status).toBe(200);
    const [, dropped] = /^callbacks_connections_dropped_total (\d+)/m.exec((await read('/metrics')).text) ?? [];
    expect(Number(dropped)).toBeGreaterThanOrEqual(80);
  });

  test('a connection that carried a callback outlives those of strangers', async () => {
    const { receiverUrl } = await start({ mostConnections: 20 });
    const good = open(receiverUrl);
    good.write(requestOf(JSON.stringify(payload())));
    await once(good, 'data');
    const strangers = Array.from({ length: 60 }, () => open(receiverUrl));
    await Promise.all(strangers.slice(0, 40).map(closed));
    const body = JSON.stringify(payload());
    good.write(requestOf(body, `Connection: close\r\nContent-Length: ${body.length}`));
    expect(repliesIn(await drain(good))).toEqual([[200, 0, '']]);
  });

  test('10,000 slow ones do not stop a good sender, neither while they arrive nor afterwards', async () => {
    const { callbackUrl, adminUrl } = await startProcess({}, temporaryFolder());
    const oneConnection = new Agent({ keepAlive: true, maxSockets: 1 });
    teardown(() => oneConnection.destroy());
    const statusOf = (agent?: Agent) =>
      new Promise((resolve, reject) => {
        const sending = request(callbackUrl + pathOf().slice(1), { method: 'POST', agent }, (response) => {
          response.resume().on('end', () => resolve(response.statusCode));
        });
        sending.on('error', reject).end(JSON.stringify(payload()));
      });
    expect(await statusOf(oneConnection)).toBe(200);

    // As many as this machine's limit of open files allows.
    const files = Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' })) || 10_500;
    const many = Math.min(10_000, files - 500);
    const arrived: Promise<void>[] = [];
    for (let index = 0; index < many; index += 1) {
      const [, bytes] = slowOnes[index % slowOnes.length] as [string, string];
      const socket = open(callbackUrl);
      if (bytes) socket.write(bytes);
      arrived.push(new Promise((resolve) => socket.once('connect', resolve).once('close', resolve)));
      if (index % 1000 === 0) expect(await statusOf(oneConnection)).toBe(200);
    }
    await Promise.all(arrived);
    for (let count = 0; count < 20; count += 1) expect(await statusOf(new Agent())).toBe(200);
    const [, dropped] =
      /^callbacks_connections_dropped_total (\d+)/m.exec(await (await fetch(`${adminUrl}/metrics`)).text()) ?? [];
    if (many > 2 * MOST_CONNECTIONS) expect(Number(dropped)).toBeGreaterThan(0);
  }, 120_000);
});
