import { describe, expect, test } from '@jest/globals';
import { SimulatedClock } from '../scripts/simulator/rest/clock.ts';
import { changeAtRandom, populate, randomFrom } from '../scripts/simulator/rest/history.ts';
import { createWorld, type World } from '../scripts/simulator/rest/world.ts';
import { backfill } from '../src/backfill/backfill.ts';
import type { LeftOut } from '../src/backfill/difference.ts';
import type { RunOptions } from '../src/backfill/run.ts';
import { SNAPSHOT } from '../src/groups/snapshot.ts';
import type { Store } from '../src/store/store.ts';
import { mirrorOf, startVendor, WorldReceiver, wholeRun, withoutToldAlone, worldOf } from './support/backfills.ts';
import { openedStore, useDatabases } from './support/databases.ts';
import { NOON } from './support/rest-simulator.ts';

/** The vendor's times are in seconds: an event within the second of a request may be newer than the request. */
const LATER_MS = 5_000;
const customFields = ['topic'];

async function snapshotsIn(store: Store): Promise<number> {
  const { items } = await store.listCallbacks({ command: SNAPSHOT, limit: 10_000 });
  return items.length;
}

/** @param emit receives the callbacks; by default, they are lost */
function worldAt(clock: SimulatedClock, emit: (callback: never) => void = () => {}): World {
  return createWorld({ now: () => Math.floor(clock.now()), emit: emit as never });
}

describe.each(useDatabases())('on %s', (_name, createUrl) => {
  test('an empty mirror is filled; a second run stores nothing and confirms all', async () => {
    const clock = new SimulatedClock(NOON);
    const world = worldAt(clock);
    const random = randomFrom(1);
    populate(world, 130, random, 10);
    // Several pages of members: one group is paged by offsets, the other is not.
    const crowd = Array.from({ length: 250 }, (_, index) => `crowd${index}`);
    world.create({ name: 'Crowd', owner: 'ann', members: crowd });
    world.create({ name: 'Community', type: 'Community', owner: 'ann', members: crowd });
    for (let done = 0; done < 300; done += 1) changeAtRandom(world, random);
    clock.advance(LATER_MS);
    const connected = await startVendor(world, { clock });
    const store = await openedStore(await createUrl());
    const options: RunOptions = { ...wholeRun(store, connected), customFields };
    const first = await backfill(options);
    const { size } = world.groups;
    expect(first).toMatchObject({ finished: true, error: null, counts: { compared: size, stored: size, leftOut: 0 } });
    expect(withoutToldAlone(await mirrorOf(store))).toEqual(withoutToldAlone(worldOf(world)));
    const stored = await snapshotsIn(store);
    clock.advance(LATER_MS);
    const second = await backfill(options);
    expect(second).toMatchObject({ finished: true, counts: { compared: size, differing: 0, stored: 0 } });
    expect(await snapshotsIn(store)).toBe(stored);
    const details = await store.findGroupDetails([...world.groups.keys()].slice(0, 50));
    expect(details.every(({ confirmedAt }) => Date.parse(confirmedAt ?? '') > NOON + LATER_MS)).toBe(true);
  }, 60_000);

  test('changes during an outage of the receiver are recovered: changed, destroyed and new groups', async () => {
    const clock = new SimulatedClock(NOON);
    const store = await openedStore(await createUrl());
    const receiver = new WorldReceiver(store, clock.now);
    let isOn = true;
    const world = worldAt(clock, (callback) => isOn && receiver.take(callback));
    const random = randomFrom(2);
    populate(world, 60, random, 8);
    await receiver.settled();
    isOn = false;
    clock.advance(LATER_MS);
    const [one = '', ...others] = world.groups.keys();
    for (const groupId of others.slice(0, 5)) world.destroy(groupId);
    world.change(one, { name: 'Renamed', customFields: { topic: 'late' } });
    const late = world.create({ name: 'Late', owner: 'ann', members: ['bob'], customFields: { topic: 'new' } });
    clock.advance(LATER_MS);
    const { vendor } = await startVendor(world, { clock });
    const end = await backfill({ ...wholeRun(store, { vendor, clock }), customFields });
    expect(end.counts).toMatchObject({ differing: 7, stored: 7, gone: 5 });
    expect(withoutToldAlone(await mirrorOf(store))).toEqual(withoutToldAlone(worldOf(world)));
    expect((await store.findGroup(others[0] as string))?.destroyedAt).not.toBeNull();
    expect((await store.findGroup(late))?.memberDetails.map(({ account }) => account)).toEqual(['ann', 'bob']);
  }, 60_000);

  test('ids, types and a time select the groups', async () => {
    const clock = new SimulatedClock(NOON);
    const world = worldAt(clock);
    const old = world.create({ name: 'Old', owner: 'ann', type: 'Work' });
    const meeting = world.create({ name: 'Meeting', owner: 'ann', type: 'Meeting' });
    clock.advance(60_000);
    const young = world.create({ name: 'Young', owner: 'ann', type: 'Work' });
    clock.advance(LATER_MS);
    const connected = await startVendor(world, { clock });
    const store = await openedStore(await createUrl());
    const leftOut: LeftOut[] = [];
    const run = async (change: Partial<RunOptions>) => {
      const onLeftOut = (one: LeftOut) => void leftOut.push(one);
      const { counts } = await backfill({ ...wholeRun(store, connected), onLeftOut, ...change });
      const mirror = await mirrorOf(store);
      return { names: mirror.map(({ name }) => name).sort(), counts };
    };
    const since = new Date(NOON + 30_000);
    const types = ['Private'];
    expect(await run({ which: { groupIds: null, types }, since })).toMatchObject({
      ...{ names: ['Young'], counts: { compared: 1, quiet: 1 } },
    });
    expect(await run({ which: { groupIds: [old, 'nowhere', old], types: null } })).toMatchObject({
      ...{ names: ['Old', 'Young'], counts: { leftOut: 1 } },
    });
    expect(leftOut).toEqual([
      { groupId: 'nowhere', code: null, reason: expect.stringContaining('neither the vendor nor the mirror') },
    ]);
    expect(await run({ which: { groupIds: null, types: ['ChatRoom', 'Work'] } })).toMatchObject({
      ...{ names: ['Meeting', 'Old', 'Young'], counts: { compared: 3, stored: 1 } },
    });
    world.destroy(young);
    world.join(meeting, ['bob']);
    clock.advance(LATER_MS);
    // The other groups had no activity, except that one is gone. A joining member changes no time.
    const late = new Date(clock.now() - LATER_MS);
    expect((await run({ since: late })).counts).toMatchObject({ compared: 1, gone: 1, quiet: 2 });
    expect((await run({ members: false })).counts).toMatchObject({ compared: 2, stored: 0 });
    expect((await run({})).counts).toMatchObject({ compared: 2, stored: 1, members: 3 });
  }, 60_000);
});
