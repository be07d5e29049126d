import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { stampOf } from '../src/callback/stamp.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import type { ReceivedCallback } from '../src/store/store.ts';
import { type Event, histories } from './support/group-histories.ts';
import { usePostgres } from './support/postgres.ts';
import { type Running, start, teardown } from './support/start.ts';
import { pathOf, post } from './support/vendor.ts';

const postgres = usePostgres();
const APP = 1400000000;
/** For more of them, set HISTORIES=600. */
const HISTORIES = Number(process.env.HISTORIES ?? 40);
/** In the gate, beside other tests, the time after which the spool takes over; alone, 700 ms. */
const REPLY_MS = process.env.HISTORIES ? 700 : 1_000;

function shuffle<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

async function drained({ send }: Running): Promise<void> {
  for (let inUse = true; inUse; await sleep(20)) inUse = (await send('/readyz')).json.spool.inUse;
}

/** Every group as the single view shows it, without the time of its arrival. */
async function shownBy({ store }: Running, groupIds: readonly string[]): Promise<string> {
  const groups = await Promise.all(groupIds.map((groupId) => store.findGroup(groupId)));
  return JSON.stringify(groups, (key, value) => (key === 'receivedAt' ? undefined : value), 1);
}

test('histories in any order, half of them repeated, on two concurrent receivers converge without a stall', async () => {
  const env = { DATABASE_URL: await postgres.createDatabase() };
  const [reference, ...receivers] = await Promise.all([start(), start({ env }), start({ env })]);
  await Promise.all(receivers.map(drained));
  const drawn = fc.sample(histories({ groups: 2, length: 25 }), HISTORIES);
  let slowest = 0;

  async function deliver({ receiverUrl }: Running, { payload }: Event): Promise<void> {
    const started = performance.now();
    const path = pathOf({ CallbackCommand: payload.CallbackCommand });
    const response = await fetch(receiverUrl + path, post(payload));
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    slowest = Math.max(slowest, performance.now() - started);
  }

  for (const [place, drawnHistory] of drawn.entries()) {
    // Without an event time, a copy is a different callback.
    const history = drawnHistory
      .filter(({ payload }) => payload.EventTime !== undefined)
      .map((event) => ({ ...event, payload: { ...event.payload, GroupId: `${place}-${event.payload.GroupId}` } }));
    for (const event of history) await deliver(reference, event);
    slowest = 0;
    const copies = history.flatMap((event, index) => (index % 2 ? [event] : [event, event]));
    await Promise.all(receivers.flatMap((receiver) => shuffle(copies).map((event) => deliver(receiver, event))));
    const groupIds = [`${place}-g0`, `${place}-g1`];
    for (const receiver of receivers)
      expect(await shownBy(receiver, groupIds)).toBe(await shownBy(reference, groupIds));
    expect(slowest).toBeLessThan(REPLY_MS);
  }
  for (const { logged } of receivers) expect(logged.join('')).not.toMatch(/does not take callbacks|cannot hold/);
}, 600_000);

let count = 0;
/** A callback by which an account joins the group. */
function joining(groupId: string): ReceivedCallback {
  count += 1;
  const eventTime = new Date(1_700_000_000_000 + count);
  const idempotencyKey = Buffer.from(`${count}`.padStart(32, '0'));
  return {
    ...{
      arrival: randomUUID(),
      query: '',
      body: Buffer.from(`{"count":${count}}`),
      idempotencyKey,
      eventTime,
      groupId,
    },
    ...{ receivedAt: eventTime, status: 'accepted', command: 'Group.CallbackAfterNewMemberJoin', reason: null },
    change: {
      groupId,
      stamp: stampOf(eventTime, idempotencyKey),
      receivedAt: eventTime.getTime(),
      parts: [{ kind: 'member', name: `m${count}`, value: { how: 'Apply', by: null } }],
    },
  };
}

