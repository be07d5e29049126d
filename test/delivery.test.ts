import { expect, test } from '@jest/globals';
import { type DeliveredCallback, UnrecoverableError } from '../src/delivery/delivery.ts';
import { type AnyHandler, mayUseGroup } from '../src/delivery/registrations.ts';
import { CREATED, deliver, until } from './support/deliveries.ts';
import { createMemoryLog, deliveriesOf } from './support/memory-log.ts';

const group = (GroupId: string) => ({ GroupId });

test('a handler gets the callback typed, with its group, id, times and sender', async () => {
  const log = createMemoryLog();
  log.groups.set('@TGS#1', { groupId: '@TGS#1', name: 'one' });
  const { on } = deliver(log.connect());
  const got: DeliveredCallback<typeof CREATED>[] = [];
  on(CREATED, (callback) => void got.push(callback), { from: 'beginning' });
  log.append(CREATED, { GroupId: '@TGS#1', EventTime: '1670574414391', Introduction: null });
  await until(() => got.length === 1);
  expect(got[0]).toMatchObject({
    command: CREATED,
    payload: { CallbackCommand: CREATED, GroupId: '@TGS#1', EventTime: 1670574414391 },
    id: '0a1b2c3d-1',
    subject: { kind: 'group', value: '@TGS#1' },
    group: { groupId: '@TGS#1', name: 'one' },
    clientIp: '192.0.2.1',
    optPlatform: 'Web',
    decision: null,
    attempt: 1,
    late: false,
  });
  expect(got[0]?.payload).not.toHaveProperty('Introduction');
  expect(got[0]?.raw.toString()).toContain('"EventTime":"1670574414391"');
  expect(got[0]?.signal.aborted).toBe(false);
});

function looksIntoArguments({ id }: DeliveredCallback) {
  // biome-ignore lint/complexity/noArguments: it is what is tested
  return [id, arguments];
}

function named({ id }: DeliveredCallback) {
  return id;
}

test.each<[string, boolean, (callback: never) => unknown]>([
  ['names it', true, ({ group }: DeliveredCallback) => group],
  ['names it under another name', true, ({ group: now }: DeliveredCallback) => now],
  ['names it by a computed name', true, ({ [`gro${'up'}` as 'group']: now }: DeliveredCallback) => now],
  ['takes the whole callback', true, (callback: DeliveredCallback) => callback],
  ['takes the rest of it', true, ({ id, ...others }: DeliveredCallback) => [id, others]],
  ['takes all arguments', true, (...all: DeliveredCallback[]) => all],
  ['takes a payload apart', true, ({ payload: { CallbackCommand } }: DeliveredCallback) => CallbackCommand],
  [
    'is made by another function',
    true,
    (
      (handler) => (callback: DeliveredCallback) =>
        handler(callback)
    )(named),
  ],
  ['is bound', true, ((callback: DeliveredCallback) => callback).bind(null)],
  ['looks into its arguments', true, looksIntoArguments],
  ['names other fields only', false, ({ payload, id }: DeliveredCallback) => [payload, id]],
  ['is async and names other fields only', false, async ({ payload }: DeliveredCallback) => payload],
  ['is a function with a name', false, named],
])('the group is read for a handler that may use it: one that %s (%s)', (_, used, handler) => {
  expect(mayUseGroup(handler as AnyHandler)).toBe(used);
});

test('unknown callbacks go to *, before-callbacks to handlers that name them, rejected and ignored ones nowhere', async () => {
  const log = createMemoryLog();
  const { on } = deliver(log.connect());
  const all: string[] = [];
  const before: [string, unknown][] = [];
  const decision = { by: 'rule', outcome: 'allow' } as never;
  on('*', ({ command }) => void all.push(command), { from: 'beginning', consumer: 'all' });
  on('Group.CallbackBeforeSendMsg', ({ command, decision }) => void before.push([command, decision]), {
    from: 'beginning',
  });
  log.append('Group.CallbackBeforeSendMsg', group('a'), { decision });
  log.append('Contact.Something', { any: [1] }, { status: 'unknown' });
  log.append(CREATED, group('a'), { ignored: true });
  log.append(CREATED, group('a'));
  await until(() => all.length === 2 && before.length === 1);
  expect(all).toEqual(['Contact.Something', CREATED]);
  expect(before).toEqual([['Group.CallbackBeforeSendMsg', decision]]);
});

test('handlers of one consumer run in order as one delivery, and a retry runs all of them again', async () => {
  const log = createMemoryLog();
  const { on } = deliver(log.connect(), { schedule: [10] });
  const ran: string[] = [];
  on(CREATED, ({ attempt }) => void ran.push(`one ${attempt}`), { from: 'beginning' });
  on('*', ({ attempt }) => {
    ran.push(`two ${attempt}`);
    if (attempt === 1) throw new Error('not yet');
  });
  on(CREATED, ({ attempt }) => void ran.push(`three ${attempt}`));
  log.append(CREATED, group('a'));
  await until(() => ran.includes('three 2'));
  expect(ran).toEqual(['one 1', 'two 1', 'one 2', 'two 2', 'three 2']);
});

