import { afterAll, expect, test } from '@jest/globals';
import { createWorld } from '../scripts/simulator/rest/world.ts';
import { startSimulator } from './support/rest-simulator.ts';
import { adminContract, start } from './support/start.ts';
import { pathOf, post } from './support/vendor.ts';

const KEY = '0123456789abcdef'.repeat(4);
afterAll(() => {
  const declared = adminContract.declaredWith('backfill');
  // The others are covered by test/admin-security.test.ts.
  expect(declared.filter((reply) => !adminContract.seen.has(reply) && !/ (401|429)$/.test(reply))).toEqual([]);
});

const pathOfGroup = (id: string) => `/api/groups/${encodeURIComponent(id)}`;

/** A receiver with access to the simulated vendor, which has received the callbacks of `tell`. */
async function asking(tell: (world: ReturnType<typeof createWorld>) => void, env: Record<string, string> = {}) {
  const told: object[] = [];
  // The vendor's replies have times in seconds: very recent events may be newer.
  const world = createWorld({ now: () => Date.now() - 60_000, emit: (callback) => told.push(callback) });
  const server = await startSimulator({ groups: world });
  const started = await start({
    env: { REST_DOMAIN: server.url, REST_ADMIN: 'administrator', REST_KEY: KEY, ...env },
  });
  tell(world);
  for (const callback of told) {
    const { CallbackCommand } = callback as { CallbackCommand: string };
    expect((await started.send(pathOf({ CallbackCommand }), post(callback))).status).toBe(200);
  }
  const ask = (id: string, init: RequestInit = {}) =>
    started.read(`${pathOfGroup(id)}/reconcile`, { method: 'POST', ...init });
  return { ...started, world, server, ask };
}

test('a group becomes what the vendor has, and shows since when that is known', async () => {
  const { world, read, ask } = await asking((world) => {
    world.create({ groupId: 'harbour', name: 'Harbour', owner: 'ann', members: ['ben'] });
    world.create({ groupId: 'pier', name: 'Pier', owner: 'ann' });
  });
  expect((await read(pathOfGroup('harbour'))).json.confirmedAt).toBeNull();
  const same = await ask('harbour');
  expect([same.status, same.json]).toEqual([
    200,
    { differences: [], count: 0, stored: false, confirmedAt: expect.any(String) },
  ]);
  expect((await read(pathOfGroup('harbour'))).json.confirmedAt).toBe(same.json.confirmedAt);

  world.change('harbour', { name: 'Harbour crew' });
  world.join('harbour', ['cho']);
  world.create({ groupId: 'quay', name: 'Quay', owner: 'dan' });
  const other = await ask('harbour');
  expect(other.json).toMatchObject({
    ...{ count: 2, stored: true },
    differences: [
      { groupId: 'harbour', kind: 'different', field: 'name', of: null, mirror: 'Harbour', vendor: 'Harbour crew' },
      { groupId: 'harbour', kind: 'missing', field: 'member', of: 'cho' },
    ],
  });
  const { json: mended } = await read(pathOfGroup('harbour'));
  expect(mended).toMatchObject({ name: 'Harbour crew', members: expect.arrayContaining(['cho']) });
  // Of two answers within a second of the vendor's clock, the later one may have an earlier time.
  expect(Date.parse(mended.confirmedAt)).toBeGreaterThanOrEqual(Date.parse(other.json.confirmedAt));
  const { json: history } = await read(`${pathOfGroup('harbour')}/history`);
  expect(history.callbacks[0]).toMatchObject({ command: 'Backfill.GroupSnapshot', source: 'backfill' });

  const found = await ask('quay');
  expect(found.json).toMatchObject({ count: 1, stored: true, differences: [{ kind: 'missing', field: 'group' }] });
  expect((await read(pathOfGroup('quay'))).json).toMatchObject({ name: 'Quay', ownerAccount: 'dan' });
  world.destroy('pier');
  expect((await ask('pier')).json).toMatchObject({ stored: true, differences: [{ kind: 'extra', field: 'group' }] });
  expect((await read(pathOfGroup('pier'))).json.destroyedAt).not.toBeNull();

  for (const id of ['none', 'none/of them']) {
    const nowhere = await ask(id);
    expect([nowhere.status, nowhere.json.detail]).toEqual([404, expect.stringContaining(JSON.stringify(id))]);
  }
}, 30_000);

test('without the settings it names the missing ones; with wrong ones, it quotes the vendor, without secrets', async () => {
  const { read } = await start();
  const unset = await read(`${pathOfGroup('g')}/reconcile`, { method: 'POST' });
  expect([unset.status, unset.json.detail]).toEqual([
    409,
    expect.stringContaining('set REST_DOMAIN, REST_ADMIN and REST_KEY'),
  ]);
  expect((await read('/api/about')).json.backfill).toEqual({
    ...{ configured: false, command: 'npm run backfill', auditHours: null, repairs: false },
    ...{ lastRun: null, lastAudit: null },
  });

  const {
    ask,
    server,
    logged,
    read: readOf,
  } = await asking(() => {}, {
    ...{ REST_KEY: 's3cret'.repeat(10), RECONCILE_HOURS: '24', RECONCILE: 'repair' },
  });
  const refused = await ask('g');
  expect([refused.status, refused.json.detail]).toEqual([502, expect.stringContaining('REST_KEY (redacted) must be')]);
  expect(refused.text + logged.join('')).not.toMatch(/s3crets3cret|usersig=/);
  expect((await readOf('/api/about')).json.backfill).toMatchObject({ configured: true, auditHours: 24, repairs: true });
  await server.close();
}, 30_000);

test('an unreachable vendor is reported, as are an unknown parameter and method', async () => {
  const { ask, read, server } = await asking(() => {});
  await server.close();
  const away = await ask('g');
  expect([away.status, away.json.detail]).toEqual([503, expect.stringContaining('ECONNREFUSED')]);
  expect((await read(`${pathOfGroup('g')}/reconcile?x=1`, { method: 'POST' })).status).toBe(400);
  expect((await read(`${pathOfGroup('g')}/reconcile`)).status).toBe(405);
}, 60_000);

test('a page of another site cannot ask, and the receiver closes while the vendor does not answer', async () => {
  const { ask, server, adminUrl } = await asking((world) => void world.create({ groupId: 'g', name: 'G' }));
  const foreign = await ask('g', { headers: { Origin: 'https://evil.example' } });
  expect(foreign.status).toBe(403);
  let isAsked = false;
  server.inject('silence', {
    when() {
      isAsked = true;
      return true;
    },
    times: 100,
  });
  const leaving = new AbortController();
  const asked = fetch(`${adminUrl}${pathOfGroup('g')}/reconcile`, { method: 'POST', signal: leaving.signal });
  while (!isAsked) await new Promise((resolve) => setTimeout(resolve, 5));
  leaving.abort();
  await expect(asked).rejects.toThrow();
}, 30_000);
