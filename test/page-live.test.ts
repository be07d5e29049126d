import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import { BROWSER_TIMEOUT_MS } from './support/browser.ts';
import { live, open, untilRows } from './support/page.ts';
import { startProcess } from './support/process.ts';
import { start, temporaryFolder } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

jest.setTimeout(BROWSER_TIMEOUT_MS);

type Page = Awaited<ReturnType<typeof open>>['page'];

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;

test('a group is on the open page within 500 ms of the reply', async () => {
  const { callbackUrl, adminUrl } = await startProcess({}, temporaryFolder());
  await create(callbackUrl, 'first');
  const { page, errors } = await open(adminUrl, '#/groups');
  await watchRows(page);
  const waits = [];
  for (let index = 0; index < 7; index += 1) waits.push(await waitFor(page, await create(callbackUrl, `g${index}`)));
  expect(median(waits)).toBeLessThan(500);
  expect(errors).toEqual([]);
});

/** A slow machine sends fewer; the expectations stay the same. */
const A_SECOND = 1_000;

test('with 1,000 callbacks a second the page stays responsive and bounded, and ends complete', async () => {
  const { callbackUrl, adminUrl } = await startProcess({}, temporaryFolder());
  await create(callbackUrl, 'first', 'marker');
  const filtered = await open(adminUrl, '#/groups?owner=marker');
  const { page, errors } = await open(adminUrl, '#/groups');
  await untilRows(page, (found) => found.length === 1);
  await watchRows(filtered.page);
  await page.evaluate(
    'window.frames60 = 0; (function count() { window.frames60 += 1; requestAnimationFrame(count); })(); window.most = 0;' +
      "new MutationObserver(() => { window.most = Math.max(window.most, document.querySelectorAll('tr[data-id]').length); }).observe(document.body, { childList: true, subtree: true });",
  );
  const measured = Promise.withResolvers<void>();
  const flooding = flood(callbackUrl, A_SECOND, measured.promise);
  const waits: number[] = [];
  let click = 0;
  try {
    await untilRows(page, (found) => found.length >= 50);
    for (let index = 0; index < 7; index += 1) {
      waits.push(await waitFor(filtered.page, await create(callbackUrl, `m${index}`, 'marker')));
    }
    const clicked = Date.now();
    await page.getByRole('link', { name: 'Callbacks', exact: true }).click();
    await untilRows(page, (found) => found.length > 0);
    click = Date.now() - clicked;
  } finally {
    measured.resolve();
  }
  const { sent, answered, seconds } = await flooding;
  const frames: number = await page.evaluate('window.frames60');
  const most: number = await page.evaluate('window.most');
  console.log(
    `${Math.round(answered / seconds)}/s; shown after ${median(waits).toFixed(0)} ms (most ${Math.max(...waits).toFixed(0)}); view changed in ${click} ms; ${Math.round(frames / seconds)} frames/s; at most ${most} rows`,
  );
  expect(answered).toBe(sent);
  expect(median(waits)).toBeLessThan(500);
  expect(click).toBeLessThan(3_000);
  expect(frames / seconds).toBeGreaterThan(5);
  expect(most).toBeLessThanOrEqual(200);

  // Complete: the list shows everything in the store, each once.
  for (const [hash, list] of [
    ['#/callbacks', 'callbacks'],
    ['#/groups', 'groups'],
  ] as const) {
    await page.goto(`${adminUrl}/${hash}`);
    const want = await newest(adminUrl, list);
    await untilRows(page, (found) => found.slice(0, 50).join() === want.join() && new Set(found).size === found.length);
  }
  await untilRows(filtered.page, (found) => found.length === 8);
  expect([...errors, ...filtered.errors]).toEqual([]);
});

test('a flood leaves no gap in an open list', async () => {
  const { callbackUrl, adminUrl } = await startProcess({}, temporaryFolder());
  await create(callbackUrl, 'first');
  const { page } = await open(adminUrl, '#/callbacks');
  await untilRows(page, (found) => found.length === 1);
  // More at once than the stream carries.
  await flood(callbackUrl, 20_000, sleep(100), 1_000);
  const want = await newest(adminUrl, 'callbacks');
  await untilRows(page, (rows) => rows.slice(0, 50).join() === want.join() && rows.every(isNextBelow));
  // Then older ones: never more than fit, and none missing in between. While the list is being read, a request for more
  // is ignored.
  const showNewest = page.getByRole('button', { name: 'Show the newest' });
  while (!(await showNewest.isVisible())) await more(page);
  await untilRows(page, (rows) => rows.length <= 200 && rows.every(isNextBelow));
  await showNewest.click();
  await untilRows(page, (rows) => rows.slice(0, 50).join() === want.join());
});

