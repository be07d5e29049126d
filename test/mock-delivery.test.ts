import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import deliveryDocument from '../generated/delivery.json' with { type: 'json' };
import { EVENT_TYPE } from '../src/delivery/event.ts';
import { eventExamples, eventText } from './support/events.ts';
import { runMock, startMock } from './support/mock.ts';
import { temporaryFolder } from './support/start.ts';
import { CREATED, commandOf, examples } from './support/vendor.ts';

const webhook = new Webhook(`whsec_${Buffer.alloc(24, 1).toString('base64')}`);
const created = eventExamples[CREATED] ?? {};

/** Delivers like a webhook; `change` replaces headers. */
async function deliver(url: string, body: string, change: Record<string, string> = {}) {
  const id = '80c9839a-1043';
  const at = new Date();
  const headers = {
    'content-type': EVENT_TYPE,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': webhook.sign(id, at, body),
    ...change,
  };
  const response = await fetch(url, { method: 'POST', headers, body });
  return { status: response.status, text: (await response.text()).trim(), headers: response.headers };
}

test('accepts the event of every callback, and of an unknown command', async () => {
  const { url, linesOnceThereAre } = await startMock('--delivery');
  const bodies = Object.entries(examples).map(([name, body]) => [name, commandOf(name), JSON.stringify(body)]);
  bodies.push(['unknown', 'Other.CallbackAfterTea', '{"Cups":12345678901234567890}']);
  const refused: string[] = [];
  for (const [name = '', command = '', body = ''] of bodies) {
    const { status, text } = await deliver(url, eventText(command, body));
    if (status !== 200) refused.push(`${name}: ${status} ${text}`);
  }
  expect(refused).toEqual([]);
  const [first = ''] = await linesOnceThereAre(bodies.length);
  expect(first).toMatch(/^\S+Z {2}200 {2}POST \/ {2}Group\.\w+$/);
}, 120_000);

test.each<[string, { event?: object; headers?: Record<string, string>; want: [number, string] }]>([
  [
    'an event without a field of its command',
    { event: { data: { ...examples[CREATED], GroupId: undefined } }, want: [422, 'body.data.GroupId is required'] },
  ],
  ['an event without an id', { event: { id: undefined }, want: [422, 'body.id is required'] }],
  [
    'a subject of another kind',
    { event: { subjectkind: 'account' }, want: [422, 'body.subjectkind ("account") must be equal to constant'] },
  ],
  [
    'an invalid header',
    {
      headers: { 'webhook-timestamp': 'now' },
      want: [422, 'header.webhook-timestamp ("now") must consist of digits'],
    },
  ],
  [
    'another media type',
    {
      headers: { 'content-type': 'text/plain' },
      want: [415, 'header.Content-Type ("text/plain") must be application/cloudevents+json'],
    },
  ],
])('refuses %s, with the reason', async (_title, { event = {}, headers = {}, want }) => {
  const { url, linesOnceThereAre } = await startMock('--delivery');
  const { status, text } = await deliver(url, JSON.stringify({ ...created, ...event }), headers);
  expect([status, text]).toEqual(want);
  expect(await linesOnceThereAre(1)).toEqual([expect.stringContaining(`  ${status}  POST /  ${CREATED}  ${text}`)]);
});

test('refuses a request without the headers of Standard Webhooks, and a body that is not an event', async () => {
  const { url } = await startMock('--delivery');
  const bare = await fetch(url, { method: 'POST', headers: { 'content-type': EVENT_TYPE }, body: '[]' });
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  expect([bare.status, (await bare.text()).trim().split('; ')]).toEqual([
    422,
    [...names.map((name) => `header.${name} is required`), 'body (a list) must be an object'],
  ]);
  expect(await deliver(url, '{')).toMatchObject({ status: 422, text: 'body is not JSON in UTF-8' });
  expect((await fetch(url)).status).toBe(405);
  expect(await deliver(`${url}elsewhere`, '{}')).toMatchObject({ status: 404 });
});

test('answers according to Prefer', async () => {
  const { url } = await startMock('--delivery');
  for (const status of [204, 410, 429, 503, 500]) {
    const { headers, ...answer } = await deliver(url, JSON.stringify(created), { Prefer: `code=${status}` });
    expect(answer).toEqual({ status, text: '' });
    expect(headers.get('retry-after')).toBe([429, 503].includes(status) ? '120' : null);
  }
});

test('a contract that Prism cannot compile, and so would not check, fails the start', async () => {
  const contract = join(temporaryFolder(), 'delivery.json');
  const dialect = { jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base' };
  writeFileSync(contract, JSON.stringify({ ...deliveryDocument, ...dialect }));
  const { code, output } = await runMock('--delivery', '--contract', contract, '--port', '0');
  expect([code, output]).toEqual([1, expect.stringContaining('Prism does not check events')]);
});

test.each([
  [['--signed'], '--signed: is not for the mock of --delivery'],
  [['--proxy', 'http://127.0.0.1:9'], '--proxy: is not for the mock of --delivery'],
  [['--contract', 'generated/callback.json'], '--contract: "generated/callback.json" is not a bundled contract'],
])('%s is wrong usage beside --delivery', async (args, message) => {
  const { code, output } = await runMock('--delivery', ...args);
  expect([code, output]).toEqual([2, expect.stringContaining(message)]);
});
