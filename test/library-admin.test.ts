import { once } from 'node:events';
import { Agent, type ClientRequest, createServer, get, request } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { describe, expect, jest, test } from '@jest/globals';
import connect from 'connect';
import express from 'express';
import { AdminUnguarded, createReceiver, type Receiver, type ReceiverOptions } from '../src/index.ts';
import { BROWSER_TIMEOUT_MS, visit } from './support/browser.ts';
import { live, untilRows } from './support/page.ts';
import { serve, teardown, temporaryFolder } from './support/start.ts';
import { APP, pathOf, payload, post } from './support/vendor.ts';

jest.setTimeout(BROWSER_TIMEOUT_MS);

const MOUNT = '/x/admin';

async function receiver(options: Partial<ReceiverOptions>): Promise<Receiver> {
  const databaseUrl = `sqlite:${join(temporaryFolder(), 'callbacks.db')}`;
  const opened = await createReceiver({ sdkAppId: Number(APP), databaseUrl, logLevel: 'silent', ...options });
  teardown(() => opened.close());
  return opened;
}

/** Each way to mount the site at `/x/admin`. */
const MOUNTS: [string, (receiver: Receiver) => Promise<string>][] = [
  ['Express 5', ({ admin }) => serve(express().use(MOUNT, admin))],
  ['a router of Express 5', ({ admin }) => serve(express().use('/x', express.Router().use('/admin', admin)))],
  ['Connect', ({ admin }) => serve(connect().use(MOUNT, admin))],
  [
    'node:http',
    ({ admin }) =>
      serve((request, response) => {
        const { url = '' } = request;
        if (url === MOUNT) return response.writeHead(308, { Location: `${MOUNT}/` }).end();
        request.url = url.slice(MOUNT.length);
        admin(request, response);
      }),
  ],
];

test.each(MOUNTS)('mounted in %s, the page opens, is live, and links to the reference', async (_name, mount) => {
  const opened = await receiver({ adminAuth: 'mine' });
  const callbacks = await serve(opened.handler);
  const send = (GroupId: string) => fetch(callbacks + pathOf(), post(payload({ GroupId, Name: `Group ${GroupId}` })));
  await send('g1');
  const origin = await mount(opened);
  const redirected = await fetch(origin + MOUNT, { redirect: 'manual' });
  expect([redirected.status, new URL(redirected.headers.get('location') ?? '', origin + MOUNT).pathname]).toEqual([
    308,
    `${MOUNT}/`,
  ]);

  const { page, errors, foreign } = await visit(`${origin}${MOUNT}#/groups`, { locale: 'en-GB' });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await live(page);
  await untilRows(page, (found) => found.join() === 'g1');
  await send('g2');
  await untilRows(page, (found) => found.join() === 'g2,g1');
  await page.getByRole('link', { name: 'Group g2' }).click();
  await page.getByRole('heading', { level: 1, name: 'Group g2' }).waitFor();

  await page.goto(`${origin}${MOUNT}/#/setup`);
  await page.getByRole('button', { name: 'Send a test callback' }).click();
  await page.getByRole('status').getByText('200 OK 0').waitFor();
  expect(await page.locator('main').textContent()).toContain('trigger -- --url <callback URL>');

  await page.getByRole('link', { name: 'Reference' }).click();
  await page.waitForURL(`${origin}${MOUNT}/docs?lang=en`);
  await page.getByRole('heading', { name: 'Receive a callback' }).waitFor();
  expect((await page.request.get(`${origin}${MOUNT}/openapi.yaml`)).status()).toBe(200);
  expect(asked.filter((path) => !path.startsWith(`${MOUNT}/`))).toEqual([]);
  expect([...errors, ...foreign]).toEqual([]);
});

