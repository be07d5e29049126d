import { describe, expect, it, test } from '@jest/globals';
import { Burst } from '../src/delivery/burst.ts';
import { BATCH } from '../src/delivery/log-reader.ts';
import type { PreparedMessage, Stream, Target } from '../src/delivery/target.ts';
import { CREATED, deliver, until } from './support/deliveries.ts';
import { createMemoryLog } from './support/memory-log.ts';

describe('a burst of callbacks', () => {
  it('is on while many callbacks wait for the store and the event loop is busy', () => {
    const { burst, pass, arrive } = burstBy();
    arrive(64);
    pass(100, 60);
    arrive(64);
    expect(burst.isOn).toBe(true);
  });

  it('is over as soon as no callbacks come', () => {
    const { burst, pass, arrive } = burstBy();
    arrive(64);
    pass(100, 60);
    arrive(1);
    expect(burst.isOn).toBe(true);
    pass(100, 100);
    expect(burst.isOn).toBe(false);
  });

  it.each([
    { where: 'a backlog is delivered and no callbacks come', waiting: 0, busyMs: 100 },
    { where: 'few callbacks wait for the store', waiting: 10, busyMs: 100 },
    { where: 'a slow disk makes callbacks wait and leaves the processor idle', waiting: 64, busyMs: 20 },
  ])('is not detected where $where', ({ waiting, busyMs }) => {
    const { burst, pass, arrive } = burstBy();
    arrive(waiting);
    pass(100, busyMs);
    arrive(Math.min(waiting, 1));
    expect(burst.isOn).toBe(false);
  });

  it('ends once each callback is stored before the next one arrives', async () => {
    const { burst, pass, arrive } = burstBy();
    const stored = Promise.withResolvers<void>();
    const waiting = arrive(64, stored.promise);
    stored.resolve();
    await Promise.all(waiting);
    pass(100, 100);
    for (let callback = 0; callback < 64; callback += 1) await burst.whileStored(stored.promise);
    expect(burst.isOn).toBe(false);
  });

  it('ends after ten seconds, so that the lag does not grow under sustained load', () => {
    const { burst, pass, arrive } = burstBy();
    const seconds = Array.from({ length: 12 }, () => {
      arrive(64);
      pass(500, 500);
      arrive(1);
      const isOn = [burst.isOn];
      pass(500, 500);
      arrive(1);
      return [...isOn, burst.isOn].every(Boolean);
    });
    expect(seconds).toEqual([...Array(10).fill(true), false, false]);
    pass(2_000, 0);
    expect(burst.isOn).toBe(false);
    arrive(1);
    pass(99, 99);
    arrive(1);
    pass(50, 50);
    expect(burst.isOn).toBe(true);
  });

  it("passes the store's result on", async () => {
    const { burst } = burstBy();
    expect(await burst.whileStored(Promise.resolve('stored'))).toBe('stored');
    await expect(burst.whileStored(Promise.reject(new Error('the disk is full')))).rejects.toThrow('the disk is full');
  });
});

/** A burst detector with clocks that `pass` advances. */
function burstBy() {
  let now = 0;
  let busy = 0;
  const burst = new Burst({ now: () => now, busyMs: () => busy });
  return {
    burst,
    pass(ms: number, busyMs: number) {
      now += ms;
      busy += busyMs;
    },
    /** Adds `count` waiting callbacks. */
    arrive: (count: number, stored = new Promise<void>(() => {})) =>
      Array.from({ length: count }, () => burst.whileStored(stored)),
  };
}

describe('consumers', () => {
  const outlets: [name: string, add: (to: ReturnType<typeof deliver>, take: (id: string) => void) => void][] = [
    [
      'of a webhook',
      ({ add }, take) => add({ name: 'webhook', kind: 'webhook', from: 'beginning', target: posts(take) }),
    ],
    ['of a stream', ({ add }, take) => add({ name: 'stream', kind: 'stream', from: 'beginning', target: takes(take) })],
  ];
  it.each(outlets)('%s read little in a burst, and continue', async (_name, add) => {
    const { burst, pass, arrive } = burstBy();
    const log = createMemoryLog();
    const store = log.connect();
    const limits: number[] = [];
    const recording: typeof store.readLog = (which) => {
      limits.push(which.limit);
      return store.readLog(which);
    };
    const got = new Set<string>();
    for (let group = 0; group < 300; group += 1) log.append(CREATED, { GroupId: `@TGS#${group}` });
    arrive(64);
    pass(100, 100);
    arrive(1);
    const deliveries = deliver({ ...store, readLog: recording }, { burst });
    add(deliveries, (id) => got.add(id));
    await until(() => got.size >= 200);
    expect(Math.max(...limits)).toBe(64);
    pass(100, 100);
    await until(() => got.size === 300);
    await until(() => limits.at(-1) === BATCH);
  });
});

test('handlers are not slowed down by a burst', async () => {
  const { burst, pass, arrive } = burstBy();
  const log = createMemoryLog();
  const store = log.connect();
  const limits: number[] = [];
  for (let group = 0; group < 300; group += 1) log.append(CREATED, { GroupId: `@TGS#${group}` });
  arrive(64);
  pass(100, 100);
  arrive(1);
  let got = 0;
  const readLog: typeof store.readLog = (which) => {
    limits.push(which.limit);
    return store.readLog(which);
  };
  deliver({ ...store, readLog }, { burst }).on('*', () => (got += 1), { from: 'beginning' });
  await until(() => got === 300);
  expect(limits[0]).toBe(BATCH);
});

/** An endpoint that accepts everything. */
function posts(take: (id: string) => void): Target {
  return {
    ...{ wants: null, includesUnknown: true, needsGroup: false },
    ...{ schedule: [], timeoutMs: 1_000, concurrency: 16 },
    deliver: async ({ id }) => take(id),
  };
}

/** A stream that accepts everything. */
function takes(take: (id: string) => void): Stream<PreparedMessage & { id: string }> {
  return {
    wants: null,
    includesUnknown: true,
    needsGroup: false,
    open: async () => null,
    prepare: ({ delivery: { id } }) => ({ bytes: 1, problem: null, id }),
    publish: async ({ id }) => {
      take(id);
      return 'published';
    },
    close: async () => {},
  };
}
