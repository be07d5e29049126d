import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { factsOf } from '../generated/commands.ts';
import { changeAtRandom, populate, type Random, randomFrom } from '../scripts/simulator/rest/history.ts';
import { createWorld, type Emitted, type WorldGroup } from '../scripts/simulator/rest/world.ts';
import { eventTimeOf, toCallback } from '../src/callback/callback.ts';
import type { Change } from '../src/groups/facts.ts';
import { changeOf } from '../src/groups/meanings.ts';
import { merge } from '../src/groups/merge.ts';
import { changeOfSnapshot, type GroupSnapshot, writeSnapshot } from '../src/groups/snapshot.ts';
import type { GroupState } from '../src/groups/state.ts';
import { groupDetailOf } from '../src/groups/view.ts';
import { shownOf, truthOf } from './support/rest-simulator.ts';
import { APP } from './support/vendor.ts';

const NOON = 1_700_000_000_000;
const HISTORIES = 300;
const OPERATIONS = 120;
/** Snapshots do not include attributes and topics, so their lost callbacks stay lost. */
const TOLD_BY_CALLBACKS_ALONE = /Attr|Topic/;

function keyOf(text: string | Uint8Array): Buffer {
  return createHash('sha256').update(text).digest();
}

function changeOfCallback(body: Emitted, at: number): Change | null {
  const payload = body as unknown as Parameters<typeof toCallback>[0];
  const eventTime = eventTimeOf(payload, factsOf(payload.CallbackCommand));
  const receivedAt = new Date(at);
  const callback = toCallback(payload, { query: {}, sdkAppId: Number(APP), receivedAt, eventTime });
  return changeOf(callback, keyOf(`${at} ${JSON.stringify(body)}`));
}

function changeBySnapshot(groupId: string, group: WorldGroup | undefined, takenAt: number): Change {
  const isAVChatRoom = group?.type === 'AVChatRoom';
  const snapshot: GroupSnapshot = {
    ...{ groupId, takenAt },
    group: group
      ? {
          ...{ type: group.type, name: group.name, ownerAccount: group.owner, introduction: group.introduction },
          ...{ notification: group.notification, faceUrl: group.faceUrl, createdAt: group.createTime * 1000 },
          full: null,
          customFields: [...group.customFields].map(([key, value]) => ({ key, value })),
        }
      : null,
    members:
      group && !isAVChatRoom
        ? [...group.members.values()].map(({ account, role, nameCard, joinTime }) => ({
            account,
            role: role === 'Admin' && account !== group.owner ? role : null,
            nameCard: nameCard || null,
            joinedAt: joinTime * 1000,
          }))
        : null,
  };
  return changeOfSnapshot(snapshot, { idempotencyKey: keyOf(writeSnapshot(snapshot)), receivedAt: new Date(takenAt) });
}

/** A history with snapshots at random times, and one of each group at a time after which nothing is lost. */
function historyOf(random: Random) {
  let now = NOON;
  let lossy = true;
  const known = new Set<string>();
  const told: Change[] = [];
  const world = createWorld({
    now: () => now,
    emit(callback) {
      known.add(callback.GroupId);
      const isLost = lossy && !TOLD_BY_CALLBACKS_ALONE.test(callback.CallbackCommand) && random() < 0.3;
      const change = isLost ? null : changeOfCallback(callback, now);
      if (change) told.push(change);
    },
  });
  const take = (groupId: string) => told.push(changeBySnapshot(groupId, world.find(groupId), now));
  populate(world, 3, random, 6);
  for (let done = 0; done < OPERATIONS; done += 1) {
    now += 10;
    if (done === OPERATIONS / 2) {
      for (const groupId of known) take(groupId);
      lossy = false;
    } else if (random() < 0.2) take([...known][Math.floor(random() * known.size)] as string);
    now += 10;
    changeAtRandom(world, random);
  }
  return { told, groups: world.groups };
}

test("callbacks, some of them lost, and snapshots, in any order, converge to the vendor's state", () => {
  for (let seed = 1; seed <= HISTORIES; seed += 1) {
    const random = randomFrom(seed);
    const { told, groups } = historyOf(random);
    const states = new Map<string, GroupState>();
    const placed = told.map((change) => ({ change, place: random() }));
    for (const { change } of placed.sort((one, other) => one.place - other.place)) {
      states.set(change.groupId, merge(states.get(change.groupId) ?? null, [change]));
    }
    const details = [...states.values()].map(({ document, parts }) =>
      groupDetailOf(Number(APP), document, [...parts.values()]),
    );
    const shown = details.filter(({ destroyedAt }) => destroyedAt === null).map(shownOf);
    const byId = (one: { groupId: string }, other: { groupId: string }) => (one.groupId < other.groupId ? -1 : 1);
    expect({ seed, groups: shown.sort(byId) }).toEqual({ seed, groups: [...groups.values()].map(truthOf).sort(byId) });
  }
});