test('a server closes although callbacks keep arriving over its connections, and the page is open', async () => {
  const opened = await receiver({ adminAuth: 'mine' });
  const server = createServer(express().use('/im', opened.handler).use(MOUNT, opened.admin));
  const url = await serve(server);
  const stream = await fetch(`${url}${MOUNT}/api/live`);
  await stream.body?.getReader().read();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  teardown(() => agent.destroy());
  const [first, second, third] = [`/im${pathOf()}`, `${MOUNT}/api/test-callback`, `/im${pathOf()}`].map((path) =>
    request(url + path, { method: 'POST', agent }),
  ) as [ClientRequest, ClientRequest, ClientRequest];
  const began = once(server, 'request');
  first.write('{');
  await began;
  const closed = once(server.close(), 'close');
  const connections = [first, second].map(async (sent) => {
    const [response] = await once(sent, 'response');
    return [response.resume().statusCode, response.headers.connection];
  });
  second.end();
  first.end(JSON.stringify(payload()).slice(1));
  expect(await Promise.all(connections)).toEqual([
    [200, 'keep-alive'],
    [200, 'close'],
  ]);
  expect((await once(third.end(), 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' });
  await closed;
});

test('if the app strips the whole path, it reports the missing slash', async () => {
  const { admin } = await receiver({ adminAuth: 'mine' });
  const url = await serve((request, response) => admin(Object.assign(request, { url: '' }), response));
  const response = await fetch(url);
  expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('add a slash to the end')]);
});

describe('the guard of a mounted site', () => {
  test('is the app, or a password: without either, the site is refused', async () => {
    const open = await receiver({});
    expect(() => open.admin).toThrow(AdminUnguarded);
    expect(() => open.admin).toThrow(
      /receiver\.admin would show your data to everybody: give the option adminPassword/,
    );
    // The rest of the receiver is not affected.
    expect((await open.health()).ready).toBe(true);
  });

  test('accepts every host name in an app, where the program accepts only loopback names', async () => {
    const { admin } = await receiver({ adminAuth: 'mine' });
    const url = await serve(express().use(MOUNT, admin));
    const asking = get(`${url}${MOUNT}/api/about`, { headers: { Host: 'app.example.com' } });
    const [response] = await once(asking, 'response');
    const about = await json(response);
    expect(about).toMatchObject({ sdkAppId: Number(APP), callbackUrl: null, demo: false });
  });

  test('takes JSON bodies, whether or not a parser of the app has read them', async () => {
    const opened = await receiver({ adminAuth: 'mine' });
    opened.on('*', () => {});
    expect((await opened.fetch(new Request(`http://x${pathOf()}`, post(payload())))).status).toBe(200);
    const app = express()
      .use('/plain', opened.admin)
      .use('/bytes', express.raw({ type: () => true }), opened.admin)
      .use('/text', express.text({ type: () => true }), opened.admin)
      .use('/parsed', express.json(), opened.admin);
    const url = await serve(app);
    for (const mount of ['/plain', '/bytes', '/text', '/parsed']) {
      const rewind = post({ to: new Date().toISOString() });
      expect((await fetch(`${url}${mount}/api/consumers/handlers/rewind`, rewind)).status).toBe(202);
    }
  });

  test('requires the password, and refuses requests caused by another site', async () => {
    const { admin } = await receiver({ adminPassword: 'open sesame' });
    const url = `${await serve(express().use(MOUNT, admin))}${MOUNT}`;
    const Authorization = `Basic ${Buffer.from('admin:open sesame').toString('base64')}`;
    const status = async (path: string, init?: RequestInit) => (await fetch(url + path, init)).status;
    expect(await status('/api/groups')).toBe(401);
    expect(await status('/api/groups', { headers: { Authorization } })).toBe(200);
    const foreign = { Authorization, 'Sec-Fetch-Site': 'cross-site' };
    expect(await status('/api/groups', { headers: foreign })).toBe(403);
    expect(await status('/api/test-callback', { method: 'POST', headers: foreign })).toBe(403);
    const other = { Authorization, Origin: 'https://evil.example.com' };
    expect(await status('/api/test-callback', { method: 'POST', headers: other })).toBe(403);
    expect(await status('/api/test-callback', { method: 'POST', headers: { Authorization } })).toBe(200);
  });

  // Browsers would send the app's own session cookie with each of these.
  test.each<[string, Record<string, string>]>([
    ['a form', { Origin: 'https://evil.example.com', 'Content-Type': 'text/plain' }],
    ['a frame without an origin', { Origin: 'null' }],
    ['a script', { Origin: 'https://evil.example.com', 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors' }],
    ['a page of a neighbour', { 'Sec-Fetch-Site': 'same-site' }],
    ['a link', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }],
  ])("an app's own guard does not admit %s of another site", async (_name, headers) => {
    const opened = await receiver({ adminAuth: 'mine' });
    opened.on('*', () => {});
    expect((await opened.fetch(new Request(`http://x${pathOf()}`, post(payload())))).status).toBe(200);
    const url = `${await serve(express().use(MOUNT, opened.admin))}${MOUNT}`;
    const body = JSON.stringify({ to: new Date().toISOString(), callbackId: '1' });
    for (const [method, path, sent = ''] of [
      ['POST', 'consumers/handlers/pause'],
      ['POST', 'consumers/handlers/resume'],
      ['POST', 'consumers/handlers/rewind', body],
      ['POST', 'consumers/handlers/send', body],
      ['DELETE', 'consumers/handlers'],
      ['POST', 'deliveries/retry'],
      ['POST', 'deliveries/1/retry'],
      ['POST', 'callbacks/1/retry'],
      ['POST', 'callbacks/1/ignore'],
      ['DELETE', 'callbacks/1/ignore'],
      ['POST', 'test-callback'],
    ] as const) {
      const response = await fetch(`${url}/api/${path}`, { method, headers, ...(sent && { body: sent }) });
      expect({ path, status: response.status }).toEqual({ path, status: 403 });
    }
    expect(await (await fetch(`${url}/api/consumers`)).json()).toEqual({
      consumers: [expect.objectContaining({ name: 'handlers', state: expect.not.stringMatching('paused') })],
    });
    expect(await (await fetch(`${url}/api/callbacks/1`)).json()).toMatchObject({ status: 'accepted', ignored: false });
  });
});
