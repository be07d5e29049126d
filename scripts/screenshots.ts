import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { launchChromium } from './screenshots/launch-chromium.ts';
import { busyHour, REJECTED_GROUP, SHOWN_GROUP, story } from './screenshots/story.ts';
import { ROOT, startServer } from './testbed/process.ts';

const HELP = `node scripts/screenshots.ts [-- options]

Takes the pictures of the page: starts a receiver of its own, sends it an invented story, looks at it in Chromium. The
machine needs fonts for the scripts that are to be seen.

  --out DIR   the folder to write into; default: test/screenshots
  --font NAME one that the machine has, in place of its own choice
  --all       every view at 390, 1024 and 1920 pixels, in both themes and languages, to look at
  --help      show this text`;

type Shot = readonly [view: string, width: number, theme: 'light' | 'dark', language: 'en' | 'zh'];

const KEPT: Shot[] = [
  ['groups', 1920, 'light', 'en'],
  ['group', 1024, 'light', 'en'],
  ['overview', 1024, 'dark', 'en'],
  ['groups', 390, 'dark', 'zh'],
];

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(ROOT, 'test/screenshots') },
    all: { type: 'boolean', default: false },
    font: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(HELP);
else await main(resolve(values.out), values.all);

async function main(out: string, all: boolean): Promise<void> {
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'screenshots-'));
  const receiver = await startServer({ folder });
  let browser: Browser | undefined;
  try {
    const { callbackUrl, adminUrl } = receiver;
    browser = await launchChromium();
    const empty = all ? everyWay('setup') : [];
    for (const shot of empty) await take(browser, `${adminUrl}/#/groups`, shot, out);
    for (const payload of story(Date.now())) await send(callbackUrl, payload);
    const places: Record<string, string> = {
      groups: '#/groups',
      group: `#/groups/${encodeURIComponent(SHOWN_GROUP)}`,
      callbacks: '#/callbacks',
      callback: `#/callbacks/${await idOf(adminUrl, REJECTED_GROUP)}`,
      overview: '#/overview?period=week',
    };
    const shots = all ? Object.keys(places).flatMap(everyWay) : KEPT;
    for (const shot of shots) await take(browser, `${adminUrl}/${places[shot[0]]}`, shot, out);
  } finally {
    await browser?.close();
    await receiver.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function everyWay(view: string): Shot[] {
  return [390, 1024, 1920].flatMap((width) =>
    (['light', 'dark'] as const).flatMap((theme) =>
      (['en', 'zh'] as const).map((language): Shot => [view, width, theme, language]),
    ),
  );
}

async function send(callbackUrl: string, payload: { CallbackCommand: string }): Promise<void> {
  const query = new URLSearchParams({
    SdkAppid: '1400000000',
    CallbackCommand: payload.CallbackCommand,
    contenttype: 'json',
    ClientIP: '203.0.113.7',
    OptPlatform: 'iOS',
  });
  const init = { method: 'POST', body: JSON.stringify(payload) };
  const reply = await fetch(`${callbackUrl}?${query}`, init);
  await reply.text();
  // Some come again, as in life.
  if (payload.CallbackCommand.endsWith('AfterCreateGroup') && reply.ok)
    await (await fetch(`${callbackUrl}?${query}`, init)).text();
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
  // A receiver that just started has no hour behind it.
  await page.route('**/api/stats', async (route) => {
    const stats = await (await route.fetch()).json();
    await route.fulfill({ json: { ...stats, ...busyHour(Date.now()) } });
  });
  await page.goto(url);
  await page.locator('.light.live').waitFor();
  await page.locator('main h1').waitFor();
  if (values.font)
    await page.evaluate(`document.documentElement.style.setProperty('--font', ${JSON.stringify(values.font)})`);
  await page.waitForTimeout(1_000);
  const path = join(out, `${view}-${width}-${theme}-${language}.png`);
  await page.screenshot({ path });
  console.log(path);
  await page.close();
}
