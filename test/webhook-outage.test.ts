import type { ServerResponse } from 'node:http';
import type { LookupFunction } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Webhook } from '../src/delivery/webhook.ts';
import { until } from './support/deliveries.ts';
import { createMemoryLog } from './support/memory-log.ts';
import { serve, start } from './support/start.ts';
import { APP, CREATED, pathOf, payload, post } from './support/vendor.ts';
import {
  type Answer,
  deliverToWebhook,
  endpointOf,
  freshSecret,
  status,
  storedOf,
  webhookEndpoint,
} from './support/webhook.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Turns of the event loop after which awaited work has continued. */
const TURNS = 5;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Hours pass here, so the clock is simulated. The endpoint and its connections are real. */
function simulateTime() {
  /** `attempts`: start times. */
  const clock = { inFlight: 0, attempts: [] as number[], isHanging: false, pass, skipTo };
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    Object.assign(clock, { inFlight: 0, attempts: [], isHanging: false });
    const { deliver } = Webhook.prototype;
    jest.spyOn(Webhook.prototype, 'deliver').mockImplementation(function (this: Webhook, ...given) {
      clock.inFlight += 1;
      clock.attempts.push(Date.now());
      return deliver.apply(this, given).finally(() => {
        clock.inFlight -= 1;
      });
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  /** Advances time, but not while an answer is expected and under way. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += SECOND) {
      await jest.advanceTimersByTimeAsync(SECOND);
      for (let turns = 0; turns < TURNS || (clock.inFlight > 0 && !clock.isHanging); turns += 1)
        await new Promise((resolve) => setImmediate(resolve));
    }
  }
  /** Sets the clock forward, for periods in which nothing happens. */
  function skipTo(time: number): void {
    jest.setSystemTime(Math.max(time, Date.now()));
  }
  return clock;
}

type Down = Answer | 'not there' | 'no answer';

/** An endpoint that can be down, and a consumer that delivers to it. */
async function outage(clock: ReturnType<typeof simulateTime>, down: Down) {
  const endpoint = endpointOf();
  const origin = await serve(endpoint.listener);
  let isDown = false;
  const unanswered: ServerResponse[] = [];
  const lookup: LookupFunction = (_name, _options, done) => {
    if (isDown && down === 'not there')
      done(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), []);
    else done(null, [{ address: '127.0.0.1', family: 4 }]);
  };
  endpoint.answer = (response, received) => {
    if (isDown && down === 'no answer') unanswered.push(response);
    else if (isDown && typeof down === 'function') down(response, received);
    else response.writeHead(204, { Connection: 'close' }).end();
  };
  const log = createMemoryLog();
  const url = `http://endpoint.test:${new URL(origin).port}/`;
  const { logged } = deliverToWebhook(log.connect(), url, { options: { lookup } });
  return {
    log,
    logged,
    endpoint,
    switchOff() {
      isDown = true;
      clock.isHanging = down === 'no answer';
      clock.attempts = [];
    },
    switchOn() {
      isDown = false;
      for (const response of unanswered) response.destroy();
      clock.isHanging = false;
      endpoint.received.length = 0;
    },
    /** For each group, deliveries since the recovery are in log order. */
    inOrder() {
      const byGroup = Map.groupBy(endpoint.received, ({ event }) => event.subject);
      for (const received of byGroup.values()) {
        const numbers = received.map(({ event }) => Number(event.id.slice(9)));
        expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
      }
    },
    ids: () => new Set(endpoint.received.map(({ event }) => event.id)),
  };
}

describe('an endpoint that is down for an hour', () => {
  const clock = simulateTime();

  test.each<[string, Down]>([
    ['is unreachable', 'not there'],
    ['answers 500', status(500, { Connection: 'close' })],
    ['does not answer', 'no answer'],
  ])(
    'and %s is tried at intervals; nothing is lost, and everything is delivered within a minute of its return',
    async (_title, down) => {
      const { log, logged, endpoint, switchOff, switchOn, inOrder, ids } = await outage(clock, down);
      let count = 0;
      const append = () => {
        count += 1;
        log.append(CREATED, { GroupId: `g${count % 300}`, padding: 'x'.repeat(2_000) });
      };
      for (let index = 0; index < 300; index += 1) append();
      await clock.pass(5 * SECOND);
      expect(endpoint.received).toHaveLength(300);

      switchOff();
      const used: number[] = [];
      for (let second = 0; second < HOUR / SECOND; second += 1) {
        append();
        await clock.pass(SECOND);
        if (second % 600 === 599) used.push(memoryUsed());
      }
      const { state, detail, place } = log.consumer('webhook');
      expect(state).toBe('backing off');
      expect(detail).toMatch(/^nearly all deliveries fail; the last error: .*; next attempt at 20\d\d-/);
      expect(clock.attempts.length).toBeLessThan(400);
      expect(log.callbacks.length - Number(place.slice(2))).toBeGreaterThan(3_000);
      expect(storedOf(log, 'dead')).toEqual([]);
      expect(storedOf(log).length).toBeLessThanOrEqual(20);
      expect(logged.filter((line) => line.includes('nearly all deliveries of a consumer fail'))).toHaveLength(1);
      // For 3,000 callbacks in the last 50 minutes, the test's own log keeps 8 MB.
      expect((used.at(-1) as number) - (used[0] as number)).toBeLessThan(20_000_000);

      switchOn();
      await clock.pass(MINUTE);
      expect(ids().size).toBe(3_600);
      inOrder();
      expect(log.consumer('webhook')).toMatchObject({ state: 'running', detail: null, open: [], place: '0-3900' });
      expect(log.consumer('webhook').deliveries.size).toBe(0);
    },
    180_000,
  );

  test('with three groups that had worked for long, it is tried at intervals as well', async () => {
    const { log, switchOff, switchOn, inOrder, ids } = await outage(clock, 'not there');
    const append = () => {
      for (const group of ['a', 'b', 'c']) log.append(CREATED, { GroupId: group });
    };
    for (let minute = 0; minute < 20; minute += 1) append();
    await clock.pass(MINUTE);
    switchOff();
    for (let minute = 0; minute < 60; minute += 1) {
      append();
      await clock.pass(MINUTE);
    }
    expect(log.consumer('webhook').state).toBe('backing off');
    expect(clock.attempts.length).toBeGreaterThan(60);
    expect(clock.attempts.length).toBeLessThan(400);
    expect(storedOf(log).every(({ attempts }) => attempts <= 1)).toBe(true);
    switchOn();
    await clock.pass(40 * SECOND);
    expect(ids().size).toBe(180);
    inOrder();
    expect(log.consumer('webhook').deliveries.size).toBe(0);
  });

  test('with one group it follows the schedule of 27.5 hours, then the delivery is dead', async () => {
    const { log, switchOff, switchOn, ids } = await outage(clock, 'not there');
    switchOff();
    log.append(CREATED, { GroupId: 'a' });
    log.append(CREATED, { GroupId: 'a' });
    await clock.pass(10 * SECOND);
    for (let attempts = 2; attempts < 8; attempts += 1) {
      const [{ nextAttemptAt } = {}] = storedOf(log);
      expect(storedOf(log)).toMatchObject([{ callbackId: '1', attempts }]);
      clock.skipTo((nextAttemptAt?.getTime() ?? 0) - 5 * SECOND);
      await clock.pass(10 * SECOND);
    }
    const [dead, ...others] = storedOf(log, 'dead');
    expect(others).toEqual([]);
    expect(dead).toMatchObject({ callbackId: '1', attempts: 8, error: 'no answer from the endpoint: ECONNREFUSED' });
    const waits = clock.attempts.slice(1, 8).map((at, index) => at - (clock.attempts[index] as number));
    for (const [index, expected] of [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(expected * SECOND);
      expect(waits[index]).toBeLessThan(expected * 1.1 * SECOND + 2 * SECOND);
    }
    switchOn();
    await clock.pass(10 * SECOND);
    expect([...ids()].map((id) => id.slice(9))).toEqual(['2']);
  });

  test('a callback that makes the endpoint fail is given up by the schedule, even with outages in between', async () => {
    const { log, endpoint, switchOff, switchOn } = await outage(clock, 'not there');
    const { answer } = endpoint;
    endpoint.answer = (response, received) =>
      received.event.subject === 'bad' ? response.writeHead(500).end() : answer(response, received);
    log.append(CREATED, { GroupId: 'bad' });
    for (let hour = 0; hour < 36; hour += 1) {
      switchOff();
      for (let index = 0; index < 5; index += 1) log.append(CREATED, { GroupId: `g${index}` });
      await clock.pass(MINUTE);
      switchOn();
      await clock.pass(MINUTE);
      clock.skipTo(Date.now() + 58 * MINUTE);
    }
    expect(storedOf(log, 'dead')).toMatchObject([{ callbackId: '1', attempts: 8 }]);
    expect(log.consumer('webhook').place).toBe('0-181');
  });

  test('callbacks for which a working endpoint answers 502 are given up by the schedule', async () => {
    const { log, endpoint } = await outage(clock, 'not there');
    endpoint.answer = (response, { event }) =>
      response.writeHead(event.subject?.startsWith('bad') ? 502 : 204, { Connection: 'close' }).end();
    for (const group of ['bad1', 'bad2', 'bad3']) log.append(CREATED, { GroupId: group });
    for (let hour = 0; hour < 48; hour += 1) {
      log.append(CREATED, { GroupId: 'good' });
      await clock.pass(MINUTE);
      clock.skipTo(Date.now() + 58 * MINUTE);
    }
    expect(storedOf(log, 'dead')).toMatchObject([{ attempts: 8 }, { attempts: 8 }, { attempts: 8 }]);
    expect(endpoint.received.filter(({ event }) => event.subject === 'good')).toHaveLength(48);
  });

  test('a clock set back by a month prolongs no wait', async () => {
    const { log, endpoint, switchOff, switchOn } = await outage(clock, status(503, { 'Retry-After': '60' }));
    const setBack = () => jest.setSystemTime(Date.now() - 30 * 24 * HOUR);
    switchOff();
    log.append(CREATED, { GroupId: 'a' });
    await clock.pass(5 * SECOND);
    expect(storedOf(log)).toHaveLength(1);
    setBack();
    switchOn();
    log.append(CREATED, { GroupId: 'b' });
    await clock.pass(MINUTE);
    expect(endpoint.received.map(({ event }) => event.subject).sort()).toEqual(['a', 'b']);

    switchOff();
    for (let index = 0; index < 5; index += 1) log.append(CREATED, { GroupId: `g${index}` });
    await clock.pass(5 * SECOND);
    setBack();
    await clock.pass(MINUTE);
    expect(log.consumer('webhook').state).toBe('backing off');
    setBack();
    switchOn();
    await clock.pass(2 * MINUTE);
    expect(new Set(endpoint.received.map(({ event }) => event.subject)).size).toBe(5);
    expect(log.consumer('webhook').deliveries.size).toBe(0);
  });

  function memoryUsed(): number {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  }
});

test('callbacks are accepted while the endpoint is down, and delivered once it is back', async () => {
  const endpoint = await webhookEndpoint(status(502));
  const env = { SDK_APP_ID: APP, DELIVERY_URL: endpoint.url, DELIVERY_SECRET: freshSecret() };
  const { send, read } = await start({ env });
  const consumer = async () => (await read('/api/consumers')).json.consumers[0];
  for (let index = 0; index < 400; index += 40) {
    const sent = Array.from({ length: 40 }, () => send(pathOf(), post(payload())));
    for (const { status, json } of await Promise.all(sent)) expect([status, json.ErrorCode]).toEqual([200, 0]);
  }
  await until(async () => (await consumer()).state === 'backing off');
  expect((await consumer()).lag).toBeGreaterThan(300);
  expect(endpoint.received.length).toBeLessThan(100);
  endpoint.received.length = 0;
  endpoint.answer = status(204);
  await until(async () => (await consumer()).lag === 0 && (await consumer()).parked === 0, 60);
  expect(new Set(endpoint.received.map(({ event }) => event.id)).size).toBe(400);
  expect(await consumer()).toMatchObject({ state: 'running', dead: 0, detail: null });
});
