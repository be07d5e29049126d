import { expect, test } from '@jest/globals';
import { axisLimit } from '../src/admin/page/views/axis.ts';
import { open } from './support/page.ts';
import { start } from './support/start.ts';

test.each([
  ['none', [], null],
  ['no callback', [0, 0, 0], null],
  ['even', Array(60).fill(100), null],
  ['a minute of twice as many', [...Array(59).fill(100), 200], null],
  ['one outlier', [...Array(59).fill(103), 10_000], 200],
  ['an outlier of three minutes, and minutes that are not known', [null, ...Array(57).fill(4), 90, 900, 90], 6],
  ['a rise that stays', [...Array(40).fill(10), ...Array(20).fill(1_000)], null],
  ['one burst in an idle hour', [...Array(59).fill(0), 500], null],
])('the end of the axis: %s', (_, values, limit) => {
  expect(axisLimit(values)).toBe(limit);
});

test('tiles tell errors, decisions and lag; an outlier is marked with its number, and so is each bar', async () => {
  const { adminUrl } = await start();
  const at = (index: number) => new Date(Date.UTC(2026, 0, 1, 12, index)).toISOString();
  const quiet = {
    accepted: 90,
    unknown: 0,
    rejected: 0,
    repeats: 0,
    refused: 0,
    medianSeconds: 0.002,
    p99Seconds: 0.01,
  };
  const decisions = { allowed: 20, refused: 3, changed: 1, fallback: 2 };
  const minutes = Array.from({ length: 60 }, (_, index) => ({
    ...{ at: at(index), ...quiet, decisions },
    ...(index === 20 && { accepted: 7_531 }),
    // Seven of 507 requests.
    ...(index === 57 && { rejected: 5, refused: 2, accepted: 140 }),
  }));
  const { page, errors } = await open(adminUrl, '#/groups');
  await page.route('**/api/stats', async (route) => {
    const stats = await (await route.fetch()).json();
    const groupsByType = {
      hour: [
        { type: 'Public', count: 9_000 },
        { type: 'Work', count: 2 },
      ],
      day: [],
      week: [],
    };
    await route.fulfill({ json: { ...stats, minutes, groupsByType } });
  });
  const consumer = (name: string, lag: number) => ({
    ...{ name, lag, lagCapped: lag === 100_000, kind: 'handlers', place: '1', oldest: null, detail: null },
    ...{ parked: 0, dead: 0, state: 'running', ranAt: at(0) },
  });
  const consumers = [consumer('handlers', 12), consumer('search', 100_000)];
  await page.route('**/api/consumers', (route) => route.fulfill({ json: { consumers } }));
  // Drawings on a canvas have no elements, so the text calls are recorded.
  await page.evaluate(`{
    globalThis.drawn = [];
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
      drawn.push(text);
      fillText.call(this, text, ...place);
    };
  }`);
  await page.getByRole('link', { name: 'At a glance' }).click();
  await page.getByText('A value beyond the axis').waitFor();
  await page.locator('.figures', { hasText: '100,000+' }).waitFor();
  const tiles = await page.locator('.figures > div').allTextContents();
  for (const expected of [
    'Error rate1.4%5 invalid, 2 not taken in 5 minutes',
    'Decisions a minute243 refused, 2 by the fallback',
    'Delivery lag100,000+callbacks before search',
  ])
    expect(tiles).toContain(expected);
  const wanted = ['▲ 7,531', '9,000', '2'];
  for (;;) {
    const drawn = await page.evaluate<string[]>('drawn');
    if (wanted.every((text) => drawn.includes(text))) break;
    await page.waitForTimeout(50);
  }
  expect(errors).toEqual([]);
});
