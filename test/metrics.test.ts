import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { startProcess } from './support/process.ts';
import { start, temporaryFolder } from './support/start.ts';
import { CREATED, pathOf, payload, post } from './support/vendor.ts';

/** The value of each series, by its name and labels as they are in the text. */
function seriesIn(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

test('what became of callbacks and senders is counted', async () => {
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

test('a sender that invents commands makes no new series', async () => {
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

test('the spool shows its depth and age, a store that fails that it is not ready', async () => {
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

describe('what deploy/ offers', () => {
  const text = (file: string) => readFileSync(join(import.meta.dirname, '../deploy', file), 'utf8');

  test.each(['grafana-dashboard.json', 'alerts.yaml'])('%s names metrics that exist', async (file) => {
    const { adminUrl } = await startProcess({}, temporaryFolder());
    const scraped = await (await fetch(`${adminUrl}/metrics`)).text();
    const names = new Set([...seriesIn(scraped).keys()].map((series) => series.split('{')[0] as string));
    // Node's own metrics of the process are among them.
    expect([...names]).toEqual(
      expect.arrayContaining(['process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds']),
    );
    const named = new Set(text(file).match(/\b(callbacks|process|nodejs)_[a-z0-9_]+/g));
    expect(named.size).toBeGreaterThan(5);
    expect([...named].filter((name) => !names.has(name) && !names.has(`${name}_count`))).toEqual([]);
  });

  test('the dashboard has no panel without a query, and none covers another', () => {
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

  test('every alert has an expression, a time, a severity and says what to do', () => {
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
