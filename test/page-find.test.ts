import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { BROWSER_TIMEOUT_MS, overflow, seriousViolations } from './support/browser.ts';
import { open, untilRows } from './support/page.ts';
import { start } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

jest.setTimeout(BROWSER_TIMEOUT_MS);

const HOUR_MS = 3_600_000;
const SENT = 'Group.CallbackAfterSendMsg';

function message(GroupId: string) {
  const names = { CallbackCommand: SENT, GroupId, Type: 'Public', From_Account: 'ann', Operator_Account: 'ann' };
  return post({ ...names, MsgSeq: 1, MsgTime: 1_700_000_000, EventTime: Date.now(), MsgBody: [] });
}

const untilIds = (page: Page, ids: string) => untilRows(page, (found) => found.join() === ids);

test('callbacks are found by a part of a command, a group by its name, and a time range; all is in the address', async () => {
  let clock = Date.now() - 30 * HOUR_MS;
  const { adminUrl, send } = await start({ now: () => clock });
  await send(pathOf(), post(payload({ GroupId: 'g1', Name: 'Tea house' })));
  clock = Date.now() - 2 * HOUR_MS;
  await send(pathOf(), post(payload({ GroupId: 'g2', Name: 'Harbour' })));
  clock = Date.now();
  await send(pathOf({ CallbackCommand: SENT }), message('g1'));
  const { page, errors } = await open(adminUrl, '#/callbacks', { timezoneId: 'Asia/Shanghai' });
  await untilIds(page, '3,2,1');

  // `/` moves the focus to the field for a part of a command; within the field it is a character.
  await page.keyboard.press('/');
  await page.keyboard.type('CREATEgroup');
  await untilIds(page, '2,1');
  expect(page.url()).toMatch(/#\/callbacks\?command=\*CREATEgroup\*$/);
  const offers = page.getByRole('listbox', { name: 'Command' });
  await offers.getByText('Group', { exact: true }).waitFor();
  await offers.getByRole('option').nth(1).waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  // New callbacks are filtered, too.
  await send(pathOf({ CallbackCommand: SENT }), message('g1'));
  await send(pathOf(), post(payload({ GroupId: 'g3' })));
  await untilIds(page, '5,2,1');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('sendmsg');
  await offers.getByRole('option', { name: SENT }).waitFor();
  await page.keyboard.press('ArrowDown');
  while (!(await offers.getByRole('option', { name: SENT, selected: true }).isVisible()))
    await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await untilIds(page, '4,3');
  expect(page.url()).toMatch(new RegExp(`command=${SENT}$`));
  await page.getByRole('button', { name: 'Clear filters' }).click();

  const group = page.getByRole('combobox', { name: 'Group' });
  await group.fill('tea ho');
  await page.getByRole('option', { name: 'Tea house g1' }).click();
  await untilIds(page, '4,3,1');
  expect(await group.inputValue()).toBe('g1');
  const received = page.getByRole('combobox', { name: 'Received' });
  await received.selectOption('Last hour');
  await untilIds(page, '4,3');
  await received.selectOption('Last 7 days');
  await untilIds(page, '4,3,1');
  expect(await page.locator('.period').textContent()).toMatch(
    /^From .*\(times in your time zone: Asia\/Shanghai, GMT\+8\)$/,
  );
  await group.fill('');
  await received.selectOption('From … until …');
  const local = (hoursAgo: number) => new Date(Date.now() + (8 - hoursAgo) * HOUR_MS).toISOString().slice(0, 19);
  await page.getByLabel('From', { exact: true }).fill(local(3));
  await page.getByLabel('Until', { exact: true }).fill(local(1));
  await untilIds(page, '2');

  const shared = await open(adminUrl, new URL(page.url()).hash, { timezoneId: 'UTC', width: 390, locale: 'zh-CN' });
  await untilIds(shared.page, '2');
  expect(await shared.page.locator('.period').textContent()).toMatch(
    /^从 .* 至 .*（时间按您的时区显示：UTC，GMT\+0）$/,
  );
  expect(await overflow(shared.page)).toBe(0);
  // Callbacks that arrive after the end of the range are not in it.
  await send(pathOf(), post(payload({ GroupId: 'g4' })));
  await shared.page.getByRole('button', { name: '清除筛选' }).click();
  await untilIds(shared.page, '6,5,4,3,2,1');
  expect(await untilIds(page, '2')).toEqual(['2']);
  expect([...errors, ...shared.errors]).toEqual([]);
});

test('`/` leads to the search of each view', async () => {
  const { adminUrl, send } = await start();
  await send(pathOf(), post(payload()));
  const { page } = await open(adminUrl, '#/groups');
  for (const [hash, label] of [
    ['#/groups', 'Search name, id or owner'],
    ['#/accounts', 'Account, in full'],
    ['#/callbacks', 'Command'],
  ] as const) {
    await page.goto(`${adminUrl}/${hash}`);
    const field = page.getByLabel(label, { exact: true }).first();
    await field.waitFor();
    const focused = field.and(page.locator(':focus'));
    // A view that has just been drawn may not listen yet.
    do {
      await page.keyboard.press('/');
      await page.waitForTimeout(100);
    } while ((await focused.count()) === 0);
    expect(await focused.getAttribute('title')).toBe('The key / leads here');
    expect(await field.inputValue()).toBe('');
  }
});

test('many are retried and ignored: counted, done with progress, told by outcome; and exported', async () => {
  const { adminUrl, send, read, store } = await start();
  for (let index = 0; index < 130; index += 1) await send(pathOf(), post(payload({ Name: index })));
  await send(pathOf(), post(payload({ GroupId: 'g' })));
  const { page, errors } = await open(adminUrl, '#/callbacks');
  await page.locator('tr[data-id]').first().waitFor();
  expect(await page.getByRole('button', { name: 'Ignore all' }).count()).toBe(0);
  await page.goto(`${adminUrl}/#/callbacks?status=rejected`);
  await page.getByRole('button', { name: 'Retry all…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Retry all that match' });
  await dialog.getByText('The filters leave 130.').waitFor();
  expect(await seriousViolations(page)).toEqual([]);
  const { retry } = store;
  const held = Promise.withResolvers<void>();
  store.retry = async (id, judge) => {
    if (id === '120') await held.promise;
    return retry(id, judge);
  };
  await dialog.getByRole('button', { name: 'Retry' }).click();
  await dialog.getByText('100 of 130 done').waitFor();
  await dialog.getByRole('button', { name: 'Stop' }).click();
  held.resolve();
  // The current portion is the last one.
  await dialog.getByText('Finished: 130 done.').waitFor();
  await dialog.getByText('still invalid').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  store.setIgnored = (
    (setIgnored) => (id, ignored) =>
      id === '2' ? Promise.reject(new Error('disk I/O error')) : setIgnored(id, ignored)
  )(store.setIgnored);
  await page.getByRole('button', { name: 'Ignore all…' }).click();
  const ignoring = page.getByRole('dialog', { name: 'Ignore all that match' });
  await ignoring.getByRole('button', { name: 'Ignore' }).click();
  await ignoring.getByText('Finished: 130 done.').waitFor();
  expect(await ignoring.locator('.outcomes').textContent()).toBe('ignored129failed1');
  expect(await ignoring.locator('.failures').textContent()).toBe('2 disk I/O error');
  await ignoring.getByRole('button', { name: 'Close' }).click();
  expect((await read('/api/callbacks/3')).json.ignored).toBe(true);

  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'NDJSON' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('callbacks.ndjson');
  expect(
    readFileSync((await download.path()) as string, 'utf8')
      .trimEnd()
      .split('\n'),
  ).toHaveLength(130);
  expect(errors).toEqual([]);
});

test('a callback is copied as curl, which a shell sends as it was received, and as the trigger command', async () => {
  const { adminUrl, receiverUrl, send, read } = await start();
  const sent = `{"CallbackCommand":"Group.CallbackAfterCreateGroup", "GroupId":"it's $HOME \`x\` \\\\ !","Operator_Account":"a",
  "Type":"Public","Name":"茶","EventTime":1700000000000}`;
  await send(pathOf({ OptPlatform: "i'OS [1-9]" }), post(sent));
  const { page } = await open(adminUrl, '#/callbacks/1', { permissions: ['clipboard-read', 'clipboard-write'] });
  expect(await page.locator('.copyable').textContent()).toContain(`--callback 1 --admin ${adminUrl}/`);
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const curl: string = await page.evaluate('navigator.clipboard.readText()');
  expect(curl).toContain(receiverUrl);
  expect(curl).not.toMatch(/Sign=/);
  await promisify(execFile)('/bin/sh', ['-c', `${curl} --silent --fail`]);
  expect((await read('/api/callbacks/1')).json).toMatchObject({ body: sent, repeats: 1 });
});
