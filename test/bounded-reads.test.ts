import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, jest, test } from '@jest/globals';
import { stampOf } from '../src/callback/stamp.ts';
import { boundedScans, StoreBusy } from '../src/store/bounded-scans.ts';
import { mergeChanges } from '../src/store/rows.ts';
import { openDatabase } from '../src/store/sqlite/database.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../src/store/store.ts';
import { usePostgres } from './support/postgres.ts';
import { start, teardown, temporaryFolder } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

const APP = 1400000000;
/** SECURITY.md has the figures for 1 million groups. */
const GROUPS = Number(process.env.GROUPS ?? 100_000);
const postgres = usePostgres();

/** Many groups with one callback each; the oldest one has a name that a search must find. */
function fillGroups(file: string): void {
  const database = openDatabase(file);
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  const created = {
    ...{
      type: 'Public',
      name: '小测试群',
      ownerAccount: null,
      operatorAccount: 'ann',
      introduction: null,
      faceUrl: null,
    },
    ...{ notification: null, members: [], customFields: [], clientIp: null, optPlatform: null },
  };
  const stamp = stampOf(new Date(), Buffer.alloc(8));
  const document = mergeChanges(null, [{ groupId: 'a', stamp, receivedAt: 0, created }])?.group.document ?? '';
  const insert = database.prepare(`
    INSERT INTO groups (sdk_app_id, group_id, version, type, name, owner_account, created_at, document)
    VALUES (${APP}, ?, 1, 'Public', ?, 'owner', ?, ?)`);
  for (let index = 0; index < GROUPS; index += 1)
    insert.run(`@TGS#${index}`, index === 0 ? '小测试群' : `群聊 ${index}`, 1_700_000_000_000 + index, document);
  database.exec('COMMIT');
  database.close();
}

/** Requests the pages of a search until the last one. */
async function searchAll(
  ask: (cursor: string) => Promise<{ status: number; json: { groups: []; nextCursor: string } }>,
) {
  let cursor = '';
  for (let found = 0; ; ) {
    const { status, json } = await ask(cursor);
    expect(status).toBe(200);
    found += json.groups.length;
    if (json.nextCursor === null) return found;
    cursor = `&cursor=${json.nextCursor}`;
  }
}

describe('with many groups on SQLite', () => {
  test('12 searches in flight delay no callback by 200 ms, and each one is answered', async () => {
    const folder = temporaryFolder();
    fillGroups(join(folder, 'callbacks.db'));
    const { send, read } = await start({ folder });
    // Loads the admin listener, the reader and the validators.
    await read('/api/groups?search=0&limit=1');
    await send(pathOf(), post(payload()));
    const wanted = ['测试', '没有', 'zzqq'];
    let searching = true;
    const searches = Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const search = encodeURIComponent(wanted[index % 3] ?? '');
        return searchAll((cursor) => read(`/api/groups?search=${search}${cursor}`));
      }),
    ).finally(() => {
      searching = false;
    });
    const milliseconds: number[] = [];
    while (searching) {
      const began = performance.now();
      expect((await send(pathOf(), post(payload({ GroupId: `new-${milliseconds.length}` })))).status).toBe(200);
      milliseconds.push(performance.now() - began);
    }
    const slowest = Math.round(Math.max(...milliseconds));
    if (process.env.GROUPS)
      console.log(`${GROUPS} groups: ${milliseconds.length} callbacks, the slowest took ${slowest} ms`);
    expect(slowest).toBeLessThan(200);
    expect(await searches).toEqual(Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? 1 : 0)));
  }, 120_000);
});

