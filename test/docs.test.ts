import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, jest, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { parse } from 'yaml';
import contract from '../generated/callback.json' with { type: 'json' };
import { COMMANDS } from '../generated/commands.ts';
import delivered from '../generated/delivery.json' with { type: 'json' };
import type { Document } from '../scripts/generate/commands.ts';
import { buildReference } from '../scripts/generate/reference.ts';
import { BROWSER_TIMEOUT_MS, overflow, seriousViolations, visit } from './support/browser.ts';
import { start, temporaryFolder } from './support/start.ts';
import { CREATED } from './support/vendor.ts';

jest.setTimeout(BROWSER_TIMEOUT_MS);

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'generated/reference.html');
/** With the Chinese of the commands. */
const published: Record<string, { 'x-zh': { title: string } } | undefined> = parse(
  readFileSync(join(ROOT, 'generated/openapi.yaml'), 'utf8'),
).components.schemas;
const GUIDE = join(ROOT, 'openapi/guide');
const { post } = contract.paths['/'];
const body = post.requestBody.content['application/json'];
const commands = body.schema.oneOf.map(({ $ref }) => $ref.replace('#/components/schemas/', ''));

type Example = [name: string, { summary: string; value: unknown }];

test.each([
  { width: 1440, lang: 'en', colorScheme: 'light' },
  { width: 390, lang: 'zh', colorScheme: 'dark' },
] as const)('from disk, $width px, $lang, $colorScheme: loads nothing, fits, nothing serious for axe', async (look) => {
  const { page, ...seen } = await visit(`${await written()}?lang=${look.lang}`, look);
  expect(await found(page, seen)).toEqual({ foreign: [], errors: [], overflow: 0 });
  expect(await seriousViolations(page)).toEqual([]);
  expect(await page.getAttribute('html', 'data-theme')).toBe(look.colorScheme);
  expect(await page.locator('#bar').textContent()).not.toMatch(/Back|返回/);
});

// The page is identical to the byte, so axe-core need not check it again.
test('from /docs behind a password: is the same page, loads nothing from other hosts, has no errors and fits', async () => {
  const password = 'secret';
  const { adminUrl } = await start({ env: { ADMIN_PASSWORD: password } });
  const headers = { Authorization: `Basic ${btoa(`admin:${password}`)}` };
  const served = await (await fetch(`${adminUrl}/docs`, { headers })).text();
  expect(served === readFileSync(PAGE, 'utf8')).toBe(true);
  const { page, ...seen } = await visit(`${adminUrl}/docs`, { width: 390, password });
  expect(await found(page, seen)).toEqual({ foreign: [], errors: [], overflow: 0 });
});

async function found(page: Page, { foreign, errors }: { foreign: string[]; errors: string[] }) {
  await rendered(page);
  // What is drawn when it comes into view.
  for (const command of commands.filter((_, index) => index % 10 === 0))
    await operation(page, command).scrollIntoViewIfNeeded();
  return { foreign, errors, overflow: await overflow(page) };
}

