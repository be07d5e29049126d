import { expect, test } from '@jest/globals';
import { untilDrained } from '../scripts/testbed/process.ts';
import { BROWSER_TIMEOUT_MS } from './support/browser.ts';
import { open, rows, untilRows } from './support/page.ts';
import { useOwnPostgres } from './support/postgres.ts';
import { start } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

const postgres = useOwnPostgres();

test(
  'while PostgreSQL is stopped every view says so and keeps what it shows; once it is back all goes on by itself',
  async () => {
    const running = await start({ env: { DATABASE_URL: await postgres.createDatabase() } });
    const { adminUrl, receiverUrl, send, read } = running;
    await untilDrained(receiverUrl);
    const create = async (count: number) => {
      for (let made = 0; made < count; made += 1) expect((await send(pathOf(), post(payload()))).status).toBe(200);
    };
    await create(1);
    const { page } = await open(adminUrl, '#/callbacks');
    await untilRows(page, (found) => found.length === 1);
    const shown = await rows(page);
    expect((await read('/api/state')).json).toMatchObject({ database: { state: 'available', since: null } });

    await postgres.stop();
    const before = Date.now();
    await create(3);
    const { database, spool, groupsByType, minutes } = (await read('/api/stats')).json;
    expect([database.state, spool, groupsByType]).toEqual(['away', expect.objectContaining({ depth: 3 }), null]);
    expect(Date.parse(database.since)).toBeGreaterThan(before - 60_000);
    expect(minutes.map(({ accepted }: { accepted: number }) => accepted).reduce((a: number, b: number) => a + b)).toBe(
      4,
    );
    const banner = page.locator('.notice.away');
    await banner.getByText('3 wait there, the oldest came').waitFor();
    await banner.getByText('The database is away since').waitFor();
    expect(await rows(page)).toEqual(shown);
    await page.getByRole('button', { name: '中文' }).click();
    await banner.getByText('有 3 条在等待').waitFor();
    await page.getByRole('button', { name: 'EN' }).click();
    // Values that were read before stay, and missing ones are not an error.
    await page.getByRole('link', { name: 'At a glance' }).click();
    await page.locator('.figures').waitFor();
    await page.getByRole('link', { name: 'Groups', exact: true }).click();
    await page.getByText('this works again once it is back').waitFor();
    expect([await banner.count(), await page.locator('[role=alert]').count()]).toEqual([1, 0]);

    await postgres.start();
    await banner.waitFor({ state: 'detached' });
    // Without a request from the user.
    await untilRows(page, (found) => found.length === 4);
    await page.goto(`${adminUrl}/#/callbacks`);
    await untilRows(page, (found) => found.length === 4);
    const replies = [];
    for (const id of await rows(page)) replies.push((await read(`/api/callbacks/${id}`)).json.reply);
    // The spool's ids are not those of the database: their replies are unknown, and other callbacks' replies must not
    // be shown.
    expect(replies.map((reply) => reply?.status ?? null)).toEqual([null, null, null, 200]);
    expect((await read('/api/state')).json).toMatchObject({ database: { state: 'available' }, spool: { depth: 0 } });
  },
  BROWSER_TIMEOUT_MS,
);
