import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { CREATED, deliver } from './support/deliveries.ts';
import { createMemoryLog, deliveriesOf, type MemoryLog } from './support/memory-log.ts';

// Minutes pass here, so the clock is simulated. Everything else is real.
beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
afterEach(() => void jest.useRealTimers());

const SECOND = 1_000;

/** Advances time in small steps, so that awaited work continues in between. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) await jest.advanceTimersByTimeAsync(Math.min(100, ms - passed));
}

interface Attempted {
  id: string;
  subject: string;
  attempt: number;
  at: number;
}

/** A handler whose database can be down. */
function handlerOf(log: MemoryLog) {
  const state = { away: false, attempts: [] as Attempted[], delivered: [] as Attempted[] };
  const deliveries = deliver(log.connect());
  deliveries.on(
    CREATED,
    ({ id, payload, attempt }) => {
      const attempted = { id: id.slice(9), subject: payload.GroupId, attempt, at: Date.now() };
      state.attempts.push(attempted);
      if (state.away || payload.GroupId.startsWith('bad')) throw new Error('connect ECONNREFUSED');
      state.delivered.push(attempted);
    },
    { from: 'beginning' },
  );
  return { ...deliveries, state };
}

test("the handler's database is down for two minutes: everything is delivered within a minute of its return", async () => {
  const log = createMemoryLog();
  const { state, logged } = handlerOf(log);
  for (let index = 0; index < 50; index += 1) log.append(CREATED, { GroupId: `g${index}` });
  await pass(2 * SECOND);
  expect(state.delivered).toHaveLength(50);
  state.away = true;
  for (let second = 0; second < 120; second += 1) {
    for (let index = 0; index < 5; index += 1) log.append(CREATED, { GroupId: `g${(second * 5 + index) % 300}` });
    await pass(SECOND);
  }
  expect(log.consumer('handlers').state).toBe('backing off');
  expect(log.consumer('handlers').detail).toContain('Error: connect ECONNREFUSED; next attempt at ');
  expect(deliveriesOf(log, 'handlers', 'dead')).toEqual([]);
  state.away = false;
  await pass(60 * SECOND);
  expect(new Set(state.delivered.map(({ id }) => id)).size).toBe(650);
  expect(log.consumer('handlers')).toMatchObject({ state: 'running', detail: null, open: [] });
  expect(log.consumer('handlers').deliveries.size).toBe(0);
  const bySubject = Map.groupBy(state.delivered, ({ subject }) => subject);
  for (const delivered of bySubject.values()) {
    const ids = delivered.map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((one, other) => one - other));
  }
  expect(logged.filter((line) => line.includes('it backs off'))).toHaveLength(1);
});

test('the same with one callback every ten seconds', async () => {
  const log = createMemoryLog();
  const { state } = handlerOf(log);
  let group = 0;
  const tenSecondsEach = async (times: number) => {
    for (let index = 0; index < times; index += 1) {
      group += 1;
      log.append(CREATED, { GroupId: `g${group}` });
      await pass(10 * SECOND);
    }
  };
  await tenSecondsEach(30);
  expect(state.delivered).toHaveLength(30);
  state.away = true;
  await tenSecondsEach(12);
  state.away = false;
  const returned = Date.now();
  await tenSecondsEach(6);
  expect(state.delivered).toHaveLength(48);
  expect(Math.max(...state.delivered.slice(30, 42).map(({ at }) => at)) - returned).toBeLessThan(60 * SECOND);
});

test('during the back-off nothing is parked, no attempt is counted, and one delivery at a time is tried', async () => {
  const log = createMemoryLog();
  const { state } = handlerOf(log);
  state.away = true;
  for (let index = 0; index < 40; index += 1) log.append(CREATED, { GroupId: `g${index}` });
  await pass(SECOND / 2);
  const atFirst = state.attempts.length;
  // Attempts that were running when the third subject failed.
  expect(atFirst).toBeLessThanOrEqual(16 + 3);
  await pass(100 * SECOND);
  const trials = state.attempts.slice(atFirst);
  const waits = trials.map(({ at }, index) => at - (trials[index - 1] ?? (trials[0] as Attempted)).at).slice(1);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(800);
  expect(Math.max(...waits)).toBeGreaterThan(20 * SECOND);
  expect(Math.max(...waits)).toBeLessThanOrEqual(30.2 * SECOND);
  expect(new Set(trials.map(({ subject }) => subject)).size).toBe(trials.length);
  expect(Math.max(...state.attempts.map(({ attempt }) => attempt))).toBeLessThanOrEqual(2);
  expect(deliveriesOf(log, 'handlers', 'parked').length).toBeLessThanOrEqual(2);
  state.away = false;
  await pass(35 * SECOND);
  expect(state.delivered).toHaveLength(40);
  expect(state.delivered.every(({ attempt }) => attempt === 1)).toBe(true);
});

