import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { BEGINNING, comparePlaces, type Place } from '../src/store/consumers.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import type { Store } from '../src/store/store.ts';
import { useOwnPostgres } from './support/postgres.ts';
import { teardown } from './support/start.ts';

const APP = 1400000000;
const WRITERS = 6;
const CALLBACKS_EACH = 400;
/** A separate server: transactions of other tests on a shared one would hold back the log. */
const postgres = useOwnPostgres();

const INSERT = `INSERT INTO callbacks (sdk_app_id, status, command, received_at, arrival, once_key, query, body)
  SELECT ${APP}, 'accepted', 'x', 1, gen_random_uuid(), decode(replace(gen_random_uuid()::text, '-', ''), 'hex'), '', '{}'
  FROM generate_series(1, $1::integer) RETURNING id`;

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  teardown(() => client.end());
  return client;
}

async function open(url: string): Promise<Store> {
  const store = openPostgresStore(url, APP);
  teardown(() => store.close());
  await store.migrate();
  return store;
}

/** Writes callbacks in transactions of random length. @returns their ids */
async function write(client: pg.Client): Promise<string[]> {
  const written: string[] = [];
  while (written.length < CALLBACKS_EACH) {
    await client.query('BEGIN');
    const { rows } = await client.query(INSERT, [Math.min(CALLBACKS_EACH - written.length, 1 + random(8))]);
    await sleep(random(8));
    await client.query('COMMIT');
    written.push(...rows.map(({ id }) => String(id)));
  }
  return written;
}

const random = (below: number) => Math.floor(Math.random() * below);

test('6 concurrent writers: the log has each callback once and in one order, while a cursor over ids loses some', async () => {
  const url = await postgres.createDatabase();
  const store = await open(url);
  const reader = await connect(url);
  const writers = await Promise.all(Array.from({ length: WRITERS }, () => connect(url)));
  let done = false;
  const writing = Promise.all(writers.map(write)).finally(() => {
    done = true;
  });

  /** Reads pages until a read that began after the last commit is empty, and nothing is held back. */
  async function readAll<Row>(
    read: (last: Row | undefined) => Promise<Row[]>,
    isHeldBack: (last: Row | undefined) => Promise<boolean> = async () => false,
  ): Promise<Row[]> {
    const all: Row[] = [];
    for (;;) {
      const isLast = done;
      const page = await read(all.at(-1));
      all.push(...page);
      if (page.length > 0) continue;
      if (isLast && !(await isHeldBack(all.at(-1)))) return all;
      await sleep(1);
    }
  }
  const byId = readAll<{ id: string }>(async (last) => {
    const { rows } = await reader.query('SELECT id FROM callbacks WHERE id > $1 ORDER BY id LIMIT 100', [
      last?.id ?? 0,
    ]);
    return rows;
  });
  const byPlace = readAll<{ id: string; place: Place }>(
    (last) => store.readLog({ after: last?.place ?? BEGINNING, limit: 100, wants: [] }),
    async (last) => (await store.heldBack(last?.place ?? BEGINNING)) !== null,
  );

  const written = (await writing).flat().sort();
  expect(written).toHaveLength(WRITERS * CALLBACKS_EACH);
  const logged = await byPlace;
  expect(logged.map(({ id }) => id).sort()).toEqual(written);
  expect(logged.map(({ place }) => place)).toEqual(logged.map(({ place }) => place).toSorted(comparePlaces));
  expect((await byId).length).toBeLessThan(written.length);
});
