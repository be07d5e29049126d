import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { usePostgres } from './support/postgres.ts';
import { startProcess } from './support/process.ts';
import { type Running, start, teardown, temporaryFolder } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

const postgres = usePostgres();

async function sql(url: string, ...texts: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const text of texts) ({ rows } = await client.query(text));
    return rows;
  } finally {
    await client.end();
  }
}

const nameOf = (url: string) => new URL(url).pathname.slice(1);
function changed(url: string, change: Partial<Pick<URL, 'username' | 'password' | 'hostname' | 'pathname'>>): string {
  return Object.assign(new URL(url), change).href;
}

async function logged({ logged }: Running, pattern: RegExp): Promise<{ level: number; msg: string }> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const line = logged.map((text) => JSON.parse(text)).find(({ msg }) => pattern.test(msg));
    if (line) return line;
    if (Date.now() > deadline) throw new Error(`not logged: ${pattern}\n${logged.join('')}`);
    await sleep(20);
  }
}

const NEVER = 'the database was never connected since start: callbacks go to the spool. DATABASE_URL: ';

describe('a DATABASE_URL that cannot work: an immediate error with the remedy; the spool accepts callbacks', () => {
  const cases: [string, (url: string) => Promise<string>, string][] = [
    [
      'a wrong password',
      async (url) => changed(url, { password: 'wrong' }),
      `${NEVER}the password of the role "postgres" is wrong or missing`,
    ],
    [
      'an unknown role',
      async (url) => changed(url, { username: 'nobody%20here' }),
      `${NEVER}the password of the role "nobody here" is wrong or missing, or there is no such role`,
    ],
    [
      'a % that encodes nothing',
      async () => 'postgres://100%user:100%secret@127.0.0.1:1/100%',
      `${NEVER}nothing listens on 127.0.0.1 port 1`,
    ],
    [
      'no password',
      async (url) => changed(url, { password: '' }),
      `${NEVER}the password of the role "postgres" is wrong or missing`,
    ],
    [
      'an unknown database',
      async (url) => changed(url, { pathname: '/elsewhere' }),
      `${NEVER}there is no database "elsewhere"`,
    ],
    [
      'an unknown host name',
      async (url) => changed(url, { hostname: 'nowhere.invalid' }),
      `${NEVER}the host name "nowhere.invalid" cannot be resolved`,
    ],
    [
      'a port where nothing listens',
      async () => 'postgres://callbacks:secret@127.0.0.1:1/callbacks',
      `${NEVER}nothing listens on 127.0.0.1 port 1`,
    ],
    [
      'no privilege to create tables',
      async (url) => {
        await sql(url, `CREATE ROLE reader_of_${nameOf(url)} LOGIN PASSWORD 'secret'`);
        return changed(url, { username: `reader_of_${nameOf(url)}`, password: 'secret' });
      },
      'the database cannot be migrated: callbacks go to the spool. DATABASE_URL: the role "reader_of_',
    ],
    ['no TLS, although it is required', async (url) => `${url}?sslmode=verify-full`, `${NEVER}TLS cannot be set up`],
  ];
  test.each(cases)('%s', async (_title, spoil, message) => {
    const url = await spoil(await postgres.createDatabase());
    const running = await start({ env: { DATABASE_URL: url } });
    const escaped = message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    expect((await logged(running, new RegExp(`^${escaped}`))).level).toBe(50);
    expect((await running.send(pathOf(), post(payload()))).status).toBe(200);
    expect((await running.send('/readyz')).json).toMatchObject({ status: 'ready', spool: { depth: 1, inUse: true } });
    expect(running.logged.join('')).not.toContain('still away');
    expect(running.logged.join('')).not.toContain('secret');
  });
});