test('the first success resumes everything at once', async () => {
  const log = createMemoryLog();
  const { state } = handlerOf(log);
  state.away = true;
  for (let index = 0; index < 100; index += 1) log.append(CREATED, { GroupId: `g${index}` });
  await pass(5 * SECOND);
  state.away = false;
  while (state.delivered.length === 0) await pass(100);
  await pass(SECOND);
  expect(state.delivered).toHaveLength(100);
});

test('one failing subject of a thousand causes no back-off, and delays no other', async () => {
  const log = createMemoryLog();
  const { state } = handlerOf(log);
  await pass(100);
  for (let index = 0; index < 5_000; index += 1) {
    log.append(CREATED, { GroupId: index % 1_000 === 0 ? 'bad' : `g${index % 1_000}` });
  }
  await pass(SECOND);
  expect(state.delivered).toHaveLength(4_995);
  await pass(10 * 60 * SECOND);
  expect(log.saves.every(({ state }) => state === 'running')).toBe(true);
  expect(state.attempts.filter(({ id }) => id === '1').map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
  const times = state.attempts.filter(({ id }) => id === '1').map(({ at }) => at);
  const waits = times.slice(1).map((at, index) => at - (times[index] as number));
  for (const [index, expected] of [1, 5, 30, 300].entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(expected * SECOND);
    expect(waits[index]).toBeLessThan((expected + 1.2) * SECOND);
  }
  expect(deliveriesOf(log, 'handlers', 'dead')).toMatchObject([{ callbackId: '1', attempts: 5 }]);
});

test('a new subject that arrives during the back-off does not wait for a long delay to end', async () => {
  const log = createMemoryLog();
  const { state } = handlerOf(log);
  for (const subject of ['bad1', 'bad2', 'bad3']) log.append(CREATED, { GroupId: subject });
  await pass(90 * SECOND);
  expect(log.consumer('handlers').state).toBe('backing off');
  log.append(CREATED, { GroupId: 'good' });
  await pass(2 * SECOND);
  expect(state.delivered).toHaveLength(1);
});

test('a transaction that holds the log back is reported after ten seconds, and cleared when it ends', async () => {
  const log = createMemoryLog();
  const { logged } = handlerOf(log);
  log.heldBack = { pid: 4711, database: 'billing', ageSeconds: 3 };
  await pass(8 * SECOND);
  expect(log.consumer('handlers').state).toBe('running');
  await pass(6 * SECOND);
  expect(log.consumer('handlers')).toMatchObject({
    state: 'held back',
    detail:
      'The transaction of process 4711 has been open in the database billing for 3 s; callbacks after it are delivered once it has ended',
  });
  log.heldBack = null;
  await pass(3 * SECOND);
  expect(log.consumer('handlers')).toMatchObject({ state: 'running', detail: null });
  expect(logged.filter((line) => line.includes('held back'))).toHaveLength(2);
});

test('while the lease is not renewed, as in a suspended process, nothing is started', async () => {
  const log = createMemoryLog();
  const store = log.connect();
  const save = store.saveProgress;
  const got: string[] = [];
  deliver(store).on(CREATED, ({ id }) => void got.push(id), { from: 'beginning' });
  log.append(CREATED, { GroupId: 'a' });
  await pass(SECOND);
  expect(got).toHaveLength(1);
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  store.saveProgress = (lease, progress) => answered.then(() => save(lease, progress));
  await pass(4 * SECOND);
  log.append(CREATED, { GroupId: 'a' });
  await pass(5 * SECOND);
  expect(got).toHaveLength(1);
  answer();
  await pass(2 * SECOND);
  expect(got).toHaveLength(2);
});
