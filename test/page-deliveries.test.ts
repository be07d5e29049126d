import { describe, expect, jest, test } from '@jest/globals';
import { pino } from 'pino';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { createDelivery } from '../src/delivery/start.ts';
import { BROWSER_TIMEOUT_MS, seriousViolations } from './support/browser.ts';
import { handRunConsumer } from './support/hand-run-consumer.ts';
import { open, rows, untilRows } from './support/page.ts';
import { type Running, start, teardown } from './support/start.ts';
import { CREATED, pathOf, payload, post } from './support/vendor.ts';

jest.setTimeout(BROWSER_TIMEOUT_MS);

type Page = Awaited<ReturnType<typeof open>>['page'];
type Handlers = Awaited<ReturnType<typeof handRunConsumer>>;

const card = (page: Page, name = 'handlers') => page.locator(`[data-consumer="${name}"]`);

async function create({ send }: Running, GroupId: string): Promise<void> {
  expect((await send(pathOf(), post(payload({ GroupId })))).status).toBe(200);
}

/** Delivers retries as soon as the operator requests them. */
async function untilRetried(handlers: Handlers): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await handlers.deliverRetries())) if (Date.now() > deadline) throw new Error('Nothing was retried');
}

async function until(page: Page, what: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error('It did not come');
    await page.waitForTimeout(20);
  }
}

const LANGUAGES = [
  ['en-GB', { retry: 'Retry', parked: 'Parked', failed: '1 failed attempt', none: 'No delivery is parked or dead.' }],
  ['zh-CN', { retry: '重试', parked: '搁置', failed: '失败 1 次', none: '没有搁置或已放弃的投递。' }],
] as const;

test.each(LANGUAGES)(
  'a parked delivery appears within a second, is retried from the page, and disappears: %s',
  async (locale, words) => {
    const running = await start();
    const handlers = await handRunConsumer(running.store);
    const { page, errors, foreign } = await open(running.adminUrl, '#/deliveries', { locale });
    await page.getByText(words.none).waitFor();
    const waits: number[] = [];
    for (const GroupId of ['g0', 'g1', 'g2']) {
      await create(running, GroupId);
      const parked = await handlers.fail({ subject: JSON.stringify(['group', GroupId]), waiting: ['0-70'] });
      const since = Date.now();
      await until(page, async () => (await rows(page)).includes(parked.id));
      waits.push(Date.now() - since);
      await handlers.save({ done: GroupId === 'g2' ? [] : [parked.id] });
    }
    // A busy machine may delay one of them.
    expect(Math.min(...waits)).toBeLessThan(1_000);
    await untilRows(page, (found) => found.length === 1);
    const row = page.locator('tr[data-id]');
    const text = await row.textContent();
    for (const part of [words.parked, words.failed, 'connect ECONNREFUSED 127.0.0.1:5432', 'g2'])
      expect(text).toContain(part);
    expect(await row.getByRole('link', { name: 'g2' }).getAttribute('href')).toBe('#/groups/g2');
    expect(await page.locator('nav .failed').textContent()).toBe('1');
    await row.getByRole('button', { name: words.retry }).click();
    await untilRetried(handlers);
    await page.getByText(words.none).waitFor();
    await page.locator('nav .failed').waitFor({ state: 'detached' });
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
  },
);

test('a failing handler: its delivery appears within a second, is retried from the page, and disappears', async () => {
  const running = await start();
  const delivery = createDelivery({
    store: running.store,
    document: callbackDocument,
    sdkAppId: 1400000000,
    log: pino({ level: 'silent' }),
    schedule: [3_600_000],
  });
  teardown(() => delivery.close());
  let isAway = true;
  const delivered: string[] = [];
  delivery.on(CREATED, ({ payload: { GroupId }, attempt }) => {
    if (isAway && GroupId !== 'g3') throw new Error('the database of the app is away');
    delivered.push(`${GroupId} ${attempt}`);
  });
  await delivery.registering;
  const { page, errors } = await open(running.adminUrl, '#/deliveries');
  await page.getByText('No delivery is parked or dead.').waitFor();
  const row = (GroupId: string) => page.locator('tr[data-id]', { hasText: GroupId });
  const waits: number[] = [];
  for (const GroupId of ['g1', 'g2']) {
    const since = Date.now();
    await create(running, GroupId);
    await row(GroupId).getByText('Error: the database of the app is away').waitFor();
    waits.push(Date.now() - since);
  }
  await create(running, 'g3');
  await until(page, async () => delivered.length > 0);
  isAway = false;
  await row('g1').getByRole('button', { name: 'Retry' }).click();
  await row('g1').waitFor({ state: 'detached' });
  await row('g2').getByRole('button', { name: 'Retry' }).click();
  await page.getByText('No delivery is parked or dead.').waitFor();
  expect(delivered).toEqual(['g3 1', 'g1 2', 'g2 2']);
  // A busy machine may delay one of them.
  expect(Math.min(...waits)).toBeLessThan(1_000);
  expect(errors).toEqual([]);
});

