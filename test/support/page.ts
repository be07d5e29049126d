import type { Page } from 'playwright-core';
import { type Visit, visit } from './browser.ts';

type Look = NonNullable<Parameters<typeof visit>[1]>;

/** Opens a view of the page, such as `#/groups`; resolves when it is live and drawn. */
export async function open(adminUrl: string, hash: string, look: Look = {}): Promise<Visit> {
  const visited = await visit(`${adminUrl}/${hash}`, { locale: 'en-GB', ...look });
  await live(visited.page);
  await visited.page.locator('main h1').waitFor();
  return visited;
}

export async function live(page: Page): Promise<void> {
  await page.locator('.light.live').waitFor();
}

/** The ids of the rows, from top to bottom. */
export function rows(page: Page): Promise<string[]> {
  return page.evaluate("[...document.querySelectorAll('tr[data-id]')].map((row) => row.dataset.id)");
}

/** Waits until the rows are the wanted ones. A failure lists the last ones seen. */
export async function untilRows(page: Page, want: (rows: string[]) => boolean, withinMs = 20_000): Promise<string[]> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await rows(page);
    if (want(found)) return found;
    if (Date.now() > deadline) throw new Error(`The rows are ${found.length}: ${found.slice(0, 20).join(' ')}`);
    await page.waitForTimeout(50);
  }
}
