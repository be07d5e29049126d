import { describe, expect, test } from '@jest/globals';
import { SimulatedClock } from '../scripts/simulator/rest/clock.ts';
import { createWorld } from '../scripts/simulator/rest/world.ts';
import { startReconcile } from '../src/backfill/reconcile.ts';
import { createMetrics } from '../src/metrics.ts';
import type { Store } from '../src/store/store.ts';
import { startVendor, WorldReceiver } from './support/backfills.ts';
import { openedStore, useDatabases } from './support/databases.ts';
import { until } from './support/deliveries.ts';
import { NOON } from './support/rest-simulator.ts';
import { recordingLog } from './support/rest-vendor.ts';
import { teardown, temporaryFolder } from './support/start.ts';

const HOUR = 3_600_000;

/** A mirror of 60 groups. After the receiver stopped, one group was renamed, and another one got a member. */
async function received(store: Store) {
  const clock = new SimulatedClock(NOON);
  const receiver = new WorldReceiver(store, clock.now);
  let isOn = true;
  const world = createWorld({ now: clock.now, emit: (callback) => isOn && receiver.take(callback) });
  for (let index = 0; index < 60; index += 1)
    world.create({ groupId: `g${index}`, name: `Group ${index}`, owner: 'ann', members: ['ben'] });
  await receiver.settled();
  isOn = false;
  clock.advance(5_000);
  world.change('g7', { name: 'Renamed' });
  world.join('g8', ['cho']);
  clock.advance(5_000);
  const { server } = await startVendor(world, { clock, limits: 'none' });
  return { clock, world, server };
}

type Received = Awaited<ReturnType<typeof received>>;

/** The audit of a receiver, stopped with the test. */
function audited(store: Store, { clock, server }: Received, options: { repair?: boolean; key?: string } = {}) {
  const { log, lines } = recordingLog();
  const metrics = createMetrics();
  const ended: string[] = [];
  const { sdkAppId, administrators, key } = server.app;
  const { stop } = startReconcile({
    ...{ store, sdkAppId, clock, log, hours: 24, repair: options.repair ?? false },
    rest: { origins: [new URL(server.url)], admin: administrators[0] as string, key: options.key ?? key },
    metrics: {
      ...metrics.audit,
      ended(outcome) {
        metrics.audit.ended(outcome);
        ended.push(outcome);
      },
    },
  });
  teardown(stop);
  return { stop, lines, ended, text: () => metrics.text() };
}

const onSqlite = async () => openedStore(`sqlite:${temporaryFolder()}/callbacks.db`);
const nameOf = async (store: Store, id: string) => (await store.findGroup(id))?.name;
const runOf = async (store: Store) => (await store.findRun('reconcile')) ?? { startedAt: null, finishedAt: null };