describe('a database that cannot keep the guarantees fails the start', () => {
  const cases: [string, (url: string) => Promise<string>, string][] = [
    [
      'an encoding that cannot hold every text',
      async (url) => {
        await sql(url, "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        return changed(url, { pathname: '/latin' });
      },
      "its encoding is LATIN1, which cannot hold every text: create one with CREATE DATABASE name ENCODING 'UTF8'",
    ],
    [
      'no encoding at all',
      async (url) => {
        await sql(url, "CREATE DATABASE bytes ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
        return changed(url, { pathname: '/bytes' });
      },
      'its encoding is SQL_ASCII',
    ],
    [
      // Like a session handed on by such a pooler: with the settings of another connection.
      'a connection pooler in transaction mode',
      async (url) => {
        await sql(url, `ALTER DATABASE ${nameOf(url)} SET tencent_chat_callbacks.session = 'of another'`);
        return url;
      },
      'a connection pooler gives one session to several connections: put it into session mode',
    ],
  ];
  test.each(cases)('%s', async (_title, spoil, message) => {
    const url = await spoil(await postgres.createDatabase());
    await expect(startProcess({ DATABASE_URL: url }, temporaryFolder())).rejects.toThrow(
      `The database (DATABASE_URL) cannot be used: ${message}`,
    );
    await expect(openPostgresStore(url, 1).migrate()).rejects.toThrow(message);
  });
});

test.each([
  ['of the role', (database: string, role: string) => `ALTER ROLE ${role} IN DATABASE ${database} SET`],
  ['of the database', (database: string) => `ALTER DATABASE ${database} SET`],
])('settings %s neither weaken durability nor remove the deadlines', async (_title, alter) => {
  const admin = await postgres.createDatabase();
  const role = `role_of_${nameOf(admin)}`;
  await sql(admin, `CREATE ROLE ${role} LOGIN PASSWORD 'secret'`, `GRANT CREATE ON SCHEMA public TO ${role}`);
  for (const setting of ['synchronous_commit = off', 'statement_timeout = 0', 'lock_timeout = 0'])
    await sql(admin, `${alter(nameOf(admin), role)} ${setting}`);
  const url = changed(admin, { username: role, password: 'secret' });
  const store = openPostgresStore(url, 1);
  teardown(() => store.close());
  await store.migrate();
  await sql(
    admin,
    'CREATE TABLE seen AS SELECT NULL::text AS settings; GRANT ALL ON seen TO PUBLIC',
    `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE seen SET settings =
       concat_ws(' ', current_setting('synchronous_commit'), current_setting('statement_timeout'),
         current_setting('lock_timeout')); RETURN NULL; END $$`,
    'CREATE TRIGGER note AFTER INSERT ON callbacks FOR EACH STATEMENT EXECUTE FUNCTION note()',
  );
  await store.append({
    ...{ arrival: '00000000-0000-4000-8000-000000000000', query: '', body: Buffer.from('{}'), groupId: null },
    ...{ idempotencyKey: Buffer.alloc(32), receivedAt: new Date(), status: 'unknown', command: 'x' },
    ...{ eventTime: null, reason: null, change: null },
  });
  expect(await sql(admin, 'SELECT settings FROM seen')).toEqual([{ settings: 'on 1s 300ms' }]);
});

test('the role and the database of docs/postgres.md are sufficient', async () => {
  const admin = await postgres.createDatabase();
  const text = readFileSync(join(import.meta.dirname, '../docs/postgres.md'), 'utf8');
  const [, commands = ''] = /```sql\n([\s\S]*?)```/.exec(text) ?? [];
  await sql(admin, ...commands.split(/;\s*/).filter(Boolean));
  const url = changed(admin, { username: 'callbacks', password: 'password', pathname: '/callbacks' });
  const running = await start({ env: { DATABASE_URL: url } });
  for (let state = true; state; await sleep(20)) state = (await running.send('/readyz')).json.spool.inUse;
  expect((await running.send(pathOf(), post(payload({ Name: '测试' })))).status).toBe(200);
  expect((await running.store.listGroups({ limit: 1 })).items).toMatchObject([{ name: '测试' }]);
  expect(running.logged.join('')).not.toContain('never connected');
});
