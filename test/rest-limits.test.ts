import { expect, test } from '@jest/globals';
import { RateLimit, Slots, systemClock, untilAborted } from '../src/backfill/limits.ts';
import { SimulatedClock } from './support/rest-vendor.ts';

/** The highest number of calls in any second, exclusive of its ends. */
function mostInASecond(times: number[]): number {
  return Math.max(...times.map((start, index) => times.findLastIndex((time) => time < start + 1_000) - index + 1));
}

async function timesOf(limit: RateLimit, clock: SimulatedClock, calls: number): Promise<number[]> {
  return Promise.all(Array.from({ length: calls }, () => limit.take().then(() => clock.time)));
}

test.each([
  { perSecond: 1, calls: 100 },
  { perSecond: 5, calls: 200 },
  { perSecond: 200, calls: 10_000 },
])('of $calls calls, no second has more than $perSecond, and they take little longer than necessary', async (given) => {
  const clock = new SimulatedClock();
  const began = clock.time;
  const times = await timesOf(new RateLimit(given.perSecond, clock), clock, given.calls);
  expect(mostInASecond(times)).toBeLessThanOrEqual(given.perSecond);
  const minimumMs = ((given.calls - 1) / given.perSecond) * 1_000;
  expect(((times.at(-1) ?? 0) - began) / minimumMs).toBeLessThan(1.1);
});

test('an idle bucket never allows more in a second', async () => {
  const clock = new SimulatedClock();
  const limit = new RateLimit(200, clock);
  clock.time += 60_000;
  expect(mostInASecond(await timesOf(limit, clock, 1_000))).toBeLessThanOrEqual(200);
});

test('no calls during a pause', async () => {
  const clock = new SimulatedClock();
  const limit = new RateLimit(200, clock);
  await limit.take();
  limit.pause(5_000);
  limit.pause(1_000);
  const resumed = clock.time + 5_000;
  const [first] = await timesOf(limit, clock, 10);
  expect(first).toBeGreaterThanOrEqual(resumed);
});

test('a caller that no longer waits gives its turn to the next', async () => {
  const clock = new SimulatedClock();
  const limit = new RateLimit(1, clock);
  await limit.take();
  const controller = new AbortController();
  const aborted = limit.take(controller.signal);
  const next = limit.take();
  const began = clock.time;
  controller.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  await next;
  expect(clock.time - began).toBeLessThan(1_100);
});

test('slots are taken in order, and given back after failures', async () => {
  const slots = new Slots(2);
  let running = 0;
  let most = 0;
  const begun: number[] = [];
  const works = Array.from({ length: 20 }, (_, index) =>
    slots.run(async () => {
      begun.push(index);
      running += 1;
      most = Math.max(most, running);
      await systemClock.sleep(1);
      running -= 1;
      if (index % 3 === 0) throw new Error('failed');
    }),
  );
  await Promise.allSettled(works);
  expect(most).toBe(2);
  expect(begun).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

test('a sleep ends with the reason of its signal', async () => {
  const controller = new AbortController();
  const asleep = systemClock.sleep(60_000, controller.signal);
  controller.abort('reason');
  await expect(asleep).rejects.toBe('reason');
  await expect(untilAborted(new Promise(() => {}), AbortSignal.abort('before'))).rejects.toBe('before');
});