test('the server restarts under the open page: nothing is missed, each appears once', async () => {
  const folder = temporaryFolder();
  const first = await startProcess({}, folder);
  await create(first.callbackUrl, 'before');
  const { page } = await open(first.adminUrl, '#/groups');
  const detail = await open(first.adminUrl, '#/groups/before');
  await untilRows(page, (found) => found.join() === 'before');
  // Rows that the page has lost must not reappear because the list is read again.
  const reads: string[] = [];
  page.on('request', (asked) => asked.url().includes('/api/groups') && reads.push(asked.url()));
  await page.clock.install();
  first.child.kill('SIGTERM');
  await first.exited;
  await page.locator('.light.reconnecting').waitFor();
  // The time until the page reports itself offline.
  await page.clock.fastForward(8_000);
  await page.locator('.light.offline').waitFor();
  // The browser retries once a second; the indicator does not flicker.
  for (let count = 0; count < 2; count += 1)
    await page.waitForEvent('requestfailed', (failed) => failed.url().endsWith('/api/live'));
  expect(await page.locator('.light').textContent()).toBe('Offline');
  const ports = { PORT: new URL(first.callbackUrl).port, ADMIN_PORT: new URL(first.adminUrl).port };
  const second = await startProcess(ports, folder);
  const missed = Array.from({ length: 30 }, (_, index) => `missed${index}`);
  for (const id of missed) await create(second.callbackUrl, id);
  await live(page);
  await live(detail.page);
  await create(second.callbackUrl, 'after');
  const found = await untilRows(page, (rows) => rows.includes('after') && missed.every((id) => rows.includes(id)));
  expect(found.toSorted()).toEqual(['after', 'before', ...missed].toSorted());
  expect(reads).toEqual([]);
});

test('a refused stream is opened again, and the lists are read again', async () => {
  const { adminUrl, send } = await start();
  await send(pathOf(), post(payload({ GroupId: 'g1' })));
  const { page } = await open(adminUrl, '#/groups');
  let refuse = true;
  await page.route('**/api/live', (route) => (refuse ? route.fulfill({ status: 503, body: '' }) : route.continue()));
  await page.reload();
  await page.locator('.light:is(.reconnecting, .connecting)').waitFor();
  await untilRows(page, (found) => found.join() === 'g1');
  await send(pathOf(), post(payload({ GroupId: 'g2' })));
  refuse = false;
  await live(page);
  await untilRows(page, (found) => found.toSorted().join() === 'g1,g2');
});

test('a gap reported by the stream makes the page read its list again', async () => {
  const { adminUrl, send } = await start();
  await send(pathOf(), post(payload({ GroupId: 'g1' })));
  const { page } = await open(adminUrl, '#/groups');
  await untilRows(page, (found) => found.join() === 'g1');
  const stream = {
    contentType: 'text/event-stream',
    body: 'retry: 300\n\nevent: gap\ndata: {"missed":1,"readers":1}\n\n',
  };
  await page.route('**/api/live', (route) => route.fulfill(stream));
  await page.reload();
  await untilRows(page, (found) => found.join() === 'g1');
  await send(pathOf(), post(payload({ GroupId: 'g2' })));
  await untilRows(page, (found) => found.join() === 'g2,g1');
});

test('if many readers get a gap, each reads its list in turn', async () => {
  const { adminUrl, send } = await start();
  await send(pathOf(), post(payload({ GroupId: 'g1' })));
  const { page } = await open(adminUrl, '#/groups');
  await untilRows(page, (found) => found.join() === 'g1');
  const gapsUntil = async (readers: number, enough: (seen: { gaps: number; reads: number }) => boolean) => {
    const seen = { gaps: 0, reads: 0 };
    const body = `retry: 300\n\nevent: gap\ndata: {"missed":1,"readers":${readers}}\n\n`;
    await page.route('**/api/live', (route) => {
      seen.gaps += 1;
      return route.fulfill({ contentType: 'text/event-stream', body });
    });
    await page.reload();
    await page.locator('main h1').waitFor();
    Object.assign(seen, { gaps: 0, reads: 0 });
    page.on('request', (asked) => {
      if (asked.url().includes('/api/groups')) seen.reads += 1;
    });
    while (!enough(seen)) await page.waitForTimeout(20);
    return { ...seen };
  };
  const one = await gapsUntil(1, ({ reads }) => reads > 3);
  // Their turns are 50 s apart.
  const many = await gapsUntil(1_000, ({ gaps }) => gaps > one.gaps);
  expect(many.reads).toBeLessThanOrEqual(1);
});

