import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { backfill } from '../scripts/backfill.ts';
import { generateGroups } from '../scripts/simulator/rest/generated-groups.ts';
import { startRestServer } from '../scripts/simulator/rest/rest-server.ts';
import { createWorld } from '../scripts/simulator/rest/world.ts';
import { mirrorOf, WorldReceiver } from './support/backfills.ts';
import { type Started, startCommand } from './support/command.ts';
import { openedStore } from './support/databases.ts';
import { until } from './support/deliveries.ts';
import { teardown, temporaryFolder } from './support/start.ts';

type ServerOptions = Parameters<typeof startRestServer>[0];

/** The command, with a simulated vendor and its own database. */
async function prepared(options: ServerOptions) {
  const server = await startRestServer(options);
  teardown(() => server.close());
  const url = `sqlite:${join(temporaryFolder(), 'callbacks.db')}`;
  const env: Record<string, string> = {
    ...{ REST_DOMAIN: server.url, REST_ADMIN: String(server.app.administrators), REST_KEY: server.app.key },
    ...{ SDK_APP_ID: String(server.app.sdkAppId), DATABASE_URL: url },
  };
  const start = (...args: string[]): Started => startCommand('backfill', backfill, args, { env });
  return { server, env, start, run: (...args: string[]) => start(...args).ended, store: () => openedStore(url) };
}

test('groups are filled, the report says what was done, and a second run finds no difference', async () => {
  const { run, store } = await prepared({ groups: generateGroups({ groups: 60, members: 3 }) });
  expect(await run()).toEqual({
    ...{ status: 0, stderr: '' },
    stdout: `60 groups compared, with 171 members, in 60 calls
60 differences in 60 groups
60 snapshots stored
`,
  });
  expect(await mirrorOf(await store())).toHaveLength(60);
  expect(await run('--json')).toMatchObject({ status: 0, stdout: expect.stringContaining('"stored":0') });
  const some = await run('--type', 'Community', '--no-members', '--from-start', '--rate', '100');
  expect(some.stdout).toBe('3 groups compared, with 0 members, in 2 calls\nnone differs\n0 snapshots stored\n');
});

test('a dry run prints a table, exits with 1, and changes nothing; with --json it prints a line for each', async () => {
  const world = createWorld({ now: () => Date.now() - 60_000 });
  world.create({ groupId: 'tea', name: 'Tea', owner: 'ann', members: ['bob'] });
  world.create({ groupId: 'long', name: 'L\u001bng'.repeat(20), owner: 'ann' });
  const { run, store } = await prepared({ groups: world });
  const opened = await store();
  const receiver = new WorldReceiver(opened, Date.now);
  receiver.take({
    ...{ CallbackCommand: 'Group.CallbackAfterCreateGroup', GroupId: 'tea', Type: 'Public', Name: 'Coffee' },
    ...{ Owner_Account: 'ann', Operator_Account: 'ann', EventTime: Date.now() - 120_000 },
    MemberList: [{ Member_Account: 'ann' }, { Member_Account: 'cid' }],
  });
  await receiver.settled();
  const [table, json] = await Promise.all([run('--dry-run'), run('--dry-run', '--json')]);
  expect(table).toMatchObject({ status: 1, stderr: expect.not.stringContaining('Error') });
  expect(
    table.stdout
      .replace(/"L[^\n]*…/, '"L…')
      .replace(/ +\n/g, '\n')
      .replace(/\d+ calls/, 'N calls'),
  ).toBe(`  group  field       mirror    vendor
  long   group       -         "L…
  tea    name        "Coffee"  "Tea"
  tea    member bob  -         "bob"
  tea    member cid  "cid"     -

  different name  1
  extra member    1
  missing group   1
  missing member  1

2 groups compared, with 3 members, in N calls
4 differences in 2 groups
`);
  expect(table.stdout).not.toContain('\u001b');
  const lines = json.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(json.status).toBe(1);
  expect(lines).toHaveLength(5);
  expect(lines).toContainEqual({
    difference: {
      ...{ groupId: 'tea', kind: 'different', field: 'name', of: null, mirror: 'Coffee', vendor: 'Tea' },
    },
  });
  expect(lines.at(-1)?.summary).toMatchObject({
    ...{ dryRun: true, finished: true, error: null, compared: 2, differing: 2, differences: 4, stored: 0 },
    byField: { 'different name': 1, 'missing member': 1, 'extra member': 1, 'missing group': 1 },
  });
  expect((await mirrorOf(opened)).map(({ name }) => name)).toEqual(['Coffee']);
  expect(await opened.findRun('backfill')).toBeNull();
}, 60_000);

test('Ctrl-C ends it, and the next run continues', async () => {
  let calls = 0;
  const prepare = await prepared({ groups: generateGroups({ groups: 500 }), onAnswer: () => (calls += 1) });
  const started = prepare.start();
  await until(() => calls > 150);
  started.kill('SIGINT');
  started.kill('SIGINT');
  const ended = await started.ended;
  expect(ended).toMatchObject({
    status: 130,
    stdout: expect.stringContaining('interrupted: run it again to continue'),
  });
  const again = await prepare.run();
  expect(again).toMatchObject({ status: 0, stderr: expect.stringContaining('continues the run that began at') });
  expect(again.stdout).toContain('500 snapshots stored');
  expect(await mirrorOf(await prepare.store())).toHaveLength(500);
}, 60_000);

test('omissions are named, and give status 3', async () => {
  const { run, server } = await prepared({ groups: generateGroups({ groups: 30, type: 'Public', members: 2 }) });
  server.inject({ code: 10007 }, { endpoint: 'get_group_member_info', times: 25 });
  const { status, stdout } = await run();
  expect(status).toBe(3);
  expect(stdout).toContain('25 left out:\n  @TGS#1G');
  expect(stdout).toMatch(/the vendor answered 10007, not permitted/);
  expect(stdout).toContain('  … and 5 more: --json prints all\n');
  server.inject({ code: 10007 }, { endpoint: 'get_group_member_info', times: 25 });
  const lines = (await run('--json')).stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.filter(({ leftOut }) => leftOut)).toHaveLength(25);
});

