import { describe, expect, jest, test } from '@jest/globals';
import { BROWSER_TIMEOUT_MS, overflow, seriousViolations } from './support/browser.ts';
import { handRunConsumer } from './support/hand-run-consumer.ts';
import { live, open, untilRows } from './support/page.ts';
import { type Running, start } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

jest.setTimeout(BROWSER_TIMEOUT_MS);

const VIEWS = [
  ...['#/accounts', '#/accounts/leckie'],
  ...['#/groups', '#/groups/g1', '#/callbacks', '#/callbacks/1', '#/callbacks/2', '#/deliveries'],
  ...['#/deliveries?status=dead&consumer=mailer', '#/overview?period=day', '#/setup'],
];

describe.each([
  ['light', 'en-GB'],
  ['dark', 'en-GB'],
  ['light', 'zh-CN'],
  ['dark', 'zh-CN'],
] as const)('%s, %s', (colorScheme, locale) => {
  test('axe-core finds nothing serious, and nothing is wider than the window', async () => {
    const { adminUrl, send, store } = await start();
    await send(pathOf(), post(payload({ GroupId: 'g1', Introduction: 'Hello', Notification: 'News' })));
    await send(pathOf(), post(payload({ Name: 7 })));
    await consumersInAllStates(store);
    await send(pathOf(), post(payload({ GroupId: 'g2', Type: 'AVChatRoom' })));
    await send(pathOf({ CallbackCommand: 'Some.New' }), post({ CallbackCommand: 'Some.New', GroupId: 'g1' }));
    const { page, errors, foreign } = await open(adminUrl, '#/groups', { colorScheme, locale });
    const found: Record<string, unknown> = {};
    for (const view of VIEWS) {
      await page.goto(`${adminUrl}/${view}`);
      await settled(page);
      found[view] = { violations: await seriousViolations(page), overflow: await widths(page) };
    }
    expect(found).toEqual(Object.fromEntries(VIEWS.map((view) => [view, { violations: [], overflow: [0, 0, 0] }])));
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
  });
});

test('an empty page is accessible too', async () => {
  const { adminUrl } = await start();
  const { page } = await open(adminUrl, '');
  await page.locator('.steps').waitFor();
  expect([await seriousViolations(page), await widths(page)]).toEqual([[], [0, 0, 0]]);
  await page.goto(`${adminUrl}/#/deliveries`);
  await page.getByText('No code handles the callbacks yet').waitFor();
  expect([await seriousViolations(page), await widths(page)]).toEqual([[], [0, 0, 0]]);
});

test('no English is left in 中文', async () => {
  const { adminUrl, send, store } = await start();
  await send(pathOf(), post(payload({ GroupId: 'g1', Introduction: '简介', Notification: '公告' })));
  await send(pathOf(), post(payload({ Name: 7 })));
  await consumersInAllStates(store);
  const { page } = await open(adminUrl, '#/groups', { locale: 'zh-CN' });
  for (const view of [...VIEWS, '#/accounts/nobody']) {
    await page.goto(`${adminUrl}/${view}`);
    await settled(page);
    const english = await page.evaluate<string[]>(ENGLISH);
    expect([view, english]).toEqual([view, []]);
  }
});

