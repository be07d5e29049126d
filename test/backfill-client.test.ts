import type { ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { inspect } from 'node:util';
import { inflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { systemClock } from '../src/backfill/limits.ts';
import { restOriginsOf } from '../src/backfill/rest-domain.ts';
import { RestError } from '../src/backfill/rest-errors.ts';
import { createAuthority } from './support/certificates.ts';
import {
  ACCOUNT,
  type AnswerCall,
  type Asked,
  answering,
  fail,
  ok,
  restClient,
  restVendor,
  SimulatedClock,
} from './support/rest-vendor.ts';
import { serve } from './support/start.ts';

const ASK = ['get_group_member_info', { GroupId: 'g' }, { groupId: 'g' }] as const;

async function failureOf(work: Promise<unknown>): Promise<RestError> {
  const error = await work.then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(RestError);
  return error;
}

function userSigIn({ url }: Asked): { text: string; time: number; sig: string } {
  const text = url.searchParams.get('usersig') ?? '';
  const base64 = text.replace(/[*\-_]/g, (character) => ({ '*': '+', '-': '/' })[character] ?? '=');
  const json = JSON.parse(inflateSync(Buffer.from(base64, 'base64')).toString());
  return { text, time: json['TLS.time'], sig: json['TLS.sig'] };
}

test('a call is a POST of JSON with a signed query, over one connection', async () => {
  const { url, calls } = await answering(ok({ MemberNum: 1 }));
  const { client, clock } = restClient(url, { admin: 'admin & Söhne' });
  for (let index = 0; index < 3; index += 1) {
    const { reply } = await client.call('get_group_member_info', { GroupId: 'g\0' });
    expect(reply).toEqual(ok({ MemberNum: 1 }));
  }
  const [asked] = calls as [Asked];
  expect(asked.request.method).toBe('POST');
  expect(asked.url.pathname).toBe('/v4/group_open_http_svc/get_group_member_info');
  expect(asked.request.headers['content-type']).toBe('application/json');
  expect(asked.text).toBe('{"GroupId":"g\\u0000"}');
  const { usersig, random, ...others } = Object.fromEntries(asked.url.searchParams);
  expect(others).toEqual({ sdkappid: '1400123456', identifier: 'admin & Söhne', contenttype: 'json' });
  expect(asked.request.url).toContain(`usersig=${usersig}&`);
  expect(userSigIn(asked).time).toBe(Math.floor(clock.time / 1_000));
  expect(Number(random)).toBeLessThan(2 ** 32);
  expect(new Set(calls.map(({ url }) => url.searchParams.get('random'))).size).toBe(3);
  expect(new Set(calls.map(({ request }) => request.socket.remotePort)).size).toBe(1);
});

const RETRIED = [10002, 60008, 60014, 70169];
const LIMITED = [10006, 60007, 60011, 60018, 60019];
const SIGNATURES = [60004, 60005, 70001, 70003, 70005, 70009, 70013];
const STOPPING = [10003, 10004, 60002, 60003, 60006, 60009, 60010, 60012, 60016, 60017, 60020, 60021];
const OF_THE_GROUP = [10007, 10010, 10015, 10018, 99999];

test.each([...RETRIED, ...LIMITED])('%d is temporary: the call is retried, ten times at most', async (code) => {
  const passing = await answering(fail(code), fail(code), ok({ MemberNum: 1 }));
  const { client } = restClient(passing.url);
  expect((await client.call(...ASK)).reply).toMatchObject({ MemberNum: 1 });
  expect(passing.calls).toHaveLength(3);

  const lasting = await answering(fail(code));
  const { client: other, clock } = restClient(lasting.url);
  const began = clock.time;
  const { kind, message } = await failureOf(other.call(...ASK));
  expect(kind).toBe('away');
  expect(message).toContain(`the vendor answered ${code}, `);
  expect(message).toMatch(/: try again later$/);
  expect(lasting.calls).toHaveLength(10);
  expect(clock.time - began).toBeGreaterThan(60_000);
  expect(clock.time - began).toBeLessThan(125_000);
});

test.each(LIMITED)('after %d, that endpoint is not called for at least a second', async (code) => {
  const clock = new SimulatedClock();
  const times: number[] = [];
  const { url } = await restVendor(() => {
    times.push(clock.time);
    return times.length === 1 ? fail(code) : ok();
  });
  const { client } = restClient(url, { clock });
  await client.call(...ASK);
  expect((times[1] as number) - (times[0] as number)).toBeGreaterThanOrEqual(1_000);
});

test.each(SIGNATURES)('after %d, a new signature is made once', async (code) => {
  const clock = new SimulatedClock();
  const { url, calls } = await restVendor((_, response) => {
    const vendorNow = clock.time + 2 * 60 * 60 * 1_000;
    response.setHeader('Date', new Date(vendorNow).toUTCString());
    return calls.length === 1 ? fail(code) : ok();
  });
  const { client, lines } = restClient(url, { clock });
  await client.call(...ASK);
  await client.call(...ASK);
  const [first, second, third] = calls.map((asked) => userSigIn(asked));
  expect((second?.time ?? 0) - (first?.time ?? 0)).toBe(2 * 60 * 60);
  expect(third).toEqual(second);
  expect(lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
    'the vendor refused the UserSig: a new one is made',
  ]);

  const lasting = await answering(fail(code));
  const { kind, code: given, message } = await failureOf(restClient(lasting.url).client.call(...ASK));
  expect([kind, given]).toEqual(['stop', code]);
  expect(message).toMatch(/REST_KEY \(redacted\) must|REST_ADMIN "administrator" must|the clock of this machine/);
  expect(lasting.calls).toHaveLength(2);
});

test('if many concurrent calls have an expired signature, one of them renews it', async () => {
  const { url, calls } = await restVendor((asked) =>
    userSigIn(asked).time < 1_700_000_000 + 60 * 60 ? fail(70001) : ok(),
  );
  const clock = new SimulatedClock();
  const { client, lines } = restClient(url, { clock });
  await Promise.all(Array.from({ length: 20 }, () => client.call(...ASK)));
  expect(calls.length).toBeLessThanOrEqual(40);
  expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
});

test.each(STOPPING)('%d is fatal, and tells the operator the remedy', async (code) => {
  const { url, calls } = await answering(fail(code, 'as it is'));
  const { client } = restClient(url);
  const error = await failureOf(client.call(...ASK));
  expect(error).toMatchObject({ kind: 'stop', code, endpoint: 'get_group_member_info', isGone: false });
  expect(error.message).toMatch(/^get_group_member_info of group "g": the vendor answered \d+, .* \("as it is"\): /);
  expect(error.message).toMatch(/please report it|SDK_APP_ID 1400123456|REST_ADMIN "administrator"|app 1400123456/);
  expect(calls).toHaveLength(1);
});

test.each(OF_THE_GROUP)('%d concerns the group; without a group, it is fatal', async (code) => {
  const { url, calls } = await answering(fail(code));
  const { client } = restClient(url);
  expect(await failureOf(client.call(...ASK))).toMatchObject({
    kind: 'group',
    code,
    groupId: 'g',
    isGone: code === 10010,
  });
  expect(await failureOf(client.call('get_appid_group_list', {}))).toMatchObject({ kind: 'stop', code, groupId: null });
  expect(calls).toHaveLength(2);
});

test('11000 concerns the type', async () => {
  const { url } = await answering(fail(11000));
  const { kind, message } = await failureOf(restClient(url).client.call('get_appid_group_list', {}));
  expect(kind).toBe('type');
  expect(message).toBe(
    'get_appid_group_list: the vendor answered 11000, communities are not enabled ("no"): see app 1400123456 in the vendor\'s console',
  );
});

/** Quotes the request wherever an answer has room for it. */
function quoting(
  status: number,
  body: (url: string) => string,
  headers: (url: string) => Record<string, string> = () => ({}),
): AnswerCall {
  return ({ url }, response) => {
    const sent = `${url.pathname}${url.search}`;
    response.writeHead(status, `see ${sent}`, { 'X-Sent': sent, ...headers(sent) });
    response.end(body(sent));
  };
}

interface Misbehaviour {
  answer: AnswerCall;
  kind: 'away' | 'stop' | 'group';
  says: RegExp;
  timeoutMs?: number;
}

const raw =
  (text: (url: string) => string): AnswerCall =>
  ({ url }, response) =>
    void response.socket?.end(text(`${url.pathname}${url.search}`));
const hangsUp: AnswerCall = (_, response) => void response.socket?.destroy();
const neverEnds = (response: ServerResponse, sent: string) => {
  response.writeHead(200, { 'Content-Length': 1_000 });
  response.write(sent);
};

const MISBEHAVIOURS: Record<string, Misbehaviour> = {
  'closes the connection': { answer: hangsUp, kind: 'away', says: /is away, ECONNRESET: try again later/ },
  'never answers': { answer: () => undefined, kind: 'away', says: /no answer within 200 ms/, timeoutMs: 200 },
  'never ends its answer': {
    answer: ({ url }, response) => neverEnds(response, url.href),
    kind: 'away',
    says: /is away, no answer within 200 ms/,
    timeoutMs: 200,
  },
  'sends half an answer': {
    answer: ({ url }, response) => {
      neverEnds(response, url.href);
      setImmediate(() => response.socket?.destroy());
    },
    kind: 'away',
    says: /is away, the answer ended before it was complete/,
  },
  'sends half an answer without a length': {
    answer: raw((url) => `HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"ErrorCode":0,"url":"${url}`),
    kind: 'away',
    says: /is away, it answered 200 OK without an ErrorCode/,
  },
  'speaks another protocol': { answer: raw((url) => `POST ${url}\r\n\r\n`), kind: 'away', says: /HPE_/ },
  'switches protocols': {
    answer: raw((url) => `HTTP/1.1 101 ${url}\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n`),
    kind: 'away',
    says: /is away/,
  },
  'answers 502 with a page': {
    answer: quoting(502, (url) => `<h1>${url}</h1>`),
    kind: 'away',
    says: /is away, it answered 502 Bad Gateway/,
  },
  'answers 500 with JSON': { answer: quoting(500, () => '{}'), kind: 'away', says: /answered 500 Internal Server/ },
  'answers 408': { answer: quoting(408, String), kind: 'away', says: /answered 408 Request Timeout/ },
  'answers 429': {
    answer: quoting(429, String),
    kind: 'away',
    says: /answered 429 Too Many Requests, too many calls: try again later/,
  },
  'answers 200 with a page': { answer: quoting(200, String), kind: 'away', says: /200 OK without an ErrorCode/ },
  'answers 200 with other JSON': {
    answer: quoting(200, (url) => JSON.stringify({ ErrorCode: url })),
    kind: 'away',
    says: /200 OK without an ErrorCode/,
  },
  'answers 200 with JSON that is nested too deep': {
    answer: quoting(200, () => '['.repeat(100_000)),
    kind: 'away',
    says: /200 OK without an ErrorCode/,
  },
  'answers more than is read': {
    answer: quoting(200, (url) => url.repeat(30_000)),
    kind: 'away',
    says: /is away, the answer is longer than 4194304 bytes/,
  },
  'answers 404': { answer: quoting(404, String), kind: 'stop', says: /404 Not Found.*REST_DOMAIN must be/ },
  redirects: {
    answer: quoting(302, String, (url) => ({ Location: `https://example.com${url}` })),
    kind: 'stop',
    says: /302 Found.*REST_DOMAIN must be/,
  },
  'answers without a Date': {
    answer: (_, response) => {
      response.sendDate = false;
      return ok();
    },
    kind: 'stop',
    says: /has no Date header/,
  },
  'answers with a Date that is none': {
    answer: (_, response) => {
      response.setHeader('Date', 'today');
      return fail(10010);
    },
    kind: 'stop',
    says: /has no Date header/,
  },
  'quotes the URL in ErrorInfo': {
    answer: ({ url }) => fail(60004, `bad ${url.href}`),
    kind: 'stop',
    says: /answered 60004.*REST_KEY/,
  },
  'quotes the URL encoded': {
    answer: ({ url }) => fail(10010, encodeURIComponent(url.href)),
    kind: 'group',
    says: /answered 10010/,
  },
  'quotes a part of the signature': {
    answer: ({ url }) => fail(10015, `${url.searchParams.get('usersig')?.slice(10, 60)}`),
    kind: 'group',
    says: /answered 10015/,
  },
};

/** Everything that can be seen of an error. */
function allOf(error: RestError): string {
  const { stack, message, cause } = error;
  const inspected = inspect(error, { showHidden: true, depth: 20, maxStringLength: null, maxArrayLength: null });
  return [stack, message, inspect(cause), inspected, JSON.stringify(error), String(error)].join('\n');
}

test.each(Object.entries(MISBEHAVIOURS))(
  'if the vendor %s, the error says so, without the signature',
  async (_, given) => {
    const { url, calls } = await restVendor(given.answer);
    const { client, lines } = restClient(url, { timeoutMs: given.timeoutMs ?? 20_000 });
    const error = await failureOf(client.call(...ASK));
    expect(error.message).toMatch(given.says);
    expect(error.kind).toBe(given.kind);
    expect(error.cause).toBeUndefined();
    expect(calls.length).toBeGreaterThanOrEqual(given.kind === 'away' ? 10 : 1);
    const seen = allOf(error) + inspect(lines, { depth: 20, maxStringLength: null, showHidden: true });
    for (const asked of calls) {
      const { text, sig } = userSigIn(asked);
      for (let start = 0; start + 24 <= text.length; start += 1)
        expect(seen).not.toContain(text.slice(start, start + 24));
      expect(seen).not.toContain(sig);
    }
    expect(seen).not.toContain('usersig=');
    expect(seen).not.toContain(ACCOUNT.key);
  },
);

test('a closed port and an unknown name count as unreachable', async () => {
  const { url } = await answering(ok());
  for (const [origin, code] of [
    [new URL('http://127.0.0.1:1'), 'ECONNREFUSED'],
    [new URL('http://vendor.invalid'), 'E'],
  ] as const) {
    const { client, lines } = restClient([origin, url]);
    await client.call(...ASK);
    expect(lines.find(({ level }) => level === 'warn')).toMatchObject({
      fields: { from: origin.host, to: url.host },
      message: expect.stringContaining(`another domain: ${code}`),
    });
    const { kind, message } = await failureOf(restClient(origin).client.call(...ASK));
    expect(kind).toBe('away');
    expect(message).toContain(`${origin.host} is away, ${code}`);
  }
});

test('an invalid certificate is fatal', async () => {
  const { cert, key } = await createAuthority('127.0.0.1');
  const url = await serve(createHttpsServer({ cert, key }, () => {}));
  const origin = new URL(url.replace('http:', 'https:'));
  const { kind, message } = await failureOf(restClient(origin).client.call(...ASK));
  expect(kind).toBe('stop');
  expect(message).toMatch(/cannot be called: the certificate does not verify, .*: name its authority in NODE_EXTRA_CA/);
});

test('while the domain is unreachable the stand-by is called, and the domain again when the stand-by is unreachable', async () => {
  let away = 'first';
  const first = await restVendor((_, response) => (away === 'first' ? void response.writeHead(503).end() : ok()));
  const second = await restVendor((_, response) => (away === 'second' ? void response.socket?.destroy() : ok()));
  const { client, lines } = restClient([first.url, second.url]);
  await Promise.all(Array.from({ length: 5 }, () => client.call(...ASK)));
  expect(second.calls).toHaveLength(5);
  await client.call(...ASK);
  expect([first.calls.length, second.calls.length]).toEqual([5, 6]);
  away = 'second';
  await client.call(...ASK);
  expect(first.calls).toHaveLength(6);
  const hosts = lines.filter(({ level }) => level === 'warn').map(({ fields }) => (fields as { to: string }).to);
  expect(hosts).toEqual([second.url.host, first.url.host]);
});

test('an error of the vendor does not switch the domain', async () => {
  const first = await answering(fail(10002), ok());
  const second = await answering(ok());
  await restClient([first.url, second.url]).client.call(...ASK);
  expect([first.calls.length, second.calls.length]).toEqual([2, 0]);
});

test('a kept-alive connection closed by the vendor costs no attempt', async () => {
  const used = new Set<number | undefined>();
  const { url } = await restVendor(({ request }, response) => {
    const { remotePort } = request.socket;
    if (used.has(remotePort)) return void response.socket?.destroy();
    used.add(remotePort);
    return ok();
  });
  const { client, clock, lines } = restClient(url);
  const began = clock.time;
  for (let index = 0; index < 3; index += 1) await client.call(...ASK);
  expect(clock.time).toBe(began);
  expect(lines).toEqual([]);
});

test.each([
  ['ahead', 3_600_000],
  ['behind', -3_600_000],
])("the time of an answer is never after its request, with the vendor's clock %s", async (_, skew) => {
  const received: number[] = [];
  const { url } = await restVendor(async (_, response) => {
    received.push(Date.now() + skew);
    await systemClock.sleep(received.length % 2 ? 0 : 120);
    response.setHeader('Date', new Date(Date.now() + skew).toUTCString());
    return ok();
  });
  const { client } = restClient(url, { clock: systemClock });
  for (let index = 0; index < 12; index += 1) {
    const sent = Date.now() + skew;
    const { sentAt } = await client.call(...ASK);
    const tookMs = Date.now() + skew - sent;
    expect(sentAt.getTime()).toBeLessThanOrEqual(received[index] as number);
    expect(sentAt.getTime()).toBeGreaterThan(sent - 1_000 - tookMs - 2);
    await systemClock.sleep(70);
  }
});

test('at most 32 calls are in flight', async () => {
  let running = 0;
  let most = 0;
  const { url } = await restVendor(async () => {
    running += 1;
    most = Math.max(most, running);
    while (most < 32) await systemClock.sleep(1);
    // Time for one call too many to arrive.
    await systemClock.sleep(20);
    running -= 1;
    return ok();
  });
  const { client } = restClient(url);
  await Promise.all(Array.from({ length: 100 }, () => client.call(...ASK)));
  expect(most).toBe(32);
});

test('endpoints have their limits, and a lower one if configured', async () => {
  const { url } = await answering(ok());
  const secondsFor = async (rate: number | undefined, endpoint: 'get_appid_group_list' | 'get_group_info') => {
    const { client, clock } = restClient(url, { rate });
    const began = clock.time;
    for (let index = 0; index < 21; index += 1) await client.call(endpoint, {});
    return (clock.time - began) / 1_000;
  };
  expect(await secondsFor(undefined, 'get_appid_group_list')).toBeCloseTo(20 / 0.95, 0);
  expect(await secondsFor(5, 'get_appid_group_list')).toBeCloseTo(20 / 0.95, 0);
  expect(await secondsFor(undefined, 'get_group_info')).toBeLessThan(0.2);
  expect(await secondsFor(5, 'get_group_info')).toBeCloseTo(4 / 0.95, 0);
  expect(await secondsFor(0.5, 'get_appid_group_list')).toBeCloseTo(40 / 0.95, 0);
});

test('a call ends at once with the reason of its signal, wherever it waits', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error) => void warnings.push(warning);
  process.on('warning', warn);
  const silent = await restVendor(() => undefined);
  const failing = await answering(fail(10002));
  const limited = await answering(fail(60011));
  for (const { url, calls } of [silent, failing, limited]) {
    const controller = new AbortController();
    const { client } = restClient(url, { clock: systemClock, timeoutMs: 60_000 });
    // More than can be in flight at once: some wait for the rate limit, some for a slot.
    const others = new AbortController();
    const works = Array.from({ length: 50 }, () => client.call(ASK[0], ASK[1], { signal: others.signal }));
    for (const work of works) work.catch(() => {});
    const aborted = Array.from({ length: 50 }, () => client.call(ASK[0], ASK[1], { signal: controller.signal }));
    while (calls.length === 0) await systemClock.sleep(5);
    const reason = new Error('enough');
    controller.abort(reason);
    const settled = await Promise.allSettled(aborted);
    expect(settled.every((result) => result.status === 'rejected' && result.reason === reason)).toBe(true);
    await expect(client.call(ASK[0], ASK[1], { signal: controller.signal })).rejects.toBe(reason);
    others.abort();
  }
  process.off('warning', warn);
  expect(warnings.filter(({ name }) => name.startsWith('MaxListeners'))).toEqual([]);
});

