import { createServer } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { expect, test } from '@jest/globals';
import type { Command } from '../generated/commands.ts';
import { createReceiver, type DeliverToOptions, RegistrationError } from '../src/index.ts';
import { createAuthority, createPair } from './support/certificates.ts';
import { until } from './support/deliveries.ts';
import { receiver, send } from './support/library.ts';
import { serve, start, teardown, temporaryFolder } from './support/start.ts';
import { APP, CREATED, commandOf, examples, pathOf, payload, post } from './support/vendor.ts';
import { accept, endpointOf, freshSecret, type Received, webhookEndpoint } from './support/webhook.ts';

const UNKNOWN = 'Group.CallbackOnMemberStateChange';
const NEIGHBOUR = 'Live.CallbackAfterCreateRoom';
const BEFORE = 'Group.CallbackBeforeSendMsg';
const secret = freshSecret();

/** A receiver that delivers to an endpoint, and receives callbacks. */
async function delivering(options: Parameters<typeof receiver>[0] = {}) {
  const endpoint = await webhookEndpoint();
  const opened = await receiver({ deliveryUrl: endpoint.url, deliverySecret: secret, ...options });
  const url = await serve(opened.handler);
  const sendOf = (command: string, body: unknown) =>
    send(url + pathOf({ CallbackCommand: command }), post(body)).then(([status]) => expect(status).toBe(200));
  const gets = (count: number) => until(() => endpoint.received.length >= count);
  return { endpoint, opened, send: sendOf, gets };
}

const idsOf = (received: readonly Received[]) => received.map(({ event }) => event.id);

test('every example of the contract is accepted by standardwebhooks and the CloudEvents SDK', async () => {
  const commands = [...new Set(Object.keys(examples).map((name) => commandOf(name) as Command))];
  const { endpoint, send, gets } = await delivering({ deliveryCommands: commands });
  for (const [name, example] of Object.entries(examples)) await send(commandOf(name), example);
  const isKnown = (item: object) => commands.includes((item as { CallbackCommand: Command }).CallbackCommand);
  const data = Object.values(examples).flatMap(({ Events, ...body }) =>
    Array.isArray(Events) ? Events.filter(isKnown) : [body],
  );
  await gets(data.length);
  for (const received of endpoint.received) {
    const event = accept(received, secret);
    expect(event).toMatchObject({ source: `/tencent-chat/${APP}`, datacontenttype: 'application/json', attempt: 1 });
    expect(data).toContainEqual(event.data);
    expect(received.headers).toMatchObject({
      'webhook-id': event.id,
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': expect.stringMatching(/^tencent-chat-callbacks\/\d+\.\d+\.\d+$/),
    });
  }
  expect(new Set(idsOf(endpoint.received)).size).toBe(data.length);
});

test('the body arrives as it was received, with numbers beyond 2^53 and names in any script', async () => {
  const { endpoint, send, gets } = await delivering();
  const body = JSON.stringify(payload({ Name: '群组 🎉' })).replace(/}$/, ', "Big" : 12345678901234567890.10}');
  await send(CREATED, body);
  await gets(1);
  const [received] = endpoint.received as [Received];
  accept(received, secret);
  expect(received.body.endsWith(`,"data":${body}}`)).toBe(true);
});

test('KEEP_MESSAGES=false sends no content of a message', async () => {
  const { endpoint, send, gets } = await delivering({ keepMessages: false });
  await send('Group.CallbackAfterSendMsg', examples['Group.CallbackAfterSendMsg']);
  await gets(1);
  const { data } = accept(endpoint.received[0] as Received, secret);
  expect(data).toHaveProperty('GroupId');
  expect(data).not.toHaveProperty('MsgBody');
});

