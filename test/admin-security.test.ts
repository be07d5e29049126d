import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import express from 'express';
import adminDocument from '../generated/admin.json' with { type: 'json' };
import { FailureLimit } from '../src/admin/guard.ts';
import { contentPolicy, securityHeaders } from '../src/admin/page-files.ts';
import { adminContract, type Running, serve, start } from './support/start.ts';

/** Every operation of the contract, so that new ones are covered as well. */
const operations = Object.entries(adminDocument.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => [method.toUpperCase(), path.replace(/\{\w+\}/g, '1')] as const),
);

afterAll(() => {
  const declared = adminContract.declared.filter((reply) => / (401|403|429)$/.test(reply));
  expect(declared).toHaveLength(3 * operations.length);
  expect(declared.filter((reply) => !adminContract.seen.has(reply))).toEqual([]);
});

const STRICT =
  "default-src 'none';connect-src 'self';font-src 'self';form-action 'self';img-src 'self';script-src 'self';" +
  "style-src 'self';base-uri 'none';frame-ancestors 'none'";

/** Like `read`, with headers that `fetch` does not allow, such as Host. */
async function ask(adminUrl: string, path: string, method = 'GET', headers: Record<string, string> = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; headers: Headers; text: string }>();
  request(adminUrl + path, { method, headers, agent: false }, async (response) => {
    const fields = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const text = Buffer.concat(await response.toArray()).toString();
    resolve({ status: response.statusCode ?? 0, headers: new Headers(fields), text });
  })
    .on('error', reject)
    .end();
  const reply = await promise;
  adminContract.match(method, path, reply);
  return reply;
}

/** The generated files hold no data of users. */
function cachingOf(method: string, path: string): string {
  if (path === '/api/live') return 'no-store, no-transform';
  return method === 'GET' && ['/docs', '/openapi.yaml'].includes(path) ? 'no-cache' : 'no-store';
}

