import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { createDelivery } from '../src/delivery/start.ts';
import { CREATED } from './support/deliveries.ts';
import { createMemoryLog } from './support/memory-log.ts';

// Time-outs and leases take seconds here, so the clock is simulated.
beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
afterEach(() => void jest.useRealTimers());

const CONCURRENCY = 16;
/** Progress is saved at least every 256 ended deliveries. */
const MOST_UNSAVED = 256;
const SUBJECTS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', null];

type Step =
  | { do: 'append'; subjects: readonly (string | null)[]; times: number }
  | { do: 'wait'; ms: number }
  | { do: 'kill' }
  | { do: 'lose the database'; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      subjects: fc.array(fc.constantFrom(...SUBJECTS), { minLength: 1, maxLength: 8 }),
      times: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 50, max: 300 })),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 3_000 })),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'kill' } as const) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('lose the database' as const), ms: fc.integer({ min: 1, max: 8_000 }) }),
  },
);

/** The outcome of an attempt. */
type Fate = 'ok' | 'ok later' | 'throws' | 'rejects later' | 'never ends';
const fates = fc.array(
  fc.constantFrom<Fate>('ok', 'ok', 'ok', 'ok', 'ok later', 'ok later', 'throws', 'rejects later', 'never ends'),
  { minLength: 1, maxLength: 50 },
);

test('whatever fails, hangs or is killed: each callback is delivered, in order of its subject, with few repeats', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30, size: 'max' }), fates, async (steps, fates) => {
      const world = createWorld(fates);
      world.start();
      for (const step of steps) {
        if (step.do === 'append') for (let time = 0; time < step.times; time += 1) world.append(step.subjects);
        else if (step.do === 'kill') world.restart();
        else if (step.do === 'lose the database') {
          world.log.failure = new Error('connection refused');
          await jest.advanceTimersByTimeAsync(step.ms);
          world.log.failure = null;
        } else await jest.advanceTimersByTimeAsync(step.ms);
      }
      world.mend();
      for (let second = 0; second < 60 && !world.isDone(); second += 1) await jest.advanceTimersByTimeAsync(1_000);
      expect(world.undelivered().slice(0, 5)).toEqual([]);
      expect(world.wrong).toEqual([]);
      await jest.advanceTimersByTimeAsync(2_000);
      expect(world.log.consumer('handlers')).toMatchObject({ open: [], deliveries: new Map(), state: 'running' });
      world.stop();
    }),
    { numRuns: 25 },
  );
}, 120_000);

/** A log, and processes that deliver from it, one after another. */
function createWorld(fates: readonly Fate[]) {
  const log = createMemoryLog();
  const silent = pino({ level: 'silent' });
  /** Ids in order, for each subject. */
  const appended = new Map<string, string[]>();
  const subjects = new Map<string, string>();
  const delivered = new Set<string>();
  const tries = new Map<string, number>();
  const wrong: string[] = [];
  let process: { kill(): void; delivered: Set<string>; isAlive: boolean } | null = null;
  /** Deliveries that ended since the last save began; they may be repeated. */
  let unsaved = 0;
  let repeats = 0;
  let mayRepeat = 0;
  let isMended = false;

  const world = {
    log,
    wrong,

    append(names: readonly (string | null)[]): void {
      for (const name of names) {
        const id = log.append(CREATED, name === null ? {} : { GroupId: name });
        const subject = name ?? `alone ${id}`;
        subjects.set(id, subject);
        appended.set(subject, [...(appended.get(subject) ?? []), id]);
      }
    },

    undelivered: () => [...subjects.keys()].filter((id) => !delivered.has(id)),
    mend: () => {
      isMended = true;
    },
    isDone: () => subjects.size === delivered.size,

    start(): void {
      const store = log.connect();
      const save = store.saveProgress;
      store.saveProgress = (lease, progress) => {
        const before = unsaved;
        return save(lease, progress).then((answer) => {
          unsaved -= before;
          return answer;
        });
      };
      const deliveries = createDelivery({
        ...{ store, document: callbackDocument, sdkAppId: 1400000000, log: silent, graceMs: 0 },
        schedule: [50, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500],
      });
      const self = {
        delivered: new Set<string>(),
        isAlive: true,
        kill() {
          self.isAlive = false;
          store.kill();
          void deliveries.close();
        },
      };
      process = self;
      deliveries.on(CREATED, ({ id }) => handle(self, id.slice(9)), {
        ...{ from: 'beginning', concurrency: CONCURRENCY, timeoutSeconds: 1 },
      });
    },

    stop: () => process?.kill(),

    restart(): void {
      world.stop();
      log.expireLeases();
      if (unsaved > MOST_UNSAVED + CONCURRENCY) wrong.push(`${unsaved} unsaved at a kill`);
      mayRepeat += unsaved + CONCURRENCY;
      unsaved = 0;
      world.start();
    },
  };
  return world;

  async function handle(self: { delivered: Set<string>; isAlive: boolean }, id: string): Promise<void> {
    if (!self.isAlive) return new Promise(() => {});
    const subject = subjects.get(id) ?? '';
    const ofSubject = appended.get(subject) ?? [];
    const missing = ofSubject.slice(0, ofSubject.indexOf(id)).filter((earlier) => !delivered.has(earlier));
    if (missing.length > 0) wrong.push(`${id} of ${subject} before ${missing}`);
    if (self.delivered.has(id)) wrong.push(`${id} twice without a kill`);
    const count = (tries.get(id) ?? 0) + 1;
    tries.set(id, count);
    const fate = isMended || count > 6 ? 'ok' : fates[(Number(id) * 7 + count) % fates.length];
    if (fate === 'never ends') return new Promise(() => {});
    if (fate === 'throws') throw new Error('thrown');
    if (fate !== 'ok') await new Promise((resolve) => setTimeout(resolve, 1 + (Number(id) % 30)));
    if (!self.isAlive) return new Promise(() => {});
    if (fate === 'rejects later') throw new Error('rejected');
    if (delivered.has(id)) repeats += 1;
    if (repeats > mayRepeat) wrong.push(`${id} is repeat ${repeats}; ${mayRepeat} are allowed`);
    delivered.add(id);
    self.delivered.add(id);
    unsaved += 1;
  }
}
