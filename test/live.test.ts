import { describe, expect, test } from '@jest/globals';
import { endConnections } from '../scripts/testbed/postgres.ts';
import { untilDrained } from '../scripts/testbed/process.ts';
import { MAX_READERS } from '../src/admin/live.ts';
import { type Listener, listenTo } from './support/listener.ts';
import { usePostgres } from './support/postgres.ts';
import { type Running, start, temporaryFolder } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

const postgres = usePostgres();

const create = async ({ send }: Running, GroupId: string, change = {}) =>
  expect((await send(pathOf(), post(payload({ GroupId, ...change })))).status).toBe(200);
const groupsOf = ({ events }: Listener) =>
  events.filter(({ event }) => event === 'group').map(({ data }) => data.groupId as string);
const callbacksOf = ({ events }: Listener) =>
  events.filter(({ event }) => event === 'callback').map(({ data }) => data);

/** On PostgreSQL the first callbacks go to the spool while the schema is created. */
async function begin(options: Parameters<typeof start>[0]): Promise<Running> {
  const running = await start(options);
  await untilDrained(running.receiverUrl);
  return running;
}

describe.each(['SQLite', 'PostgreSQL'])('the live stream on %s', (database) => {
  const environment = async () =>
    database === 'SQLite' ? {} : { env: { DATABASE_URL: await postgres.createDatabase() } };

  test('sends a group and its callback, in the shape of the lists', async () => {
    const running = await begin(await environment());
    await create(running, 'before');
    const listener = await listenTo(running.adminUrl);
    await create(running, 'a');
    await listener.until(() => callbacksOf(listener).length > 0);
    expect(groupsOf(listener)).toEqual(['a']);
    const { groups } = (await running.read('/api/groups?search=a')).json;
    expect(groups).toContainEqual(listener.events.find(({ event }) => event === 'group')?.data);
    const { callbacks } = (await running.read('/api/callbacks?limit=1')).json;
    expect(callbacksOf(listener)).toEqual(callbacks);
  });

  test('sends unknown, rejected, repeated and retried callbacks', async () => {
    const running = await begin(await environment());
    const listener = await listenTo(running.adminUrl);
    const body = payload({ GroupId: 'a' });
    await running.send(pathOf(), post(body));
    await running.send(pathOf({ CallbackCommand: 'Some.New' }), post({ CallbackCommand: 'Some.New' }));
    await running.send(pathOf(), post(payload({ Name: 7 })));
    await listener.until(() => callbacksOf(listener).length >= 3);
    await running.send(pathOf(), post(body));
    await listener.until(() => callbacksOf(listener).some(({ repeats }) => repeats === 1));
    const { id } = callbacksOf(listener).find(({ status }) => status === 'rejected');
    const before = listener.events.length;
    await running.read(`/api/callbacks/${id}/retry`, { method: 'POST' });
    await listener.until(() => listener.events.slice(before).some(({ data }) => data.id === id));
    expect(new Set(callbacksOf(listener).map(({ status }) => status))).toEqual(
      new Set(['accepted', 'unknown', 'rejected']),
    );
  });

  test('resumes across a restart; each event appears once', async () => {
    const options = { folder: temporaryFolder(), ...(await environment()) };
    const before = await begin(options);
    const first = await listenTo(before.adminUrl);
    await create(before, 'seen');
    await first.until(() => groupsOf(first).includes('seen'));
    first.close();
    for (const id of ['missed-1', 'missed-2']) await create(before, id);
    const after = await begin(options);
    const second = await listenTo(after.adminUrl, first.position());
    await create(after, 'new');
    await second.until(() => groupsOf(second).includes('new'));
    const ids = [...first.events, ...second.events].filter(({ event }) => event === 'callback');
    expect(new Set(ids.map(({ data }) => data.groupId))).toEqual(new Set(['seen', 'missed-1', 'missed-2', 'new']));
    expect(groupsOf(second)).toEqual(expect.arrayContaining(['missed-1', 'missed-2', 'new']));
  });

  test('reports an overflow, and sends the newest', async () => {
    const running = await begin(await environment());
    const listener = await listenTo(running.adminUrl);
    const position = listener.position();
    // In batches: callbacks that PostgreSQL does not accept in time go to the spool, and leave gaps in the ids.
    for (let sent = 0; sent < 600; sent += 30)
      await Promise.all(Array.from({ length: 30 }, (_, index) => create(running, `g${sent + index}`)));
    await create(running, 'last');
    await listener.until(() => groupsOf(listener).includes('last'));
    const late = await listenTo(running.adminUrl, position);
    await late.until(({ length }) => length > 0);
    expect(late.events).toMatchObject([{ event: 'gap', data: { missed: 601 } }]);
  });

  test.each(['', 'x', '-1', '1e9', '99999999999999999999'])('an invalid Last-Event-ID causes a gap: %j', async (id) => {
    const listener = await listenTo((await begin(await environment())).adminUrl, id);
    await listener.until(({ length }) => length > 0);
    expect(listener.events[0]).toEqual({ event: 'gap', data: { missed: 0, readers: 1 } });
  });
});

