import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../../scripts/screenshots/launch-chromium.ts';
import { teardown } from './start.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** A busy machine takes long to unpack and start a browser. */
export const BROWSER_TIMEOUT_MS = 180_000;

let launched: Promise<Browser> | undefined;
afterAll(async () => {
  await (await launched)?.close();
});

export interface Visit {
  page: Page;
  /** Requests to hosts other than the page's. All were blocked. */
  foreign: string[];
  /** Errors in the browser's console, and uncaught ones. */
  errors: string[];
}

/**
 * Opens a page in a real Chromium that reaches only the page's own host. Closed with the test, or, if `isShared`, with
 * the browser after the last test of the file.
 */
export async function visit(
  url: string,
  {
    width = 1440,
    password,
    isShared = false,
    ...options
  }: { width?: number; password?: string; isShared?: boolean } & BrowserContextOptions = {},
): Promise<Visit> {
  launched ??= launchChromium();
  const context = await (await launched).newContext({
    viewport: { width, height: 900 },
    ...options,
    ...(password === undefined ? {} : { httpCredentials: { username: 'admin', password } }),
  });
  if (!isShared) teardown(() => context.close());
  const [foreign, errors]: [string[], string[]] = [[], []];
  const { protocol, host } = new URL(url);
  await context.route(
    (other) => !['data:', 'blob:'].includes(other.protocol) && (other.protocol !== protocol || other.host !== host),
    (route) => {
      foreign.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(url);
  return { page, foreign, errors };
}

/** Serious and critical violations that axe-core finds, as `rule: the first element`. */
export async function seriousViolations(page: Page): Promise<string[]> {
  // axe stays loaded as long as only the hash changes, and takes long to load.
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(readFileSync(AXE, 'utf8'));
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe-core defines it in the page
    const { violations } = await (globalThis as any).axe.run();
    return violations
      .filter(({ impact }: { impact: string }) => ['serious', 'critical'].includes(impact))
      .map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`);
  });
}

/** Pixels by which the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth');
}