test('a failing subject waits with all its callbacks, others continue; then it is delivered in order', async () => {
  const log = createMemoryLog();
  const { on, logged } = deliver(log.connect(), { schedule: [30, 30, 30, 30] });
  const got: string[] = [];
  let isBroken = true;
  on(
    CREATED,
    ({ payload, id }) => {
      if (isBroken && payload.GroupId === 'bad') throw new TypeError('no such row');
      got.push(id.slice(9));
    },
    { from: 'beginning' },
  );
  for (const name of ['bad', 'good', 'bad', 'good', 'bad', 'good']) log.append(CREATED, group(name));
  await until(() => got.length === 3);
  expect(got).toEqual(['2', '4', '6']);
  await until(() => deliveriesOf(log, 'handlers', 'parked')[0]?.waiting.length === 2);
  expect(deliveriesOf(log, 'handlers', 'parked')).toMatchObject([
    { callbackId: '1', place: '0-1', subject: '["group","bad"]', error: 'TypeError: no such row', late: false },
  ]);
  expect(log.consumer('handlers').floor).toBe('0-1');
  isBroken = false;
  await until(() => got.length === 6);
  expect(got.slice(3)).toEqual(['1', '3', '5']);
  await until(() => log.consumer('handlers').floor === '0-6');
  expect(log.consumer('handlers')).toMatchObject({ place: '0-6', open: [], deliveries: new Map() });
  expect(logged.find((line) => line.includes('a delivery has failed'))).toContain('TypeError: no such row');
});

test('after the last attempt of its schedule a delivery is dead, and its subject continues', async () => {
  const log = createMemoryLog();
  const outcomes: string[] = [];
  const metrics = { delivered: (_: string, _seconds: number, outcome: string) => void outcomes.push(outcome) };
  const { on } = deliver(log.connect(), { schedule: [5, 5], metrics });
  const got: string[] = [];
  on(
    CREATED,
    ({ payload, id, attempt }) => {
      if (payload.GroupId === 'bad' && id.endsWith('-1')) throw new Error(`attempt ${attempt}`);
      got.push(id.slice(9));
    },
    { from: 'beginning' },
  );
  log.append(CREATED, group('bad'));
  log.append(CREATED, group('bad'));
  await until(() => got.length === 1 && deliveriesOf(log, 'handlers', 'dead').length === 1);
  expect(got).toEqual(['2']);
  expect(deliveriesOf(log, 'handlers', 'dead')).toMatchObject([
    { callbackId: '1', attempts: 3, error: 'Error: attempt 3', nextAttemptAt: null, waiting: [] },
  ]);
  expect(outcomes).toEqual(['failed', 'failed', 'dead', 'ok']);
});

test('an UnrecoverableError, and an unreadable stored body, are dead at once', async () => {
  const log = createMemoryLog();
  const { on } = deliver(log.connect());
  const got: string[] = [];
  on(
    '*',
    ({ id }) => {
      if (id.endsWith('-1')) throw new UnrecoverableError('no such tenant');
      got.push(id.slice(9));
    },
    { from: 'beginning' },
  );
  log.append(CREATED, group('a'));
  log.append('Some.Thing', {}, { status: 'unknown', body: Buffer.from('{"a":') });
  log.append(CREATED, group('a'));
  await until(() => got.length === 1 && deliveriesOf(log, 'handlers', 'dead').length === 2);
  expect(deliveriesOf(log, 'handlers', 'dead')).toMatchObject([
    { callbackId: '1', attempts: 1, error: 'UnrecoverableError: no such tenant' },
    { callbackId: '2', subject: '', error: 'UnrecoverableError: the stored body is not JSON in UTF-8' },
  ]);
});

