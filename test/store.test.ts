import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, jest, test } from '@jest/globals';
import { CommitQueue } from '../src/store/commit-queue.ts';
import { openDatabase } from '../src/store/sqlite/database.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import { start, temporaryFolder } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

describe('repeats', () => {
  test('1,000 concurrent copies leave one callback with 999 repeats and one group', async () => {
    const { send, read } = await start();
    const body = post(payload());
    const replies = await Promise.all(Array.from({ length: 1000 }, () => send(pathOf(), body)));
    expect(new Set(replies.map(({ text }) => text))).toEqual(
      new Set(['{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}']),
    );
    const { callbacks } = (await read('/api/callbacks')).json;
    expect(callbacks).toEqual([expect.objectContaining({ repeats: 999, status: 'accepted' })]);
    expect((await read('/api/groups')).json.groups).toHaveLength(1);
  });

  test('two equal bodies without event time are both kept', async () => {
    const { send, read } = await start();
    const body = post(payload({ EventTime: undefined }));
    await Promise.all([send(pathOf(), body), send(pathOf(), body)]);
    expect((await read('/api/callbacks')).json.callbacks.map(({ repeats }: { repeats: number }) => repeats)).toEqual([
      0, 0,
    ]);
    expect((await read('/api/groups')).json.groups).toHaveLength(1);
  });

  test('a repeat with other parameters is a repeat; one with another body is not', async () => {
    const { send, read } = await start();
    const body = payload();
    await send(pathOf(), post(body));
    await send(pathOf({ RequestID: 'again' }), post(body));
    await send(pathOf(), post({ ...body, Extra: 1 }));
    expect((await read('/api/callbacks')).json.callbacks.map(({ repeats }: { repeats: number }) => repeats)).toEqual([
      0, 1,
    ]);
  });

  test('a rejected callback does not block the corrected body', async () => {
    const { send, read } = await start();
    const body = post(payload());
    expect((await send(pathOf({ ClientIP: ['a', 'b'] }), body)).status).toBe(400);
    expect((await send(pathOf({ ClientIP: ['a', 'b'] }), body)).status).toBe(400);
    expect((await send(pathOf(), body)).status).toBe(200);
    expect((await read('/api/callbacks')).json.callbacks).toEqual([
      expect.objectContaining({ status: 'accepted', repeats: 0 }),
      expect.objectContaining({ status: 'rejected', repeats: 1 }),
    ]);
    expect((await read('/api/groups')).json.groups).toHaveLength(1);
  });

  test('a late callback does not undo a newer one of the same group', async () => {
    const { send, read } = await start();
    const newer = payload({ GroupId: 'same', Name: 'newer', EventTime: 1_700_000_002_000 });
    await send(pathOf(), post(newer));
    await send(pathOf(), post({ ...newer, Name: 'older', EventTime: '1700000001000' }));
    expect((await read('/api/groups/same')).json).toMatchObject({
      name: 'newer',
      createdAt: '2023-11-14T22:13:22.000Z',
    });
    expect((await read('/api/callbacks')).json.callbacks).toHaveLength(2);
  });
});