test('hostile names and fields are inert, every character is visible, and the layout holds', async () => {
  const { adminUrl, send, store } = await start();
  const hostile = [
    `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`,
    `"><svg onload=window.hacked=1> {{7*7}} \${7*7} javascript:window.hacked=1`,
    'nul \u0000 bell \u0007 escape \u001b[31m delete \u007f next line \u0085',
    'override \u202egnp.exe\u202c isolate \u2067abc\u2069 mark \u200f',
    'W'.repeat(10_000),
    `${'a\u0301\u0323'.repeat(3_000)}`,
    '深'.repeat(10_000),
    'line\nline\r\n\ttab \u2028 zero\u200bwidth \ufeff lone \ud800 surrogate',
    '',
  ];
  for (const [index, text] of hostile.entries()) {
    const fields = {
      GroupId: `h${index}`,
      Name: text,
      Owner_Account: text || 'o',
      Operator_Account: text || 'o',
      Introduction: text,
      Notification: text,
      Type: index === 2 ? text : 'Public',
      MemberList: [{ Member_Account: text }],
      UserDefinedDataList: [{ Key: text, Value: text }],
    };
    expect((await send(pathOf(), post(payload(fields)))).status).toBe(200);
  }
  // Also in what the page shows of a rejected callback: reason, parameters, body.
  await send(pathOf({ OptPlatform: hostile[0], Extra: hostile[3] }), post(payload({ Name: 7, Type: hostile[3] })));

  // Also in a handler's error, and in a name that the app gave.
  const handlers = await handRunConsumer(store, hostile[0]);
  await handlers.save({ state: 'backing off', detail: hostile[1] as string });
  await handlers.fail({ error: hostile[4] as string, subject: JSON.stringify(['group', hostile[4]]) });
  await handRunConsumer(store, hostile[4]);

  const { page, errors, foreign } = await open(adminUrl, '#/groups');
  await untilRows(page, (found) => found.length === hostile.length);
  const tall: unknown[] = await page.evaluate(
    "[...document.querySelectorAll('tr[data-id]')].filter((row) => row.offsetHeight > 160).map((row) => row.dataset.id)",
  );
  expect(tall).toEqual([]);
  const row = (id: string) => page.locator(`tr[data-id="${id}"] .title`);
  expect(await row('h0').textContent()).toBe(hostile[0]);
  expect(await row('h2').textContent()).toBe('nul ␀ bell ␇ escape ␛[31m delete ␡ next line U+0085');
  expect(await row('h3').textContent()).toBe('override U+202Egnp.exeU+202C isolate U+2067abcU+2069 mark U+200F');
  expect(await row('h8').textContent()).toBe('no name');
  const views = [
    '#/groups',
    ...hostile.map((_, index) => `#/groups/h${index}`),
    '#/callbacks',
    '#/callbacks/10',
    '#/callbacks/1',
  ];
  views.push('#/deliveries');
  for (const view of views) {
    await page.goto(`${adminUrl}/${view}`);
    await settled(page);
    expect([view, await widths(page)]).toEqual([view, [0, 0, 0]]);
    expect(
      await page.evaluate("document.querySelectorAll('main img, main script, main svg, main iframe').length"),
    ).toBe(0);
  }
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
});

/** A consumer in each state; one has failed deliveries. */
async function consumersInAllStates(store: Running['store']): Promise<void> {
  const handlers = await handRunConsumer(store);
  const failed = { attempts: 4, waiting: ['0-7'], moreAfter: '0-7' };
  await handlers.fail({ subject: '["group","g1"]', ...failed });
  const mailer = await handRunConsumer(store, 'mailer');
  await mailer.fail({ subject: '["account","leckie"]', status: 'dead', nextAttemptAt: null, late: true });
  await mailer.save({ state: 'backing off', detail: 'Error: connect ECONNREFUSED' });
  await (await handRunConsumer(store, 'index')).save({ state: 'held back', detail: 'Process 17 in app, for 40 s' });
  await handRunConsumer(store, 'paused');
  await store.pauseConsumer('paused', true);
  await (await handRunConsumer(store, 'idle')).end();
}

type Page = Awaited<ReturnType<typeof open>>['page'];

/** Pixels by which the page, or the content of a table cell, is too wide at 390, 1024 and 1920 pixels. */
async function widths(page: Page): Promise<number[]> {
  const found = [];
  for (const width of [390, 1024, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const cells: number[] = await page.evaluate(
      "[...document.querySelectorAll('.list td')].map((cell) => cell.scrollWidth - cell.clientWidth)",
    );
    found.push(Math.max(0, await overflow(page), ...cells));
  }
  return found;
}

async function settled(page: Page): Promise<void> {
  await live(page);
  await page.locator('main :is(.list tbody tr, .panel, .steps, .empty)').first().waitFor();
  if (page.url().includes('#/deliveries')) await page.locator('.deliveries tr[data-id]').first().waitFor();
  await page.waitForLoadState('networkidle').catch(() => {});
}

/** Visible words in Latin letters that do not come from callbacks, the vendor or the receiver. */
const ENGLISH = `(() => {
  const known = /^(URL|ID|IP|EN|SDKAppID|UserID|SQLite|PostgreSQL|JSON|CALLBACK_TOKEN|SDK_APP_ID|RECONCILE_HOURS|REST|API|IM|UTC|GMT|NDJSON|CSV|curl|Token|HTTP)$/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest('bdi, code, pre, [lang=en], datalist, noscript, script, time, [translate=no]')) continue;
    found.push(...(node.data.match(/[A-Za-z][A-Za-z_]+/g) ?? []));
  }
  for (const one of document.querySelectorAll('[aria-label], [placeholder]')) {
    found.push(...((one.ariaLabel ?? '') + ' ' + (one.placeholder ?? '')).match(/[A-Za-z][A-Za-z_]+/g) ?? []);
  }
  found.push(...(document.title.match(/[A-Za-z]{2,}/g) ?? []).filter((word) => !/^(g\\d|leckie|nobody)/.test(word)));
  return found.filter((word) => !known.test(word));
})()`;
