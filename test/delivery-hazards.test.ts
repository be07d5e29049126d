import { expect, jest, test } from '@jest/globals';
import { store as cover, emptyLane } from '../src/delivery/lane.ts';
import { Schedule } from '../src/delivery/schedule.ts';
import { LogWindow } from '../src/delivery/window.ts';
import { CREATED, deliver, RENAMED, until } from './support/deliveries.ts';
import { createMemoryLog, type MemoryLog, placeOf } from './support/memory-log.ts';
import { teardown } from './support/start.ts';

/** A store some of whose calls wait until the test releases them. */
function gated(store: ReturnType<MemoryLog['connect']>) {
  const gates = new Map<'readLog' | 'findLogged' | 'storeId' | 'saveProgress', PromiseWithResolvers<void>>();
  const gate = <Method extends 'readLog' | 'findLogged' | 'storeId' | 'saveProgress'>(method: Method) => {
    const call = store[method] as (...given: unknown[]) => Promise<unknown>;
    return {
      [method]: async (...given: unknown[]) => gates.get(method)?.promise.then(() => call(...given)) ?? call(...given),
    };
  };
  return {
    store: {
      ...store,
      ...gate('readLog'),
      ...gate('findLogged'),
      ...gate('storeId'),
      ...gate('saveProgress'),
    } as typeof store,
    hold: (method: Parameters<typeof gates.get>[0]) => void gates.set(method, Promise.withResolvers()),
    letGo: (method: Parameters<typeof gates.get>[0]) => {
      gates.get(method)?.resolve();
      gates.delete(method);
    },
  };
}

test('a callback that arrives while the next one of its failed subject is being read survives a kill', async () => {
  const log = createMemoryLog();
  const first = log.connect();
  const before = deliver(first);
  before.on(CREATED, () => {
    throw new Error('away');
  });
  await until(() => log.consumers.has('handlers'));
  log.append(CREATED, { GroupId: 'a', Name: '1' });
  log.append(CREATED, { GroupId: 'a', Name: '2' });
  await until(() => [...log.consumer('handlers').deliveries.values()].some(({ waiting }) => waiting.length === 1));
  first.kill();
  log.expireLeases();

  const connection = log.connect();
  const { store, hold, letGo } = gated(connection);
  const second = deliver(store);
  const started = Promise.withResolvers<void>();
  const attempt = Promise.withResolvers<void>();
  second.on(CREATED, ({ payload }) => {
    if (payload.Name !== '1') return;
    started.resolve();
    return attempt.promise;
  });
  await started.promise;
  hold('readLog');
  log.append(CREATED, { GroupId: 'a', Name: '3' });
  await until(() => log.calls.get('saveProgress'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  hold('findLogged');
  attempt.resolve();
  letGo('readLog');
  await until(() => log.consumer('handlers').place === placeOf(3));
  connection.kill();
  letGo('findLogged');
  log.expireLeases();

  const seen: string[] = [];
  deliver(log.connect()).on(CREATED, ({ payload }) => void seen.push(payload.Name));
  await until(() => seen.includes('3'));
  expect(seen.filter((name) => name !== '1')).toEqual(['2', '3']);
});

test('deliveries completed beside a slow callback are forgotten, skipped entries in between are not', () => {
  const window = new LogWindow(placeOf(0), []);
  const entries = Array.from({ length: 200_000 }, (_, index) => {
    const entry = { place: placeOf(index + 1), callbackId: `${index + 1}`, loaded: null, started: true, settled: true };
    window.add(entry);
    return entry;
  });
  const [long, between] = [entries[0], entries[100]] as [(typeof entries)[0], (typeof entries)[0]];
  Object.assign(long, { settled: false });
  Object.assign(between, { settled: false, started: false });
  const startedAt = performance.now();
  for (let save = 0; save < 1_000; save += 1)
    expect(window.progress()).toEqual({ place: placeOf(200_000), open: [placeOf(1), placeOf(101)] });
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  long.settled = true;
  expect(window.progress()).toEqual({ place: placeOf(200_000), open: [placeOf(101)] });
});

test('deliveries closed right after a registration start nothing', async () => {
  const log = createMemoryLog();
  const { store, hold, letGo } = gated(log.connect());
  hold('storeId');
  const deliveries = deliver(store);
  deliveries.on(CREATED, () => {});
  await until(() => log.consumers.has('handlers') && deliveries.registering === null);
  await deliveries.close();
  letGo('storeId');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(log.calls.get('leaseConsumer')).toBeUndefined();
  expect(log.calls.get('follow')).toBeUndefined();
});

test('a callback ignored while its consumer is paused is not delivered', async () => {
  const log = createMemoryLog();
  const deliveries = deliver(log.connect());
  const attempt = Promise.withResolvers<void>();
  const seen: string[] = [];
  deliveries.on(
    RENAMED,
    ({ payload }) => {
      seen.push(payload.GroupId);
      return attempt.promise;
    },
    { concurrency: 1 },
  );
  await until(() => log.consumers.has('handlers'));
  for (const GroupId of ['a', 'a', 'b', 'c']) log.append(RENAMED, { GroupId });
  await until(() => seen.length === 1);
  log.pause('handlers', true);
  const saves = log.saves.length;
  await until(() => log.saves.length > saves + 1);
  for (const index of [1, 2]) Object.assign(log.callbacks[index] ?? {}, { ignored: true });
  attempt.resolve();
  log.pause('handlers', false);
  await until(() => seen.length === 2);
  await until(() => log.consumer('handlers').place === placeOf(4) && log.consumer('handlers').open.length === 0);
  expect(seen).toEqual(['a', 'c']);
});

test('a handler registered after its consumer has begun may have missed callbacks, which is logged', async () => {
  const log = createMemoryLog();
  const deliveries = deliver(log.connect());
  deliveries.on(CREATED, () => {});
  await until(() => log.calls.get('readLog'));
  deliveries.on(RENAMED, () => {});
  expect(deliveries.logged.filter((line) => line.includes('has passed')).map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: 40, consumer: 'handlers', command: RENAMED }),
  ]);
});

