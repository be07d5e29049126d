import { expect, test } from '@jest/globals';
import { CREATED, until } from './support/deliveries.ts';
import { deliveriesOf, placeOf } from './support/memory-log.ts';
import { describeWithNats } from './support/nats.ts';
import { APP, append, GROUP, numbers, publishing } from './support/publishing.ts';

describeWithNats('a stream', () => {
  test('continues after a message that the server never accepts, which is dead, and can be retried', async () => {
    const { log, access, server, publisher, published, untilPublished, state } = await publishing({
      config: 'max_payload: 4KB',
    });
    append(log, 2);
    log.append(CREATED, { ...GROUP, Name: 'x'.repeat(4_000) });
    log.append(CREATED, {}, { body: Buffer.from('{') });
    append(log, 2);
    const first = await publisher();
    await untilPublished(4);
    expect(await published()).toEqual(['1', '2', '5', '6']);
    expect(deliveriesOf(log, 'stream', 'dead')).toMatchObject([
      {
        callbackId: '3',
        attempts: 1,
        error: expect.stringMatching(/^The message has \d+ bytes, and the stream TENCENT_CHAT takes 4096/),
      },
      { callbackId: '4', error: expect.stringMatching(/^the stored body /) },
    ]);
    const deliveryId = deliveriesOf(log, 'stream', 'dead')[0]?.id as string;
    log.ask('stream', { kind: 'retry', deliveryId });
    await until(
      () =>
        deliveriesOf(log, 'stream', 'dead')[0]?.attempts === 2 ||
        deliveriesOf(log, 'stream', 'dead')[1]?.attempts === 2,
    );
    await first.deliveries.close();
    await until(() => state().leasedUntil === 0);
    Object.assign(log.callbacks[2] ?? {}, { body: Buffer.from(JSON.stringify(GROUP)) });
    log.ask('stream', { kind: 'retry', deliveryId });
    await publisher();
    await until(() => deliveriesOf(log, 'stream', 'dead').length === 1);
    expect(await published()).toEqual(['1', '2', '5', '6', '3 late']);
    expect(server.log()).not.toMatch(/maximum payload/i);
    expect((await access.messages()).at(-1)?.header.get('Tencent-Chat-Place')).toBe(placeOf(6));
    await until(() => log.consumer('stream').requests.length === 0);
  });

  test('gets a callback that is sent again by hand, marked late', async () => {
    const { log, publisher, published, untilPublished } = await publishing();
    append(log, 2);
    await publisher();
    await untilPublished(2);
    log.ask('stream', { kind: 'send', callbackId: '1' });
    log.ask('stream', { kind: 'send', callbackId: '1' });
    await untilPublished(4);
    append(log, 1);
    await untilPublished(5);
    expect(await published()).toEqual(['1', '2', '1 late', '1 late', '3']);
    await until(() => log.consumer('stream').requests.length === 0);
  });

  test('has an event sent by hand once, and no later message is published first, although the process is killed', async () => {
    const { log, access, publisher, published, untilPublished } = await publishing();
    await access.forgetful(APP);
    append(log, 2);
    const first = await publisher({}, ({ requestsDone }) => requestsDone.length === 0);
    await untilPublished(2);
    log.ask('stream', { kind: 'send', callbackId: '1' });
    log.ask('stream', { kind: 'send', callbackId: '2' });
    await untilPublished(3);
    append(log, 1);
    await until(() => first.logged.some((line) => line.includes('cannot be saved')));
    first.store.kill();
    await first.deliveries.close();
    expect(await published()).toEqual(['1', '2', '1 late']);
    await access.untilForgotten();
    log.expireLeases();
    await publisher();
    await untilPublished(5);
    await until(() => log.consumer('stream').requests.length === 0);
    expect(await published()).toEqual(['1', '2', '1 late', '2 late', '3']);
  });

  test('gets everything again after a rewind, and a rewind forward skips', async () => {
    const { log, access, publisher, published, untilPublished, state } = await publishing();
    append(log, 5);
    const first = await publisher();
    await until(() => state().place === placeOf(5));
    log.ask('stream', { kind: 'rewind', to: placeOf(2) });
    await untilPublished(8);
    await until(() => log.consumer('stream').requests.length === 0);
    log.ask('stream', { kind: 'rewind', to: placeOf(3) });
    await untilPublished(10);
    expect((await access.messages()).map((message) => message.header.get('Nats-Msg-Id'))).toEqual([
      ...numbers(1, 5).map((id) => `0a1b2c3d-${id}`),
      ...numbers(3, 5).map((id) => `0a1b2c3d-${id}-rewind1`),
      ...numbers(4, 5).map((id) => `0a1b2c3d-${id}-rewind2`),
    ]);
    log.pause('stream', true);
    await until(() => log.saves.length > 2);
    await first.deliveries.close();
    append(log, 5);
    log.ask('stream', { kind: 'rewind', to: placeOf(8) });
    log.pause('stream', false);
    await publisher();
    await untilPublished(12);
    expect((await published()).slice(10)).toEqual(numbers(9, 10));
    await until(() => log.consumer('stream').requests.length === 0 && state().place === placeOf(10));
  });

  test('has a rewind once, although the process is killed before marking it as done', async () => {
    const { log, access, publisher, published, untilPublished, state } = await publishing();
    await access.forgetful(APP);
    append(log, 200);
    const first = await publisher({}, ({ requestsDone }) => requestsDone.length === 0);
    await until(() => state().place === placeOf(200));
    log.ask('stream', { kind: 'rewind', to: placeOf(50) });
    await untilPublished(350);
    first.store.kill();
    await first.deliveries.close();
    expect(log.consumer('stream')).toMatchObject({ place: placeOf(200), requests: [{ kind: 'rewind' }] });
    await access.untilForgotten();
    log.expireLeases();
    append(log, 10);
    await publisher();
    await untilPublished(360);
    await until(() => log.consumer('stream').requests.length === 0 && state().place === placeOf(210));
    expect(await published()).toEqual([...numbers(1, 200), ...numbers(51, 210)]);
  });

  (process.platform === 'win32' ? test.skip : test)(
    'has a rewind although its only message fails while the log is read on',
    async () => {
      const { log, server, publisher, published, untilPublished, state } = await publishing();
      append(log, 3);
      const { store } = await publisher();
      await until(() => state().place === placeOf(3));
      const { readLog } = store;
      const reading = Promise.withResolvers<void>();
      const answer = Promise.withResolvers<void>();
      store.readLog = async (which) => {
        if (which.after === placeOf(3)) {
          reading.resolve();
          await answer.promise;
        }
        return readLog(which);
      };
      process.kill(server.pid, 'SIGSTOP');
      log.ask('stream', { kind: 'rewind', to: placeOf(2) });
      await reading.promise;
      await server.kill();
      await until(() => state().state === 'backing off');
      answer.resolve();
      await server.start();
      await untilPublished(4);
      expect(await published()).toEqual(['1', '2', '3', '3']);
      await until(() => log.consumer('stream').requests.length === 0);
    },
  );

  test('has no message after a dead callback until that is stored', async () => {
    const { log, access, publisher, published, untilPublished, state } = await publishing();
    append(log, 1);
    log.append(CREATED, {}, { body: Buffer.from('{') });
    append(log, 2);
    let isAway = true;
    const first = await publisher({}, ({ put }) => !isAway || put.length === 0);
    await untilPublished(1);
    await until(() => first.logged.some((line) => line.includes('cannot be saved')));
    expect(await access.count()).toBe(1);
    isAway = false;
    await untilPublished(3);
    expect(await published()).toEqual(['1', '3', '4']);
    expect(deliveriesOf(log, 'stream', 'dead')).toMatchObject([{ callbackId: '2' }]);
    await until(() => state().place === placeOf(4));
  });

  test('gets nothing while the consumer is paused', async () => {
    const { log, access, publisher, untilPublished } = await publishing();
    append(log, 1);
    await publisher();
    await untilPublished(1);
    log.pause('stream', true);
    const saves = log.saves.length;
    await until(() => log.saves.length > saves + 1);
    append(log, 3);
    const before = log.saves.length;
    await until(() => log.saves.length > before + 1);
    expect(await access.count()).toBe(1);
    log.pause('stream', false);
    await untilPublished(4);
  });
});
