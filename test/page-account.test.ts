import { expect, jest, test } from '@jest/globals';
import { BROWSER_TIMEOUT_MS, overflow, seriousViolations } from './support/browser.ts';
import { open, rows, untilRows } from './support/page.ts';
import { type Running, start } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

jest.setTimeout(BROWSER_TIMEOUT_MS);

type Page = Awaited<ReturnType<typeof open>>['page'];
type Send = Running['send'];

const GROUP = '@TGS#2HARBOUR';

test("an account's page follows its presence, friends, blocklist and groups, and lists its callbacks", async () => {
  const { adminUrl, send } = await start();
  await create(send, { GroupId: GROUP, Name: 'Harbour crew', Owner_Account: 'otto' }, 'otto', 'mina');
  await create(send, { GroupId: 'own', Name: 'Night owls', Owner_Account: 'mina' }, 'mina');
  await create(send, { GroupId: 'other', Name: 'Without her' }, 'otto');
  const began = Date.now() - 3_600_000;
  await state(send, 'mina', 'Login', 'Register', { EventTime: began });
  await pairs(send, 'FriendAdd', ['mina', 'otto'], ['otto', 'mina'], ['mina', 'pia']);
  await pairs(send, 'BlackListAdd', ['mina', 'eve']);

  const { page, errors } = await open(adminUrl, '#/accounts/mina');
  await page.getByRole('heading', { level: 1, name: 'mina' }).waitFor();
  await page.getByText(`Online since ${timeOf(began)}`).waitFor();
  expect(await accountsIn(page, 'Friends')).toEqual(['otto', 'pia']);
  expect(await accountsIn(page, 'Blocklist')).toEqual(['eve']);
  expect(await panel(page, 'Groups').locator('tbody tr').allTextContents()).toEqual([
    expect.stringMatching(/^Harbour crew\s+Public2$/),
    expect.stringMatching(/^Night owls Owner\s*Public1$/),
  ]);
  expect(await panel(page, 'Friends').textContent()).toContain('no event time with these');
  expect(await rows(page)).toEqual(['6', '5', '4', '2', '1']);

  // While the page is open.
  await pairs(send, 'FriendDelete', ['mina', 'otto'], ['otto', 'mina'], ['mina', 'pia']);
  await page.getByText('No friends are known.').waitFor();
  await untilRows(page, ([newest]) => newest === '7');
  await state(send, 'mina', 'CustomStatusChange', 'SetCustomStatus', { EventTime: began + 1, CustomStatus: 'At sea' });
  await panel(page, 'The account').getByText('At sea').waitFor();
  await state(send, 'mina', 'Disconnect', 'TimeOut', { EventTime: began + 60_000 });
  await page.getByText(`Offline since ${timeOf(began + 60_000)}, connection timed out`).waitFor();
  // It happened earlier, and changes nothing.
  await state(send, 'mina', 'Login', 'Register', { EventTime: began + 30_000 });
  await untilRows(page, ([newest]) => newest === '10');
  expect(await page.locator('.presence').textContent()).toContain('Offline since');

  expect(await seriousViolations(page)).toEqual([]);
  for (const width of [390, 768, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    expect([width, await overflow(page)]).toEqual([width, 0]);
  }
  expect(errors).toEqual([]);
});

test('accounts link to their pages: from a group, its history, a callback, another account', async () => {
  const { adminUrl, send } = await start();
  await create(send, { GroupId: GROUP, Name: 'Harbour crew', Owner_Account: 'otto', Operator_Account: 'pia' }, 'mina');
  await pairs(send, 'FriendAdd', ['mina', 'otto']);
  const { page, errors } = await open(adminUrl, '#/groups');
  const follow = async (place: string, link: string, account: string) => {
    await page.goto(`${adminUrl}/${place}`);
    await page.locator(link).getByRole('link', { name: account, exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: account }).waitFor();
    expect(new URL(page.url()).hash).toBe(`#/accounts/${account}`);
    // The focus moves to the heading of the new view.
    await page.locator('h1:focus').waitFor();
  };
  const group = `#/groups/${encodeURIComponent(GROUP)}`;
  await follow('#/groups', '.list', 'otto');
  await follow(group, '.facts', 'otto');
  await follow(group, '.members', 'mina');
  await follow(group, '.timeline', 'pia');
  await follow('#/callbacks/2', '.telling', 'otto');
  await follow('#/accounts/mina', '.panel', 'otto');
  await page.goto(`${adminUrl}/#/accounts/mina`);
  await panel(page, 'Groups').getByRole('link', { name: 'Harbour crew' }).click();
  await page.getByRole('heading', { level: 1, name: 'Harbour crew' }).waitFor();
  expect(errors).toEqual([]);
});

test('the callbacks of an account: a link, a filter, and new arrivals', async () => {
  const { adminUrl, send } = await start();
  await state(send, 'mina', 'Login', 'Register');
  await state(send, 'otto', 'Login', 'Register');
  await pairs(send, 'BlackListAdd', ['otto', 'mina']);
  const { page, errors } = await open(adminUrl, '#/accounts/mina');
  await page.getByRole('link', { name: 'All callbacks of this account' }).click();
  await untilRows(page, (found) => found.join() === '3,1');
  expect(new URL(page.url()).hash).toBe('#/callbacks?account=mina');
  const box = page.getByLabel('Account', { exact: true });
  expect(await box.inputValue()).toBe('mina');
  await state(send, 'otto', 'Logout', 'Unregister');
  await state(send, 'mina', 'Logout', 'Unregister');
  await untilRows(page, (found) => found.join() === '5,3,1');

  await page.getByRole('button', { name: 'Pause' }).click();
  await state(send, 'mina', 'Login', 'Register', { EventTime: Date.now() + 1 });
  await box.fill('otto');
  await untilRows(page, (found) => found.join() === '4,3,2');
  // Matches whole accounts only.
  await box.fill('ott');
  await page.getByText('Nothing matches these filters.').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await untilRows(page, (found) => found.length === 6);
  expect(errors).toEqual([]);
});

test('a list of an account that is paused before its refresh stays unchanged', async () => {
  const { adminUrl, send } = await start();
  await state(send, 'mina', 'Login', 'Register');
  const { page } = await open(adminUrl, '#/callbacks?account=mina');
  await untilRows(page, (found) => found.join() === '1');
  // The list is read again two seconds after the stream announced a callback: the test controls this delay.
  await page.evaluate('Math.random = () => 0.999');
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.evaluate(`new Promise((resolve) => {
    const source = new EventSource('api/live');
    globalThis.told = new Promise((tell) => source.addEventListener('callback', () => tell(true)));
    source.addEventListener('open', resolve);
  })`);
  await state(send, 'mina', 'Logout', 'Unregister');
  expect(await page.evaluate('told')).toBe(true);
  await page.clock.runFor(500);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.clock.runFor(10_000);
  await page.clock.resume();
  await page.waitForLoadState('networkidle');
  expect(await rows(page)).toEqual(['1']);
  await page.getByRole('button', { name: 'Show the newest' }).click();
  await untilRows(page, (found) => found.join() === '2,1');
});

test('an unknown account: the page says what would tell of it, until something does', async () => {
  const { adminUrl, send } = await start();
  const { page } = await open(adminUrl, '#/accounts');
  await page.getByLabel('Account, in full').fill('mina');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByRole('heading', { name: 'Presence, friends and groups are not known' }).waitFor();
  const main = page.locator('main');
  for (const command of ['State.StateChange', 'Sns.CallbackFriendAdd', 'Group.CallbackAfterNewMemberJoin'])
    expect(await main.textContent()).toContain(command);
  expect(await main.textContent()).toContain('No stored callback names this account.');
  expect(await seriousViolations(page)).toEqual([]);
  // Without an event time.
  await state(send, 'mina', 'Logout', 'Unregister', { EventTime: undefined });
  await page.getByText('no event time; ordered by arrival').waitFor();
  expect(await page.locator('.presence').textContent()).toMatch(/^Offline since .*, logged out$/);
  for (const text of ['It is in no group that is known.', 'No friends are known.', 'It has blocked nobody'])
    expect(await main.textContent()).toContain(text);
});

test('account ids may be any text', async () => {
  const { adminUrl, send } = await start();
  const accounts = ['@TGS#2_x', '50%', '%2F', 'a/b?c=d&e#f', '🦊 fox', 'خالد', ' <img src=x> ', 'up\u202egnp'];
  for (const account of accounts) await state(send, account, 'Login', 'Register');
  await pairs(send, 'FriendAdd', ...accounts.map((account): [string, string] => ['mina', account]));
  const { page, errors } = await open(adminUrl, '#/accounts/mina');
  await panel(page, 'Friends').locator('tbody a').first().waitFor();
  const links = await panel(page, 'Friends')
    .locator('tbody a')
    .evaluateAll((all) => all.map((link) => link.getAttribute('href') as string));
  const shown: Record<string, unknown> = {};
  for (const href of links) {
    await page.goto(`${adminUrl}/${href}`);
    await page.locator('.presence').waitFor();
    const ofList = await page.getByRole('link', { name: 'All callbacks of this account' }).getAttribute('href');
    await page.goto(`${adminUrl}/${ofList}`);
    await untilRows(page, (found) => found.length === 2);
    shown[decodeURIComponent(href.replace('#/accounts/', ''))] = await page
      .getByRole('searchbox', { name: 'Account' })
      .inputValue();
  }
  expect(shown).toEqual(Object.fromEntries(accounts.map((account) => [account, account])));
  expect(errors).toEqual([]);
});

test('a long list is shortened at first, and says where it ends', async () => {
  const { adminUrl, send } = await start();
  const many = Array.from({ length: 1_001 }, (_, index): [string, string] => ['mina', `friend_${index}`]);
  await pairs(send, 'FriendAdd', ...many);
  const { page } = await open(adminUrl, '#/accounts/mina');
  await page.getByText('a list ends after 1,000 entries').waitFor();
  const friends = panel(page, 'Friends');
  expect(await friends.locator('tbody tr').count()).toBe(20);
  await friends.getByRole('button', { name: 'Show all 1000' }).click();
  expect(await friends.locator('tbody tr').count()).toBe(1_000);
});

test('in 中文', async () => {
  const { adminUrl, send } = await start();
  await state(send, 'mina', 'Disconnect', 'LinkClose');
  const { page, errors } = await open(adminUrl, '#/accounts/mina', { locale: 'zh-CN' });
  await page.locator('.presence').waitFor();
  expect(await page.locator('.presence').textContent()).toMatch(/^\d{4}年.* 起离线，连接断开$/);
  expect(await page.locator('main h2').allTextContents()).toEqual(['账号信息', '群组', '好友', '黑名单', '最新回调']);
  expect(errors).toEqual([]);
});

async function create(send: Send, fields: object, ...members: string[]): Promise<void> {
  const MemberList = members.map((Member_Account) => ({ Member_Account }));
  const [first] = members;
  const body = payload({ Type: 'Public', Operator_Account: first, Owner_Account: first, MemberList, ...fields });
  expect((await send(pathOf(), post(body))).status).toBe(200);
}

async function state(
  send: Send,
  account: string,
  Action: string,
  Reason: string,
  fields: Record<string, unknown> = {},
) {
  const { CustomStatus, ...more } = fields;
  await happened(send, 'State.StateChange', {
    EventTime: Date.now(),
    Info: { Action, Reason, To_Account: account, CustomStatus },
    ...more,
  });
}

async function pairs(send: Send, change: string, ...given: [from: string, to: string][]): Promise<void> {
  const PairList = given.map(([From_Account, To_Account]) => ({ From_Account, To_Account }));
  await happened(send, `Sns.Callback${change}`, { PairList });
}

async function happened(send: Send, CallbackCommand: string, fields: object): Promise<void> {
  expect((await send(pathOf({ CallbackCommand }), post({ CallbackCommand, ...fields }))).status).toBe(200);
}

function panel(page: Page, title: string) {
  return page.locator('.panel').filter({ has: page.getByRole('heading', { level: 2, name: title, exact: true }) });
}

async function accountsIn(page: Page, title: string): Promise<string[]> {
  return (await panel(page, title).locator('tbody a').allTextContents()).sort();
}

/** In the format for British English. */
const timeOf = (at: number) =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