test('many parked subjects are scanned at intervals, not each time one of them is due', () => {
  jest.useFakeTimers({ now: 0 });
  teardown(() => void jest.useRealTimers());
  const schedule = new Schedule();
  for (let index = 0; index < 10_000; index += 1) {
    const lane = emptyLane(`${index}`);
    lane.entries.push({ place: placeOf(index), callbackId: `${index}`, loaded: null, started: true, settled: true });
    cover(lane, 1_000 + index);
    schedule.place(lane);
  }
  let looks = 0;
  for (let time = 0; time < 2_000; time += 1) {
    const before = schedule.toLoad.size;
    jest.setSystemTime(time);
    schedule.wakeDue(time);
    if (schedule.toLoad.size > before) looks += 1;
  }
  expect(looks).toBeLessThan(30);
  expect(schedule.toLoad.size).toBeGreaterThan(900);
});

test('callbacks too large to be read together are read one at a time', async () => {
  const log = createMemoryLog();
  const largest: number[] = [];
  const connect = () => {
    const connection = log.connect();
    const findLogged: typeof connection.findLogged = async (which) => {
      const found = await connection.findLogged(which);
      largest.push(found.length);
      return found.map((logged, index) => (index === 0 ? logged : { ...logged, body: null }));
    };
    return { ...connection, findLogged };
  };
  const names = Array.from({ length: 20 }, (_, index) => `${index}`);
  const first = connect();
  let started = 0;
  const before = deliver(first);
  before.on(CREATED, ({ payload }) => {
    started += 1;
    if (payload.GroupId === 'a') throw new Error('away');
    return new Promise(() => {});
  });
  await until(() => log.consumers.has('handlers'));
  for (const Name of names) {
    log.append(CREATED, { GroupId: 'a', Name });
    log.append(CREATED, { GroupId: `b${Name}`, Name });
  }
  await until(() => started > 16 && log.consumer('handlers').open.length > 10);
  first.kill();
  log.expireLeases();

  const seen = new Map<string, string[]>();
  deliver(connect()).on(CREATED, ({ payload: { GroupId, Name } }) => {
    seen.set(GroupId, [...(seen.get(GroupId) ?? []), Name]);
  });
  await until(() => seen.get('a')?.length === 20 && seen.size === 21);
  expect(seen.get('a')).toEqual(names);
  expect(largest.some((count) => count > 1)).toBe(true);
});

test('whatever a handler throws, the delivery fails and the process continues', async () => {
  const trap = () => {
    throw new Error('trap');
  };
  const thrown = [undefined, null, Object.create(null), new Proxy(new Error('x'), { get: trap, getPrototypeOf: trap })];
  const log = createMemoryLog();
  deliver(log.connect()).on(CREATED, ({ payload }) => {
    const index = Number(payload.GroupId);
    if (index < thrown.length) throw thrown[index];
  });
  await until(() => log.consumers.has('handlers'));
  for (let index = 0; index < 10; index += 1) {
    log.append(CREATED, { GroupId: `${index < 5 ? 9 : index - 5}` });
    await until(
      () => log.consumer('handlers').place === placeOf(index + 1) && log.consumer('handlers').open.length === 0,
    );
  }
  const errors = [...log.consumer('handlers').deliveries.values()].map(({ error }) => error);
  expect(errors).toEqual(['undefined', 'null', 'an error without a text', 'an error without a text']);
});
