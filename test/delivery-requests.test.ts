import { expect, test } from '@jest/globals';
import { type HandlerOptions, RegistrationError } from '../src/delivery/delivery.ts';
import { CREATED, deliver, RENAMED, until } from './support/deliveries.ts';
import { createMemoryLog, deliveriesOf, placeOf } from './support/memory-log.ts';

/** A consumer whose subject `bad` fails until it is repaired. */
async function started(schedule: readonly number[], subjects: readonly string[]) {
  const log = createMemoryLog();
  const store = log.connect();
  const deliveries = deliver(store, { schedule });
  const state = { broken: true, got: [] as string[] };
  deliveries.on(
    CREATED,
    ({ id, payload, late }) => {
      if (state.broken && payload.GroupId === 'bad') throw new Error('broken');
      state.got.push(late ? `${id.slice(9)} late` : id.slice(9));
    },
    { from: 'beginning' },
  );
  for (const subject of subjects) log.append(CREATED, { GroupId: subject });
  await deliveries.registering;
  return { log, store, deliveries, state };
}

test('a parked delivery that an operator retries is due now, and those behind it follow', async () => {
  const { log, state } = await started([60_000], ['bad', 'bad', 'good']);
  await until(() => deliveriesOf(log, 'handlers', 'parked')[0]?.waiting.length === 1);
  state.broken = false;
  log.ask('handlers', { kind: 'retry', deliveryId: deliveriesOf(log, 'handlers', 'parked')[0]?.id ?? '' });
  await until(() => state.got.length === 3);
  expect(state.got).toEqual(['3', '1', '2']);
  await until(() => log.consumer('handlers').requests.length === 0);
});

test('a retried dead letter arrives late, after the present callbacks of its subject', async () => {
  const { log, state } = await started([], ['bad', 'bad']);
  await until(() => deliveriesOf(log, 'handlers', 'dead').length === 2);
  state.broken = false;
  const ids = deliveriesOf(log, 'handlers', 'dead').map(({ id }) => id);
  for (const deliveryId of ids) log.ask('handlers', { kind: 'retry', deliveryId });
  await until(() => state.got.length === 2);
  expect(state.got).toEqual(['1 late', '2 late']);
  await until(() => log.consumer('handlers').deliveries.size === 0 && log.consumer('handlers').requests.length === 0);
});

test('a late delivery that fails blocks its subject like any other, even across a restart', async () => {
  const { log, store, deliveries, state } = await started([60_000], ['bad']);
  await until(() => deliveriesOf(log, 'handlers', 'parked').length === 1);
  const [{ id = '' } = {}] = deliveriesOf(log, 'handlers', 'parked');
  log.ask('handlers', { kind: 'retry', deliveryId: id });
  await until(() => deliveriesOf(log, 'handlers', 'dead').length === 1);
  log.ask('handlers', { kind: 'retry', deliveryId: id });
  await until(() => deliveriesOf(log, 'handlers', 'parked')[0]?.attempts === 1);
  log.append(CREATED, { GroupId: 'bad' });
  log.ask('handlers', { kind: 'send', callbackId: '2' });
  await until(() => deliveriesOf(log, 'handlers', 'parked').length === 2);
  expect(deliveriesOf(log, 'handlers', 'parked')).toMatchObject([
    { id, callbackId: '1', place: null, late: true, waiting: ['0-2'] },
    { callbackId: '2', place: null, late: true, attempts: 0, waiting: [] },
  ]);
  store.kill();
  await deliveries.close();
  log.expireLeases();
  const again: string[] = [];
  deliver(log.connect()).on(CREATED, ({ id, late, attempt }) => void again.push(`${id.slice(9)} ${late} ${attempt}`));
  await until(() => log.consumer('handlers').leasedUntil > 0);
  expect(again).toEqual([]);
  log.ask('handlers', { kind: 'retry', deliveryId: id });
  await until(() => again.length === 3);
  expect(again).toEqual(['1 true 2', '2 false 1', '2 true 1']);
  expect(state.got).toEqual([]);
  await until(() => log.consumer('handlers').deliveries.size === 0);
});

test('a callback sent by hand is delivered again, marked late', async () => {
  const { log, state } = await started([], ['good', 'good']);
  await until(() => log.consumer('handlers').place === '0-2');
  log.ask('handlers', { kind: 'send', callbackId: '1' });
  await until(() => state.got.length === 3);
  expect(state.got).toEqual(['1', '2', '1 late']);
  await until(() => log.consumer('handlers').deliveries.size === 0);
});

test('a paused consumer starts nothing until it is resumed', async () => {
  const { log, state } = await started([], ['good']);
  await until(() => log.consumer('handlers').place === '0-1');
  log.pause('handlers', true);
  await until(() => log.saves.length > 2);
  log.append(CREATED, { GroupId: 'good' });
  const before = log.saves.length;
  await until(() => log.saves.length >= before + 2);
  expect(state.got).toEqual(['1']);
  log.pause('handlers', false);
  await until(() => state.got.length === 2);
});