test.each<[string, DeliverToOptions['commands'], string[]]>([
  ['nothing: all but before-callbacks', undefined, [CREATED, UNKNOWN, NEIGHBOUR]],
  ['one command', [CREATED], [CREATED]],
  ['a family: without its before-callbacks, with those not yet described', ['Group.*'], [CREATED, UNKNOWN]],
  ['a family that the contract does not describe', ['Live.*'], [NEIGHBOUR]],
  ['a before-callback in addition to all others', ['*', BEFORE], [CREATED, BEFORE, UNKNOWN, NEIGHBOUR]],
])('of the commands, %s', async (_title, deliveryCommands, expected) => {
  const { endpoint, send, gets } = await delivering({ deliveryCommands });
  await send(CREATED, payload());
  await send(BEFORE, examples[BEFORE]);
  await send(UNKNOWN, { CallbackCommand: UNKNOWN, GroupId: '@TGS#1' });
  await send(NEIGHBOUR, { CallbackCommand: NEIGHBOUR, From_Account: 'a' });
  await send(CREATED, payload());
  const isLast = ({ event }: Received) => event.type === CREATED;
  await gets(expected.length);
  if (expected.includes(CREATED)) await until(() => endpoint.received.filter(isLast).length === 2);
  expect([...new Set(endpoint.received.map(({ event }) => event.type))].sort()).toEqual([...expected].sort());
  for (const received of endpoint.received) accept(received, secret);
  const before = endpoint.received.find(({ event }) => event.type === BEFORE);
  if (before) expect(before.event.decision).toBe('allow');
});

test('while secrets rotate, an endpoint with either of them accepts', async () => {
  const old = freshSecret();
  const { endpoint, send, gets } = await delivering({ deliverySecret: [secret, old] });
  await send(CREATED, payload());
  await gets(1);
  for (const one of [secret, old]) accept(endpoint.received[0] as Received, one);
  expect(() => accept(endpoint.received[0] as Received, freshSecret())).toThrow('No matching signature found');
});

