import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { useOwnPostgres } from './support/postgres.ts';
import { startProcess } from './support/process.ts';
import { type Running, start, teardown, temporaryFolder } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

/** The vendor gives up after 2 s. */
const VENDOR_WAITS_MS = 2000;

const postgres = useOwnPostgres();

async function until(what: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error('it did not come about within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const spoolOf = async ({ send }: Running) => (await send('/readyz')).json.spool;
async function drained(running: Running): Promise<void> {
  await until(async () => {
    const { depth, inUse } = await spoolOf(running);
    return depth === 0 && !inUse;
  });
}

async function sql(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Sends callbacks, each answered within the vendor's time limit. @returns their group ids */
async function sendSome({ send }: Running, howMany: number, change: Record<string, unknown> = {}): Promise<string[]> {
  const bodies = Array.from({ length: howMany }, () => payload(change));
  for (const body of bodies) {
    const started = performance.now();
    expect((await send(pathOf(), post(body))).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(VENDOR_WAITS_MS);
  }
  return bodies.map(({ GroupId }) => GroupId as string);
}

describe('PostgreSQL fails, and the receiver continues', () => {
  const faults: [string, (url: string) => Promise<() => Promise<unknown>>][] = [
    [
      'killed, and restarted',
      async (url) => {
        postgres.kill();
        await until(() =>
          sql(url, 'SELECT 1').then(
            () => false,
            () => true,
          ),
        );
        return () =>
          until(() =>
            postgres.start().then(
              () => true,
              () => false,
            ),
          );
      },
    ],
    [
      'read-only',
      async (url) => {
        await sql(url, 'ALTER SYSTEM SET default_transaction_read_only = on');
        await sql(url, 'SELECT pg_reload_conf()');
        // The server reloads asynchronously.
        while ((await sql(url, 'SHOW default_transaction_read_only'))[0]?.default_transaction_read_only !== 'on')
          await new Promise((resolve) => setTimeout(resolve, 10));
        return async () => {
          await sql(url, 'ALTER SYSTEM RESET default_transaction_read_only');
          await sql(url, 'SELECT pg_reload_conf()');
        };
      },
    ],
    [
      'locked by another process',
      async (url) => {
        const client = new pg.Client(url);
        await client.connect();
        await client.query('BEGIN; LOCK TABLE callbacks');
        return () => client.end();
      },
    ],
  ];

  test.each(faults)(
    '%s: every callback is answered OK in time, and is stored afterwards, once',
    async (_fault, breakIt) => {
      const url = await postgres.createDatabase();
      const running = await start({ env: { DATABASE_URL: url } });
      await drained(running);
      const before = await sendSome(running, 3);
      const mend = await breakIt(url);
      const meanwhile = [...(await sendSome(running, 5)), ...(await sendSome(running, 2, { EventTime: undefined }))];
      // Not all of them: processes of a killed server live a moment longer.
      expect((await spoolOf(running)).depth).toBeGreaterThan(0);
      await mend();
      await drained(running);
      const after = await sendSome(running, 3);
      const rows = await sql(url, 'SELECT group_id, repeats FROM callbacks ORDER BY id');
      expect(rows).toEqual([...before, ...meanwhile, ...after].map((group_id) => ({ group_id, repeats: 0 })));
      expect(await sql(url, 'SELECT group_id FROM groups')).toHaveLength(13);
    },
  );

  test('a write whose answer is lost is not duplicated, with and without event time', async () => {
    const url = await postgres.createDatabase();
    const running = await start({ env: { DATABASE_URL: url } });
    await drained(running);
    // The rows are written while the receiver waits for an answer that comes too late: pg_sleep runs after the insert.
    await sql(
      url,
      `CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1.1); RETURN NULL; END';
      CREATE TRIGGER late AFTER INSERT ON callbacks FOR EACH STATEMENT EXECUTE FUNCTION late();
      ALTER DATABASE ${new URL(url).pathname.slice(1)} SET statement_timeout = 0`,
    );
    await sendSome(running, 1);
    await sendSome(running, 1, { EventTime: undefined });
    await sql(url, 'DROP TRIGGER late ON callbacks');
    await drained(running);
    expect(await sql(url, 'SELECT repeats FROM callbacks')).toEqual([{ repeats: 0 }, { repeats: 0 }]);
  });

  test('OK means on disk, even if the database would answer sooner', async () => {
    const url = await postgres.createDatabase();
    await sql(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = off`);
    expect(await sql(url, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'off' }]);
    const running = await start({ env: { DATABASE_URL: url } });
    await drained(running);
    await sql(
      url,
      `CREATE TABLE seen AS SELECT '' AS setting;
      CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN UPDATE seen SET setting = current_setting('synchronous_commit'); RETURN NULL; END $$;
      CREATE TRIGGER note AFTER INSERT ON callbacks FOR EACH STATEMENT EXECUTE FUNCTION note()`,
    );
    await sendSome(running, 1);
    expect(await sql(url, 'SELECT setting FROM seen')).toEqual([{ setting: 'on' }]);
  });

  test('its spool dies during the outage: callbacks are refused, readiness fails, and it still ends cleanly', async () => {
    const url = await postgres.createDatabase();
    const asked = jest.spyOn(Worker.prototype, 'postMessage');
    const running = await start({ env: { DATABASE_URL: url } });
    await drained(running);
    const spool = asked.mock.contexts[0] as Worker;
    asked.mockRestore();
    await sql(url, 'ALTER TABLE callbacks RENAME TO elsewhere');
    await sendSome(running, 1);
    spool.postMessage(null);
    // once() of node:events rejects on the error that comes first.
    await new Promise((resolve) => spool.once('exit', resolve));
    expect((await running.send('/readyz')).json).toEqual({ status: 'unavailable' });
    for (let time = 0; time < 3; time += 1) {
      expect((await running.send(pathOf(), post(payload()))).json.ErrorCode).toBe(10106);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await running.store.close();
  });

  test('a callback that the database cannot store is kept as rejected, and blocks no other', async () => {
    const url = await postgres.createDatabase();
    const running = await start({ env: { DATABASE_URL: url } });
    await drained(running);
    await sql(
      url,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.status = 'accepted' AND NEW.group_id = 'poison' THEN RAISE EXCEPTION 'too odd' USING ERRCODE = '22000'; END IF;
      RETURN NEW; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON callbacks FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
    const [before] = await sendSome(running, 1);
    expect((await running.send(pathOf(), post(payload({ GroupId: 'poison' })))).status).toBe(200);
    const [after] = await sendSome(running, 1);
    expect(await spoolOf(running)).toMatchObject({ depth: 0, inUse: false });
    expect(await sql(url, 'SELECT group_id, status, reason FROM callbacks ORDER BY received_at')).toEqual([
      { group_id: before, status: 'accepted', reason: null },
      { group_id: null, status: 'rejected', reason: 'the database cannot hold it: too odd' },
      { group_id: after, status: 'accepted', reason: null },
    ]);
  });

  test("a deadlock is not the callback's fault: it is transferred afterwards", async () => {
    const url = await postgres.createDatabase();
    const running = await start({ env: { DATABASE_URL: url } });
    await drained(running);
    await sql(
      url,
      `CREATE FUNCTION deadlock() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$;
      CREATE TRIGGER deadlock BEFORE INSERT ON callbacks FOR EACH ROW EXECUTE FUNCTION deadlock()`,
    );
    const [group_id] = await sendSome(running, 1);
    await sql(url, 'DROP TRIGGER deadlock ON callbacks');
    await drained(running);
    expect(await sql(url, 'SELECT group_id, status FROM callbacks')).toEqual([{ group_id, status: 'accepted' }]);
  });

  test('down from the start: the receiver starts, accepts callbacks, and transfers them', async () => {
    const running = await start({ env: { DATABASE_URL: 'postgres://postgres:postgres@127.0.0.1:1/none' } });
    await sendSome(running, 2);
    expect(await spoolOf(running)).toMatchObject({ depth: 2, oldestSeconds: expect.any(Number) });
    // Reads that need the database report it.
    expect((await running.read('/api/groups')).status).toBe(503);
  });

  test('neither the database nor the spool: 503, nothing stored, no crash', async () => {
    const folder = temporaryFolder();
    const running = await start({ env: { DATABASE_URL: 'postgres://postgres:postgres@127.0.0.1:1/none' }, folder });
    // The spool can be read, but not written.
    const locker = new DatabaseSync(join(folder, 'spool.db'));
    locker.exec('BEGIN IMMEDIATE');
    teardown(() => locker.close());
    const { status, json } = await running.send(pathOf(), post(payload()));
    expect([status, json.ErrorCode]).toEqual([503, 10106]);
    // Load balancers must not send callbacks here, although none is in flight.
    expect((await running.send('/readyz')).json).toEqual({ status: 'unavailable' });
    locker.exec('ROLLBACK');
    await until(async () => (await running.send('/readyz')).status === 200);
    expect((await spoolOf(running)).depth).toBe(0);
  });

  test('a large draining spool does not delay new connections', async () => {
    const url = await postgres.createDatabase();
    const running = await start({ env: { DATABASE_URL: url } });
    await drained(running);
    const locker = new pg.Client(url);
    await locker.connect();
    await locker.query('BEGIN; LOCK TABLE callbacks');
    const bodies = Array.from({ length: 2000 }, () => post(payload()));
    await Promise.all(
      Array.from({ length: 32 }, async () => {
        for (let body = bodies.pop(); body; body = bodies.pop()) await running.send(pathOf(), body);
      }),
    );
    expect((await spoolOf(running)).depth).toBe(2000);
    // Each turn of the event loop accepts one new connection.
    const turns = () => performance.nodeTiming.uvMetricsInfo.loopCount;
    const before = turns();
    await locker.end();
    await drained(running);
    // About one turn per callback; only some 100 if a batch were forwarded in one turn.
    expect(turns() - before).toBeGreaterThan(1000);
  }, 60_000);

  test('kill -9 while the spool drains: nothing is lost or duplicated', async () => {
    const url = await postgres.createDatabase();
    const folder = temporaryFolder();
    const unreachable = await startProcess({ DATABASE_URL: 'postgres://postgres:postgres@127.0.0.1:1/none' }, folder);
    const bodies = Array.from({ length: 2000 }, (_, index) => payload(index % 2 ? {} : { EventTime: undefined }));
    await Promise.all(
      Array.from({ length: 32 }, async (_, sender) => {
        for (let index = sender; index < bodies.length; index += 32) {
          expect((await fetch(unreachable.callbackUrl + pathOf().slice(1), post(bodies[index]))).status).toBe(200);
        }
      }),
    );
    unreachable.child.kill('SIGKILL');
    await unreachable.exited;
    for (let round = 0; round < 4; round += 1) {
      const draining = await startProcess({ DATABASE_URL: url }, folder);
      await until(async () => draining.logged.some((line) => line.includes('forwarded from the spool')));
      draining.child.kill('SIGKILL');
      await draining.exited;
    }
    const last = await startProcess({ DATABASE_URL: url }, folder);
    await until(
      async () =>
        !((await (await fetch(`${new URL(last.callbackUrl).origin}/readyz`)).json()) as { spool: { inUse: boolean } })
          .spool.inUse,
    );
    const rows = await sql(url, 'SELECT group_id FROM callbacks');
    expect(rows).toHaveLength(2000);
    expect(new Set(rows.map(({ group_id }) => group_id)).size).toBe(2000);
    expect(await sql(url, 'SELECT group_id FROM groups')).toHaveLength(2000);
  }, 60_000);
});