describe('a bounded scan', () => {
  const endless = async (after = 0, rows = 0) => {
    await sleep(1);
    return after + rows;
  };

  test('ends at its deadline, and reports its position', async () => {
    const { scan, pageOfScan } = boundedScans({ deadline: 30 });
    expect(await scan(undefined, endless)).toBeGreaterThan(0);
    const page = await pageOfScan<number, number, number>({
      limit: 3,
      after: undefined,
      endOfStep: endless,
      read: async (start, end) => (start === undefined ? [end ?? 0] : []),
      placeOf: (row) => row,
      toItems: async (rows) => rows,
    });
    expect(page).toEqual({ items: [1000], next: expect.any(Number), incomplete: true });
  });

  test('is refused if too many wait; the others complete', async () => {
    const { scan } = boundedScans({ deadline: 30, mostWaiting: 2 });
    const scans = Array.from({ length: 6 }, () => scan(undefined, endless));
    const ended = await Promise.allSettled(scans);
    expect(ended.map(({ status }) => status)).toEqual([...Array(4).fill('fulfilled'), 'rejected', 'rejected']);
    expect((ended[5] as PromiseRejectedResult).reason).toBeInstanceOf(StoreBusy);
  });

  test('that fails passes its turn to the next', async () => {
    const { scan } = boundedScans({ deadline: 30 });
    const fails = () => scan(undefined, () => Promise.reject(new Error('away')));
    expect((await Promise.allSettled(Array.from({ length: 9 }, fails))).map(({ status }) => status)).toEqual(
      Array(9).fill('rejected'),
    );
    expect(await scan(undefined, async () => null)).toBeNull();
  });

  test('a busy store is a 503 with a problem document', async () => {
    const { read } = await start({
      wrapStore: (store: Store) => ({ ...store, listGroups: () => Promise.reject(new StoreBusy('too many searches')) }),
    });
    const { status, json } = await read('/api/groups?search=x');
    expect([status, json.detail]).toEqual([503, expect.stringContaining('too many searches')]);
  });
});

describe.each(['SQLite', 'PostgreSQL'])('on %s', (database) => {
  async function startOn(): Promise<Awaited<ReturnType<typeof start>>> {
    const running = await start(
      database === 'SQLite' ? {} : { env: { DATABASE_URL: await postgres.createDatabase() } },
    );
    for (;;) {
      const { spool } = (await running.send('/readyz')).json;
      if (!spool || (!spool.inUse && spool.depth === 0)) return running;
      await sleep(20);
    }
  }

  test('a search continues over the steps of its scan, and finds each match once', async () => {
    const { send, read } = await startOn();
    const names = Array.from({ length: 2_500 }, (_, index) =>
      index % 500 === 7 ? `小测试群 ${index}` : `群 ${index}`,
    );
    for (let begin = 0; begin < names.length; begin += 100) {
      const some = names.slice(begin, begin + 100);
      await Promise.all(
        some.map((Name, index) => send(pathOf(), post(payload({ GroupId: `g${begin + index}`, Name })))),
      );
    }
    const found: string[] = [];
    for (let cursor = ''; ; ) {
      const { json } = await read(`/api/groups?limit=2&search=${encodeURIComponent('测试')}${cursor}`);
      found.push(...json.groups.map(({ name }: { name: string }) => name));
      if (json.nextCursor === null) break;
      cursor = `&cursor=${json.nextCursor}`;
    }
    expect(found.toSorted()).toEqual(names.filter((name) => name.includes('测试')).toSorted());
    const filtered = await read(`/api/callbacks?groupId=g7&status=accepted&command=Group.CallbackAfterCreateGroup`);
    expect(filtered.json.callbacks).toHaveLength(1);
    expect((await read('/api/callbacks?status=accepted&repeated=true')).json).toEqual({
      callbacks: [],
      nextCursor: null,
    });
    const { groupsByType } = (await read('/api/stats')).json;
    expect(groupsByType.week.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(2_500);
  }, 60_000);

  test.each(['9007199254740993', '99999999999999999999', '1'.repeat(300)])('no callback has the id %s', async (id) => {
    const { read } = await startOn();
    expect((await read(`/api/callbacks/${id}`)).status).toBe(404);
    expect((await read(`/api/callbacks/${id}/retry`, { method: 'POST' })).status).toBe(404);
  });
});

describe('the reader thread', () => {
  test('is restarted after it has ended, and after it could not open', async () => {
    const file = join(temporaryFolder(), 'callbacks.db');
    const store = await openSqliteStore(file, APP);
    teardown(() => store.close());
    const asked = jest.spyOn(Worker.prototype, 'postMessage');
    expect(await store.newestCallbackId()).toBe(0);
    const reader = asked.mock.contexts[0] as Worker;
    asked.mockRestore();
    await reader.terminate();
    expect(await store.newestCallbackId()).toBe(0);
  });
});
