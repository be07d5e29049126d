import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { openContract } from '../src/callback/contract.ts';
import { judgeBy } from '../src/receiver/judge.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { usePostgres } from './support/postgres.ts';
import { teardown } from './support/start.ts';
import { APP, CREATED, type Payload, payload } from './support/vendor.ts';

const postgres = usePostgres();
const judge = judgeBy(await openContract(callbackDocument), Number(APP));
const CHANGED = 'Group.CallbackAfterGroupInfoChanged';

/** A callback that names the group `g`. */
function named(Name: string, EventTime: number) {
  const body: Payload =
    EventTime === 1_000
      ? payload({ GroupId: 'g', Name, EventTime })
      : { CallbackCommand: CHANGED, GroupId: 'g', Type: 'Public', Operator_Account: 'ann', Name, EventTime };
  return judge({
    arrival: `00000000-0000-4000-8000-${String(EventTime).padStart(12, '0')}`,
    query: `SdkAppid=${APP}&CallbackCommand=${EventTime === 1_000 ? CREATED : CHANGED}`,
    body: Buffer.from(JSON.stringify(body)),
    receivedAt: new Date(EventTime + 10_000),
  }).callback;
}

/** A store with a lock on group `g`. */
async function locked() {
  const url = await postgres.createDatabase();
  const store = openPostgresStore(url, Number(APP));
  await store.migrate();
  teardown(() => store.close());
  const client = new pg.Client(url);
  await client.connect();
  teardown(() => client.end());
  async function untilBlocked(): Promise<void> {
    const text = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    // Otherwise the snapshot of the statistics would last as long as the transaction that holds the lock.
    while (
      ((await client.query(`SELECT pg_stat_clear_snapshot(); ${text}`)) as unknown as pg.QueryResult[])[1]?.rowCount ===
      0
    )
      await sleep(20);
  }
  return {
    store,
    untilBlocked,
    execute: (text: string) => client.query(text),
    lock: () => client.query("BEGIN; SELECT FROM groups WHERE group_id = 'g' FOR UPDATE"),
    unlock: () => client.query('COMMIT'),
  };
}

// The first two tests fail if a write that alters nothing does not give the group a new version.
test('two callbacks of a group are ignored concurrently, one of which alone would alter nothing', async () => {
  const { store, lock, unlock, untilBlocked } = await locked();
  await store.append(named('Right', 1_000));
  const ids = [await store.append(named('Wrong', 2_000)), await store.append(named('Wrong', 3_000))];
  const [older = '', newer = ''] = ids.map(({ id }) => id);
  await lock();
  const first = store.setIgnored(newer, true);
  await Promise.race([first, untilBlocked()]);
  const second = store.setIgnored(older, true);
  await Promise.race([second, sleep(300)]);
  await unlock();
  expect(await Promise.all([first, second])).toMatchObject([{ ignored: true }, { ignored: true }]);
  expect(await store.findGroup('g')).toMatchObject({ name: 'Right' });
});

test('a callback that alters nothing arrives while the one that overrules it is being ignored', async () => {
  const { store, lock, unlock, untilBlocked } = await locked();
  await store.append(named('First', 1_000));
  const { id } = await store.append(named('Wrong', 3_000));
  await lock();
  const ignoring = store.setIgnored(id, true);
  await Promise.race([ignoring, untilBlocked()]);
  const appending = store.append(named('Late', 2_000));
  await Promise.race([appending, sleep(300)]);
  await unlock();
  await Promise.all([ignoring, appending]);
  expect(await store.findGroup('g')).toMatchObject({ name: 'Late' });
});

test('a callback of an account that was not read arrives while a newer one is being ignored', async () => {
  const { store, execute, untilBlocked, unlock } = await locked();
  const at = (second: number) => 1_670_574_000_000 + second * 1_000;
  const state = (Action: string, second: number) =>
    judge({
      arrival: `00000000-0000-4000-8000-${String(second).padStart(12, '0')}`,
      query: `SdkAppid=${APP}&CallbackCommand=State.StateChange`,
      body: Buffer.from(
        JSON.stringify({
          CallbackCommand: 'State.StateChange',
          Info: { To_Account: 'ann', Action },
          EventTime: at(second),
        }),
      ),
      receivedAt: new Date(at(10)),
    }).callback;
  await store.append(state('Login', 1));
  const { id } = await store.append(state('Logout', 3));
  await execute(`BEGIN; SELECT FROM callbacks WHERE id = ${id} FOR UPDATE`);
  const ignoring = store.setIgnored(id, true);
  await Promise.race([ignoring, untilBlocked()]);
  await store.append(state('Disconnect', 2));
  await unlock();
  await ignoring;
  expect(await store.findAccount('ann')).toMatchObject({ presence: { action: 'Disconnect' } });
});
