import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import chromiumPackage from '../../node_modules/@sparticuz/chromium/package.json' with { type: 'json' };
import { teardown } from './start.ts';

const ROOT = join(import.meta.dirname, '../..');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** A busy machine takes its time to unpack and to start a browser. */
export const BROWSER_TIMEOUT_MS = 180_000;

let launched: Promise<Browser> | undefined;
afterAll(async () => {
  await (await launched)?.close();
});

export interface Visit {
  page: Page;
  /** Every request to another host than the page's. None of them left the machine. */
  foreign: string[];
  /** What the console reported as an error, and what nobody caught. */
  errors: string[];
}

/** Opens a page in a real Chromium that reaches nothing but the page's own host. Closed when the test ends. */
export async function visit(
  url: string,
  { width = 1440, password }: { width?: number; password?: string } = {},
): Promise<Visit> {
  launched ??= launch();
  const context = await (await launched).newContext({
    viewport: { width, height: 900 },
    ...(password === undefined ? {} : { httpCredentials: { username: 'admin', password } }),
  });
  teardown(() => context.close());
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

/** What axe-core finds serious or critical, as `rule: the first element`. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(AXE, 'utf8'));
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: lives in the page, where axe-core put it
    const { violations } = await (globalThis as any).axe.run();
    return violations
      .filter(({ impact }: { impact: string }) => ['serious', 'critical'].includes(impact))
      .map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`);
  });
}

/** By how many pixels the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth');
}

async function launch(): Promise<Browser> {
  const folder = await unpack();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    // The libraries that a bare machine lacks, such as libnss3, come with the package.
    env: { ...process.env, LD_LIBRARY_PATH: join(folder, 'al2023/lib') },
    args: [
      // Root, as which containers run, may not use the sandbox. The pages are our own.
      '--no-sandbox',
      '--disable-gpu',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

/**
 * Unpacks the browser once for an installation. The package unpacks into the folder for temporary files, where another
 * version or a half-written file of a test that runs at the same time would be taken for it; so it gets a folder of its
 * own, which takes its name when it is complete.
 */
async function unpack(): Promise<string> {
  const cache = join(ROOT, 'node_modules/.cache');
  const folder = join(cache, `chromium-${chromiumPackage.version}`);
  if (!existsSync(folder)) {
    const work = `${folder}.${process.pid}`;
    mkdirSync(work, { recursive: true });
    const script =
      "const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath();";
    try {
      await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
        cwd: ROOT,
        // The name of a runtime of AWS makes it unpack the libraries too.
        env: { ...process.env, TMPDIR: work, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
      });
      renameSync(work, folder);
    } catch (error) {
      rmSync(work, { recursive: true, force: true });
      // ENOTEMPTY: another test was faster.
      if (!existsSync(folder)) throw error;
    }
  }
  return folder;
}