test('a paused list stays unchanged and counts; then it shows the newest', async () => {
  const { adminUrl, send } = await start();
  await send(pathOf(), post(payload({ GroupId: 'g1' })));
  const { page } = await open(adminUrl, '#/groups');
  await untilRows(page, (found) => found.join() === 'g1');
  await page.getByRole('button', { name: 'Pause' }).click();
  await send(pathOf(), post(payload({ GroupId: 'g2' })));
  await send(pathOf(), post(payload({ GroupId: 'g3' })));
  await page.getByRole('button', { name: 'Show the newest (2 new)' }).click();
  await untilRows(page, (found) => found.join() === 'g3,g2,g1');
});

/** @returns the group's id, and the arrival of the reply in milliseconds since 1970 */
async function create(callbackUrl: string, GroupId: string, owner = 'owner'): Promise<{ id: string; at: number }> {
  const body = payload({ GroupId, Owner_Account: owner });
  const reply = await fetch(callbackUrl + pathOf().slice(1), post(body));
  await reply.arrayBuffer();
  expect(reply.status).toBe(200);
  return { id: GroupId, at: Date.now() };
}

/** Records in the page when each row appeared. */
async function watchRows(page: Page): Promise<void> {
  await page.evaluate(`
    window.appeared = {};
    const note = () => {
      for (const row of document.querySelectorAll('tr[data-id]')) window.appeared[row.dataset.id] ??= Date.now();
    };
    new MutationObserver(note).observe(document.body, { childList: true, subtree: true, attributes: true });
    note();`);
}

/** Milliseconds from the reply until the row appeared. */
async function waitFor(page: Page, { id, at }: { id: string; at: number }): Promise<number> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const appeared = await page.evaluate<number | null>(`window.appeared[${JSON.stringify(id)}] ?? null`);
    if (appeared !== null) return appeared - at;
    if (Date.now() > deadline) throw new Error(`${id} never appeared`);
    await sleep(20);
  }
}

async function newest(adminUrl: string, list: 'groups' | 'callbacks'): Promise<string[]> {
  const answer = (await (await fetch(`${adminUrl}/api/${list}?limit=50`)).json()) as Record<
    string,
    { id?: string; groupId: string }[]
  >;
  return (answer[list] ?? []).map(({ id, groupId }) => (list === 'groups' ? groupId : String(id)));
}

/** Whether a callback's id directly precedes the one above it; on SQLite, ids have no gaps without duplicates. */
function isNextBelow(id: string, index: number, ids: string[]): boolean {
  return index === 0 || Number(id) === Number(ids[index - 1]) - 1;
}

async function more(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Load more' }).click();
  await page.getByRole('button', { name: 'Load more' }).waitFor();
}

/** Sends new groups at a steady rate until stopped, over few connections, and waits for every answer. */
async function flood(callbackUrl: string, aSecond: number, until: Promise<unknown>, atLeast = 0) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const started = performance.now();
  const waiting: Promise<void>[] = [];
  let sent = 0;
  let answered = 0;
  let over = false;
  void until.then(() => {
    over = true;
  });
  while (!over || sent < atLeast) {
    const due = Math.floor(((performance.now() - started) / 1000) * aSecond);
    for (; sent < due; sent += 1) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      request(callbackUrl + pathOf().slice(1), { method: 'POST', agent }, (response) => {
        response.resume().on('end', () => {
          answered += 1;
          resolve();
        });
      })
        .on('error', reject)
        .end(JSON.stringify(payload({ EventTime: Date.now() })));
      waiting.push(promise);
    }
    await sleep(10);
  }
  await Promise.all(waiting);
  agent.destroy();
  return { sent, answered, seconds: (performance.now() - started) / 1000 };
}