test.each([
  ['console.tim.qq.com', ['https://console.tim.qq.com', 'https://adminapi.my-imcloud.com']],
  ['adminapisgp.im.qcloud.com', ['https://adminapisgp.im.qcloud.com', 'https://adminapisgp.my-imcloud.com']],
  ['https://adminapikr.im.qcloud.com/', ['https://adminapikr.im.qcloud.com', 'https://adminapikr.my-imcloud.com']],
  ['adminapiind.my-imcloud.com', ['https://adminapiind.my-imcloud.com']],
  ['vendor.example', ['https://vendor.example']],
  ['https://vendor.example:8443', ['https://vendor.example:8443']],
  ['http://127.0.0.1:4000', ['http://127.0.0.1:4000']],
  ['http://localhost:4000', ['http://localhost:4000']],
  ['http://[::1]:4000', ['http://[::1]:4000']],
])('REST_DOMAIN %s resolves to %j', (text, origins) => {
  const problems: string[] = [];
  expect(restOriginsOf(text, (expected) => problems.push(expected)).map(({ origin }) => origin)).toEqual(origins);
  expect(problems).toEqual([]);
});

test.each([
  'http://vendor.example',
  'https://a/b',
  'https://a?b',
  'https://u:p@a',
  'ftp://a',
  'a b',
  '',
  'http://127.0.0.1.example',
])('REST_DOMAIN %j is refused', (text) => {
  const problems: string[] = [];
  expect(restOriginsOf(text, (expected) => problems.push(expected))).toEqual([]);
  expect(problems).toHaveLength(1);
});

test('a call without an answer over a kept-alive connection fails once, and is not repeated silently', async () => {
  const { url, calls } = await restVendor(() => (calls.length === 1 ? ok({ GroupIdList: [] }) : undefined));
  const { client } = restClient(url, { clock: systemClock, timeoutMs: 200, mostAttempts: 1 });
  await client.call('get_role_in_group', {});
  await expect(client.call('get_role_in_group', {})).rejects.toMatchObject({ kind: 'away' });
  // The time in which another call would have been sent, and failed without a caller.
  await systemClock.sleep(500);
  expect(calls).toHaveLength(2);
});
