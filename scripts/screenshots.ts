import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { readArguments } from './command-line.ts';
import { launchChromium } from './screenshots/launch-chromium.ts';
import { busyHour, failedDeliveries, REJECTED_GROUP, SHOWN_ACCOUNT, SHOWN_GROUP, story } from './screenshots/story.ts';
import { vendorRequest } from './simulator/vendor-request.ts';
import { runWithCleanUps } from './testbed/clean-ups.ts';
import { ROOT, startServer } from './testbed/process.ts';

const help = `Usage: node scripts/screenshots.ts [options]

Takes the pictures of the page: starts a receiver of its own, sends it an invented story, and opens the page in
Chromium. The machine needs fonts for the scripts in the pictures.

  --out DIR  the folder to write into; default: test/screenshots
  --all      every view at 390, 1024, 1440 and 1920 pixels, in both themes and languages
  --help     show this text`;

type Shot = readonly [view: string, width: number, theme: 'light' | 'dark', language: 'en' | 'zh'];

const KEPT: Shot[] = [
  ['groups', 1920, 'light', 'en'],
  ['group', 1024, 'light', 'en'],
  ['deliveries', 1024, 'light', 'en'],
  ['overview', 1024, 'dark', 'en'],
  ['groups', 390, 'dark', 'zh'],
];

await runWithCleanUps('screenshots', async (args, cleanUps) => {
  const given = readArguments(args, { help });
  const out = resolve(given.text('out') ?? join(ROOT, 'test/screenshots'));
  const all = given.flags.has('all');
  mkdirSync(out, { recursive: true });
  const { callbackUrl, adminUrl, end } = await startServer({ folder: cleanUps.folder('screenshots-') });
  cleanUps.add(() => end());
  const browser = await launchChromium();
  cleanUps.add(() => browser.close());
  const takeAll = async (shots: Shot[], places: Record<string, string>) => {
    for (const shot of shots) await take(browser, `${adminUrl}/${places[shot[0]]}`, shot, out);
  };
  if (all) await takeAll(everyWay('setup'), { setup: '#/groups' });
  for (const payload of story(Date.now())) await send(callbackUrl, payload);
  const places = {
    groups: '#/groups',
    group: `#/groups/${encodeURIComponent(SHOWN_GROUP)}`,
    account: `#/accounts/${SHOWN_ACCOUNT}`,
    callbacks: '#/callbacks',
    callback: `#/callbacks/${await idOf(adminUrl, REJECTED_GROUP)}`,
    deliveries: '#/deliveries',
    overview: '#/overview?period=week',
  };
  await takeAll(all ? Object.keys(places).flatMap(everyWay) : KEPT, places);
  return 0;
});

function everyWay(view: string): Shot[] {
  return [390, 1024, 1440, 1920].flatMap((width) =>
    (['light', 'dark'] as const).flatMap((theme) =>
      (['en', 'zh'] as const).map((language): Shot => [view, width, theme, language]),
    ),
  );
}

async function send(callbackUrl: string, payload: { CallbackCommand: string }): Promise<void> {
  const receiver = { url: callbackUrl, sdkAppId: 1400000000, token: undefined };
  const { method, url, body } = vendorRequest(payload.CallbackCommand, JSON.stringify(payload), receiver);
  const reply = await fetch(url, { method, body });
  await reply.text();
  // Some callbacks are sent twice, as in real traffic.
  if (payload.CallbackCommand.endsWith('AfterCreateGroup') && reply.ok)
    await (await fetch(url, { method, body })).text();
}

async function idOf(adminUrl: string, groupId: string): Promise<string> {
  const reply = await fetch(`${adminUrl}/api/callbacks?groupId=${encodeURIComponent(groupId)}`);
  return ((await reply.json()) as { callbacks: { id: string }[] }).callbacks[0]?.id ?? '';
}

async function take(browser: Browser, url: string, [view, width, theme, language]: Shot, out: string): Promise<void> {
  const page = await browser.newPage({
    viewport: { width, height: width < 600 ? 844 : width < 1500 ? 768 : 1080 },
    colorScheme: theme,
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'UTC',
  });
  // A receiver that has just started has no figures for the last hour.
  await page.route('**/api/stats', async (route) => {
    const stats = await (await route.fetch()).json();
    await route.fulfill({ json: { ...stats, ...busyHour(Date.now()) } });
  });
  // It has no failing deliveries either.
  const { consumers, deliveries } = failedDeliveries(Date.now());
  await page.route('**/api/consumers', (route) => route.fulfill({ json: { consumers } }));
  await page.route('**/api/deliveries?*', (route) => route.fulfill({ json: { deliveries, nextCursor: null } }));
  await page.goto(url);
  await page.locator('.light.live').waitFor();
  await page.locator('main h1').waitFor();
  await page.waitForTimeout(1_000);
  const path = join(out, `${view}-${width}-${theme}-${language}.png`);
  await page.screenshot({ path });
  console.log(path);
  await page.close();
}
