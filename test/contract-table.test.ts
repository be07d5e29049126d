import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ACCEPTED, exampleRows, type Outcome, otherRows, REFUSED, type Row } from './support/contract-table.ts';
import { spawnMock } from './support/mock.ts';
import { callbackContract, start, temporaryFolder } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

const PROJECT = join(import.meta.dirname, '..');

test('receiver and mock agree on every example, and on every field removed, retyped, nulled or emptied', async () => {
  const rows = exampleRows();
  expect(rows.length).toBeGreaterThan(1500);
  expect(await disagreements(rows)).toEqual([]);
}, 180_000);

test('receiver and mock agree on parameters, unknown values and bodies, except where the table gives a reason', async () => {
  expect(await disagreements(otherRows)).toEqual([]);
});

test('a constraint removed from the contract is gone from both', async () => {
  const root = temporaryFolder();
  cpSync(join(PROJECT, 'openapi'), join(root, 'openapi'), { recursive: true });
  const file = join(root, 'openapi/fields/GroupId.yaml');
  const text = readFileSync(file, 'utf8');
  const without = text.replace('pattern: "^[ -~]+$"\n', '');
  expect(without).not.toBe(text);
  writeFileSync(file, without);
  execFileSync(process.execPath, [join(PROJECT, 'scripts/generate.ts'), '--root', root]);
  const contract = join(root, 'generated/callback.json');

  const row = { path: pathOf(), init: post(payload({ GroupId: '组' })) };
  const before = await Promise.all([start().then(({ receiverUrl }) => receiverUrl), mockUrl()]);
  const after = await Promise.all([
    start({ document: JSON.parse(readFileSync(contract, 'utf8')) }).then(({ receiverUrl }) => receiverUrl),
    mockUrl('--contract', contract),
  ]);
  expect(await Promise.all(before.map((url) => send(url, row)))).toEqual([REFUSED, REFUSED]);
  expect(await Promise.all(after.map((url) => send(url, row)))).toEqual([ACCEPTED, ACCEPTED]);
}, 240_000);

/** Sends each row to the receiver and to the mock. @returns a line for each deviation from the table. */
async function disagreements(rows: readonly Row[]): Promise<string[]> {
  const [{ receiverUrl }, { receiverUrl: tokenHolderUrl }, mock] = await Promise.all([
    start(),
    start({ env: { CALLBACK_TOKEN: 'sesame' } }),
    mockUrl(),
  ]);
  const found: string[] = [];
  const queue = [...rows];
  async function work(): Promise<void> {
    for (let row = queue.shift(); row; row = queue.shift()) {
      const receiver = await send(row.toTokenHolder ? tokenHolderUrl : receiverUrl, row);
      const outcomes = { receiver, mock: await send(mock, row) };
      const { receiver: ofReceiver = row.both, mock: ofMock = row.both } = row.differ ?? {};
      const asSaid = sameAs(outcomes.receiver, ofReceiver ?? receiver) && sameAs(outcomes.mock, ofMock ?? receiver);
      if (!asSaid) found.push(`${row.name}: ${JSON.stringify(outcomes)}`);
    }
  }
  await Promise.all(Array.from({ length: 8 }, work));
  return found;
}

async function mockUrl(...args: string[]): Promise<string> {
  return (await spawnMock(...args)).url.replace(/\/$/, '');
}

/** @throws if the reply violates the contract, whichever side gave it */
async function send(base: string, { path, init }: Pick<Row, 'path' | 'init'>): Promise<Outcome> {
  const response = await fetch(base + path, init);
  const text = await response.text();
  callbackContract.match(init.method ?? 'GET', path, {
    status: response.status,
    headers: response.headers,
    text,
  });
  return [response.status, JSON.parse(text).ErrorCode];
}

function sameAs([status, errorCode]: Outcome, [otherStatus, otherErrorCode]: Outcome): boolean {
  return status === otherStatus && errorCode === otherErrorCode;
}