test('all deliveries that match the filters are retried after confirmation; filters are links', async () => {
  const running = await start();
  const handlers = await handRunConsumer(running.store);
  const other = await handRunConsumer(running.store, 'other');
  for (const [GroupId, status] of [
    ['g1', 'parked'],
    ['g2', 'dead'],
    ['g3', 'dead'],
  ] as const) {
    await create(running, GroupId);
    await handlers.fail({ status, subject: JSON.stringify(['group', GroupId]) });
  }
  await other.fail();
  const { page, errors } = await open(running.adminUrl, '#/deliveries?status=dead');
  await untilRows(page, (found) => found.length === 2);
  await page.getByLabel(/^Consumer/).selectOption('other');
  await page.getByText('No delivery matches these filters.').waitFor();
  await page.getByLabel(/^Consumer/).selectOption('handlers');
  await untilRows(page, (found) => found.length === 2);
  expect(page.url()).toMatch(/#\/deliveries\?status=dead&consumer=handlers$/);
  await page.getByRole('button', { name: 'Retry all 2' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.textContent()).toContain('All 2 deliveries of the filters');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Retry all 2' }).click();
  await dialog.getByRole('button', { name: 'Retry', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await untilRetried(handlers);
  await untilRows(page, (found) => found.length === 0);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await untilRows(page, (found) => found.length === 2);
  expect(errors).toEqual([]);
});

test('a consumer is paused, resumed and rewound to a time, with the consequence in words', async () => {
  const running = await start();
  await create(running, 'g1');
  const handlers = await handRunConsumer(running.store);
  await handlers.fail();
  const { page, errors } = await open(running.adminUrl, '#/deliveries', { timezoneId: 'Asia/Shanghai' });
  await card(page).getByRole('button', { name: 'Pause' }).click();
  await card(page).getByText('It delivers nothing until it is resumed.').waitFor();
  await card(page).getByRole('button', { name: 'Resume' }).click();
  await card(page).locator('.badge').getByText('Running').waitFor();
  await create(running, 'g2');
  await card(page)
    .getByText(/1 callback \(the first received/)
    .waitFor();

  await card(page).getByRole('button', { name: 'Rewind…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rewind handlers to a time' });
  const time = dialog.getByLabel('Deliver from this time on');
  await time.fill('2099-01-01T00:00:00');
  await dialog.getByText(/skipped: it never gets them/).waitFor();
  await time.fill('2026-01-02T03:04:05');
  await dialog.getByText(/received since 2 Jan 2026, 03:04:05 is delivered again/).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(running.logged.join()).not.toContain('from another time');
  await card(page).getByRole('button', { name: 'Rewind…' }).click();
  await time.fill('2026-01-02T03:04:05');
  await dialog.getByRole('button', { name: 'Rewind' }).click();
  await card(page).getByText('It is asked to go on from that time.').waitFor();
  // Entered in Shanghai time.
  expect(running.logged.join()).toContain('"to":"2026-01-01T19:04:05.000Z"');
  expect(errors).toEqual([]);
});

test('a consumer that nobody runs shows since when, and is removed after confirmation', async () => {
  const running = await start();
  await create(running, 'g1');
  const handlers = await handRunConsumer(running.store);
  await handlers.fail();
  const { page } = await open(running.adminUrl, '#/deliveries');
  await card(page).locator('.badge').getByText('Running').waitFor();
  expect(await card(page).getByRole('button', { name: 'Remove…' }).count()).toBe(0);
  await handlers.end();
  await card(page).getByText('No process runs it.').waitFor();
  expect(await card(page).textContent()).toContain('Last run');
  await card(page).getByRole('button', { name: 'Remove…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove handlers' });
  expect(await dialog.textContent()).toContain('its 1 parked or dead deliver');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('No code handles the callbacks yet').waitFor();
});

test('a pair of accounts is shown as two links, and an official account by its id', async () => {
  const running = await start();
  const handlers = await handRunConsumer(running.store);
  await create(running, 'g1');
  const { page } = await open(running.adminUrl, '#/deliveries');
  await handlers.fail({ subject: JSON.stringify(['pair', JSON.stringify(['mina', 'otto'])]) });
  await untilRows(page, (found) => found.length === 1);
  const links = page.locator('tr[data-id] td.account a');
  expect(await links.allTextContents()).toEqual(['mina', 'otto']);
  expect(await links.last().getAttribute('href')).toBe('#/accounts/otto');
  await create(running, 'g2');
  await handlers.fail({ subject: JSON.stringify(['official', '@TOA#_bakery']) });
  await page.getByText('official account @TOA#_bakery').waitFor();
});

test('a callback is sent again from its view, to the chosen consumer', async () => {
  const running = await start();
  await create(running, 'g1');
  const first = await open(running.adminUrl, '#/callbacks/1');
  await first.page.getByText('Effect on groups and accounts').waitFor();
  expect(await first.page.getByRole('button', { name: 'Send again' }).count()).toBe(0);
  await handRunConsumer(running.store);
  const other = await handRunConsumer(running.store, 'other');
  const { page, errors } = await open(running.adminUrl, '#/callbacks/1');
  await page.getByLabel('To the consumer').selectOption('other');
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText('The consumer is asked to deliver it again.').waitFor();
  await other.save();
  expect(other.requests).toMatchObject([{ kind: 'send', callbackId: '1' }]);
  expect(errors).toEqual([]);
});

describe('without a mouse', () => {
  test('a delivery is found, opened and retried', async () => {
    const running = await start();
    await create(running, 'g1');
    const handlers = await handRunConsumer(running.store);
    await handlers.fail();
    const { page } = await open(running.adminUrl, '#/deliveries', { width: 390 });
    await untilRows(page, (found) => found.length === 1);
    const focused = () => page.evaluate<string>("document.activeElement?.textContent ?? ''");
    const tabTo = async (text: string) => {
      for (let presses = 0; presses < 40 && (await focused()) !== text; presses += 1) await page.keyboard.press('Tab');
      expect(await focused()).toBe(text);
    };
    // Rows are redrawn twice a second: the focus stays.
    await tabTo('Retry');
    await page.waitForResponse(/api\/deliveries/);
    await page.waitForResponse(/api\/deliveries/);
    expect(await focused()).toBe('Retry');
    await page.keyboard.press('Enter');
    await untilRetried(handlers);
    await untilRows(page, (found) => found.length === 0);
  });
});
