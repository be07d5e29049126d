import { describe, expect, jest, test } from '@jest/globals';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { BROWSER_TIMEOUT_MS } from './support/browser.ts';
import { open, untilRows } from './support/page.ts';
import { start, temporaryFolder } from './support/start.ts';
import { CREATED, pathOf, payload, post } from './support/vendor.ts';

jest.setTimeout(BROWSER_TIMEOUT_MS);

describe('filters and details are links', () => {
  test('of groups', async () => {
    const { adminUrl, send } = await start();
    const groups = [
      { GroupId: 'g1', Name: 'Tea house', Owner_Account: 'ann', Type: 'Work' },
      { GroupId: 'g2', Name: 'Harbour', Owner_Account: 'ann', Type: 'Public' },
      { GroupId: 'g/3#?', Name: 'tea garden', Owner_Account: 'bob', Type: 'Private' },
    ];
    for (const group of groups) await send(pathOf(), post(payload(group)));
    const { page, errors } = await open(adminUrl, '#/groups?search=tea&type=Private');
    await untilRows(page, (found) => found.join() === 'g/3#?,g1');
    await page.getByLabel('Owner', { exact: true }).fill('bob');
    await untilRows(page, (found) => found.join() === 'g/3#?');
    expect(page.url()).toMatch(/#\/groups\?search=tea&type=Private&owner=bob$/);
    // New arrivals are filtered as well.
    await send(pathOf(), post(payload({ GroupId: 'g4', Name: 'TEA again', Owner_Account: 'bob', Type: 'Work' })));
    await send(pathOf(), post(payload({ GroupId: 'g5', Name: 'coffee', Owner_Account: 'bob', Type: 'Work' })));
    await untilRows(page, (found) => found.join() === 'g4,g/3#?');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await untilRows(page, (found) => found.length === 5);

    const shared = await open(adminUrl, '#/groups?search=tea&type=Private&owner=bob');
    await untilRows(shared.page, (found) => found.join() === 'g4,g/3#?');
    await shared.page.getByRole('link', { name: 'tea garden' }).click();
    await shared.page.getByRole('heading', { level: 1, name: 'tea garden' }).waitFor();
    const detail = await open(adminUrl, new URL(shared.page.url()).hash);
    await detail.page.getByRole('heading', { level: 1, name: 'tea garden' }).waitFor();
    expect(await detail.page.locator('main').textContent()).toContain('203.0.113.7');
    await detail.page.locator('.timeline li', { hasText: 'created the group tea garden' }).waitFor();
    await shared.page.goBack();
    await untilRows(shared.page, (found) => found.join() === 'g4,g/3#?');
    expect([...errors, ...shared.errors, ...detail.errors]).toEqual([]);
  });

  test('of callbacks: rejected, unknown, repeated, of a command, of a group', async () => {
    const { adminUrl, send } = await start();
    const first = post(payload({ GroupId: 'g' }));
    await send(pathOf(), first);
    await send(pathOf(), post(payload({ Name: 7, GroupId: 'g' })));
    await send(pathOf({ CallbackCommand: 'Some.New' }), post({ CallbackCommand: 'Some.New', GroupId: 'h' }));
    await send(pathOf(), first);
    const want = {
      '': ['3', '2', '1'],
      '?status=accepted': ['1'],
      '?status=rejected': ['2'],
      '?status=unknown': ['3'],
      '?status=repeats': ['1'],
      '?command=Some.New': ['3'],
      '?groupId=g&status=rejected': ['2'],
      '?family=Group': ['2', '1'],
      '?family=Group&status=rejected': ['2'],
      '?family=Some': ['3'],
      '?family=other': ['3'],
      '?family=Sns': [],
    };
    const { page } = await open(adminUrl, '#/callbacks');
    for (const [query, ids] of Object.entries(want)) {
      await page.goto(`${adminUrl}/#/callbacks${query}`);
      await untilRows(page, (found) => found.join() === ids.join());
    }
    await page.goto(`${adminUrl}/#/callbacks?status=repeats`);
    await untilRows(page, (found) => found.join() === '1');
    expect(await page.locator('tr[data-id="1"]').textContent()).toContain('repeated once');
  });

  test('of callbacks: a family is chosen, which also filters new arrivals; each row has a label in either language', async () => {
    const { adminUrl, send } = await start();
    const befriend = (From_Account: string) => {
      const CallbackCommand = 'Sns.CallbackFriendAdd';
      const PairList = [
        { From_Account, To_Account: 'otto' },
        { From_Account: 'otto', To_Account: From_Account },
      ];
      return send(pathOf({ CallbackCommand }), post({ CallbackCommand, PairList }));
    };
    await befriend('mina');
    await send(pathOf(), post(payload()));
    await send(pathOf({ CallbackCommand: 'Live.New' }), post({ CallbackCommand: 'Live.New' }));
    const { page, errors } = await open(adminUrl, '#/callbacks');
    const family = page.getByLabel('Family');
    await family.selectOption({ label: 'Sns' });
    await untilRows(page, (found) => found.join() === '1');
    expect(page.url()).toMatch(/#\/callbacks\?family=Sns$/);
    await send(pathOf(), post(payload()));
    await befriend('pia');
    await untilRows(page, (found) => found.join() === '5,1');
    expect(await page.locator('tr[data-id="5"] .label').textContent()).toBe('Friends added');
    await family.selectOption({ label: 'Other' });
    await untilRows(page, (found) => found.join() === '3');
    await family.selectOption({ label: 'All families' });
    await untilRows(page, (found) => found.join() === '5,4,3,2,1');

    await page.goto(`${adminUrl}/#/callbacks/1`);
    expect(await page.locator('.telling').textContent()).toBe('mina is now friends with otto.');
    await page.getByRole('button', { name: '中文' }).click();
    await page.locator('.telling', { hasText: 'mina 与 otto 成为好友。' }).waitFor();
    await page.goto(`${adminUrl}/#/callbacks`);
    await page.locator('tr[data-id="1"] .label', { hasText: '添加好友' }).waitFor();
    expect(errors).toEqual([]);
  });
});

test('a rejected callback shows its content and reason, links to its rule, and is retried', async () => {
  const folder = temporaryFolder();
  const strict = structuredClone(callbackDocument) as unknown as {
    components: { schemas: Record<string, { properties: Record<string, object> }> };
  };
  (strict.components.schemas[CREATED] as { properties: Record<string, object> }).properties.Name = {
    type: 'string',
    maxLength: 3,
  };
  const before = await start({ folder, document: strict });
  const sent =
    '{"CallbackCommand":"Group.CallbackAfterCreateGroup",  "GroupId":"late","Operator_Account":"a","Type":"Public","Name":"Longer","EventTime":1700000000000,"big":12345678901234567890}';
  await before.send(pathOf(), post(sent));
  await before.send(pathOf({ Twice: ['one', 'two'] }), post(payload({ Name: 7 })));

  const { adminUrl } = await start({ folder });
  const { page, errors } = await open(adminUrl, '#/callbacks/1');
  await page.getByRole('heading', { name: 'Why it is invalid' }).waitFor();
  const main = page.locator('main');
  for (const text of ['3 characters', 'ClientIP', '203.0.113.7', '"big": 12345678901234567890'])
    expect(await main.textContent()).toContain(text);
  // Another receiver answered it, and has recorded that a second later.
  const reply = page.locator('.panel', { has: page.getByRole('heading', { name: 'Reply', exact: true }) });
  await reply.getByText('"ErrorCode": 10100').waitFor();
  expect(await reply.locator('.facts').textContent()).toMatch(/HTTP status400Time to reply[\d.]+ ms/);
  await page.getByRole('button', { name: 'As received' }).first().click();
  expect(await page.locator('pre').first().textContent()).toBe(sent);
  const rule = await page.getByRole('link', { name: 'The rule in the reference' }).getAttribute('href');
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.locator('.badge.status-accepted').waitFor();

  await page.goto(`${adminUrl}/#/callbacks/2`);
  await main.getByText('two').waitFor();
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByText('It is still invalid.').waitFor();
  expect(errors).toEqual([]);

  await page.goto(new URL(String(rule), `${adminUrl}/`).href);
  const field = page.locator('tr.aimed td[kind=field]');
  await field.waitFor();
  expect([rule, await field.getAttribute('title')]).toEqual([`docs?lang=en#operation/${CREATED}/Name`, 'Name']);
});

test('a callback is ignored and restored by a button; open pages follow, even if its group disappears', async () => {
  const { adminUrl, send } = await start();
  await send(pathOf(), post(payload({ GroupId: 'struck' })));
  const groups = await open(adminUrl, '#/groups');
  await untilRows(groups.page, (found) => found.join() === 'struck');
  const group = await open(adminUrl, '#/groups/struck');
  const list = await open(adminUrl, '#/callbacks');
  const { page, errors } = await open(adminUrl, '#/callbacks/1');
  await page.getByRole('button', { name: 'Ignore', exact: true }).click();
  await page.locator('.badges').getByText('Ignored').waitFor();
  await untilRows(groups.page, (found) => found.length === 0);
  await group.page.getByText('There is no group with this id.').waitFor();
  await list.page.locator('tr[data-id="1"]').getByText('Ignored').waitFor();

  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('button', { name: '取消忽略' }).click();
  await page.getByRole('button', { name: '忽略', exact: true }).waitFor();
  await untilRows(groups.page, (found) => found.join() === 'struck');
  await list.page.locator('tr[data-id="1"]').getByText('Ignored').waitFor({ state: 'detached' });
  expect([...errors, ...groups.errors, ...list.errors]).toEqual([]);
});

test('an empty page says what to do; its button sends a callback through the real endpoint', async () => {
  const { adminUrl, receiverUrl } = await start({ env: { CALLBACK_TOKEN: 'token' } });
  const { page, errors } = await open(adminUrl, '');
  await page.getByRole('heading', { name: 'No callback has come yet' }).waitFor();
  await page.locator('.steps').waitFor();
  const text = await page.locator('main').textContent();
  for (const part of [`${receiverUrl}/`, 'npm run trigger']) expect(text).toContain(part);
  await page.goto(`${adminUrl}/#/callbacks`);
  await page.getByRole('heading', { name: 'No callback has come yet' }).waitFor();
  await page.goto(`${adminUrl}/#/overview`);
  await page.getByText('No callback came in the last hour.').first().waitFor();
  await page.goto(`${adminUrl}/#/setup`);
  await page.getByRole('button', { name: 'Send a test callback' }).click();
  await page.getByText('200 OK 0').waitFor();
  await page.getByRole('link', { name: 'Look at the group' }).click();
  await page.locator('.timeline li').waitFor();
  await page.getByRole('link', { name: 'Groups', exact: true }).click();
  await untilRows(page, (found) => found.length === 1);
  expect(errors).toEqual([]);
});

test('the charts have tables for those who cannot see them', async () => {
  const { adminUrl, send } = await start();
  await send(pathOf(), post(payload({ Type: 'Community' })));
  await send(pathOf(), post(payload({ Name: 7 })));
  const { page, errors } = await open(adminUrl, '#/overview?period=day');
  for (const title of ['Callbacks a minute', 'Time to reply', 'Groups by type']) {
    const panel = page.locator('.panel', { has: page.getByRole('heading', { name: title }) });
    await panel.getByRole('img', { name: title }).waitFor();
    await panel.getByText('Show as a table').click();
    await panel.locator('tbody tr').first().waitFor();
    // Something has been drawn. The page's policy keeps `waitForFunction` from trying again.
    const isDrawn = `[...document.querySelectorAll('canvas')].every((one) => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some(Boolean))`;
    while (!(await page.evaluate(isDrawn))) await page.waitForTimeout(50);
  }
  expect(await page.locator('main').textContent()).toContain('Community');
  expect(errors).toEqual([]);
});

test('the keyboard reaches everything: past the head, into a list, into a detail', async () => {
  const { adminUrl, send } = await start();
  await send(pathOf(), post(payload({ Name: 'By keyboard' })));
  const { page } = await open(adminUrl, '#/groups');
  await untilRows(page, (found) => found.length === 1);
  const focused = () => page.evaluate<string>('document.activeElement.textContent || document.activeElement.tagName');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to content');
  await page.keyboard.press('Enter');
  const path = [];
  for (let count = 0; count < 8 && path.at(-1) !== 'By keyboard'; count += 1) {
    await page.keyboard.press('Tab');
    path.push(await focused());
    expect(
      await page.evaluate(
        "getComputedStyle(document.activeElement).outlineStyle !== 'none' || document.activeElement.matches('tr:has(:focus-visible) *')",
      ),
    ).toBe(true);
  }
  expect(path).toEqual([
    'Pause',
    'NDJSON',
    'CSV',
    'INPUT',
    expect.stringContaining('All types'),
    'INPUT',
    'By keyboard',
  ]);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'By keyboard' }).waitFor();
  await page.waitForFunction("document.activeElement.tagName === 'H1'");
});

test('theme and language are kept', async () => {
  const { adminUrl, send } = await start();
  await send(pathOf(), post(payload()));
  const { page } = await open(adminUrl, '#/groups', { colorScheme: 'light' });
  await page.getByLabel('Appearance').selectOption('dark');
  await page.getByRole('button', { name: '中文' }).click();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: '群组' }).waitFor();
  expect(
    await page.evaluate('[document.documentElement.lang, getComputedStyle(document.body).backgroundColor]'),
  ).toEqual(['zh-Hans', 'rgb(16, 19, 24)']);
  await untilRows(page, (found) => found.length === 1);
});
