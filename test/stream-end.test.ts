import { expect, test } from '@jest/globals';
import { NatsStream } from '../src/delivery/stream.ts';
import { until } from './support/deliveries.ts';
import { placeOf } from './support/memory-log.ts';
import { describeWithNats, STREAM, settingsOf } from './support/nats.ts';
import { APP, append, delivery, numbers, publishing, silent } from './support/publishing.ts';
import { teardown } from './support/start.ts';

describeWithNats('a stream', () => {
  test('continues after its last message, however little was saved', async () => {
    const { log, access, publisher, published, untilPublished } = await publishing();
    await access.forgetful(APP);
    append(log, 20);
    const first = await publisher();
    await until(() => log.consumer('stream').token > 0);
    await untilPublished(20);
    first.store.kill();
    await first.deliveries.close();
    Object.assign(log.consumer('stream'), { place: placeOf(3), floor: placeOf(3) });
    append(log, 5);
    await access.untilForgotten();
    log.expireLeases();
    await publisher();
    await untilPublished(25);
    expect(await published()).toEqual(numbers(1, 25));
  });

  test('that is purged, or deleted, is not filled again', async () => {
    const { log, access, publisher, published, untilPublished, state } = await publishing();
    append(log, 5);
    const first = await publisher();
    await until(() => state().place === placeOf(5));
    await access.streams.purge(STREAM);
    append(log, 1);
    await untilPublished(1);
    expect(await published()).toEqual(['6']);
    await access.streams.purge(STREAM);
    await until(() => state().place === placeOf(6));
    await first.deliveries.close();
    append(log, 1);
    const second = await publisher();
    await untilPublished(1);
    expect(await published()).toEqual(['7']);
    await until(() => state().place === placeOf(7));
    await access.streams.delete(STREAM);
    append(log, 2);
    await untilPublished(2);
    expect(await published()).toEqual(numbers(8, 9));
    await second.deliveries.close();
  });

  test("continues from the store's cursor if the store does not know the place of the last message", async () => {
    const { log, publisher, published, untilPublished, state } = await publishing();
    append(log, 5);
    const first = await publisher();
    await until(() => state().place === placeOf(5));
    await first.deliveries.close();
    // As after a restore into another cluster, where places are reassigned.
    for (const [index, callback] of log.callbacks.entries()) callback.place = `0-${index + 101}`;
    Object.assign(log.consumer('stream'), { place: '0-104', floor: '0-104' });
    await publisher();
    await untilPublished(5);
    await until(() => state().place === '0-105');
    expect(await published()).toEqual(numbers(1, 5));
  });

  test("continues from the store's cursor if the last message's place belongs to another callback, as after a restore", async () => {
    const { log, access, publisher, published, untilPublished, state } = await publishing();
    await access.forgetful(APP);
    append(log, 5);
    const first = await publisher();
    await until(() => state().place === placeOf(5));
    await first.deliveries.close();
    const later = new Date(Date.now() + 60_000);
    for (const callback of log.callbacks.slice(3)) callback.receivedAt = later;
    Object.assign(state(), { place: placeOf(3), floor: placeOf(3) });
    await access.untilForgotten();
    await publisher();
    await untilPublished(7);
    expect(await published()).toEqual([...numbers(1, 5), ...numbers(4, 5)]);
    expect((await access.events()).at(-1)).toMatchObject({ receivedtime: later.toISOString() });
  });

  test('refuses messages of a publisher that does not know about another one', async () => {
    const { log, server, publisher, published, untilPublished, state } = await publishing();
    append(log, 3);
    const first = await publisher();
    await until(() => state().place === placeOf(3));
    // It keeps its connection and its knowledge of the stream, like a process that was suspended.
    const frozen = new NatsStream(settingsOf({ NATS_URL: server.url }), { sdkAppId: APP, log: silent });
    teardown(() => frozen.close());
    await frozen.open('0a1b2c3d', () => {});
    append(log, 3);
    await untilPublished(6);
    const stale = frozen.prepare({ delivery: delivery('4'), place: placeOf(4), rewind: 0, pass: 'other' });
    await expect(frozen.publish(stale)).rejects.toThrow(/somebody else has published to the stream TENCENT_CHAT/);
    const known = frozen.prepare({ delivery: delivery('4'), place: placeOf(4), rewind: 0, pass: '' });
    expect(await frozen.publish(known)).toBe('duplicate');
    // In turn, the receiver notices that another publisher has written, and continues after it.
    await frozen.open('0a1b2c3d', () => {});
    const other = frozen.prepare({ delivery: delivery('6'), place: placeOf(6), rewind: 0, pass: 'other' });
    expect(await frozen.publish(other)).toBe('published');
    append(log, 3);
    await untilPublished(10);
    expect(await published()).toEqual([...numbers(1, 6), '6', ...numbers(7, 9)]);
    expect(first.logged.filter((line) => line.includes('cannot go on'))).toEqual([]);
  });

  test('counts a message that it already has as published', async () => {
    const { log, access, server, publisher, published, untilPublished, state } = await publishing();
    append(log, 3);
    const other = new NatsStream(settingsOf({ NATS_URL: server.url }), { sdkAppId: APP, log: silent });
    teardown(() => other.close());
    await other.open('0a1b2c3d', () => {});
    await other.publish(other.prepare({ delivery: delivery('2'), place: '9-9', rewind: 0, pass: '' }));
    await publisher();
    await untilPublished(3);
    await until(() => state().place === placeOf(3));
    expect(await published()).toEqual(['2', '1', '3']);
    expect((await access.info()).state.last_seq).toBe(3);
  });
});