test('batches that share duplicates and groups wait for each other in one order', async () => {
  const url = await postgres.createDatabase();
  const stores = [openPostgresStore(url, APP), openPostgresStore(url, APP)];
  for (const store of stores) {
    teardown(() => store.close());
    await store.migrate();
  }
  const client = new pg.Client(url);
  await client.connect();
  teardown(() => client.end());
  let slowest = 0;
  for (let round = 0; round < 15; round += 1) {
    const callbacks = Array.from({ length: 40 }, (_, index) => joining(`g${index % 4}`));
    await Promise.all(
      stores.flatMap((store) =>
        shuffle(callbacks).map(async (callback) => {
          const started = performance.now();
          await store.append({ ...callback, arrival: randomUUID() });
          slowest = Math.max(slowest, performance.now() - started);
        }),
      ),
    );
  }
  expect(slowest).toBeLessThan(REPLY_MS);
  const { rows } = await client.query(
    'SELECT deadlocks::integer FROM pg_stat_database WHERE datname = current_database()',
  );
  expect(rows).toEqual([{ deadlocks: 0 }]);
}, 60_000);

test('callbacks are locked before groups, also by an attempt that locks before it reads, and by a retry', async () => {
  const url = await postgres.createDatabase();
  const store = openPostgresStore(url, APP);
  teardown(() => store.close());
  await store.migrate();
  const { id } = await store.append({ ...joining('g'), status: 'rejected', reason: 'x', change: null });
  await store.append(joining('g'));
  const client = new pg.Client(url);
  await client.connect();
  teardown(() => client.end());
  // The optimistic attempts find that another receiver has written the group. FOR UPDATE shows as a RowShareLock.
  await client.query(
    `CREATE SEQUENCE attempts;
    CREATE FUNCTION stale() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('attempts') <= 3 THEN
        RAISE EXCEPTION 'stale' USING ERRCODE = '23502', TABLE = 'groups', COLUMN = 'version';
      END IF;
      RETURN NEW; END $$;
    CREATE TRIGGER stale BEFORE INSERT ON groups FOR EACH ROW EXECUTE FUNCTION stale();
    CREATE FUNCTION ordered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'groups'::regclass
          AND mode = 'RowShareLock') THEN RAISE EXCEPTION 'a group is locked before a callback'; END IF;
      RETURN NEW; END $$;
    CREATE TRIGGER ordered BEFORE INSERT ON callbacks FOR EACH ROW EXECUTE FUNCTION ordered()`,
  );
  const again = joining('g');
  expect(await store.append(again)).toMatchObject({ repeat: false });
  expect((await client.query('SELECT last_value::integer AS attempts FROM attempts')).rows).toEqual([{ attempts: 4 }]);
  expect(await store.retry(id, (kept) => ({ ...joining('g'), ...kept }))).toMatchObject({ id, status: 'accepted' });
  expect((await store.findGroup('g'))?.members).toHaveLength(3);
});

test.each([
  ['55P03', 'lock_not_available'],
  ['40P01', 'deadlock_detected'],
])('%s is retried, and is not an outage', async (code, _name) => {
  const url = await postgres.createDatabase();
  const running = await start({ env: { DATABASE_URL: url } });
  await drained(running);
  const client = new pg.Client(url);
  await client.connect();
  teardown(() => client.end());
  // A sequence is not rolled back with the failed transaction.
  await client.query(
    `CREATE SEQUENCE attempts;
    CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('attempts') <= 2 THEN RAISE EXCEPTION 'in the way' USING ERRCODE = '${code}'; END IF;
      RETURN NEW; END $$;
    CREATE TRIGGER fail BEFORE INSERT ON callbacks FOR EACH ROW EXECUTE FUNCTION fail()`,
  );
  const callback = joining('g');
  const results = [await running.store.append(callback)];
  expect(results).toEqual([{ id: expect.any(String), repeat: false }]);
  expect((await client.query('SELECT last_value::integer AS attempts FROM attempts')).rows).toEqual([{ attempts: 3 }]);
  expect((await running.send('/readyz')).json.spool).toMatchObject({ depth: 0, inUse: false });
  expect(running.logged.join('')).not.toContain('does not take callbacks');
});
