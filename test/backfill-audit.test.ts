import { describe, expect, test } from '@jest/globals';
import { SimulatedClock } from '../scripts/simulator/rest/clock.ts';
import { changeAtRandom, populate, randomFrom } from '../scripts/simulator/rest/history.ts';
import { createWorld, type Emitted } from '../scripts/simulator/rest/world.ts';
import { type AuditOptions, audit, reconcileGroup } from '../src/backfill/audit.ts';
import type { Difference } from '../src/backfill/difference.ts';
import { SNAPSHOT } from '../src/groups/snapshot.ts';
import type { BackfillStore } from '../src/store/backfills.ts';
import {
  isToldByCallbacksAlone,
  mirrorOf,
  startVendor,
  WorldReceiver,
  wholeRun,
  withoutToldAlone,
  worldOf,
} from './support/backfills.ts';
import { openedStore, useDatabases } from './support/databases.ts';
import { NOON } from './support/rest-simulator.ts';

const LATER_MS = 5_000;
const customFields = ['topic'];

/** An audit that changes nothing, and its findings. */
function dryRun(options: Omit<AuditOptions, 'repair' | 'confirm'>) {
  const found: Difference[] = [];
  const busy: string[] = [];
  const given: AuditOptions = {
    ...{ repair: false, confirm: false, customFields },
    onDifferences: (differences) => void found.push(...differences),
    onBusy: (groupId) => void busy.push(groupId),
    ...options,
  };
  return { found, busy, ended: audit(given) };
}

/** The store, except that newestChangesOf waits until everything received so far is stored. */
function whereNewest(store: BackfillStore, stored: () => Promise<void>): BackfillStore {
  const newestChangesOf: BackfillStore['newestChangesOf'] = async (groupIds) => {
    await stored();
    return store.newestChangesOf(groupIds);
  };
  return new Proxy(store, {
    get: (target, name) => (name === 'newestChangesOf' ? newestChangesOf : Reflect.get(target, name).bind(target)),
  });
}