test('the language is that of the page beside it; the switch keeps the place, and a link leads back', async () => {
  const { adminUrl } = await start();
  const { page, errors } = await visit(`${adminUrl}/`, { locale: 'en-GB', colorScheme: 'dark' });
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByLabel('外观').selectOption('light');
  await page.getByRole('link', { name: '参考文档' }).click();
  await rendered(page);
  expect([new URL(page.url()).search, await page.getAttribute('html', 'lang')]).toEqual(['?lang=zh', 'zh-Hans']);
  expect([await page.title(), await page.getAttribute('html', 'data-theme')]).toEqual([
    '腾讯云即时通信 IM 回调：参考文档',
    'light',
  ]);
  await page.goto(`${adminUrl}/docs#operation/Group.CallbackAfterGroupFull`);
  await rendered(page);
  await inView(operation(page, 'Group.CallbackAfterGroupFull'));
  await page.getByRole('link', { name: 'English' }).click();
  await page.waitForURL(/lang=en#.*operation.Group.CallbackAfterGroupFull$/);
  await rendered(page);
  expect(await page.getAttribute('html', 'lang')).toBe('en');
  await inView(operation(page, 'Group.CallbackAfterGroupFull'));
  // The ids of sections are headings of one language.
  await page.goto(`${adminUrl}/docs?lang=en#section/Check-the-signature`);
  await rendered(page);
  await page.getByRole('link', { name: '中文' }).click();
  await page.waitForURL(/lang=zh#guide/);
  await rendered(page);
  await inView(page.locator(':is(h1, h2)', { hasText: '校验签名' }));
  await page.getByRole('link', { name: '返回回调页面' }).click();
  await page.getByRole('heading', { level: 1, name: '群组' }).waitFor();
  expect(errors).toEqual([]);
});

test('says everything in Chinese, and finds it', async () => {
  const { page, errors } = await visit(`${pathToFileURL(PAGE).href}?lang=zh`);
  await rendered(page);
  for (const command of commands) {
    const title = published[command]?.['x-zh'].title;
    expect([command, await operation(page, command).locator('h2').first().textContent()]).toEqual([
      command,
      expect.stringContaining(String(title)),
    ]);
  }
  const created = await operation(page, CREATED).textContent();
  for (const text of ['社群的回调大约晚到 3 秒', '群名称，可以是任何文字', '必选', '请求体：', '自定义字段的名称'])
    expect(created).toContain(text);
  expect(await page.locator('main [lang=en]').count()).toBe(0);
  const samples = operation(page, CREATED).locator('[role=tabpanel]').first().locator('option');
  expect(await samples.allTextContents()).toEqual(expect.arrayContaining(['没有群主', '中文名称']));
  await page.getByRole('textbox').first().fill('群主变更');
  await page.locator('[data-role="search:results"] li').first().waitFor();
  expect(await page.locator('[data-role="search:results"]').textContent()).toContain('群主变更之后');
  expect(errors).toEqual([]);
});

test('an address leads to a field, which is marked, or to what is nearest to it', async () => {
  const page = await shared();
  const marked = page.locator('tr.aimed');
  for (const [place, field] of [
    [`operation/${CREATED}/MemberList/Member_Account`, 'Member_Account'],
    ['operation/receiveCallback/SdkAppid', 'SdkAppid'],
    [`operation/${CREATED}/MsgBody`, null],
    [`operation/${CREATED}/MemberList/Nobody/Knows`, 'MemberList'],
  ] as const) {
    await page.evaluate(`location.replace(${JSON.stringify(`#${place}`)})`);
    if (field === null) await inView(operation(page, CREATED));
    else {
      await inView(marked.locator(`td[kind=field][title="${field}"]`));
      expect(await marked.count()).toBe(1);
    }
  }
});

/** Redoc scrolls in several steps, and the page's policy forbids what waitForFunction needs. */
async function inView(place: Locator): Promise<void> {
  await place.first().waitFor();
  const deadline = Date.now() + 30_000;
  for (;;) {
    const top = (await place.first().boundingBox())?.y ?? Number.NaN;
    if (top > -20 && top < 880) return;
    if (Date.now() > deadline) throw new Error(`The place is ${top} px below the top of the window`);
    await place.page().waitForTimeout(50);
  }
}

test('shows every command with every field of its schema', async () => {
  const page = await shared();
  for (const command of commands) {
    const section = operation(page, command);
    const schema = contract.components.schemas[command as typeof CREATED];
    expect(await section.locator('h2').first().textContent()).toContain(schema.title);
    expect(await section.textContent()).toContain(command);
    const shown = await section.locator('td[kind=field]').evaluateAll((cells) => cells.map(({ title }) => title));
    expect(shown).toEqual(fieldsOf(asSent(schema as Schema)));
  }
});

test('shows every example of a command', async () => {
  const page = await shared();
  for (const command of commands) {
    const examples = Object.entries(body.examples).filter(([name]) => name.startsWith(command)) as Example[];
    expect(examples.length).toBeGreaterThan(0);
    const samples = operation(page, command).locator('[role=tabpanel]').first();
    for (const example of examples) await expectSample(samples, example, examples.length);
  }
});

test('shows the possible replies to each command, and nothing else', async () => {
  const page = await shared();
  const replies = post.responses[200].content['application/json'].examples;
  for (const command of commands) {
    const own = Object.entries(replies).filter(
      ([name]) => /^\.reply(\.|$)/.test(name.slice(command.length)) && name.startsWith(command),
    );
    const expected = own.length > 0 ? own : Object.entries(replies).filter(([name]) => name === 'reply.200');
    const samples = operation(page, command).locator('[role=tabpanel]:visible').last();
    for (const example of expected as Example[]) await expectSample(samples, example, expected.length);
    expect(await samples.locator('option').count()).toBe(expected.length > 1 ? expected.length : 0);
  }
});

test('the menu has a section for each family, with before- and after-callbacks', async () => {
  const page = await shared();
  const menu = squeeze((await page.locator('[role=menu]').first().textContent()) ?? '');
  const families = [...new Set(Object.values(COMMANDS).map(({ family }) => family))];
  const [, ...parts] = menu.split(new RegExp(`((?:${families.join('|')})commands,(?:before|answered|after))`));
  const sections = Object.fromEntries(parts.flatMap((head, index) => (index % 2 ? [] : [[head, parts[index + 1]]])));
  for (const [command, { family, kind, title }] of Object.entries(COMMANDS)) {
    const head = `${family}commands,${kind === 'answer' ? 'answered' : kind}`;
    expect([command, sections[head]]).toEqual([command, expect.stringContaining(squeeze(title))]);
  }
  const text = await page.textContent('main');
  for (const family of families) expect(text).toContain(contract['x-families'][family]);
});

test('shows every reply with its examples', async () => {
  const page = await shared();
  const section = operation(page, 'receiveCallback');
  for (const [status, { description, content }] of Object.entries(post.responses)) {
    const reply = section.locator('button', { has: page.locator('strong', { hasText: status }) });
    expect(await reply.count()).toBe(1);
    expect(squeeze((await reply.textContent()) ?? '')).toContain(squeeze(description.replaceAll('`', '')));
    await section.getByRole('tab', { name: status, exact: true }).click();
    const panel = section.locator('[role=tabpanel]:visible').last();
    const examples = Object.entries(content['application/json'].examples) as Example[];
    for (const [name, { summary, value }] of examples) {
      const [, command] = /^(.+)\.reply(\.|$)/.exec(name) ?? [];
      const named = command ? `${command}: ${summary}` : summary;
      await expectSample(panel, [name, { summary: named, value }], examples.length);
    }
  }
  for (const id of ['getHealth', 'getReadiness']) expect(await operation(page, id).count()).toBe(1);
});

test('explains signing with the checked vector and the code of every file', async () => {
  const page = await shared();
  expect(await page.textContent('main')).toContain('17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061');
  const blocks = await page.locator('pre').evaluateAll((pres) => pres.map(({ textContent }) => textContent?.trim()));
  for (const folder of ['signing', 'deliveries']) {
    for (const file of readdirSync(join(GUIDE, folder))) {
      // Markdown expands a tab to four spaces.
      const text = readFileSync(join(GUIDE, folder, file), 'utf8')
        .trim()
        .replaceAll('\t', '    ');
      expect(blocks).toContain(text);
    }
  }
  const titles = ['Configure the console', 'Check the signature', 'What the receiver guarantees', 'Receive deliveries'];
  for (const title of titles) {
    expect(await page.locator(':is(h1, h2)', { hasText: title }).count()).toBe(1);
  }
  expect(await page.textContent('main')).not.toContain('{{');
});

test('links the common fields of callbacks to each command', async () => {
  const page = await shared();
  const list = operation(page, 'receiveCallback').locator('a[href^="#operation/"]');
  expect(await list.allTextContents()).toEqual(commands);
  const [last = ''] = commands.slice(-1);
  await list.last().click();
  // The page's policy forbids the script that waitForFunction uses.
  while (Math.abs((await operation(page, last).boundingBox())?.y ?? Infinity) > 200) await page.waitForTimeout(50);
});

test('shows the delivered event: its attributes, its headers and the possible answers', async () => {
  const page = await shared();
  const section = operation(page, 'takeEvent');
  const { parameters, responses, requestBody } = delivered.paths['/'].post;
  const shown = await section.locator('td[kind=field]').evaluateAll((cells) => cells.map(({ title }) => title));
  const attributes = Object.keys(delivered.components.schemas.Attributes.properties);
  const headers = parameters.map(({ name }) => name);
  expect(shown).toEqual(expect.arrayContaining([...headers, ...attributes, 'type', 'data']));
  const statuses = Object.keys(responses).map((status) => section.locator('button strong', { hasText: status }));
  for (const status of statuses) expect(await status.count()).toBe(1);
  const { examples } = requestBody.content['application/cloudevents+json'];
  const samples = section.locator('[role=tabpanel]').first();
  await expectSample(samples, [CREATED, examples[CREATED]], 3);
});

test('lists in a table when each status is sent', async () => {
  const page = await shared();
  const rows = page
    .locator('table', { has: page.locator('th', { hasText: 'ErrorCode' }) })
    .locator('tr td:first-child');
  const shown = (await rows.allTextContents()).flatMap((text) => text.split(', '));
  expect([...new Set(shown)]).toEqual(Object.keys(post.responses));
});

test('finds a field by its name, and links to the contract', async () => {
  const { adminUrl } = await start();
  const { page, errors } = await visit(`${adminUrl}/docs`);
  await rendered(page);
  await page.getByRole('textbox').first().fill('group is created');
  await page.locator('[data-role="search:results"] li').first().waitFor();
  expect(await page.locator('[data-role="search:results"]').textContent()).toContain('After a group is created');
  const href = await page.getByRole('link', { name: 'openapi.yaml' }).first().getAttribute('href');
  expect(new URL(String(href), `${adminUrl}/docs`).href).toBe(`${adminUrl}/openapi.yaml`);
  expect(errors).toEqual([]);
});

test('a new command and a new field of the contract appear', async () => {
  const changed = structuredClone(contract) as unknown as Document;
  const full = 'Group.CallbackAfterGroupFull';
  changed.paths['/']?.post?.requestBody?.content['application/json']?.schema?.oneOf.push({
    $ref: `#/components/schemas/${full}`,
  });
  changed.components.schemas[full] = {
    type: 'object',
    title: '</script>',
    properties: { FullSince: { type: 'string' } },
  };
  const path = join(temporaryFolder(), 'index.html');
  const { html, untranslated } = await buildReference(changed, delivered as unknown as Document, {
    root: ROOT,
    notice: 'generated',
  });
  writeFileSync(path, html);
  // callback.json has no Chinese, so that each piece of prose is listed.
  const described = `#/components/schemas/${CREATED}/properties/Name/description: "The group's name, in any script. May`;
  expect(untranslated).toEqual(expect.arrayContaining([expect.stringContaining(described)]));
  const { page, errors } = await visit(pathToFileURL(path).href);
  await rendered(page);
  expect(await operation(page, CREATED).count()).toBe(1);
  expect(await operation(page, full).locator('td[title=FullSince]').count()).toBe(1);
  expect(await operation(page, full).locator('h2').first().textContent()).toContain('</script>');
  expect(errors).toEqual([]);
});

describe('npm run docs', () => {
  test('writes the page and the contracts', async () => {
    const folder = join(temporaryFolder(), 'a/b');
    const { code, stdout } = await docs('--out', folder);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('index.html') });
    for (const name of ['openapi.yaml', 'delivery.json', 'asyncapi.json']) {
      expect(readFileSync(join(folder, name), 'utf8')).toBe(readFileSync(join(ROOT, 'generated', name), 'utf8'));
    }
    expect(readFileSync(join(folder, 'index.html'), 'utf8') === readFileSync(PAGE, 'utf8')).toBe(true);
  });

  test.each([
    ['--help', 0, 'npm run docs'],
    ['--oot', 2, 'docs: --oot: there is no such option, see --help'],
    ['--out=', 2, 'docs: --out: is empty, see --help'],
    ['dist', 2, 'docs: "dist": one argument too many, see --help'],
    [`--out=${join(ROOT, 'package.json')}`, 1, 'package.json'],
  ])('%s', async (argument, code, text) => {
    const result = await docs(argument);
    expect(result.code).toBe(code);
    expect(result.stdout + result.stderr).toContain(text);
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });
});

function docs(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(ROOT, 'scripts/docs.ts'), ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

/** The page that the command writes, as a file URL. */
async function written(): Promise<string> {
  const folder = temporaryFolder();
  const { code, stderr } = await docs('--out', folder);
  if (code !== 0) throw new Error(stderr);
  return pathToFileURL(join(folder, 'index.html')).href;
}

let opened: Promise<Page> | undefined;
/** The page from disk, opened once for the tests that only read it: rendering it takes seconds. */
function shared(): Promise<Page> {
  opened ??= (async () => {
    const { page } = await visit(pathToFileURL(PAGE).href, { isShared: true });
    await rendered(page);
    return page;
  })();
  return opened;
}

/** The page is complete once its last entry exists and the script after rendering has run. */
async function rendered(page: Page): Promise<void> {
  await operation(page, 'getReadiness').waitFor();
  await page.locator('pre[tabindex]').first().waitFor();
}

function operation(page: Page, id: string): Locator {
  return page.locator(`[id="operation/${id}"]`);
}

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  'x-command-in-body'?: boolean;
}

/** In the document that the receiver validates with, every body names its command. */
function asSent(schema: Schema): Schema {
  if (schema['x-command-in-body'] !== false) return schema;
  const { CallbackCommand: _, ...properties } = schema.properties ?? {};
  return { ...schema, properties };
}

/** The names of a schema's fields in order, with nested fields after the field that holds them. */
function fieldsOf(schema: Schema): string[] {
  const { $ref, items, properties = {}, anyOf: [shown] = [] } = schema;
  if ($ref)
    return fieldsOf((contract.components.schemas as Record<string, Schema>)[$ref.split('/').at(-1) ?? ''] ?? {});
  // If there are several forms, the first one is shown.
  const nested = [items, shown].flatMap((one) => (one ? fieldsOf(one) : []));
  const own = Object.entries(properties).flatMap(([name, field]) => [name, ...fieldsOf(field)]);
  return [...own, ...nested];
}

async function expectSample(
  samples: Locator,
  [name, { summary, value }]: Example,
  alternatives: number,
): Promise<void> {
  if (alternatives > 1) await samples.getByRole('combobox').selectOption(summary);
  const text = squeeze((await samples.locator('.redoc-json').first().textContent()) ?? '');
  expect([name, text]).toEqual([name, squeeze(JSON.stringify(value))]);
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, '');
}
