import { randomUUID } from 'node:crypto';
import { request, type ServerResponse } from 'node:http';
import { describe, expect, jest, test } from '@jest/globals';
import { ALLOW } from '../src/decisions/verdicts.ts';
import { BROWSER_TIMEOUT_MS } from './support/browser.ts';
import { openedStore, useDatabases } from './support/databases.ts';
import { open } from './support/page.ts';
import { serve, start } from './support/start.ts';
import { APP, CREATED, pathOf, payload, post, signed } from './support/vendor.ts';

jest.setTimeout(BROWSER_TIMEOUT_MS);

const TOKEN = 'a token';
const DESTROYED = 'Group.CallbackAfterGroupDestroyed';
const BEFORE = 'Group.CallbackBeforeCreateGroup';
const HOUR_MS = 3_600_000;

/** A proxy at the public address. The test sets its answer in place of the receiver. */
async function startBehindProxy(env: Record<string, string> = {}) {
  const clock = { now: Date.now() };
  const proxy: { target: string; requests: string[]; instead: ((response: ServerResponse) => void) | null } = {
    ...{ target: '', requests: [], instead: null },
  };
  const proxyUrl = await serve((incoming, response) => {
    proxy.requests.push(`${incoming.method} ${incoming.url} ${JSON.stringify(incoming.headers)}`);
    if (proxy.instead) return proxy.instead(response);
    const passed = request(`${proxy.target}${incoming.url?.replace('/im', '/')}`, { method: 'POST', agent: false });
    passed.on('response', (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 500)));
    incoming.pipe(passed);
  });
  const publicUrl = `${proxyUrl}/im?of=ours`;
  const running = await start({
    env: { PUBLIC_URL: publicUrl, SDK_APP_ID: APP, HOST: '127.0.0.1', CALLBACK_TOKEN: TOKEN, ...env },
    now: () => clock.now,
    rules: { [BEFORE]: () => ALLOW },
  });
  proxy.target = running.receiverUrl;
  const signedNow = () => signed(TOKEN, Math.floor(clock.now / 1000));
  return { ...running, clock, proxy, publicUrl, signedNow };
}