describe('the database', () => {
  test('commits are on disk before they return: WAL, synchronous FULL, also after a write', async () => {
    const folder = temporaryFolder();
    const { send } = await start({ folder });
    await send(pathOf(), post(payload()));
    const database = openDatabase(join(folder, 'callbacks.db'));
    database.exec('CREATE TABLE proof (x); INSERT INTO proof VALUES (1)');
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    database.close();
  });

  test('other users cannot read its files, even those of an older program', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'callbacks.db');
    const older = new DatabaseSync(file);
    older.exec('PRAGMA journal_mode = WAL; CREATE TABLE names (name); INSERT INTO names VALUES (1)');
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644);
    older.close();
    chmodSync(file, 0o644);
    for (const [name, path] of [
      ['an older one', file],
      ['a new one', join(folder, 'new.db')],
    ] as const) {
      const database = openDatabase(path);
      const files = readdirSync(folder).filter((one) => path.endsWith(one.replace(/-(wal|shm)$/, '')));
      const modes = files.map((one) => [one, (statSync(join(folder, one)).mode & 0o777).toString(8)]);
      expect([name, modes]).toEqual([name, files.map((one) => [one, '600'])]);
      expect(files).toHaveLength(3);
      database.close();
    }
  });

  test('eight processes that start concurrently on an empty database all start', async () => {
    const file = join(temporaryFolder(), 'new', 'callbacks.db');
    const program = `
      import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, '../src/store/sqlite/database.ts'))};
      const database = openDatabase(process.argv[1]);
      database.prepare("INSERT INTO callbacks (sdk_app_id, status, command, received_at, arrival, once_key, query, body) VALUES (1, 'unknown', 'x', 0, 'a', randomblob(9), '', x'00')").run();
      database.close();`;
    const exits = Array.from({ length: 8 }, async () => {
      const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program, file], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let complaints = '';
      child.stderr.on('data', (chunk) => {
        complaints += chunk;
      });
      const [code] = await once(child, 'exit');
      return code === 0 ? 0 : complaints;
    });
    expect(await Promise.all(exits)).toEqual(Array(8).fill(0));
    const database = new DatabaseSync(file);
    expect(database.prepare('SELECT count(*) AS rows FROM callbacks').get()).toEqual({ rows: 8 });
    database.close();
  });

  test('a file that is not a database, and one of a newer program, are refused by name', async () => {
    const file = join(temporaryFolder(), 'callbacks.db');
    writeFileSync(
      file,
      'this is a text and no database, and long enough to look like one to whoever opens it. '.repeat(20),
    );
    await expect(openSqliteStore(file, 1)).rejects.toThrow(
      /callbacks\.db \(DATABASE_URL\) cannot be opened: file is not a database/,
    );
    const newer = join(temporaryFolder(), 'newer.db');
    const database = openDatabase(newer);
    database.exec('PRAGMA user_version = 900');
    database.close();
    await expect(openSqliteStore(newer, 1)).rejects.toThrow(/schema is number 900.*newer program/);
  });

  test('an app sees only its own groups and callbacks', async () => {
    const folder = temporaryFolder();
    const ours = await start({ folder });
    await ours.send(pathOf(), post(payload({ GroupId: 'mine' })));
    const theirs = await start({ folder, env: { SDK_APP_ID: '7' } });
    expect((await theirs.read('/api/groups')).json.groups).toEqual([]);
    expect((await theirs.read('/api/groups/mine')).status).toBe(404);
    expect((await theirs.read('/api/callbacks/1')).status).toBe(404);
    expect((await theirs.read('/api/callbacks/1/retry', { method: 'POST' })).status).toBe(404);
  });
});

describe('the thread that writes', () => {
  async function startWithThread(folder = temporaryFolder()) {
    const asked = jest.spyOn(Worker.prototype, 'postMessage');
    const running = await start({ folder });
    expect((await running.send(pathOf(), post(payload()))).status).toBe(200);
    const thread = asked.mock.contexts[0] as Worker;
    asked.mockRestore();
    /** By an uncaught exception. */
    const breakOff = () => thread.postMessage(null);
    return { ...running, thread, breakOff };
  }

  test('once it has died, readiness fails even without a write; stored data can be read', async () => {
    const { send, read, store, thread, breakOff } = await startWithThread();
    breakOff();
    // once() of node:events rejects on the error that comes first.
    await new Promise((resolve) => thread.once('exit', resolve));
    expect((await send('/readyz')).json).toEqual({ status: 'unavailable' });
    expect((await read('/metrics')).text).toContain('callbacks_ready 0');
    expect((await send(pathOf(), post(payload()))).json.ErrorCode).toBe(10106);
    expect((await send('/readyz')).status).toBe(503);
    expect(await send('/healthz')).toMatchObject({ status: 503, json: { status: 'failed' } });
    expect((await read('/api/callbacks')).json.callbacks).toHaveLength(1);
    await store.close();
  });

  test('writes in flight when it dies are refused', async () => {
    const folder = temporaryFolder();
    const { send, breakOff, logged } = await startWithThread(folder);
    const other = new DatabaseSync(join(folder, 'callbacks.db'));
    // A lock delays the thread for 0.7 s on the first one.
    other.exec('BEGIN IMMEDIATE');
    const first = send(pathOf(), post(payload()));
    await sleep(200);
    breakOff();
    const later = Array.from({ length: 40 }, () => send(pathOf(), post(payload())));
    await sleep(200);
    other.close();
    expect((await first).status).toBe(200);
    for (const { json } of await Promise.all(later)) expect(json.ErrorCode).toBe(10106);
    expect(logged.join('')).toContain('broke off');
  });
});

