import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import type { Store } from '../src/store/store.ts';
import { startOn, useDatabases } from './support/databases.ts';
import { start } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

const HOSTILE = '=HYPERLINK("http://evil.example"),\n2';

/** The cells of a CSV text (RFC 4180), without the byte order mark. */
function parseCsv(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, separator, quoted, plain] of csv.matchAll(/(^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)) {
    if (separator === '\r\n') rows.push([]);
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
  }
  return rows.slice(0, -1);
}

describe.each(useDatabases())('on %s', (_name, createUrl) => {
  test('a list is exported whole, as NDJSON and as CSV, by its filters', async () => {
    const { send, read, adminUrl } = await startOn(createUrl);
    // More than the store reads at once.
    await Promise.all(
      Array.from({ length: 620 }, (_, index) => send(pathOf(), post(payload({ GroupId: `g${index}`, Name: HOSTILE })))),
    );
    await send(pathOf(), post(payload({ Name: 7 })));
    const ofList = (await read('/api/callbacks?limit=200&status=accepted')).json.callbacks;

    const ndjson = await read('/api/callbacks?format=ndjson&status=accepted');
    expect(ndjson.headers.get('content-disposition')).toBe('attachment; filename="callbacks.ndjson"');
    const items = ndjson.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(items).toHaveLength(620);
    expect(items.slice(0, 200)).toEqual(ofList);
    expect((await read('/api/callbacks?format=ndjson&limit=3')).text.trimEnd().split('\n')).toHaveLength(3);
    expect((await read('/api/callbacks?format=ndjson&status=unknown')).text).toBe('');
    expect(
      (await read('/api/callbacks?format=json&limit=1', { headers: { Accept: 'text/csv' } })).json.callbacks,
    ).toHaveLength(1);
    expect(
      (await read('/api/callbacks?limit=1', { headers: { Accept: 'text/html,*/*;q=0.8' } })).json.callbacks,
    ).toHaveLength(1);

    const csv = await read('/api/groups?search=g', { headers: { Accept: 'text/csv' } });
    // fetch removes the byte order mark.
    const [heads = [], ...rows] = parseCsv(csv.text);
    expect(rows).toHaveLength(620);
    const [group] = (await read('/api/groups?limit=1')).json.groups;
    expect(heads).toEqual(Object.keys(group));
    expect(rows[0]?.[heads.indexOf('name')]).toBe(`'${HOSTILE}`);
    expect(rows[0]?.[heads.indexOf('members')]).toBe(JSON.stringify(group.members));
    expect(rows[0]?.[heads.indexOf('destroyedAt')]).toBe('');
    const bytes = Buffer.from(await (await fetch(`${adminUrl}/api/deliveries?format=csv`)).arrayBuffer());
    expect(bytes.toString('latin1')).toMatch(/^\xEF\xBB\xBFid,consumer,.*\r\n$/);
  });
});

test('where a page cannot be read, the connection breaks; where it is the first, the reply says it', async () => {
  const { send, read, store, adminUrl } = await start();
  await Promise.all(Array.from({ length: 501 }, (_, index) => send(pathOf(), post(payload({ GroupId: `g${index}` })))));
  const { listCallbacks } = store;
  store.listCallbacks = (list) =>
    list.after === undefined ? listCallbacks(list) : Promise.reject(new Error('disk I/O error'));
  const asked = await fetch(`${adminUrl}/api/callbacks?format=csv`);
  expect(asked.status).toBe(200);
  await expect(asked.text()).rejects.toThrow();
  store.listCallbacks = () => Promise.reject(new Error('disk I/O error'));
  expect((await read('/api/callbacks?format=csv')).status).toBe(503);
});

test('the store is read no faster than the client reads', async () => {
  const { store, adminUrl } = await start();
  let pages = 0;
  const item = { id: '1', reason: 'x'.repeat(2_000) };
  const items = Array(500).fill(item) as Awaited<ReturnType<Store['listCallbacks']>>['items'];
  store.listCallbacks = async () => ({ items, next: ++pages < 60 ? '1' : null });
  const asking = request(`${adminUrl}/api/callbacks?format=ndjson`, { agent: false }).end();
  const [response] = await once(asking, 'response');
  // Nobody reads: socket buffers hold far less than 60 MB.
  let before = -1;
  while (before !== pages) {
    before = pages;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(pages).toBeLessThan(30);
  expect((await text(response)).length).toBeGreaterThan(60 * 500 * 2_000);
  expect(pages).toBe(60);
});
