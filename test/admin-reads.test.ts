import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import adminDocument from '../generated/admin.json' with { type: 'json' };
import { adminContract, start } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

const GENERATED = join(import.meta.dirname, '../generated');
const READS = Object.entries(adminDocument.paths).flatMap(([path, methods]) =>
  'get' in methods ? [path.replace('{file}', 'page.js').replace(/\{\w+\}/g, '1')] : [],
);

afterAll(() => {
  const unchanged = adminContract.declared.filter((reply) => reply.endsWith(' 304'));
  expect(unchanged.filter((reply) => !adminContract.seen.has(reply))).toEqual([]);
});

/** The raw reply of the listener: `fetch` would decompress it. */
async function ask(adminUrl: string, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number | undefined;
    headers: Record<string, unknown>;
    bytes: Buffer;
  }>();
  request(adminUrl + path, { method, headers, agent: false }, async (response) => {
    const { statusCode: status, headers } = response;
    resolve({ status, headers, bytes: Buffer.concat(await response.toArray()) });
  })
    .on('error', reject)
    .end();
  return promise;
}

test('HEAD is answered as GET, without the body', async () => {
  const { adminUrl } = await start();
  for (const path of READS) {
    const head = await ask(adminUrl, path, {}, 'HEAD');
    const read = new AbortController();
    // The live stream does not end.
    const { status, headers } = await fetch(adminUrl + path, { signal: read.signal });
    read.abort();
    expect([path, head.status, head.bytes.length]).toEqual([path, status, 0]);
    expect([path, head.headers['content-type']]).toEqual([path, headers.get('content-type')]);
  }
  expect(READS.length).toBeGreaterThan(10);
  expect((await ask(adminUrl, '/api/test-callback', {}, 'HEAD')).status).toBe(405);
  expect((await ask(adminUrl, '/api/nothing', {}, 'HEAD')).status).toBe(404);
});

test.each([
  ['/docs', 'reference.html'],
  ['/docs?lang=zh', 'reference.html'],
  ['/openapi.yaml', 'openapi.yaml'],
  ['/assets/page.js', 'page/page.js'],
])('%s is compressed as the client asks, and not sent again unchanged', async (path, file) => {
  const { adminUrl } = await start();
  const plain = readFileSync(join(GENERATED, file));
  const whole = await ask(adminUrl, path);
  expect([whole.headers['content-encoding'], whole.headers.vary]).toEqual([undefined, 'Accept-Encoding']);
  expect(whole.bytes.equals(plain)).toBe(true);
  const etags = new Set([whole.headers.etag]);
  for (const [accepted, coding, decompress] of [
    ['gzip', 'gzip', gunzipSync],
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['br;q=0, gzip', 'gzip', gunzipSync],
  ] as const) {
    const asked = { 'Accept-Encoding': accepted };
    const { status, headers, bytes } = await ask(adminUrl, path, asked);
    expect([status, headers['content-encoding'], headers.vary]).toEqual([200, coding, 'Accept-Encoding']);
    expect(bytes.length).toBeLessThan(plain.length / 2);
    expect(decompress(bytes).equals(plain)).toBe(true);
    const again = await ask(adminUrl, path, { ...asked, 'If-None-Match': String(headers.etag) });
    expect([again.status, again.bytes.length, again.headers.etag]).toEqual([304, 0, headers.etag]);
    adminContract.match('GET', path, { status: 304, headers: new Headers(), text: '' });
    etags.add(headers.etag);
    const head = await ask(adminUrl, path, asked, 'HEAD');
    expect(head.headers['content-length']).toBe(String(bytes.length));
  }
  expect(etags.size).toBe(3);
});

test('a long list is compressed, a short answer and the live stream are not', async () => {
  const { adminUrl, send } = await start();
  await Promise.all(Array.from({ length: 30 }, (_, index) => send(pathOf(), post(payload({ GroupId: `g${index}` })))));
  const accepting = { 'Accept-Encoding': 'gzip, br' };
  const [plain, list] = [await ask(adminUrl, '/api/groups'), await ask(adminUrl, '/api/groups', accepting)];
  expect(list.headers).toMatchObject({
    'content-encoding': 'br',
    vary: 'Accept-Encoding',
    'cache-control': 'no-store',
  });
  expect(JSON.parse(brotliDecompressSync(list.bytes).toString())).toEqual(JSON.parse(plain.bytes.toString()));
  expect(list.bytes.length).toBeLessThan(plain.bytes.length / 2);
  expect(plain.headers).toMatchObject({ vary: 'Accept-Encoding', 'content-length': String(plain.bytes.length) });
  const short = await ask(adminUrl, '/api/callbacks?status=rejected', accepting);
  expect(short.headers['content-encoding']).toBeUndefined();
  const live = new AbortController();
  const { headers } = await fetch(`${adminUrl}/api/live`, { signal: live.signal });
  live.abort();
  expect(headers.get('content-encoding')).toBeNull();
});
