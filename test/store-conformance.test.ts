import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from '@jest/globals';
import pg from 'pg';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { idempotencyKeyOf } from '../src/callback/callback.ts';
import { openContract } from '../src/callback/contract.ts';
import { stampOf } from '../src/callback/stamp.ts';
import type { Creation } from '../src/groups/facts.ts';
import type { Group } from '../src/groups/view.ts';
import { judgeBy } from '../src/receiver/judge.ts';
import { statementsOf } from '../src/store/postgres/migrate.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { ReceivedCallback, Store } from '../src/store/store.ts';
import { usePostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';
import { payloadOf } from './support/vendor.ts';

const APP = 1400000000;
const postgres = usePostgres();

const databases: [string, () => Promise<() => Promise<Store>>][] = [
  [
    'SQLite',
    async () => {
      const file = join(temporaryFolder(), 'callbacks.db');
      return async () => openSqliteStore(file, APP);
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const url = await postgres.createDatabase();
      return async () => {
        const store = openPostgresStore(url, APP);
        await store.migrate();
        return store;
      };
    },
  ],
];

let count = 0;
/** @param creation of the group; null for a callback that changes no group */
function callback(change: Partial<ReceivedCallback> = {}, creation: Partial<Creation> | null = {}): ReceivedCallback {
  count += 1;
  const groupId = change.groupId ?? `@TGS#${count}`;
  const received = {
    arrival: randomUUID(),
    query: 'SdkAppid=1400000000&x=%00',
    body: Buffer.from(JSON.stringify({ GroupId: groupId, count })),
    receivedAt: new Date(1_700_000_000_500),
    status: 'accepted' as const,
    command: 'Group.CallbackAfterCreateGroup',
    groupId,
    eventTime: new Date(1_700_000_000_000 + count),
    reason: null,
    change: null,
    ...change,
  };
  const { body, arrival } = received;
  const carriesEventTime = received.eventTime !== null;
  const callback = { ...received, idempotencyKey: idempotencyKeyOf(body, { carriesEventTime, arrival }) };
  if (creation === null) return callback;
  const { eventTime, receivedAt } = callback;
  return {
    ...callback,
    change: {
      groupId,
      stamp: stampOf(eventTime ?? receivedAt, callback.idempotencyKey),
      receivedAt: receivedAt.getTime(),
      created: {
        type: 'Public',
        name: 'Tea',
        ownerAccount: 'ann',
        operatorAccount: 'ann',
        introduction: null,
        notification: null,
        members: ['ann', 'bob'],
        customFields: [],
        clientIp: null,
        optPlatform: null,
        ...creation,
      },
    },
  };
}

/** The group that a single creation makes, as a list shows it. */
function groupBy({ change, eventTime, receivedAt }: ReceivedCallback): Group {
  if (!change?.created) throw new Error('it creates none');
  const { members, customFields, ...created } = change.created;
  return {
    ...created,
    sdkAppId: APP,
    groupId: change.groupId,
    members: [...members],
    memberCount: members.length,
    customFields: [...customFields],
    faceUrl: null,
    full: false,
    partial: false,
    createdAt: (eventTime ?? receivedAt).toISOString(),
    receivedAt: receivedAt.toISOString(),
    destroyedAt: null,
  };
}

describe.each(databases)('the store on %s', (_name, prepare) => {
  async function open(): Promise<Store> {
    const store = await (await prepare())();
    teardown(() => store.close());
    return store;
  }
  const all = { limit: 200 };

  test('1,000 concurrent copies are one callback with 999 repeats, and one group', async () => {
    const store = await open();
    const one = callback();
    const results = await Promise.all(
      Array.from({ length: 1000 }, () => store.append({ ...one, arrival: randomUUID() })),
    );
    expect(results.filter(({ repeat }) => !repeat)).toHaveLength(1);
    expect(new Set(results.map(({ id }) => id)).size).toBe(1);
    expect((await store.listCallbacks(all)).items).toEqual([expect.objectContaining({ repeats: 999 })]);
    expect((await store.listGroups(all)).items).toEqual([groupBy(one)]);
  });

  test('equal bodies without event time are two callbacks', async () => {
    const store = await open();
    const one = callback({ eventTime: null });
    const other = callback({ ...one, arrival: randomUUID() });
    const results = await Promise.all([store.append(one), store.append(other)]);
    expect(results.map(({ repeat }) => repeat)).toEqual([false, false]);
    expect((await store.listCallbacks(all)).items.map(({ repeats, eventTime }) => [repeats, eventTime])).toEqual([
      [0, null],
      [0, null],
    ]);
  });

  test.each([true, false])(
    'the same arrival written twice is one callback without repeats (carries an event time: %s)',
    async (carriesEventTime) => {
      const store = await open();
      const one = callback(carriesEventTime ? {} : { eventTime: null });
      await store.append(one);
      expect(await store.append(one)).toMatchObject({ repeat: false });
      expect(await Promise.all([store.append(one), store.append(one)])).toMatchObject([
        { repeat: false },
        { repeat: false },
      ]);
      expect((await store.listCallbacks(all)).items).toEqual([expect.objectContaining({ repeats: 0 })]);
    },
  );

  test('each keeps its bytes and gets its own id, in the order of arrival', async () => {
    const store = await open();
    const many = Array.from({ length: 30 }, (_, index) =>
      callback({ body: Buffer.from([0, 255, index]), query: `n=${index}` }),
    );
    const results = await Promise.all(many.map((one) => store.append(one)));
    const ids = results.map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    const detail = await store.findCallback(String(ids[7]));
    expect(detail).toMatchObject({
      query: { n: '7' },
      body: Buffer.from([0, 255, 7]).toString(),
      repeats: 0,
      sdkAppId: APP,
    });
  });

  test('any character survives: NUL, lone surrogates, emoji, right-to-left', async () => {
    const store = await open();
    const odd = 'a\u0000b\ud800c\udc00 👩‍👩‍👧 \u202eאב';
    const one = callback(
      { groupId: 'odd', command: odd, reason: odd },
      { name: odd, ownerAccount: odd, type: odd, members: [odd, ''], customFields: [{ key: odd, value: odd }] },
    );
    await store.append(one);
    expect(await store.findGroup('odd')).toMatchObject(groupBy(one));
    expect((await store.listGroups({ ...all, owner: odd, search: odd, types: [odd] })).items).toEqual([groupBy(one)]);
    expect((await store.listCallbacks({ ...all, command: odd })).items).toHaveLength(1);
  });

  test('a late callback does not undo a newer one, nor within one batch', async () => {
    const store = await open();
    const at = (ms: number, name: string) => callback({ groupId: 'g', eventTime: new Date(ms) }, { name });
    await Promise.all([
      store.append(at(2000, 'second')),
      store.append(at(3000, 'third')),
      store.append(at(1000, 'first')),
    ]);
    expect((await store.findGroup('g'))?.name).toBe('third');
    await store.append(at(2500, 'late'));
    expect((await store.findGroup('g'))?.name).toBe('third');
    await store.append(at(3001, 'newer'));
    expect((await store.findGroup('g'))?.name).toBe('newer');
  });

  test('pages by key, each item once', async () => {
    const store = await open();
    await Promise.all(
      Array.from({ length: 23 }, (_, index) =>
        store.append(
          callback({ groupId: `g${index % 7}-é${index}`, eventTime: new Date(5000 + Math.floor(index / 9)) }),
        ),
      ),
    );
    const groups: string[] = [];
    let after: { createdAt: number; groupId: string } | undefined;
    do {
      const page = await store.listGroups({ limit: 4, after });
      groups.push(...page.items.map(({ groupId }) => groupId));
      after = page.next ?? undefined;
    } while (after);
    expect(groups).toHaveLength(23);
    expect(new Set(groups).size).toBe(23);
    const first = await store.listCallbacks({ limit: 20 });
    const second = await store.listCallbacks({ limit: 20, after: first.next ?? '' });
    expect([...first.items, ...second.items]).toHaveLength(23);
    expect(second.next).toBeNull();
  });

  test.each([
    ['few commands', 3],
    ['more commands than are looked up', 250],
  ])('callbacks of a family are listed newest first, in pages, with %s', async (_name, live) => {
    const store = await open();
    const commands = [
      ...Array.from({ length: live }, (_, index) => `Live.Some${index}`),
      ...[
        'Group.CallbackAfterSendMsg',
        'Livé.New',
        'live.New',
        'Live',
        'Live/New',
        'LiveX.New',
        'Sns.CallbackFriendAdd',
      ],
    ];
    const sent = [...commands, ...commands.toReversed()];
    for (const [index, command] of sent.entries()) {
      const status = index % 3 === 0 ? 'unknown' : 'accepted';
      await store.append(callback({ command, status, groupId: `g${index % 2}` }, null));
    }
    const all = (await store.listCallbacks({ limit: 1000 })).items;
    const listed = async (filter: Partial<Parameters<Store['listCallbacks']>[0]>, limit: number) => {
      const found = [];
      for (let after: string | undefined; ; ) {
        const page = await store.listCallbacks({ ...filter, limit, after });
        found.push(...page.items);
        if (page.next === null) return found;
        after = page.next;
      }
    };
    const known = /^(Group|Sns)\./;
    for (const [filter, want] of [
      [{ family: 'Live' }, ({ command }) => command.startsWith('Live.')],
      [{ family: 'Livé' }, ({ command }) => command === 'Livé.New'],
      [{ family: 'Nobody' }, () => false],
      [{ family: 'other' }, ({ command }) => !known.test(command)],
      [{ family: 'Live', status: 'accepted' }, (one) => one.command.startsWith('Live.') && one.status === 'accepted'],
      [{ family: 'other', status: 'unknown' }, (one) => !known.test(one.command) && one.status === 'unknown'],
      [{ family: 'Live', groupId: 'g1' }, (one) => one.command.startsWith('Live.') && one.groupId === 'g1'],
      [{ family: 'Live', command: 'Live.Some1' }, ({ command }) => command === 'Live.Some1'],
      [{ family: 'Group', command: 'Live.Some1' }, () => false],
    ] as [object, (one: (typeof all)[number]) => boolean][]) {
      expect([filter, await listed(filter, 7)]).toEqual([filter, all.filter(want)]);
    }
  });

  test.each([
    ['TEA', ['g1', 'g2']],
    ['100%', ['g2']],
    ['_', ['g2']],
    ['\\', []],
    ['g1', ['g1']],
    ['ANN', ['g1']],
    ["'; DROP TABLE groups; --", []],
  ])('search %s', async (search, want) => {
    const store = await open();
    await store.append(callback({ groupId: 'g1' }, { name: 'Tea', ownerAccount: 'ann' }));
    await store.append(callback({ groupId: 'g2' }, { name: '100% tea_time', ownerAccount: null }));
    expect((await store.listGroups({ ...all, search })).items.map(({ groupId }) => groupId).sort()).toEqual(want);
  });

  test('retry: kept id and repeats, a duplicate of one accepted in the meantime, and what cannot be retried', async () => {
    const store = await open();
    const rejected = callback({ status: 'rejected', reason: 'no', groupId: 'r' }, null);
    const { id } = await store.append(rejected);
    await store.append({ ...rejected, arrival: randomUUID() });
    expect(await store.retry(id, (kept) => ({ ...rejected, ...kept }))).toMatchObject({
      id,
      status: 'rejected',
      repeats: 1,
    });
    const good = callback({ groupId: 'r', body: rejected.body });
    expect(await store.retry(id, (kept) => ({ ...good, ...kept }))).toMatchObject({
      id,
      status: 'accepted',
      repeats: 1,
      reason: null,
    });
    expect(await store.findGroup('r')).toMatchObject(groupBy(good));
    expect(await store.retry(id, () => good)).toBe('already accepted');
    expect(await store.retry('999999', () => good)).toBe('not found');
    const again = await store.append({ ...rejected, arrival: randomUUID() });
    expect(await store.retry(again.id, (kept) => ({ ...good, ...kept }))).toMatchObject({ id, repeats: 2 });
    expect((await store.listCallbacks(all)).items).toHaveLength(1);
    await expect(
      store.retry((await store.append(callback({ status: 'unknown' }, null))).id, () => {
        throw new Error('judge failed');
      }),
    ).rejects.toThrow('judge failed');
    expect((await store.listCallbacks({ ...all, status: 'unknown' })).items).toHaveLength(1);
  });

  test('20 that open an empty database concurrently all start, and duplicates are recognized across them', async () => {
    const openAgain = await prepare();
    const stores = await Promise.all(Array.from({ length: 20 }, openAgain));
    for (const store of stores) teardown(() => store.close());
    const one = callback();
    const results = await Promise.all(stores.map((store) => store.append({ ...one, arrival: randomUUID() })));
    expect(results.filter(({ repeat }) => !repeat)).toHaveLength(1);
    const [first] = stores;
    expect((await first?.listCallbacks(all))?.items).toEqual([expect.objectContaining({ repeats: 19 })]);
    // Overlapping batches in opposite orders must not deadlock.
    const many = Array.from({ length: 60 }, () => callback());
    await Promise.all(
      stores
        .slice(0, 6)
        .map((store, index) =>
          Promise.all(
            (index % 2 ? many : many.toReversed()).map((each) => store.append({ ...each, arrival: randomUUID() })),
          ),
        ),
    );
    expect((await first?.listCallbacks(all))?.items.filter(({ repeats }) => repeats === 5)).toHaveLength(60);
  });

  test('the other app is invisible', async () => {
    const store = await open();
    await store.append(callback({ groupId: 'mine' }));
    expect(await store.health()).toMatchObject({ ready: true });
  });
});

describe('a database of schema 7 with data', () => {
  const MESSAGE = 'Group.CallbackAfterSendMsg';
  const { MsgBody, CloudCustomData, ...envelope } = payloadOf(MESSAGE, { CloudCustomData: 'x' });
  const ABOUT_CONTENT = 'body.MsgBody (not shown) must be a list';
  const ABOUT_MORE = 'body.MsgBody.0 (not shown) must be an object; body.GroupId (5) must be a string';
  // What a retry under the present contract makes of each.
  const REJECTED: [reason: string, body: unknown, want: 'accepted' | 'rejected'][] = [
    [ABOUT_CONTENT, envelope, 'rejected'],
    [ABOUT_MORE, { ...envelope, Nick: '\u0000"MsgBody"' }, 'rejected'],
    ['body.CloudCustomData (not shown) must be a string', { ...envelope, MsgBody }, 'rejected'],
    [ABOUT_CONTENT, { ...envelope, MsgBody }, 'accepted'],
    ['body.GroupId (5) must be a string', { ...envelope, CloudCustomData }, 'accepted'],
    ['body is not JSON in UTF-8', Buffer.from([0xff, 0x00]), 'rejected'],
  ];
  const ROWS = REJECTED.map(([reason, body]) => ({
    reason,
    body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
    query: `SdkAppid=${APP}&CallbackCommand=${MESSAGE}`,
  }));
  const INSERT = `INSERT INTO callbacks
    (sdk_app_id, status, command, received_at, arrival, once_key, reason, query, body)
    VALUES (${APP}, 'rejected', '${MESSAGE}', 1700000000000, $1, $2, $3, $4, $5)`;
  const valuesOf = ({ reason, query, body }: (typeof ROWS)[number]) =>
    [randomUUID(), Buffer.from(randomUUID()), reason, query, body] as const;
  const migrationsOf = (database: string) => {
    const folder = join(import.meta.dirname, '../src/store', database, 'migrations');
    const names = readdirSync(folder).filter((name) => name < '008');
    return names.sort().map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  };

  test.each<[string, () => Promise<{ store: Store; insertAsBefore: () => Promise<unknown> }>]>([
    [
      'SQLite',
      async () => {
        const file = join(temporaryFolder(), 'callbacks.db');
        const database = new DatabaseSync(file);
        for (const { text } of migrationsOf('sqlite')) database.exec(text);
        database.exec('PRAGMA user_version = 7');
        const insert = (row: (typeof ROWS)[number]) =>
          database.prepare(INSERT.replace(/\$\d/g, '?')).run(...valuesOf(row));
        for (const row of ROWS) insert(row);
        teardown(() => database.close());
        return { store: await openSqliteStore(file, APP), insertAsBefore: async () => insert(ROWS[4] as never) };
      },
    ],
    [
      'PostgreSQL',
      async () => {
        const url = await postgres.createDatabase();
        const client = new pg.Client(url);
        await client.connect();
        await client.query('CREATE TABLE migrations (number integer PRIMARY KEY, name text NOT NULL)');
        for (const { name, text } of migrationsOf('postgres')) {
          for (const statement of statementsOf(text)) await client.query(statement);
          await client.query('INSERT INTO migrations VALUES ($1, $2)', [Number.parseInt(name, 10), name]);
        }
        const insert = (row: (typeof ROWS)[number]) => client.query(INSERT, [...valuesOf(row)]);
        for (const row of ROWS) await insert(row);
        teardown(() => client.end());
        const store = openPostgresStore(url, APP);
        await store.migrate();
        return { store, insertAsBefore: () => insert(ROWS[4] as never) };
      },
    ],
  ])('on %s: callbacks rejected for removed content stay rejected, the rest can be retried', async (_name, prepare) => {
    const { store, insertAsBefore } = await prepare();
    teardown(() => store.close());
    const judge = judgeBy(await openContract(callbackDocument), APP, { keepMessages: false });
    for (const [index, [reason, , want]] of REJECTED.entries()) {
      const result = await store.retry(String(index + 1), (kept) => judge(kept).callback);
      expect(result).toMatchObject({
        id: String(index + 1),
        status: want,
        reason: want === 'rejected' ? reason : null,
      });
    }
    // A receiver of the previous version still writes concurrently.
    await insertAsBefore();
    const { items } = await store.listCallbacks({ status: 'rejected', limit: 1 });
    expect(await store.retry(items[0]?.id ?? '', (kept) => judge(kept).callback)).toMatchObject({ status: 'accepted' });
  });
});