test('user and password of the URL become Basic auth, and no secret is in the log', async () => {
  const endpoint = await webhookEndpoint((response) => response.writeHead(500).end('hunter2'));
  const url = endpoint.url.replace('//', '//me:p%40ss@');
  const env = {
    SDK_APP_ID: APP,
    LOG_LEVEL: 'trace',
    DELIVERY_URL: `${url}/hook?key=hunter2`,
    DELIVERY_SECRET: secret,
  };
  const { send, logged, read } = await start({ env });
  await send(pathOf(), post(payload()));
  await until(async () => (await read('/api/deliveries')).json.deliveries.length === 1);
  const [received] = endpoint.received as [Received];
  expect(received.path).toBe('/hook?key=hunter2');
  expect(received.headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  const shown = [...logged, (await read('/api/deliveries')).text, (await read('/api/consumers')).text].join('');
  expect(shown).toContain('the endpoint answered 500 Internal Server Error');
  expect(shown).toContain(`${endpoint.url}/hook`);
  for (const hidden of ['hunter2', 'p@ss', 'p%40ss', secret.slice(6)]) expect(shown).not.toContain(hidden);
  expect((await read('/api/consumers')).json.consumers).toMatchObject([
    { name: 'webhook', kind: 'webhook', parked: 1 },
  ]);
});

test('deliveries of one group arrive in order, over kept-alive connections', async () => {
  const { endpoint, send, gets } = await delivering();
  const connections = new Set<number | undefined>();
  endpoint.answer = (response) => {
    connections.add(response.socket?.remotePort);
    response.writeHead(204).end();
  };
  for (let index = 0; index < 30; index += 1) await send(CREATED, payload({ GroupId: 'g', Name: `${index}` }));
  await gets(30);
  expect(endpoint.received.map(({ event }) => event.data.Name)).toEqual(Array.from({ length: 30 }, (_, i) => `${i}`));
  expect(connections.size).toBe(1);
});

test('several endpoints, each with its own consumer, one of them from the beginning', async () => {
  const { opened, send, gets, endpoint } = await delivering({ deliveryCommands: ['Group.*'] });
  await send(CREATED, payload());
  await gets(1);
  const other = await webhookEndpoint();
  opened.deliverTo(new URL(other.url), { secret, consumer: 'crm', from: 'beginning' });
  await until(() => other.received.length === 1);
  await send(CREATED, payload());
  await until(() => other.received.length === 2);
  await gets(2);
  expect(idsOf(other.received)).toEqual(idsOf(endpoint.received));
});

test('an endpoint behind TLS, whose certificate must be valid', async () => {
  const authority = await createAuthority('webhooks');
  const endpoint = endpointOf();
  const server = createServer(await createPair('endpoint', authority), endpoint.listener);
  const origin = (await serve(server as never)).replace('http:', 'https:');
  const { send, opened } = await delivering();
  opened.deliverTo(origin, { secret, consumer: 'tls' });
  await send(CREATED, payload());
  const failure = () => opened.lines.find(({ fields }) => fields.consumer === 'tls' && 'error' in fields);
  await until(failure);
  expect(failure()?.fields.error).toBe(
    "the endpoint's certificate does not verify, UNABLE_TO_VERIFY_LEAF_SIGNATURE: mend it, or name its authority in NODE_EXTRA_CA_CERTS",
  );
  expect(endpoint.received).toEqual([]);
  const trusted = getCACertificates('default');
  teardown(() => setDefaultCACertificates(trusted));
  setDefaultCACertificates([...trusted, authority.cert]);
  await send(CREATED, payload());
  await until(() => endpoint.received.length === 1);
  accept(endpoint.received[0] as Received, secret);
});

test('a deliverTo that cannot be carried out is refused, with every problem', async () => {
  const { opened } = await delivering();
  opened.on(CREATED, () => {}, { consumer: 'mine' });
  opened.deliverTo('http://127.0.0.1:9/', { secret, consumer: 'crm' });
  const refused: [unknown, unknown, RegExp][] = [
    ['http://127.0.0.1:9/', { secret }, /consumer "webhook" is there already: give another name/],
    ['http://127.0.0.1:9/', { secret, consumer: 'crm' }, /consumer "crm" is there already/],
    ['http://127.0.0.1:9/', { secret, consumer: 'mine' }, /consumer "mine" is there already/],
    ['http://127.0.0.1:9/', { secret, consumer: 'stream' }, /consumer "stream" is a name of the receiver's own/],
    ['http://127.0.0.1:9/', { secret, consumer: 'handlers' }, /consumer "handlers" is a name of the receiver's own/],
    ['http://127.0.0.1:9/', { secret, consumer: 'a b' }, /consumer "a b" is not a name/],
    ['http://127.0.0.1:9/', undefined, /secret is unset: give a secret .* whsec_/],
    ['http://127.0.0.1:9/', { secret, consumer: 'x', from: 'then' }, /from is "then"/],
    ['http://127.0.0.1:9/', { secret, consumer: 'x', timeoutSeconds: 1 }, /"timeoutSeconds" is not an option/],
    [
      'ftp://me:hunter2@host/',
      { secret: 'hunter2', commands: ['Group.CallbackAfterCreatGroup'], consumer: 'a b' },
      /url is \(redacted\).*secret is \(redacted\).*did you mean Group\.CallbackAfterCreateGroup.*consumer "a b"/,
    ],
  ];
  for (const [url, options, message] of refused) {
    expect(() => opened.deliverTo(url as string, options as never)).toThrow(RegistrationError);
    expect(() => opened.deliverTo(url as string, options as never)).toThrow(message);
    expect(() => opened.deliverTo(url as string, options as never)).not.toThrow(/hunter2/);
  }
  // @ts-expect-error the contract has no such command
  const mistyped: DeliverToOptions['commands'] = ['Group.*', 'Group.CallbackAfterCreatGroup'];
  expect(() => opened.deliverTo('http://127.0.0.1:9/', { secret, commands: mistyped, consumer: 'x' })).toThrow(
    'commands is "Group.CallbackAfterCreatGroup"',
  );
  expect(() => opened.on(CREATED, () => {}, { consumer: 'crm' })).toThrow(
    'consumer "crm" is a webhook: give handlers another name',
  );
});

test('the cursor of a new consumer is stored before the first callback is answered', async () => {
  const endpoint = await webhookEndpoint();
  const databaseUrl = `sqlite:${temporaryFolder()}/callbacks.db`;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const opened = await createReceiver({ sdkAppId: Number(APP), databaseUrl, log });
  teardown(() => opened.close());
  const url = await serve(opened.handler);
  await send(url + pathOf());
  opened.deliverTo(endpoint.url, { secret });
  const [second] = await Promise.all([send(url + pathOf()), until(() => endpoint.received.length === 1)]);
  expect(second).toEqual([200, 0]);
  expect(endpoint.received[0]?.event.id).toMatch(/^[0-9a-f]{8}-2$/);
});