test('an attempt that takes too long is aborted and counts as failed; its later outcome is ignored', async () => {
  const log = createMemoryLog();
  const { on } = deliver(log.connect(), { schedule: [5] });
  const signals: AbortSignal[] = [];
  on(
    CREATED,
    async ({ attempt, signal }) => {
      signals.push(signal);
      if (attempt === 1) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    { from: 'beginning', timeoutSeconds: 1 },
  );
  log.append(CREATED, group('a'));
  await until(() => signals.length === 2);
  expect(signals[0]?.reason).toMatchObject({ name: 'TimeoutError', message: 'no end within 1 s' });
  await until(() => log.consumer('handlers').deliveries.size === 0 && log.consumer('handlers').place === '0-1');
  expect(log.saves.flatMap(({ put }) => put)[0]).toMatchObject({
    attempts: 1,
    error: 'TimeoutError: no end within 1 s',
  });
});

test('the concurrency of deliveries is limited, and one subject has one at a time', async () => {
  const log = createMemoryLog();
  const { on } = deliver(log.connect());
  let running = 0;
  let most = 0;
  let done = 0;
  const bySubject = new Set<string>();
  on(
    CREATED,
    async ({ payload: { GroupId } }) => {
      expect(bySubject.has(GroupId)).toBe(false);
      bySubject.add(GroupId);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
      done += 1;
      bySubject.delete(GroupId);
    },
    { from: 'beginning', concurrency: 3 },
  );
  for (let index = 0; index < 60; index += 1) log.append(CREATED, group(`g${index % 10}`));
  await until(() => done === 60);
  expect(most).toBe(3);
});

test('one slow subject with thousands of callbacks delays no other, and is delivered in order', async () => {
  const log = createMemoryLog();
  const { on } = deliver(log.connect());
  const slow: number[] = [];
  let others = 0;
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  on(
    CREATED,
    async ({ payload, id }) => {
      if (payload.GroupId !== 'slow') others += 1;
      else {
        await released;
        slow.push(Number(id.slice(9)));
      }
    },
    { from: 'beginning' },
  );
  for (let index = 0; index < 3_000; index += 1) log.append(CREATED, group(index % 10 === 9 ? `g${index}` : 'slow'));
  await until(() => others === 300);
  expect(slow).toEqual([]);
  await until(() => deliveriesOf(log, 'handlers', 'parked')[0]?.moreAfter);
  expect(deliveriesOf(log, 'handlers', 'parked')).toMatchObject([{ callbackId: '1', attempts: 0, error: null }]);
  expect(deliveriesOf(log, 'handlers', 'parked')[0]?.waiting).toHaveLength(200);
  release();
  await until(() => slow.length === 2_700);
  expect(slow).toEqual(slow.toSorted((one, other) => one - other));
  await until(() => log.consumer('handlers').deliveries.size === 0);
});

test('a restart begins with open callbacks, and then continues from the cursor', async () => {
  const log = createMemoryLog();
  const first = log.connect();
  const stuck = deliver(first, { graceMs: 0 });
  const got: string[] = [];
  stuck.on(
    CREATED,
    async ({ payload, id }) => {
      if (payload.GroupId === 'stuck') await new Promise(() => {});
      got.push(id.slice(9));
    },
    { from: 'beginning' },
  );
  for (const name of ['a', 'stuck', 'b', 'stuck', 'c']) log.append(CREATED, group(name));
  await until(() => got.length === 3 && log.consumer('handlers').place === '0-5');
  expect(log.consumer('handlers').open).toEqual(['0-2', '0-4']);
  first.kill();
  log.expireLeases();
  log.append(CREATED, group('d'));
  const again: string[] = [];
  deliver(log.connect()).on(CREATED, ({ id, attempt }) => void again.push(`${id.slice(9)} ${attempt}`));
  await until(() => again.length === 3);
  expect(again.toSorted()).toEqual(['2 1', '4 1', '6 1']);
  expect(again.indexOf('2 1')).toBeLessThan(again.indexOf('4 1'));
});

test('close waits for running handlers, then aborts them; their callbacks are delivered again, and the lease is free', async () => {
  const log = createMemoryLog();
  const one = deliver(log.connect(), { graceMs: 50 });
  const reasons: unknown[] = [];
  one.on(
    CREATED,
    async ({ signal }) => {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
    { from: 'beginning' },
  );
  one.on(CREATED, () => void reasons.push('never'));
  log.append(CREATED, group('a'));
  await one.registering;
  await until(() => log.consumer('handlers').open.length === 1);
  await one.close();
  expect(log.consumer('handlers')).toMatchObject({ open: ['0-1'], leasedUntil: 0 });
  expect(log.consumer('handlers').deliveries.size).toBe(0);
  const again: number[] = [];
  deliver(log.connect()).on(CREATED, ({ attempt }) => void again.push(attempt));
  await until(() => again.length === 1);
  expect(again).toEqual([1]);
});

test('close lets a running handler finish, even if others have finished before', async () => {
  const log = createMemoryLog();
  const one = deliver(log.connect());
  const running = Promise.withResolvers<void>();
  const got: unknown[] = [];
  one.on(
    CREATED,
    async ({ payload, signal }) => {
      if (payload.GroupId === 'slow') await running.promise;
      got.push([payload.GroupId, signal.aborted]);
    },
    { from: 'beginning' },
  );
  log.append(CREATED, group('fast'));
  await until(() => got.length === 1);
  log.append(CREATED, group('slow'));
  await until(() => log.consumer('handlers').open.length === 1);
  const closed = one.close();
  setTimeout(running.resolve, 100);
  await closed;
  expect(got).toEqual([
    ['fast', false],
    ['slow', false],
  ]);
  expect(log.consumer('handlers')).toMatchObject({ place: '0-2', open: [] });
});

test("a failure is logged with the handler's stack, and nothing else from the error", async () => {
  const log = createMemoryLog();
  const { on, logged } = deliver(log.connect());
  const failWith = () => {
    throw Object.assign(new TypeError('up'), { headers: 'secret' });
  };
  on(CREATED, failWith, { from: 'beginning' });
  log.append(CREATED, group('a'));
  await until(() => logged.some((line) => line.includes('a delivery has failed')));
  const line = logged.find((text) => text.includes('a delivery has failed')) ?? '';
  expect(JSON.parse(line)).toMatchObject({
    error: 'TypeError: up',
    stack: expect.stringMatching(/failWith .*delivery\.test\.ts/),
  });
  expect(line).not.toContain('src/delivery');
  expect(line).not.toContain('secret');
});

test('one of two processes delivers; the other one takes over when the lease is not renewed', async () => {
  const log = createMemoryLog();
  const first = log.connect();
  const got: string[] = [];
  const one = deliver(first, { graceMs: 0 });
  one.on(CREATED, ({ id }) => void got.push(`one ${id.slice(9)}`), { from: 'beginning' });
  await one.registering;
  await until(() => log.consumer('handlers').holder);
  deliver(log.connect()).on(CREATED, ({ id }) => void got.push(`two ${id.slice(9)}`));
  log.append(CREATED, group('a'));
  await until(() => got.length === 1);
  await until(() => log.consumer('handlers').place === '0-1');
  first.kill();
  log.append(CREATED, group('a'));
  await until(() => got.length === 2, 5);
  expect(got).toEqual(['one 1', 'two 2']);
});

test('a process that has lost its lease aborts running attempts, and ignores their outcome', async () => {
  const log = createMemoryLog();
  const one = deliver(log.connect());
  const aborted: unknown[] = [];
  one.on(
    CREATED,
    async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      aborted.push(signal.reason);
    },
    { from: 'beginning' },
  );
  log.append(CREATED, group('a'));
  await one.registering;
  await until(() => log.consumer('handlers').open.length === 1);
  Object.assign(log.consumer('handlers'), { token: 99, holder: 'another', leasedUntil: Date.now() + 60_000 });
  await until(() => aborted.length === 1);
  expect(aborted[0]).toMatchObject({ message: 'another process runs the consumer' });
  expect(log.consumer('handlers')).toMatchObject({ open: ['0-1'], token: 99 });
});

test('without the lease nothing is started; when the database is back, nothing is lost', async () => {
  const log = createMemoryLog();
  const one = deliver(log.connect());
  const got: string[] = [];
  one.on(CREATED, ({ id }) => void got.push(id.slice(9)), { from: 'beginning' });
  log.append(CREATED, group('a'));
  await until(() => got.length === 1);
  log.failure = new Error('connection refused');
  log.append(CREATED, group('a'));
  log.append(CREATED, group('b'));
  await until(() => one.logged.some((line) => line.includes('cannot be saved')));
  log.failure = null;
  await until(() => got.length === 3);
  expect(got).toEqual(['1', '2', '3']);
  expect(one.logged.filter((line) => line.includes('cannot read the log')).length).toBe(1);
});

test('a handler of * has a typed payload once it has compared the command', async () => {
  const log = createMemoryLog();
  const names: string[] = [];
  deliver(log.connect()).on(
    '*',
    (callback) => {
      // @ts-expect-error the payload is that of any command
      void callback.payload.GroupId;
      if (callback.command === CREATED) names.push(callback.payload.GroupId);
    },
    { from: 'beginning' },
  );
  // @ts-expect-error the contract has no such command
  expect(() => deliver(log.connect()).on('Group.Nothing', () => {})).toThrow('is not a command of the contract');
  log.append(CREATED, { GroupId: 'a' });
  await until(() => names.length === 1);
});

test('a callback without a subject does not wait for others, and no other waits for it', async () => {
  const log = createMemoryLog();
  const got: (string | null)[] = [];
  deliver(log.connect()).on(
    '*',
    async ({ subject, id }) => {
      if (id.endsWith('-1')) await new Promise((resolve) => setTimeout(resolve, 50));
      got.push(subject && `${subject.kind} ${subject.value}`);
    },
    { from: 'beginning' },
  );
  log.append('Group.CallbackOnDailyGroupQuotaAlarm', { GroupId: 'not its subject' });
  log.append('Group.CallbackOnDailyGroupQuotaAlarm', {});
  log.append(CREATED, { GroupId: '' });
  log.append(CREATED, { GroupId: 'a' });
  await until(() => got.length === 4);
  expect(got).toEqual([null, null, 'group a', null]);
});