describe('the commit queue', () => {
  test('callbacks that arrive together, or during a commit, are committed together', async () => {
    const batches: number[] = [];
    const blocked = Promise.withResolvers<void>();
    const queue = new CommitQueue(async (items: number[]) => {
      batches.push(items.length);
      if (batches.length === 1) await blocked.promise;
      return items.map((item) => item * 2);
    });
    const first = [queue.add(1), queue.add(2), queue.add(3)];
    while (batches.length === 0) await new Promise(setImmediate);
    const second = [queue.add(4), queue.add(5)];
    blocked.resolve();
    expect(await Promise.all([...first, ...second])).toEqual([2, 4, 6, 8, 10]);
    expect(batches).toEqual([3, 2]);
  });

  test('a full batch is committed at once, the rest meanwhile; two commits run at most', async () => {
    const batches: number[] = [];
    const running: (() => void)[] = [];
    const queue = new CommitQueue(async (items: number[]) => {
      batches.push(items.length);
      await new Promise<void>((resolve) => running.push(resolve));
      return items;
    });
    const added = Array.from({ length: 100 }, (_, index) => queue.add(index));
    expect(batches).toEqual([32, 32]);
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    expect(batches).toEqual([32, 32]);
    running[1]?.();
    while (running.length < 3) await new Promise(setImmediate);
    expect(batches).toEqual([32, 32, 36]);
    for (const end of running) end();
    expect(await Promise.all(added)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    await queue.idle();
  });

  test('callbacks over new connections, one per turn of the event loop, are committed together', async () => {
    const { receiverUrl, read } = await start();
    const send = () =>
      new Promise((resolve, reject) => {
        const sending = request(receiverUrl + pathOf(), { method: 'POST', agent: false }, (response) => {
          response.resume().on('end', () => resolve(response.statusCode));
        });
        sending.on('error', reject).end(JSON.stringify(payload()));
      });
    expect(new Set(await Promise.all(Array.from({ length: 300 }, send)))).toEqual(new Set([200]));
    const [, commits] = /^callbacks_commit_size_count (\d+)/m.exec((await read('/metrics')).text) ?? [];
    expect(Number(commits)).toBeLessThan(100);
  });

  test('one bad item fails alone', async () => {
    const queue = new CommitQueue(async (items: string[]) => {
      if (items.includes('bad')) throw new Error('bad item');
      return items;
    });
    const results = await Promise.allSettled(['a', 'bad', 'b'].map((item) => queue.add(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await queue.idle();
    expect(await queue.add('c')).toBe('c');
  });
});

test('a group stored by the first version of the program is shown unchanged, and changes like any other', async () => {
  const folder = temporaryFolder();
  const old = openDatabase(join(folder, 'callbacks.db'));
  const group = {
    ...{
      sdkAppId: 1400000000,
      groupId: 'old',
      type: 'Public',
      name: 'Tea',
      ownerAccount: 'ann',
      operatorAccount: 'ann',
    },
    ...{ introduction: 'hi', notification: null, members: ['ann', 'bob'], customFields: [{ key: 'k', value: 'v' }] },
    ...{ createdAt: '2022-12-09T08:26:54.123Z', receivedAt: '2022-12-09T08:26:54.391Z', clientIp: null },
    optPlatform: 'iOS',
  };
  old
    .prepare(
      'INSERT INTO groups (sdk_app_id, group_id, type, name, created_at, document) VALUES (1400000000, ?, ?, ?, ?, ?)',
    )
    .run('old', 'Public', 'Tea', Date.parse(group.createdAt), JSON.stringify(group));
  old.close();
  const { send, read } = await start({ folder });
  expect((await read('/api/groups')).json.groups).toEqual([expect.objectContaining({ ...group, memberCount: 2 })]);
  const left = { CallbackCommand: 'Group.CallbackAfterMemberExit', GroupId: 'old', EventTime: Date.now() };
  const body = { ...left, ExitMemberList: [{ Member_Account: 'bob' }] };
  await send(pathOf({ CallbackCommand: left.CallbackCommand }), post(body));
  expect((await read('/api/groups/old')).json).toMatchObject({ ...group, members: ['ann'], memberCount: 1 });
});

test('the single view has all members, even more than a list shows', async () => {
  const { send, read } = await start();
  await send(
    pathOf(),
    post(payload({ GroupId: 'large', EventTime: 1_700_000_001_000, MemberList: [{ Member_Account: 'first' }] })),
  );
  const accounts = Array.from({ length: 1_200 }, (_, index) => `member-${String(index).padStart(4, '0')}`);
  const CallbackCommand = 'Group.CallbackAfterNewMemberJoin';
  await Promise.all(
    Array.from({ length: 12 }, (_, part) => {
      const NewMemberList = accounts.slice(part * 100, part * 100 + 100).map((Member_Account) => ({ Member_Account }));
      const joined = {
        CallbackCommand,
        GroupId: 'large',
        JoinType: 'Invited',
        Operator_Account: 'first',
        NewMemberList,
      };
      return send(pathOf({ CallbackCommand }), post({ ...joined, EventTime: 1_700_000_002_000 + part }));
    }),
  );
  const listed = (await read('/api/groups')).json.groups[0];
  expect(listed).toMatchObject({ memberCount: 1_201, members: ['first', ...accounts.slice(0, 999)] });
  const shown = (await read('/api/groups/large')).json;
  expect(shown).toMatchObject({ memberCount: 1_201, members: ['first', ...accounts] });
  expect(shown.memberDetails[1_200]).toEqual({
    ...{ account: 'member-1199', since: '2023-11-14T22:13:22.011Z', how: 'Invited', by: 'first' },
    ...{ role: null, nameCard: null },
  });
});