describe.each(useDatabases())('on %s', (_name, createUrl) => {
  test('if one callback in a hundred is lost, the audit reports exactly those groups, and the repair corrects them', async () => {
    const clock = new SimulatedClock(NOON);
    const store = await openedStore(await createUrl());
    const receiver = new WorldReceiver(store, clock.now);
    const random = randomFrom(3);
    const lossy = randomFrom(4);
    const world = createWorld({
      now: () => Math.floor(clock.now()),
      emit(callback) {
        if (!isToldByCallbacksAlone(callback) && lossy() < 0.01) receiver.lose(callback);
        else receiver.take(callback);
      },
    });
    populate(world, 150, random, 8);
    for (let done = 0; done < 1_500; done += 1) {
      clock.advance(20);
      changeAtRandom(world, random);
    }
    await receiver.settled();
    clock.advance(LATER_MS);
    const truth = worldOf(world);
    const before = await mirrorOf(store);
    const texts = new Map(before.map((group) => [group.groupId, JSON.stringify(group)]));
    const wrong = truth.filter((group) => texts.get(group.groupId) !== JSON.stringify(group));
    const ended = before.filter(({ groupId }) => !world.find(groupId));
    const expected = [...wrong, ...ended].map(({ groupId }) => groupId).sort();
    expect(expected.length).toBeGreaterThan(5);
    expect(expected.filter((groupId) => !receiver.lost.has(groupId))).toEqual([]);

    const { vendor } = await startVendor(world, { clock });
    const options = wholeRun(store, { vendor, clock });
    const { found, ended: first } = dryRun(options);
    const { counts } = await first;
    expect([...new Set(found.map(({ groupId }) => groupId))].sort()).toEqual(expected);
    expect(counts).toMatchObject({ differing: expected.length, differences: found.length, stored: 0, busy: 0 });
    // Nothing was changed.
    expect(await mirrorOf(store)).toEqual(before);
    expect((await store.listCallbacks({ command: SNAPSHOT, limit: 10 })).items).toEqual([]);
    const someIds = truth.slice(0, 50).map(({ groupId }) => groupId);
    expect((await store.findGroupDetails(someIds)).every(({ confirmedAt }) => confirmedAt === null)).toBe(true);

    const repair = await audit({ ...options, customFields, repair: true, confirm: true });
    expect(repair.counts).toMatchObject({ differing: expected.length, stored: expected.length });
    expect(await mirrorOf(store)).toEqual(truth);
    expect((await store.findGroupDetails(someIds)).every(({ confirmedAt }) => confirmedAt !== null)).toBe(true);
    const again = dryRun(options);
    expect((await again.ended).counts).toMatchObject({ compared: truth.length, differing: 0 });
    expect(again.found).toEqual([]);
  }, 120_000);

  test('a callback on its way is not a difference, a group that keeps changing is not judged, and messages change nothing', async () => {
    const clock = new SimulatedClock(NOON);
    const store = await openedStore(await createUrl());
    const receiver = new WorldReceiver(store, clock.now);
    const held: Emitted[] = [];
    let isHeld = false;
    const world = createWorld({
      now: () => Math.floor(clock.now()),
      emit: (one) => (isHeld ? held.push(one) : receiver.take(one)),
    });
    const names = ['late', 'changing', 'chatty', 'wrong'];
    const [late, changing, chatty, wrong] = names.map((name) => world.create({ name, owner: 'ann' }));
    await receiver.settled();
    clock.advance(LATER_MS);
    isHeld = true;
    world.change(late as string, { name: 'later' });
    const [onItsWay] = held.splice(0);
    for (const groupId of [changing, chatty, wrong]) world.change(groupId as string, { name: 'lost' });
    held.splice(0);
    isHeld = false;
    clock.advance(LATER_MS);
    let infos = 0;
    const { vendor } = await startVendor(world, {
      clock,
      onAnswer({ endpoint }) {
        if (endpoint !== 'get_group_info') return;
        infos += 1;
        if (infos === 1) receiver.take(onItsWay as Emitted);
        world.send(chatty as string, 'ann', `still here ${infos}`);
        world.change(changing as string, { introduction: `still here ${infos}` });
      },
    });
    const patient: BackfillStore = whereNewest(store, () => receiver.settled());
    const { found, busy, ended } = dryRun(wholeRun(patient, { vendor, clock }));
    const begun = clock.now();
    expect((await ended).counts).toMatchObject({ compared: 4, differing: 2, busy: 1 });
    expect(found.map(({ groupId, field, vendor }) => [groupId, field, vendor]).sort()).toEqual(
      [chatty, wrong].map((groupId) => [groupId, 'name', 'lost']).sort(),
    );
    expect(busy).toEqual([changing]);
    expect(clock.now() - begun).toBeGreaterThanOrEqual(30_000);
  }, 60_000);

  test('each kind of difference is reported by group and field', async () => {
    const clock = new SimulatedClock(NOON);
    const store = await openedStore(await createUrl());
    const receiver = new WorldReceiver(store, clock.now);
    let isOn = true;
    const world = createWorld({ now: () => Math.floor(clock.now()), emit: (one) => isOn && receiver.take(one) });
    const base = { owner: 'ann', members: ['bob', 'cid', 'dan'], customFields: { topic: 'tea' } };
    const [tea, gone] = ['Tea', 'Gone'].map((name) => world.create({ ...base, name, type: 'Work' })) as string[];
    await receiver.settled();
    isOn = false;
    clock.advance(LATER_MS);
    const groupId = tea as string;
    world.change(groupId, { introduction: 'i', notification: 'n', faceUrl: 'f', customFields: { topic: 'milk' } });
    world.leave(groupId, ['cid']);
    world.join(groupId, ['eve']);
    world.setRole(groupId, 'bob', 'Admin');
    world.setNameCard(groupId, 'dan', 'Dan');
    world.changeOwner(groupId, 'dan');
    world.destroy(gone as string);
    const fresh = world.create({ name: 'New' });
    clock.advance(LATER_MS);
    const { vendor } = await startVendor(world, { clock });
    const { found, ended } = dryRun(wholeRun(store, { vendor, clock }));
    await ended;
    const told = found.map((one) => `${one.groupId} ${one.kind} ${one.field} ${one.of} ${one.mirror} > ${one.vendor}`);
    expect(told.sort()).toEqual(
      [
        `${groupId} different ownerAccount null ann > dan`,
        `${groupId} different introduction null  > i`,
        `${groupId} different notification null  > n`,
        `${groupId} different faceUrl null  > f`,
        `${groupId} different customField topic tea > milk`,
        `${groupId} different role bob Member > Admin`,
        `${groupId} different nameCard dan  > Dan`,
        `${groupId} missing member eve null > eve`,
        `${groupId} extra member cid cid > null`,
        `${gone} extra group null Gone > null`,
        `${fresh} missing group null null > New`,
      ].sort(),
    );
    const one = await reconcileGroup({ store, vendor, groupId });
    expect(one).toMatchObject({ stored: true, leftOut: null, takenAt: expect.any(Date) });
    expect(one.differences).toHaveLength(9);
    expect(await reconcileGroup({ store, vendor, groupId })).toMatchObject({ differences: [], stored: false });
    expect(await reconcileGroup({ store, vendor, groupId: gone as string })).toMatchObject({ stored: true });
    const { leftOut } = await reconcileGroup({ store, vendor, groupId: 'nowhere' });
    expect(leftOut?.reason).toContain('neither the vendor nor the mirror has a group "nowhere"');
    expect(withoutToldAlone(await mirrorOf(store))).toEqual(worldOf(world).filter((group) => group.groupId !== fresh));
  }, 60_000);
});