test('a vendor that refuses, or is unreachable, gives status 3, and no secret is printed', async () => {
  const { env, run, server } = await prepared({ groups: generateGroups({ groups: 30 }) });
  server.inject({ code: 60021 });
  const refused = await run();
  expect(refused).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('the address of this machine is refused'),
  });
  const key = '9'.repeat(64);
  env.REST_KEY = key;
  const wrong = await run('--json');
  expect(wrong).toMatchObject({ status: 3, stderr: expect.stringContaining('REST_KEY (redacted) must be the key') });
  expect(JSON.parse(wrong.stdout.trimEnd()).summary).toMatchObject({ finished: false, error: expect.any(String) });
  for (const { stdout, stderr } of [refused, wrong]) expect(stdout + stderr).not.toMatch(new RegExp(`usersig=|${key}`));
  env.DATABASE_URL = `sqlite:${join(temporaryFolder(), 'nowhere', '\0')}`;
  expect(await run()).toMatchObject({ status: 3, stderr: expect.stringContaining('the database cannot be used') });
});

test.each<[string[], Record<string, string>, RegExp]>([
  [
    [],
    { REST_KEY: '' },
    /- REST_DOMAIN is unset: .*\n {2}- REST_ADMIN is unset: .*\n {2}- REST_KEY is \(redacted, empty\)/,
  ],
  [[], {}, /REST_DOMAIN is unset: expected the domain.*\n.*REST_ADMIN is unset.*\n.*REST_KEY is unset/],
  [
    [],
    { REST_DOMAIN: 'http://example.com', DATABASE_URL: 'x' },
    /REST_ADMIN is unset.*\n[\s\S]*REST_DOMAIN is "http:\/\/example.com"[\s\S]*DATABASE_URL/,
  ],
  [[], { REST_DOMAIN: 'https://u:secret@a', REST_ADMIN: 'a', REST_KEY: 'k' }, /REST_DOMAIN is \(redacted\)/],
  [['--type', 'Room'], {}, /--type: "Room", expected one of Public, Work/],
  [['--type', 'Work', '--group', 'g'], {}, /--type: is not for groups that --group names/],
  [['--since', '7w'], {}, /--since: "7w", expected as 7d/],
  [['--since', '2026-13-01'], {}, /--since: "2026-13-01"/],
  [['--rate', '0'], {}, /--rate: "0", expected a whole number/],
  [['--members', '--no-members'], {}, /--members: is the opposite/],
  [['now'], {}, /nothing but options/],
])('%j with %j is wrong usage', async (args, env, told) => {
  const { status, stderr } = await startCommand('backfill', backfill, args, { env }).ended;
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(told) });
  expect(stderr).not.toContain('secret');
});