describe('headers', () => {
  test.each([...operations, ['GET', '/nothing'], ['DELETE', '/'], ['GET', '/%E0%A4%A']])(
    '%s %s: strict, whatever the answer',
    async (method, path) => {
      const { headers } = await (await start()).read(path, { method });
      expect(Object.fromEntries(headers)).toMatchObject({
        // The reference allows its own scripts by their hashes, which test/docs.test.ts checks.
        'content-security-policy':
          path === '/docs' ? expect.stringMatching(/^default-src 'none'; script-src 'sha256-/) : STRICT,
        'cache-control': cachingOf(method, path),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(headers.has('x-powered-by')).toBe(false);
      // Through a proxy, it would bind other services of that host to HTTPS.
      expect(headers.has('strict-transport-security')).toBe(false);
    },
  );

  test('the page has no inline parts that its own policy would block', async () => {
    const { text } = await (await start()).read('/');
    expect(text).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=|javascript:|https?:\/\//i);
  });

  test('a route may relax the policy for itself', async () => {
    const app = express().use(securityHeaders());
    app.use('/docs', contentPolicy({ imgSrc: ["'self'", 'data:'] }));
    const url = await serve(app.use((_request, response) => void response.send('')));
    const policies = await Promise.all(
      ['/docs/x', '/'].map(async (path) => (await fetch(url + path)).headers.get('content-security-policy')),
    );
    expect(policies).toEqual([STRICT.replace("img-src 'self'", "img-src 'self' data:"), STRICT]);
  });
});

describe('a page of another site', () => {
  test.each(operations)('that makes its name resolve here reads nothing: %s %s', async (method, path) => {
    const { adminUrl, logged } = await start();
    const { status, text } = await ask(adminUrl, path, method, { Host: 'evil.example:3001' });
    expect([status, JSON.parse(text).detail]).toEqual([403, expect.stringMatching(/Host.*localhost/)]);
    expect(logged.join('')).toContain('evil.example');
  });

  test('is recognized by Host, which must be a name of this machine', async () => {
    const { adminUrl } = await start();
    const want = {
      localhost: 200,
      'LOCALHOST:3001': 200,
      '127.0.0.1': 200,
      '127.8.8.8:80': 200,
      '[::1]:3001': 200,
      '127.0.0.1.evil.example': 403,
      'localhost.evil.example': 403,
      '127.evil.example': 403,
      '[::1].evil.example': 403,
      'localhost@evil.example': 403,
      '192.168.0.1': 403,
      '0.0.0.0': 403,
    };
    const got = Object.keys(want).map(async (Host) => [Host, (await ask(adminUrl, '/', 'GET', { Host })).status]);
    expect(Object.fromEntries(await Promise.all(got))).toEqual(want);
  });

  test('a listener that is not on loopback accepts any Host, and is guarded by the password', async () => {
    const { adminUrl } = await start({ env: { ADMIN_HOST: '0.0.0.0', ADMIN_PASSWORD: 'x' } });
    const Host = 'callbacks.internal:3001';
    expect((await ask(adminUrl, '/', 'GET', { Host })).status).toBe(401);
    expect((await ask(adminUrl, '/', 'GET', { Host, ...password('x') })).status).toBe(200);
  });

  test('writes nothing: its Sec-Fetch-Site or its Origin is foreign', async () => {
    const { adminUrl } = await start();
    // 404: allowed through, but the callback does not exist.
    const want: [Record<string, string>, number][] = [
      [{}, 404],
      [{ 'Sec-Fetch-Site': 'same-origin' }, 404],
      [{ 'Sec-Fetch-Site': 'none' }, 404],
      [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
      [{ 'Sec-Fetch-Site': 'same-site' }, 403],
      [{ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }, 403],
      [{ 'Sec-Fetch-Site': 'cross-site', Origin: 'http://localhost:3001' }, 403],
      [{ Origin: 'http://localhost:3001' }, 404],
      [{ Origin: 'http://localhost:3000' }, 403],
      [{ Origin: 'http://localhost' }, 403],
      [{ Origin: 'https://evil.example' }, 403],
      [{ Origin: 'null' }, 403],
    ];
    const got = want.map(async ([given]) => {
      const headers = { Host: 'localhost:3001', ...given };
      return [given, (await ask(adminUrl, '/api/callbacks/1/retry', 'POST', headers)).status];
    });
    expect(await Promise.all(got)).toEqual(want);
  });

  test.each<[string, [site: string, mode: string, destination: string], number]>([
    ['a link', ['cross-site', 'navigate', 'document'], 200],
    ['a link of a neighbour', ['same-site', 'navigate', 'document'], 200],
    ['a frame', ['cross-site', 'navigate', 'iframe'], 403],
    ['an object', ['cross-site', 'navigate', 'object'], 403],
    ['an image', ['cross-site', 'no-cors', 'image'], 403],
    ['a script', ['cross-site', 'no-cors', 'script'], 403],
    ['fetch', ['cross-site', 'cors', 'empty'], 403],
    ['fetch of a neighbour', ['same-site', 'cors', 'empty'], 403],
    ['the page itself', ['same-origin', 'cors', 'empty'], 200],
    ['a bookmark', ['none', 'navigate', 'document'], 200],
  ])('makes a browser read only through a link: %s', async (_title, [site, mode, destination], want) => {
    const searched: unknown[] = [];
    const { adminUrl } = await start({
      wrapStore: (store) => ({
        ...store,
        listGroups(filter) {
          searched.push(filter);
          return store.listGroups(filter);
        },
      }),
    });
    const headers = { 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': mode, 'Sec-Fetch-Dest': destination };
    for (const path of ['/', '/docs', '/metrics', '/api/stats', '/api/groups?search=x'])
      expect([path, (await ask(adminUrl, path, 'GET', headers)).status]).toEqual([path, want]);
    expect(searched).toHaveLength(want === 200 ? 1 : 0);
  });
});

describe('wrong passwords', () => {
  const env = { ADMIN_PASSWORD: 'right' };
  const guess = (read: Running['read'], given: string) => read('/api/groups', { headers: password(given) });

  test.each(operations)(
    '10 are tried, then 429 for the rest of the minute; the right one is accepted: %s %s',
    async (method, path) => {
      let clock = Date.UTC(2026, 0, 1);
      const { read, logged } = await start({ env, now: () => clock });
      const ask = (given: string) => read(path, { method, headers: password(given) });
      for (let count = 0; count < 10; count += 1) expect((await ask('wrong')).status).toBe(401);
      clock += 17_500;
      const held = await ask('wrong');
      expect([held.status, held.headers.get('retry-after')]).toEqual([429, '43']);
      expect(held.json).toMatchObject({ title: 'Too Many Requests', detail: expect.stringContaining('43 s') });
      expect((await guess(read, 'right')).status).toBe(200);
      expect([401, 403, 429]).not.toContain((await ask('right')).status);
      expect((await read('/')).status).toBe(401);
      expect(logged.join('')).not.toContain(password('wrong').Authorization);
      clock += 42_500;
      expect((await ask('wrong')).status).toBe(401);
    },
  );

  test('are sampled in the log: the first at once, the rest of a second in one line', async () => {
    const { read, logged } = await start({ env });
    const lines = () => logged.map((line) => JSON.parse(line)).filter(({ msg }) => msg.includes('a wrong password'));
    for (let count = 0; count < 30; count += 1) await guess(read, 'wrong');
    expect(lines().length).toBeLessThan(10);
    while (lines().reduce((sum, { count = 1 }) => sum + count, 0) < 30) await sleep(50);
  });

  test('concurrent guesses are counted one by one', async () => {
    const { read } = await start({ env });
    const replies = await Promise.all(Array.from({ length: 30 }, () => guess(read, 'wrong')));
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(10);
  });

  test('right ones are not counted, nor are requests without one', async () => {
    const { read } = await start({ env });
    for (let count = 0; count < 30; count += 1) {
      expect((await guess(read, 'right')).status).toBe(200);
      expect((await read('/')).status).toBe(401);
    }
  });

  test('count on unserved paths as well', async () => {
    const { read } = await start({ env });
    expect((await read('/nothing')).status).toBe(401);
    expect((await read('/', { method: 'DELETE' })).status).toBe(401);
  });
});

describe('the limit', () => {
  /** Number of failures out of 1000 from here that are within the limit. */
  function counted(limit: FailureLimit, from: (attempt: number) => string): number {
    return Array.from({ length: 1000 }, (_, attempt) => limit.failed(from(attempt))).filter((wait) => wait === 0)
      .length;
  }

  test.each<[string, (attempt: number) => string, number]>([
    ['one IPv4 address', () => '192.0.2.1', 10],
    ['one, as IPv4 and within IPv6', (attempt) => (attempt % 2 ? '192.0.2.1' : '::ffff:192.0.2.1'), 10],
    ['one IPv6 network', (attempt) => `2001:db8:0:1:${attempt.toString(16)}::1`, 10],
    ['one IPv6 network, written short', (attempt) => `2001:db8::${attempt.toString(16)}`, 10],
    ['two of them', (attempt) => `2001:db8:0:${attempt % 2}::${attempt.toString(16)}`, 20],
    ['everywhere', (attempt) => `10.0.${attempt >> 8}.${attempt & 255}`, 100],
  ])('%s', (_title, from, want) => {
    let clock = 0;
    const limit = new FailureLimit(() => clock);
    expect(counted(limit, from)).toBe(want);
    clock += 59_999;
    expect(limit.failed(from(0))).toBe(1);
    clock += 1;
    expect(counted(limit, from)).toBe(want);
  });

  test('a clock set back blocks nobody for more than a minute', () => {
    let clock = Date.UTC(2030, 0, 1);
    const limit = new FailureLimit(() => clock);
    expect(counted(limit, () => '192.0.2.1')).toBe(10);
    clock = Date.UTC(2020, 0, 1);
    expect(limit.failed('192.0.2.1')).toBe(0);
  });
});

test('an error reveals nothing to the client, wherever it occurs', async () => {
  const { read, logged } = await start({
    wrapStore: (store) => ({
      ...store,
      findCallback: () => {
        throw new TypeError('secret place');
      },
    }),
  });
  const reply = await read('/api/callbacks/1');
  expect([reply.status, reply.text.includes('secret'), reply.text.includes(' at ')]).toEqual([503, false, false]);
  expect(logged.join('')).toContain('secret place');
});

function password(given: string): { Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`admin:${given}`).toString('base64')}` };
}
