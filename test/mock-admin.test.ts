import { expect, test } from '@jest/globals';
import adminDocument from '../generated/admin.json' with { type: 'json' };
import { runMock, startMock } from './support/mock.ts';
import { adminContract } from './support/start.ts';

interface Example {
  name?: string;
  in?: string;
  required?: boolean;
  example?: unknown;
}
interface Operation {
  parameters?: Example[];
  requestBody?: { content: Record<string, Example> };
}

/** Each operation, with the examples for its path, its required query parameters and its body. */
const operations = Object.entries(adminDocument.paths).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, Operation>).map(([method, { parameters = [], requestBody }]) => {
    const exampleOf = (_: string, name: string) => String(parameters.find((one) => one.name === name)?.example ?? 1);
    const demanded = parameters.filter((one) => one.in === 'query' && one.required);
    return {
      query: new URLSearchParams(demanded.map(({ name = '', example }) => [name, String(example)] as [string, string])),
      method: method.toUpperCase(),
      path: path.replace(/\{(\w+)\}/g, (...match: [string, string]) => encodeURIComponent(exampleOf(...match))),
      body: requestBody?.content['application/json']?.example,
    };
  }),
);

test('every operation of the read API is answered as the contract says, by its example', async () => {
  const { url, greeting, linesOnceThereAre } = await startMock('--admin');
  expect(greeting).toContain(`curl '${url}api/groups?limit=1'`);
  const statuses: unknown[] = [];
  for (const { method, path, query, body } of operations) {
    const sent = body !== undefined && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
    const reply = await fetch(`${url}${path.slice(1)}?${query}`, { method, ...sent });
    const { status, headers } = reply;
    adminContract.match(method, path, { status, headers, text: await reply.text() });
    statuses.push([method, path, status]);
  }
  expect(statuses.filter((one) => !/,20[024]$/.test(String(one)))).toEqual([]);
  expect((await linesOnceThereAre(operations.length))[0]).toMatch(/^\S+Z {2}200 {2}GET \/\??$/);
  const { groups } = (await (await fetch(`${url}api/groups?limit=1`)).json()) as { groups: object[] };
  expect(groups[0]).toMatchObject({ groupId: '@TGS#2J4SZEAEL' });
  expect((await fetch(`${url}api/groups`, { method: 'HEAD' })).status).toBe(200);
});

test.each([
  ['GET', 'api/callbacks?status=lost', {}, 400, /status .*accepted, unknown, rejected/],
  ['GET', 'api/groups?serach=x', {}, 200, /@TGS/],
  ['GET', 'api/nothing', {}, 404, /no path/],
  ['DELETE', 'api/groups', {}, 405, /no method/],
  ['GET', 'api/groups/x', { Prefer: 'code=404' }, 404, /./],
  ['POST', 'api/consumers/x/rewind', { 'Content-Type': 'application/json' }, 400, /./],
] as const)('%s %s %j: %d', async (method, path, headers, status, detail) => {
  const { url } = await startMock('--admin');
  const body = method === 'POST' ? '{"to":5}' : null;
  const reply = await fetch(url + path, { method, headers, body });
  const text = await reply.text();
  adminContract.match(method, `/${path}`, { status: reply.status, headers: reply.headers, text });
  expect([reply.status, text]).toEqual([status, expect.stringMatching(detail)]);
});

test.each([
  [['--admin', '--rest'], '--admin: is not for the mock of --rest'],
  [['--admin', '--strict'], '--strict: is not for the mock of --admin'],
  [['--proxy', 'http://127.0.0.1:9', '--strict'], '--strict: is not for --proxy'],
  [['--host', 'a b'], '--host: "a b", expected an address or a name'],
  [['--admin', '--contract', 'package.json'], 'it has no GET /api/groups'],
])('%j is wrong usage', async (args, message) => {
  const { code, output } = await runMock(...args);
  expect([code, output]).toEqual([2, expect.stringContaining(message)]);
});