describe.each(useDatabases())('on %s', (_, createUrl) => {
  test('the groups are audited a minute after the start, then by the interval, whatever restarts', async () => {
    const store = await openedStore(await createUrl());
    const around = await received(store);
    const begun = around.clock.now();
    const first = audited(store, around);
    await until(() => first.ended.length === 1, 30);
    await first.stop();
    const one = await runOf(store);
    expect(Number(one.startedAt) - begun).toBe(60_000);
    expect(first.lines.at(-1)).toMatchObject({
      level: 'warn',
      fields: { compared: 60, differing: 2, differences: 2, repaired: 0, leftOut: 0 },
      message: expect.stringContaining('callbacks were lost; RECONCILE=repair, or npm run backfill, repairs them'),
    });
    expect(first.lines.at(-1)?.fields).toHaveProperty('groups', expect.arrayContaining(['g7', 'g8']));
    const text = await first.text();
    expect(text).toContain('callbacks_audit_groups_compared_total 60');
    expect(text).toContain('callbacks_audit_groups_differing_total 2');
    expect(text).toContain('callbacks_audit_groups_repaired_total 0');
    expect(text).toContain('callbacks_audit_differences_total{field="name"} 1');
    expect(text).toContain('callbacks_audit_differences_total{field="member"} 1');
    expect(text).toContain('callbacks_audit_runs_total{outcome="finished"} 1');
    expect(text).toContain(`callbacks_audit_finished_timestamp_seconds ${Number(one.finishedAt) / 1000}`);
    expect(text).toContain('callbacks_audit_interval_seconds 86400');
    expect(await nameOf(store, 'g7')).toBe('Group 7');
    const confirmed = async (id: string) => (await store.findGroup(id))?.confirmedAt ?? null;
    expect([await confirmed('g9'), await confirmed('g7')]).toEqual([expect.any(String), null]);

    const second = audited(store, around, { repair: true });
    await until(() => second.ended.length === 1, 30);
    await second.stop();
    const two = await runOf(store);
    const between = Number(two.startedAt) - Number(one.finishedAt);
    expect(between).toBeGreaterThanOrEqual(24 * HOUR);
    expect(between).toBeLessThan(24 * HOUR + 120_000);
    expect(second.lines.at(-1)).toMatchObject({
      ...{ level: 'warn', fields: { differing: 2, repaired: 2 } },
      message: expect.stringContaining('were repaired'),
    });
    expect(await second.text()).toContain('callbacks_audit_groups_repaired_total 2');
    expect(await nameOf(store, 'g7')).toBe('Renamed');
    expect((await store.findGroup('g8'))?.members).toContain('cho');

    const third = audited(store, around);
    await until(() => third.ended.length === 1, 30);
    expect(third.lines.at(-1)).toMatchObject({ level: 'info', message: 'the groups are as the vendor has them' });
    expect(await third.text()).toContain('callbacks_audit_differences_total{field="name"} 0');
  }, 60_000);
});

test('a vendor that refuses is asked again after an hour; the log has the remedy and no secret', async () => {
  const store = await onSqlite();
  const around = await received(store);
  const key = 'abcdef0123456789'.repeat(4);
  const { lines, ended, text, stop } = audited(store, around, { key });
  const begun = around.clock.now();
  await until(() => ended.length === 2, 30);
  expect(ended).toEqual(['failed', 'failed']);
  const passed = around.clock.now() - begun;
  expect(passed).toBeGreaterThanOrEqual(HOUR);
  await stop();
  const failures = lines.filter(({ level }) => level === 'error');
  expect(failures.map(({ message }) => message)).toEqual(Array(2).fill(expect.stringContaining('goes on in an hour')));
  expect(JSON.stringify(failures)).toMatch(/REST_KEY \(redacted\) must be the key of app/);
  expect(JSON.stringify(lines)).not.toMatch(/usersig=|sdkappid=|abcdef0123456789/i);
  expect(await text()).toContain('callbacks_audit_runs_total{outcome="failed"} 2');
}, 60_000);

test('while another receiver audits the groups, this one does not; it takes over once that one has ended', async () => {
  const store = await onSqlite();
  const around = await received(store);
  await store.claimRun('reconcile', 'another');
  const begun = around.clock.now();
  const { ended, lines } = audited(store, around);
  await until(() => around.clock.now() - begun > HOUR, 30);
  expect([ended, lines]).toEqual([[], []]);
  await store.releaseRun('reconcile', 'another');
  await until(() => ended.length === 1, 30);
  expect(ended).toEqual(['finished']);
}, 60_000);

test('it stops at once in the middle of a call, and continues with the next start', async () => {
  const store = await onSqlite();
  const around = await received(store);
  let isAsked = false;
  around.server.inject('silence', {
    endpoint: 'get_group_member_info',
    when() {
      isAsked = true;
      return true;
    },
  });
  const first = audited(store, around);
  await until(() => isAsked);
  await first.stop();
  expect(first.ended).toEqual(['interrupted']);
  const interrupted = await runOf(store);
  expect(interrupted).toMatchObject({ finishedAt: null });
  const second = audited(store, around);
  await until(() => second.ended.length === 1, 30);
  expect(second.lines[0]).toMatchObject({ message: expect.stringContaining('goes on where it was interrupted') });
  expect(await runOf(store)).toMatchObject({ startedAt: interrupted.startedAt, finishedAt: expect.any(Date) });
  expect(second.lines.at(-1)).toMatchObject({ fields: { compared: 60, differing: 2 } });
}, 60_000);