test('a rewind delivers again from there, drops parked deliveries after it and keeps those before it', async () => {
  const { log, state } = await started([60_000], ['bad', 'good', 'worse', 'good', 'good']);
  await until(() => log.consumer('handlers').place === '0-5' && deliveriesOf(log, 'handlers', 'parked').length === 1);
  log.append(CREATED, { GroupId: 'bad' });
  await until(() => deliveriesOf(log, 'handlers', 'parked')[0]?.waiting.length === 1);
  log.ask('handlers', { kind: 'rewind', to: placeOf(3) });
  await until(() => state.got.length === 6);
  expect(state.got).toEqual(['2', '3', '4', '5', '4', '5']);
  await until(() => log.consumer('handlers').place === '0-6' && log.consumer('handlers').requests.length === 0);
  expect(deliveriesOf(log, 'handlers', 'parked')).toMatchObject([{ callbackId: '1', waiting: ['0-6'] }]);
  log.ask('handlers', { kind: 'rewind', to: placeOf(0) });
  await until(() => state.got.length === 10);
  await until(() => deliveriesOf(log, 'handlers', 'parked')[0]?.waiting.length === 1);
  expect(deliveriesOf(log, 'handlers', 'parked')).toMatchObject([{ callbackId: '1', attempts: 1 }]);
});

test('a rewind to a later place skips callbacks that have not started', async () => {
  const { log, state } = await started([60_000], ['good']);
  await until(() => log.consumer('handlers').place === '0-1');
  log.pause('handlers', true);
  const before = log.saves.length;
  await until(() => log.saves.length > before + 1);
  for (let index = 0; index < 5; index += 1) log.append(CREATED, { GroupId: 'good' });
  log.ask('handlers', { kind: 'rewind', to: placeOf(4) });
  await until(() => log.consumer('handlers').place === '0-4');
  log.pause('handlers', false);
  await until(() => state.got.length === 3);
  expect(state.got).toEqual(['1', '5', '6']);
});

test.each<[string, string, object, string]>([
  [
    'an unknown command',
    'Group.CallbackAfterCreateGroups',
    {},
    '"Group.CallbackAfterCreateGroups" is not a command of the contract: did you mean Group.CallbackAfterCreateGroup or',
  ],
  ['no command', 'x', {}, '"x" is not a command of the contract: give one of docs/commands.md'],
  ['a consumer without a name', CREATED, { consumer: '' }, 'consumer "" is not a name: give 1 to 80 letters'],
  [
    'a reserved name of a consumer',
    CREATED,
    { consumer: 'webhook' },
    `consumer "webhook" is a name of the receiver's own: give another`,
  ],
  [
    'an unknown option',
    CREATED,
    { timeout: 3 },
    '"timeout" is not an option: there are consumer, from, concurrency, timeoutSeconds and include',
  ],
  ['a wrong from', CREATED, { from: new Date('x') }, `give 'now', 'beginning' or a Date`],
  ['a wrong concurrency', CREATED, { concurrency: 0 }, 'concurrency is 0: give a whole number from 1 to 1000'],
  ['a wrong time-out', CREATED, { timeoutSeconds: 0.5 }, 'timeoutSeconds is 0.5: give a number from 1 to 3600'],
  ['an unknown include', '*', { include: 'everything' }, `include is "everything": give 'snapshots', or leave it out`],
  [
    'snapshots for one command',
    CREATED,
    { include: 'snapshots' },
    `include is "snapshots", and snapshots are of no command of the contract: give '*' as the command`,
  ],
])('`on` refuses %s', (_, command, options, message) => {
  const { on } = deliver(createMemoryLog().connect());
  expect(() => on(command as typeof CREATED, () => {}, options as HandlerOptions)).toThrow(RegistrationError);
  expect(() => on(command as typeof CREATED, () => {}, options as HandlerOptions)).toThrow(message);
});

test('contradicting options of one consumer are refused; an option given once applies to all', async () => {
  const deliveries = deliver(createMemoryLog().connect());
  deliveries.on(CREATED, () => {}, { concurrency: 4, from: new Date(5) });
  deliveries.on(RENAMED, () => {}, { timeoutSeconds: 9, from: new Date(5) });
  expect(() => deliveries.on('*', () => {}, { concurrency: 5 })).toThrow(
    'concurrency 5 of the consumer "handlers" was 4 for an earlier handler: give both the same, or one of them another consumer',
  );
  deliveries.on('*', () => {}, { concurrency: 5, consumer: 'other' });
  await deliveries.registering;
  expect(() => deliveries.on('*', () => {}, { from: 'beginning', consumer: 'other' })).toThrow(
    'from "beginning" of the consumer "other" was "now"',
  );
});

test('handlers added in one turn are registered together, before a callback is answered', async () => {
  const log = createMemoryLog();
  const deliveries = deliver(log.connect());
  expect(deliveries.registering).toBeNull();
  for (const consumer of ['a', 'b', 'c']) deliveries.on(CREATED, () => {}, { consumer });
  expect(deliveries.registering).toBeInstanceOf(Promise);
  await deliveries.registering;
  expect([...log.consumers.keys()]).toEqual(['a', 'b', 'c']);
  expect(log.calls.get('registerConsumers')).toBe(1);
  expect(deliveries.registering).toBeNull();
});
