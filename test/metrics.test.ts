import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { createMetrics } from '../src/metrics.ts';
import { handRunConsumer } from './support/hand-run-consumer.ts';
import { startProcess } from './support/process.ts';
import { start, temporaryFolder } from './support/start.ts';
import { CREATED, pathOf, payload, post } from './support/vendor.ts';

/** The value of each series, by its name and labels as printed. */
function seriesIn(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

test('outcomes of callbacks and senders are counted', async () => {
  const { send, read } = await start({ env: { CALLBACK_TOKEN: 'xxxxyyyy' } });
  await send(pathOf(), post(payload()));
  const open = await start();
  const body = payload();
  await open.send(pathOf(), post(body));
  await open.send(pathOf(), post(body));
  await open.send(pathOf(), post(payload()));
  await open.send(pathOf(), post(payload({ GroupId: undefined })));
  await open.send(pathOf(), post({}));
  await open.send(pathOf({ SdkAppid: '1' }), post(payload()));
  await open.send(pathOf({}, '/elsewhere'), post(payload()));

  const counted = seriesIn((await open.read('/metrics')).text);
  const of = (outcome: string) => counted.get(`callbacks_total{command="${CREATED}",outcome="${outcome}"}`);
  expect(['accepted', 'repeat', 'rejected'].map(of)).toEqual([2, 1, 1]);
  expect(counted.get('callbacks_probes_total')).toBe(1);
  expect(counted.get('callbacks_refused_total{reason="not_our_app"}')).toBe(1);
  expect(counted.get('callbacks_refused_total{reason="no_such_path"}')).toBe(1);
  // Four callbacks, the probe and the refused sender; a request for another path is not a callback.
  expect(counted.get('callbacks_reply_seconds_count')).toBe(6);
  expect(counted.get('callbacks_commit_size_sum')).toBe(4);
  expect(counted.get('callbacks_commit_seconds_count')).toBe(counted.get('callbacks_commit_size_count'));
  expect(counted.get('callbacks_ready')).toBe(1);
  // Each receiver has its own counters.
  const guarded = seriesIn((await read('/metrics')).text);
  expect(guarded.get('callbacks_refused_total{reason="not_the_vendor"}')).toBe(1);
  expect(guarded.get(`callbacks_total{command="${CREATED}",outcome="accepted"}`)).toBe(0);
});

test('invented commands create no new series', async () => {
  const { send, read } = await start();
  const names = async () => [...seriesIn((await read('/metrics')).text).keys()].sort();
  const before = await names();
  for (let index = 0; index < 30; index += 1) {
    await send(pathOf({ CallbackCommand: `Invented.${index}` }), post({ CallbackCommand: `Invented.${index}` }));
    await send(pathOf({ CallbackCommand: `"}\n${index}` }), post('{'));
  }
  expect(await names()).toEqual(before);
  const counted = seriesIn((await read('/metrics')).text);
  expect(counted.get('callbacks_total{command="other",outcome="unknown"}')).toBe(30);
  expect(counted.get('callbacks_total{command="other",outcome="rejected"}')).toBe(30);
});

test('the spool shows its depth and age, and a failing store that it is not ready', async () => {
  const { send, read } = await start({ env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' } });
  await send(pathOf(), post(payload()));
  await send(pathOf(), post(payload()));
  await sleep(5);
  const counted = seriesIn((await read('/metrics')).text);
  expect(counted.get('callbacks_spool_depth')).toBe(2);
  expect(counted.get('callbacks_spool_oldest_seconds')).toBeGreaterThan(0);
  const broken = await start({
    wrapStore: (store) => ({ ...store, health: () => Promise.reject(new Error('gone')) }),
  });
  expect(seriesIn((await broken.read('/metrics')).text).get('callbacks_ready')).toBe(0);
});

test('consumers show their lag, failures and state; attempts are counted and timed', async () => {
  const { send, read, store } = await start();
  await send(pathOf(), post(payload()));
  await send(pathOf(), post(payload()));
  const handlers = await handRunConsumer(store);
  await handRunConsumer(store, 'other');
  await handlers.fail({ status: 'dead', nextAttemptAt: null });
  await handlers.save({ state: 'backing off', detail: 'away' });
  const counted = seriesIn((await read('/metrics')).text);
  const of = (name: string, consumer: string, more = '') =>
    counted.get(`callbacks_consumer_${name}{consumer="${consumer}"${more}}`);
  expect([of('lag', 'handlers'), of('parked', 'handlers'), of('dead', 'handlers')]).toEqual([0, 0, 1]);
  expect([of('lag', 'other'), of('lag_seconds', 'handlers'), of('idle_seconds', 'handlers')]).toEqual([2, 0, 0]);
  expect(of('lag_seconds', 'other')).toBeGreaterThan(0);
  expect([of('state', 'handlers', ',state="backing_off"'), of('state', 'other', ',state="backing_off"')]).toEqual([
    1, 0,
  ]);
  expect(counted.get('callbacks_delivery_attempts_total{consumer="handlers",outcome="failed"}')).toBe(0);

  const metrics = createMetrics();
  metrics.watch(store);
  metrics.delivered('handlers', 0.02, 'ok');
  metrics.delivered('handlers', 7, 'failed');
  metrics.delivered('handlers', 0, 'dead');
  await handlers.end();
  const after = seriesIn(await metrics.text());
  const attempts = (outcome: string) =>
    after.get(`callbacks_delivery_attempts_total{consumer="handlers",outcome="${outcome}"}`);
  expect(['ok', 'failed', 'dead'].map(attempts)).toEqual([1, 1, 1]);
  expect(after.get('callbacks_delivery_seconds_count{consumer="handlers"}')).toBe(3);
  expect(after.get('callbacks_consumer_state{consumer="handlers",state="idle"}')).toBe(1);
});

test('consumers are read once for consecutive scrapes; without an answer, their series disappear', async () => {
  let reads = 0;
  let isAway = false;
  let clock = 0;
  const { store } = await start();
  await handRunConsumer(store);
  const metrics = createMetrics({ now: () => clock });
  metrics.watch({
    ...store,
    listConsumers() {
      reads += 1;
      return isAway ? Promise.reject(new Error('gone')) : store.listConsumers();
    },
  });
  const lag = async () => seriesIn(await metrics.text()).get('callbacks_consumer_lag{consumer="handlers"}');
  for (let scrape = 0; scrape < 5; scrape += 1) expect(await lag()).toBe(0);
  expect(reads).toBe(1);
  clock += 5_000;
  isAway = true;
  expect(await lag()).toBeUndefined();
  expect(reads).toBe(2);
});

describe('the monitoring files of deploy/', () => {
  const text = (file: string) => readFileSync(join(import.meta.dirname, '../deploy', file), 'utf8');

  test.each(['grafana-dashboard.json', 'alerts.yaml'])('%s uses existing metrics', async (file) => {
    const { adminUrl } = await startProcess({}, temporaryFolder());
    const scraped = await (await fetch(`${adminUrl}/metrics`)).text();
    const series = [...seriesIn(scraped).keys()].map((one) => one.split('{')[0] as string);
    // Metrics of consumers have no series until there is a consumer.
    const types = [...scraped.matchAll(/^# TYPE (\S+) (\w+)$/gm)];
    const parts = types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name],
    );
    const names = new Set([...series, ...parts]);
    // Includes Node's process metrics.
    expect([...names]).toEqual(
      expect.arrayContaining(['process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds']),
    );
    const named = new Set(text(file).match(/\b(callbacks|process|nodejs)_[a-z0-9_]+/g));
    expect(named.size).toBeGreaterThan(5);
    expect([...named].filter((name) => !names.has(name) && !names.has(`${name}_count`))).toEqual([]);
  });

  test('every panel of the dashboard has a query, and none covers another', () => {
    const { panels } = JSON.parse(text('grafana-dashboard.json'));
    const cells = new Set<string>();
    for (const { title, targets, gridPos } of panels) {
      expect([title, targets.every(({ expr }: { expr: string }) => expr.length > 0)]).toEqual([title, true]);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(cells.has(`${x} ${y}`)).toBe(false);
          cells.add(`${x} ${y}`);
        }
    }
  });

  test('every alert has an expression, a duration, a severity and a remedy', () => {
    const alerts = text('alerts.yaml')
      .split(/^ +- alert: /m)
      .slice(1);
    expect(alerts.length).toBeGreaterThan(4);
    for (const alert of alerts)
      for (const part of [
        /^ +expr: \S/m,
        /^ +for: \d+[smh]$/m,
        /severity: (page|ticket)$/m,
        /summary: \S/,
        /description: \S/,
      ])
        expect(alert).toMatch(part);
  });
});
