import { afterAll, describe, expect, test } from '@jest/globals';
import type { Store } from '../src/store/store.ts';
import { startOn, useDatabases } from './support/databases.ts';
import { adminContract, type Running, start } from './support/start.ts';
import { CREATED, pathOf, payload, post } from './support/vendor.ts';

afterAll(() => {
  const many = adminContract.declared.filter((reply) => /^(retry|ignore)Callbacks /.test(reply));
  expect(many.filter((reply) => !adminContract.seen.has(reply) && !/ (401|403|429)$/.test(reply))).toEqual([]);
});

const POST = { method: 'POST' };

/** Follows the cursor as a client does. @returns the sum of the portions' outcomes, and the number of portions */
async function inPortions({ read }: Running, path: string, from = '') {
  const outcomes: Record<string, number> = {};
  let portions = 0;
  for (let cursor = from; ; ) {
    const { status, json } = await read(`${path}${cursor && `&cursor=${cursor}`}`, POST);
    expect([status, json]).toEqual([200, expect.objectContaining({ failures: [] })]);
    portions += 1;
    for (const [name, count] of Object.entries(json.outcomes as Record<string, number>))
      outcomes[name] = (outcomes[name] ?? 0) + count;
    if (json.nextCursor === null) return { outcomes, portions };
    cursor = json.nextCursor;
  }
}

describe.each(useDatabases())('on %s', (_name, createUrl) => {
  test('rejected and unknown callbacks are retried, and many are ignored, in portions', async () => {
    const running = await startOn(createUrl);
    const { send, read, store } = running;
    const at = new Date();
    for (let index = 0; index < 3; index += 1) {
      await send(pathOf(), post(payload({ GroupId: `g${index}` })));
      await send(pathOf(), post(payload({ GroupId: `bad${index}`, Name: 7 })));
      await send(pathOf({ CallbackCommand: 'Some.New' }), post({ CallbackCommand: 'Some.New', GroupId: 'g' }));
    }
    for (const GroupId of ['late', 'late2']) await storeAsRejected(store, payload({ GroupId }));
    const past = encodeURIComponent(new Date(at.getTime() - 3_600_000).toISOString());

    const dry = await read(`/api/callbacks/retry?status=rejected&since=${past}&dryRun=true`, POST);
    expect(dry.json).toEqual({ matching: 5, atLeast: false });
    expect(await inPortions(running, `/api/callbacks/retry?status=rejected&since=${past}&limit=2`)).toEqual({
      outcomes: { accepted: 2, rejected: 3, unknown: 0, repeat: 0, ignored: 0, gone: 0, failed: 0 },
      portions: 3,
    });
    expect((await read('/api/groups/late2')).status).toBe(200);
    expect(await inPortions(running, '/api/callbacks/retry?status=unknown&limit=2')).toMatchObject({
      outcomes: { unknown: 3, accepted: 0 },
      portions: 2,
    });

    const ignoring = `/api/callbacks/ignore?status=accepted&command=*creategroup*`;
    expect((await read(`${ignoring}&dryRun=true`, POST)).json).toEqual({ matching: 5, atLeast: false });
    const first = (await read(`${ignoring}&limit=2`, POST)).json;
    expect(first).toMatchObject({ done: 2, outcomes: { ignored: 2, already: 0 } });
    // Callbacks that arrive meanwhile are excluded.
    await send(pathOf(), post(payload({ GroupId: 'new' })));
    expect(await inPortions(running, `${ignoring}&limit=2`, first.nextCursor)).toMatchObject({
      outcomes: { ignored: 3, already: 0, pruned: 0 },
    });
    expect((await read('/api/groups')).json.groups).toMatchObject([{ groupId: 'new' }]);
    expect((await read(`${ignoring}&dryRun=true`, POST)).json).toEqual({ matching: 1, atLeast: false });
    expect(await inPortions(running, `${ignoring}&limit=1000`)).toMatchObject({
      outcomes: { ignored: 1, already: 5 },
    });
    // Ignored callbacks are not retried.
    await inPortions(running, '/api/callbacks/ignore?status=rejected&limit=1000');
    expect(await inPortions(running, '/api/callbacks/retry?status=rejected&limit=1000')).toMatchObject({
      outcomes: { ignored: 3, rejected: 0 },
    });
    expect(running.logged.filter((line) => line.includes('callbacks were retried'))).toHaveLength(6);
  });
});

test('without a filter nothing is done; the text says which to give', async () => {
  const { read } = await start();
  for (const [path, detail] of [
    ['/api/callbacks/ignore', /give status, command, family, groupId, account, repeated, since or until$/],
    ['/api/callbacks/ignore?repeated=false', /^query has no filter/],
    ['/api/callbacks/retry', /^query.status is required/],
    ['/api/callbacks/retry?status=accepted', /must be one of rejected, unknown/],
    ['/api/callbacks/retry?status=rejected&since=yesterday', /^query.since \("yesterday"\)/],
    ['/api/callbacks/retry?status=rejected&since=2026-06-30T23:59:60Z', /leave leap seconds out/],
    ['/api/callbacks/retry?status=rejected&cursor=x', /^query.cursor/],
  ] as const) {
    const { status, json } = await read(path, POST);
    expect([path, status, json.detail]).toEqual([path, 400, expect.stringMatching(detail)]);
  }
  expect((await read('/api/callbacks/retry', { method: 'PUT' })).status).toBe(405);
  expect((await read('/api/callbacks/ignore', { method: 'PUT' })).status).toBe(405);
});

test('one that fails is passed and named; where the store fails, the request does', async () => {
  const { send, read, store } = await start();
  for (let index = 0; index < 4; index += 1) await send(pathOf(), post(payload({ Name: index })));
  const broken = new Set(['2']);
  const { retry, setIgnored } = store;
  store.retry = (id, judge) => (broken.has(id) ? Promise.reject(new Error('disk I/O error')) : retry(id, judge));
  store.setIgnored = (id, ignored) =>
    broken.has(id) ? Promise.reject(new Error('disk I/O error')) : setIgnored(id, ignored);
  expect((await read('/api/callbacks/retry?status=rejected', POST)).json).toEqual({
    done: 4,
    outcomes: { accepted: 0, unknown: 0, rejected: 3, repeat: 0, ignored: 0, gone: 0, failed: 1 },
    failures: [{ id: '2', reason: 'disk I/O error' }],
    nextCursor: null,
  });
  for (const id of ['1', '3', '4']) broken.add(id);
  expect((await read('/api/callbacks/retry?status=rejected', POST)).status).toBe(503);
  expect((await read('/api/callbacks/ignore?status=rejected', POST)).status).toBe(503);
});

/** Stores a valid callback as a receiver with an older contract did. */
async function storeAsRejected(store: Store, body: object): Promise<void> {
  const { id } = await store.append({
    arrival: crypto.randomUUID(),
    query: pathOf().split('?')[1] ?? '',
    body: Buffer.from(JSON.stringify(body)),
    idempotencyKey: Buffer.from(JSON.stringify(body)),
    receivedAt: new Date(),
    status: 'rejected',
    command: CREATED,
    groupId: null,
    eventTime: null,
    reason: 'body.Name is required',
    change: null,
  });
  expect(Number(id)).toBeGreaterThan(0);
}
