import { expect, test } from '@jest/globals';
import { until } from './support/deliveries.ts';
import { createMemoryLog, deliveriesOf } from './support/memory-log.ts';
import { describeWithNats } from './support/nats.ts';
import { publishing } from './support/publishing.ts';
import { ALL_MEMBERS, OFFLINE, pushOf, sendPushes } from './support/pushes.ts';
import { start } from './support/start.ts';
import { accept, deliverToWebhook, freshSecret, webhookEndpoint } from './support/webhook.ts';

test('a webhook gets each item as an event of its own command, its text verbatim', async () => {
  const { received, url } = await webhookEndpoint();
  const running = await start();
  const secret = freshSecret();
  deliverToWebhook(running.store, url, { secret });
  const items = [
    '{ "CallbackCommand":"Push.OfflinePush", "To_Account":"otto", "EventTime":1767254401, "MsgSeq":9007199254740993 }',
    `{"CallbackCommand":"${ALL_MEMBERS}","To_Account":"pia","EventTime":"1767254402","DataId":"]},\\"{["}`,
    '{"CallbackCommand":"Push.SomethingNew"}',
  ];
  const id = await sendPushes(running, `{"Events" : [ ${items.join(' , ')} ]}`);
  await until(() => received.length === 3);
  const sorted = received.toSorted((one, other) => (one.event.id < other.event.id ? -1 : 1));
  expect(sorted.map(({ event, headers }) => [event.id.slice(9), headers['webhook-id'] === event.id])).toEqual([
    [`${id}-0`, true],
    [`${id}-1`, true],
    [`${id}-2`, true],
  ]);
  expect(sorted.map(({ event }) => [event.type, event.subject, event.time])).toEqual([
    [OFFLINE, 'otto', '2026-01-01T08:00:01.000Z'],
    [ALL_MEMBERS, 'pia', '2026-01-01T08:00:02.000Z'],
    ['Push.SomethingNew', undefined, expect.any(String)],
  ]);
  for (const [index, one] of sorted.entries()) {
    expect(one.body.endsWith(`"data":${items[index]}}`)).toBe(true);
    expect(accept(one, secret).id).toBe(one.event.id);
  }
});

test('a webhook for one command gets its items from any batch, and no others', async () => {
  const { received, url } = await webhookEndpoint();
  const log = createMemoryLog();
  deliverToWebhook(log.connect(), url, { commands: [ALL_MEMBERS] });
  const task = { CallbackCommand: ALL_MEMBERS, To_Account: 'otto' };
  log.append(OFFLINE, { Events: [pushOf('otto'), task, { CallbackCommand: 'Push.SomethingNew' }] });
  log.append(ALL_MEMBERS, { Events: [task] });
  log.append(OFFLINE, { Events: [pushOf('otto')] });
  await until(() => log.consumers.has('webhook') && log.consumer('webhook').place === '0-3');
  expect(received.map(({ event }) => event.id.slice(9))).toEqual(['1-1', '2-0']);
});

test('a stored batch without a list is dead at once, as one callback', async () => {
  const { url } = await webhookEndpoint();
  const log = createMemoryLog();
  deliverToWebhook(log.connect(), url);
  log.append(OFFLINE, { Events: 'none' });
  await until(() => log.consumers.has('webhook') && deliveriesOf(log, 'webhook', 'dead').length === 1);
  expect(deliveriesOf(log, 'webhook', 'dead')).toMatchObject([
    { callbackId: '1', place: '0-1', error: expect.stringContaining('the stored body has no list Events') },
  ]);
});

const batch = (size: number) => ({ Events: Array.from({ length: size }, (_, index) => pushOf(`user${index % 7}`)) });
const idsOf = (callback: number, size: number) => Array.from({ length: size }, (_, index) => `${callback}-${index}`);

describeWithNats('a stream', () => {
  test('has each item once and in order, although server and publishers are killed', async () => {
    const { log, access, server, publisher, published, untilPublished } = await publishing();
    await access.forgetful(1_400_000_000);
    for (let callback = 1; callback <= 20; callback += 1) log.append(OFFLINE, batch(100));
    const want = Array.from({ length: 20 }, (_, index) => idsOf(index + 1, 100)).flat();
    // It saves nothing: another process has to read the end of the stream, which is an item within a batch.
    const first = await publisher({}, ({ place }) => place === '0-0');
    await untilPublished(130);
    first.store.kill();
    await first.deliveries.close();
    log.expireLeases();
    await access.untilForgotten();
    await publisher();
    await untilPublished(700);
    await server.kill();
    await server.start();
    await untilPublished(want.length);
    expect(await published()).toEqual(want);
    await until(() => log.consumer('stream').place === '0-20');
    const messages = await access.messages();
    expect(messages.slice(98, 101).map(({ header }) => header.get('Tencent-Chat-Place'))).toEqual([
      ...['0-1.98', '0-1', '0-2.0'],
    ]);
  });

  test('gets a batch again on request: each item once and in order, although server and publisher are killed', async () => {
    const { log, access, server, publisher, published, untilPublished } = await publishing();
    await access.forgetful(1_400_000_000);
    log.append(OFFLINE, batch(500));
    const first = await publisher();
    await untilPublished(500);
    log.ask('stream', { kind: 'send', callbackId: '1' });
    await untilPublished(510);
    await server.kill();
    first.store.kill();
    await first.deliveries.close();
    log.expireLeases();
    await server.start();
    await untilPublished(510);
    expect(await access.count()).toBeLessThan(1_000);
    await access.untilForgotten();
    await publisher();
    await untilPublished(1_000);
    await until(() => log.consumer('stream').requests.length === 0);
    expect((await published()).slice(500)).toEqual(idsOf(1, 500).map((id) => `${id} late`));
  });
});