test('on PostgreSQL, a callback accepted by one receiver is on the stream of the other', async () => {
  const env = { DATABASE_URL: await postgres.createDatabase() };
  const [one, other] = [await begin({ env }), await begin({ env })];
  const listener = await listenTo(other.adminUrl);
  for (let count = 0; count < 20; count += 1) await create(one, `g${count}`);
  await create(other, 'own');
  await listener.until(() => new Set(groupsOf(listener)).size === 21);
});

test('the feed catches up after a broken LISTEN connection', async () => {
  const env = { DATABASE_URL: await postgres.createDatabase() };
  const [one, other] = [await begin({ env }), await begin({ env })];
  const listener = await listenTo(other.adminUrl);
  await create(one, 'before');
  await listener.until(() => groupsOf(listener).includes('before'));
  // Terminates every connection of both receivers, including those that LISTEN.
  await endConnections(env.DATABASE_URL);
  for (let count = 0; count < 5; count += 1) await create(one, `g${count}`);
  await listener.until(() => new Set(groupsOf(listener)).size === 6);
});

describe('readers', () => {
  const readersOf = async ({ read }: Running) =>
    Number(/^callbacks_live_readers (\d+)$/m.exec((await read('/metrics')).text)?.[1]);

  test('that come and go leave nothing behind', async () => {
    let following = 0;
    const running = await start({
      wrapStore: (store) => ({
        ...store,
        async follow(onStored) {
          following += 1;
          const unfollow = await store.follow(onStored);
          return () => {
            following -= 1;
            unfollow();
          };
        },
      }),
    });
    for (let round = 0; round < 3; round += 1) {
      const listeners = await Promise.all(Array.from({ length: 20 }, () => listenTo(running.adminUrl)));
      expect([await readersOf(running), following]).toEqual([20, 1]);
      await create(running, `g${round}`);
      for (const listener of listeners) {
        await listener.until(() => groupsOf(listener).includes(`g${round}`));
        listener.close();
      }
      while ((await readersOf(running)) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(following).toBe(0);
    }
  });

  test('that are slow are dropped, the others continue', async () => {
    const running = await start();
    const slow = await listenTo(running.adminUrl);
    const fast = await listenTo(running.adminUrl);
    slow.pause();
    const Introduction = 'x'.repeat(200_000);
    let sent = 0;
    while ((await readersOf(running)) > 1 && sent < 200) {
      await create(running, `g${sent}`, { Introduction });
      sent += 1;
    }
    expect(await readersOf(running)).toBe(1);
    await fast.until(() => groupsOf(fast).includes(`g${sent - 1}`));
  }, 60_000);

  test('that reconnect concurrently share one catch-up, which is bounded in bytes', async () => {
    let reads = 0;
    let groups = 0;
    const running = await start({
      wrapStore: (store) => ({
        ...store,
        findCallbacks(which) {
          reads += 1;
          return store.findCallbacks(which);
        },
        findGroups(ids) {
          groups += ids.length;
          return store.findGroups(ids);
        },
      }),
    });
    const first = await listenTo(running.adminUrl);
    const position = first.position();
    first.close();
    while ((await readersOf(running)) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const Introduction = 'x'.repeat(200_000);
    for (let index = 0; index < 40; index += 1) await create(running, `g${index}`, { Introduction });
    [reads, groups] = [0, 0];
    const listeners = await Promise.all(Array.from({ length: 50 }, () => listenTo(running.adminUrl, position)));
    expect([reads, groups]).toEqual([1, 10]);
    for (const listener of listeners) {
      await listener.until((events) => events.some(({ event }) => event === 'gap'));
      const shown = groupsOf(listener);
      expect(shown).toContain('g39');
      expect(JSON.stringify(listener.events).length).toBeLessThan(1024 * 1024 + 20_000);
      expect(listener.events.at(-1)).toMatchObject({ event: 'gap', data: { missed: 40 - shown.length } });
    }
    await create(running, 'after');
    for (const listener of listeners) await listener.until(() => groupsOf(listener).includes('after'));
  }, 60_000);

  test('are limited: one more gets 503, and is admitted once another has left', async () => {
    const running = await start();
    const listeners = await Promise.all(Array.from({ length: MAX_READERS }, () => listenTo(running.adminUrl)));
    expect((await running.read('/api/live')).status).toBe(503);
    listeners[0]?.close();
    while ((await readersOf(running)) === MAX_READERS) await new Promise((resolve) => setTimeout(resolve, 10));
    await listenTo(running.adminUrl);
  }, 60_000);

  test('of a failing store get 503, and leave nothing behind', async () => {
    const running = await start({
      wrapStore: (store) => ({ ...store, newestCallbackId: () => Promise.reject(new Error('away')) }),
    });
    expect((await running.read('/api/live')).status).toBe(503);
    expect(await readersOf(running)).toBe(0);
  });
});
