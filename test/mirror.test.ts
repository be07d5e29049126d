import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { openContract } from '../src/callback/contract.ts';
import type { GroupDetail } from '../src/groups/view.ts';
import { judgeBy } from '../src/receiver/judge.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { ReceivedCallback, Store } from '../src/store/store.ts';
import { type Event, histories, shuffled } from './support/group-histories.ts';
import { usePostgres } from './support/postgres.ts';
import { temporaryFolder } from './support/start.ts';
import { APP } from './support/vendor.ts';

const postgres = usePostgres();
const judge = judgeBy(await openContract(callbackDocument), Number(APP));
const HISTORIES = { groups: 3, length: 25 };

type Open = () => Promise<Store>;
/** Functions that open an empty store: any number of receivers with their own app. */
const databases: [string, number, () => Promise<() => Open>][] = [
  [
    'SQLite',
    60,
    async () => {
      const file = join(temporaryFolder(), 'callbacks.db');
      let app = 0;
      return () => {
        app += 1;
        const own = app;
        return async () => openSqliteStore(file, own);
      };
    },
  ],
  [
    'PostgreSQL',
    40,
    async () => {
      const url = await postgres.createDatabase();
      let app = 0;
      return () => {
        app += 1;
        const own = app;
        return async () => {
          const store = openPostgresStore(url, own);
          await patiently(() => store.migrate());
          return store;
        };
      };
    },
  ],
];

function received({ payload, receivedAt, place }: Event): ReceivedCallback {
  const { callback } = judge({
    arrival: `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`,
    query: `SdkAppid=${APP}&CallbackCommand=${payload.CallbackCommand}`,
    body: Buffer.from(JSON.stringify(payload)),
    receivedAt: new Date(receivedAt),
  });
  expect(callback).toMatchObject({ status: 'accepted' });
  return callback;
}

const PATIENCE_MS = 60_000;

/**
 * On a busy machine, PostgreSQL may not accept a connection within the second that a receiver waits. A repeated append
 * changes nothing if the first one was stored.
 */
async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** Every group as the list and the single view show it, without the app. */
async function shownBy(store: Store): Promise<string> {
  const { items } = await patiently(() => store.listGroups({ limit: 200 }));
  const details: (GroupDetail | null)[] = [];
  for (const { groupId } of items) details.push(await patiently(() => store.findGroup(groupId)));
  for (const [index, group] of items.entries()) expect(details[index]).toMatchObject(group);
  return JSON.stringify(details, (key, value) => (key === 'sdkAppId' ? undefined : value), 1);
}

test.each(databases)(
  'on %s, histories in any order, with duplicates, one by one, together or by two concurrent receivers, converge',
  async (_name, numRuns, prepare) => {
    const emptyStore = await prepare();
    await fc.assert(
      fc.asyncProperty(shuffled(histories(HISTORIES)), async ([history, other]) => {
        const [openOne, openOther] = [emptyStore(), emptyStore()];
        const stores = await Promise.all([openOne(), openOther(), openOther()]);
        try {
          const [one, first, second] = stores;
          const append = (store: Store, event: Event) => patiently(() => store.append(received(event)));
          for (const event of history) await append(one, event);
          await Promise.all(other.map((event, index) => append(index % 2 ? first : second, event)));
          expect(await shownBy(first)).toBe(await shownBy(one));
        } finally {
          await Promise.all(stores.map((store) => store.close()));
        }
      }),
      { numRuns, interruptAfterTimeLimit: 45_000 },
    );
  },
  240_000,
);