test('the public URL is asked once a minute at most, unsigned, and only where a receiver answers it counts as reached', async () => {
  const { read, clock, proxy, publicUrl } = await startBehindProxy();
  const check = async () => (await read('/api/setup/check', { method: 'POST' })).json;
  const [first, second] = await Promise.all([check(), check()]);
  expect(first).toEqual({ state: 'reached', at: new Date(clock.now).toISOString(), detail: null });
  expect(second).toEqual(first);
  clock.now += 59_000;
  expect(await check()).toEqual(first);
  expect(proxy.requests).toEqual([
    expect.stringMatching(/^POST \/im\?of=ours&SdkAppid=1400000000&SelfCheck=\w{32} \{/),
  ]);
  expect(proxy.requests[0]).not.toMatch(/Sign=|cookie|authorization|token/i);
  // Counted neither as the console's probe, nor as a sender with an invalid signature.
  const { json } = await read('/api/setup');
  expect([json.publicUrl, json.probes.count, json.signatures.refused.count]).toEqual([publicUrl, 0, 0]);

  const elsewhere: string[] = [];
  const trap = await serve((_request, response) => {
    elsewhere.push('asked');
    response.end('{}');
  });
  const answers: [(response: ServerResponse) => void, RegExp][] = [
    [(response) => response.writeHead(302, { Location: trap }).end(), /status 302 is not that of a receiver/],
    [(response) => response.end('<h1>Welcome to nginx</h1>'), /status 200 is not that/],
    [(response) => response.end('x'.repeat(1_000_000)), /status 200 is not that/],
    [(response) => response.destroy(), /no answer from here: ECONNRESET/],
    [
      (response) => response.writeHead(404).end('{"ActionStatus":"FAIL","ErrorCode":10104,"ErrorInfo":"Nothing"}'),
      /answers 10104: check the path/,
    ],
  ];
  for (const [instead, detail] of answers) {
    proxy.instead = instead;
    clock.now += 60_000;
    expect(await check()).toEqual({
      ...{ state: 'unknown', at: new Date(clock.now).toISOString(), detail: expect.stringMatching(detail) },
    });
  }
  expect(elsewhere).toEqual([]);
  // Another receiver of the app is at the address: it does not know the check, and requires a signature.
  proxy.instead = (response) => response.writeHead(401).end('{"ActionStatus":"FAIL","ErrorCode":10102,"ErrorInfo":""}');
  clock.now += 60_000;
  expect((await check()).state).toBe('reached');
});

test('without PUBLIC_URL there is nothing to check', async () => {
  const { read } = await start();
  const { status, json } = await read('/api/setup/check', { method: 'POST' });
  expect([status, json.detail]).toEqual([409, expect.stringMatching(/set PUBLIC_URL/)]);
  expect((await read('/api/setup')).json).toMatchObject({ publicUrl: null, commands: [], incomplete: false });
  expect((await read('/api/setup')).json.signatures.checked).toBe(false);
});

test('Set up tells what came of the console, and which commands did not come', async () => {
  const { read, send, clock, signedNow } = await startBehindProxy({
    EXPECTED_COMMANDS: `${DESTROYED}, Some.New,Sns.*`,
  });
  await send(pathOf({ ...signedNow(), CallbackCommand: undefined }), post(''));
  await send(pathOf(signedNow()), post(payload()));
  await send(pathOf(signedNow()), post(payload()));
  await send(pathOf({ ...signedNow(), CallbackCommand: 'Other.Thing' }), post({ Some: 1 }));
  expect((await send(pathOf(), post(payload()))).status).toBe(401);
  expect((await send(pathOf({ ...signedNow(), Sign: 'wrong' }), post(payload()))).status).toBe(401);
  const at = new Date(clock.now).toISOString();
  const { json } = await read('/api/setup');
  expect(json.probes).toEqual({ count: 1, lastAt: at });
  expect(json.signatures).toEqual({
    checked: true,
    taken: { count: 3, lastAt: at },
    refused: { count: 2, lastAt: at },
  });
  const told = Object.fromEntries(json.commands.map(({ command, ...rest }: { command: string }) => [command, rest]));
  const none = { count: 0, countCapped: false, lastAt: null, handled: false, expected: false };
  expect(told[CREATED]).toEqual({ ...none, count: 2, lastAt: at });
  expect(told['Other.Thing']).toEqual({ ...none, count: 1, lastAt: at });
  expect(told[DESTROYED]).toEqual({ ...none, expected: true });
  expect(told['Some.New']).toEqual({ ...none, expected: true });
  expect(told[BEFORE]).toEqual({ ...none, handled: true });
  expect(told['Sns.CallbackFriendAdd']).toEqual({ ...none, expected: true });
  expect(Object.keys(told)).not.toContain('Sns.CallbackPrevFriendAdd');
  // A day later they are still stored, but no longer within the last 24 hours.
  clock.now += 25 * HOUR_MS;
  const later = (await read('/api/setup')).json.commands;
  expect(later).toContainEqual({ command: CREATED, ...none, lastAt: at });
});

describe.each(useDatabases())('%s', (_name, createUrl) => {
  test('tells of each stored command how many came since a time, and when the last one came', async () => {
    const store = await openedStore(await createUrl());
    const noon = Date.parse('2026-03-01T12:00:00Z');
    const stored = async (command: string, at: number, count = 1) => {
      const all = Array.from({ length: count }, () =>
        store.append({
          ...{ arrival: randomUUID(), query: '', body: Buffer.from('{}'), idempotencyKey: Buffer.from(randomUUID()) },
          ...{ receivedAt: new Date(noon + at), status: 'unknown', command, groupId: null, eventTime: null },
          ...{ reason: 'the contract does not describe it', change: null },
        }),
      );
      await Promise.all(all);
    };
    expect(await store.seenCommands(new Date(noon))).toEqual({ commands: [], incomplete: false });
    await stored('Some.Old', -1_000, 2);
    await stored('Some.New', -1_000);
    await stored('Some.New', 1_000, 2);
    await stored('Some.New', 2_000);
    await stored('Some.Loud', 3_000, 1_002);
    const { commands, incomplete } = await store.seenCommands(new Date(noon));
    expect(incomplete).toBe(false);
    expect(commands.toSorted((one, other) => (one.command < other.command ? -1 : 1))).toEqual([
      { command: 'Some.Loud', count: 1_000, countCapped: true, lastAt: new Date(noon + 3_000) },
      { command: 'Some.New', count: 3, countCapped: false, lastAt: new Date(noon + 2_000) },
      { command: 'Some.Old', count: 0, countCapped: false, lastAt: new Date(noon - 1_000) },
    ]);
    for (let index = 0; index <= 200; index += 1) await stored(`Other.N${index}`, 4_000);
    expect(await store.seenCommands(new Date(noon))).toEqual({ commands: [], incomplete: true });
  });
});

test('the page shows the address to copy, the commands that came by family, and those that did not', async () => {
  const { adminUrl, publicUrl, send, signedNow } = await startBehindProxy({ EXPECTED_COMMANDS: 'Group.*' });
  await send(pathOf(signedNow()), post(payload()));
  await send(pathOf({ ...signedNow(), CallbackCommand: 'Other.Thing' }), post({ Some: 1 }));
  await send(pathOf({ ...signedNow(), Sign: 'wrong' }), post(payload()));
  const { page, errors, foreign } = await open(adminUrl, '#/setup');
  await page.getByText('Asked from here, a receiver of callbacks answers').waitFor();
  expect(await page.locator('.steps .copyable code').first().textContent()).toBe(publicUrl);
  await page.getByText('2 times, last').waitFor();
  await page.getByText('CALLBACK_TOKEN must be that of the console').waitFor();
  expect(await page.locator('.seen th[scope=rowgroup]').allInnerTexts()).toEqual(['Group', 'Other families']);
  const seen = page.locator('.seen [data-command]');
  expect(await seen.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-command')))).toEqual([
    CREATED,
    'Other.Thing',
  ]);
  // If many are missing, a few are listed; the others on demand.
  const missing = page.locator('[data-missing]');
  expect(await missing.count()).toBeGreaterThan(10);
  expect(await missing.and(page.locator(':visible')).count()).toBe(8);
  await page.getByText(/\d+ more that did not come/).click();
  await page.locator(`[data-missing="Group.CallbackAfterTopicInfoChanged"]`).waitFor();
  // The probe shows as it arrives.
  await page.getByText('none yet: the console sends one').waitFor();
  await send(pathOf({ ...signedNow(), CallbackCommand: undefined }), post(''));
  await page.getByText('once, last').waitFor();
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByText('从本机访问该地址，有回调接收端应答').waitFor();
  await page.getByText('应有而未收到').waitFor();
  expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
});

test('without a public URL the page says that the address is of this machine only, and how to get one', async () => {
  const { adminUrl, send } = await start();
  await send(pathOf(), post(payload({ Name: 7, GroupId: 'g"; 7' })));
  const { page } = await open(adminUrl, '#/setup');
  await page.getByText('reachable from this machine only').waitFor();
  await page.getByText('Then set PUBLIC_URL to that address').waitFor();
  await page.getByText('not checked: CALLBACK_TOKEN is not set').waitFor();
  await page.getByText('Name the commands that are ticked in the console in EXPECTED_COMMANDS').waitFor();
  // A reason in the page's language, and no link to a group that does not exist.
  await page.goto(`${adminUrl}/#/callbacks`);
  await page.getByText('body.Name (7) must be a string').waitFor();
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByText('body.Name（7）必须是字符串').waitFor();
  expect(await page.locator('td.account a').getAttribute('href')).toMatch(/^#\/callbacks\?groupId=/);
  await page.goto(`${adminUrl}/#/groups/nowhere`);
  await page.getByText('没有这个 ID 的群组').waitFor();
  await page.getByRole('link', { name: '该群组的全部回调' }).waitFor();
});
