import { expect, jest, test } from '@jest/globals';
import { createWorld } from '../scripts/simulator/rest/world.ts';
import { BROWSER_TIMEOUT_MS, overflow, seriousViolations } from './support/browser.ts';
import { open } from './support/page.ts';
import { startSimulator } from './support/rest-simulator.ts';
import { start } from './support/start.ts';
import { pathOf, post } from './support/vendor.ts';

jest.setTimeout(BROWSER_TIMEOUT_MS);

const WIDTHS = [390, 1024, 1440];

/** A receiver with access to the vendor, and one group some of whose callbacks were lost. */
async function lossy() {
  const told: object[] = [];
  // The vendor's replies have times in seconds: very recent events may be newer.
  const world = createWorld({ now: () => Date.now() - 60_000, emit: (callback) => told.push(callback) });
  const server = await startSimulator({ groups: world });
  const key = '0123456789abcdef'.repeat(4);
  const env = { REST_DOMAIN: server.url, REST_ADMIN: 'administrator', REST_KEY: key, RECONCILE_HOURS: '24' };
  const started = await start({ env });
  world.create({ groupId: 'harbour', name: 'Harbour', owner: 'ann', members: ['ben'] });
  for (const callback of told.splice(0)) {
    const { CallbackCommand } = callback as { CallbackCommand: string };
    expect((await started.send(pathOf({ CallbackCommand }), post(callback))).status).toBe(200);
  }
  world.change('harbour', { name: 'Harbour crew' });
  world.join('harbour', ['cho']);
  return { ...started, world };
}

test('a group shows whether the vendor has confirmed it; the button asks, repairs and shows the differences', async () => {
  const { adminUrl, store } = await lossy();
  const { page, errors } = await open(adminUrl, '#/groups/harbour');
  const panel = page.locator('.panel', { hasText: 'Compared with the vendor' });
  await panel.getByText('The vendor has never confirmed this group.').waitFor();
  await panel.getByRole('button', { name: 'Ask the vendor now' }).click();
  await panel.getByText('2 differences, which are repaired:').waitFor();
  const cells = (await panel.locator('tbody td').allTextContents()).map((cell) => cell.trim());
  expect(cells).toEqual([...['Name', 'Harbour', 'Harbour crew'], ...['Member cho', 'missing', 'present']]);
  await panel.getByText('Confirmed by the vendor').waitFor();
  await page.locator('h1', { hasText: 'Harbour crew' }).waitFor();
  const { confirmedAt } = (await store.findGroup('harbour')) ?? {};
  expect(await panel.locator('time').getAttribute('datetime')).toBe(confirmedAt);
  const snapshot = page.locator('.event', { hasText: 'Back-fill' });
  expect(await snapshot.textContent()).toMatch(/The vendor had the group Harbour crew, with 3 members\./);
  expect(await seriousViolations(page)).toEqual([]);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    expect([width, await overflow(page)]).toEqual([width, 0]);
  }

  await panel.getByRole('button', { name: 'Ask the vendor now' }).click();
  await panel.getByText('Nothing was different.').waitFor();
  await snapshot.getByRole('link', { name: 'Back-fill' }).click();
  await page.locator('h1', { hasText: 'Backfill.GroupSnapshot' }).waitFor();
  await page.locator('.telling', { hasText: 'Harbour crew' }).waitFor();
  await page.goto(`${adminUrl}/#/callbacks?family=Backfill`);
  await page.locator('tr[data-id]').first().waitFor();
  const [row, ...others] = await page.locator('tr[data-id]').all();
  expect([await row?.textContent(), others]).toEqual([
    expect.stringMatching(/Backfill\.GroupSnapshot\s*Back-fill/),
    [],
  ]);
  expect(errors).toEqual([]);
});

test('an unreachable vendor is reported; without the settings there is no button', async () => {
  const { adminUrl, world } = await lossy();
  const { page } = await open(adminUrl, '#/groups/harbour');
  const button = page.getByRole('button', { name: 'Ask the vendor now' });
  await button.waitFor();
  // Destroyed at the vendor; the mirror still has it.
  world.destroy('harbour');
  await button.click();
  await page.locator('.badge', { hasText: 'Destroyed' }).waitFor();

  const bare = await start();
  await bare.send(pathOf(), post({ ...CREATION, GroupId: 'alone' }));
  const { page: other } = await open(bare.adminUrl, '#/groups/alone');
  await other.getByText('The vendor has never confirmed this group.').waitFor();
  const link = other.getByRole('link', { name: 'How it can be asked' });
  await link.waitFor();
  expect(await other.getByRole('button', { name: 'Ask the vendor now' }).count()).toBe(0);
  await link.click();
  await other.getByText('Back-fill and audit').waitFor();
});

const CREATION = {
  ...{ CallbackCommand: 'Group.CallbackAfterCreateGroup', Type: 'Public', Name: 'Alone', EventTime: Date.now() },
  ...{ Operator_Account: 'ann', Owner_Account: 'ann' },
};

test.each([
  ['en-GB', 'Back-fill and audit', 'every 24 hours, only reports', 'goes on, or was interrupted'],
  ['zh-CN', '回填与核对', '每 24 小时一次，只报告差异', '进行中，或已中断'],
])(
  'Set up offers the back-fill, and shows the findings of the last runs: %s',
  async (locale, heading, every, interrupted) => {
    const { adminUrl, store } = await lossy();
    const done = { compared: 10_412, differing: 3, differences: 5, stored: 3, leftOut: 1 };
    const run = { startedAt: new Date(), finishedAt: null, options: '', place: '', done: JSON.stringify(done) };
    await store.claimRun('backfill', 'me');
    await store.saveRun('backfill', 'me', run);
    const { page, errors } = await open(adminUrl, '#/setup', { locale });
    const panel = page.locator('.panel', { hasText: heading });
    await panel.waitFor();
    const lines = await panel.locator('.line').allInnerTexts();
    expect(lines).toEqual([
      ...['REST_DOMAIN=adminapisgp.im.qcloud.com', 'REST_ADMIN=administrator', 'REST_KEY=…'],
      'npm run backfill',
    ]);
    const text = await panel.textContent();
    for (const part of [every, interrupted, '10412', '3', '5']) expect(text).toContain(part);
    expect(await seriousViolations(page)).toEqual([]);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      expect([width, await overflow(page)]).toEqual([width, 0]);
    }
    expect(errors).toEqual([]);
  },
);
