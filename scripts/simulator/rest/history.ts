import type { GroupType } from './group.ts';
import type { World, WorldGroup } from './world.ts';

/** A number from 0 to 1. */
export type Random = () => number;

const TYPES: readonly GroupType[] = [
  'Public',
  'Public',
  'Public',
  'Work',
  'Work',
  'Meeting',
  'Community',
  'AVChatRoom',
];
const WORDS = ['Tea', 'Walks', '公告', 'Astronomy', 'Ürün', 'Chess', ''];
const ACCOUNTS = 1000;

/** A deterministic generator: mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Creates groups of all types with up to `members` members each. */
export function populate(world: World, groups: number, random: Random, members = 20): void {
  for (let created = 0; created < groups; created += 1) createAtRandom(world, random, members);
}

/**
 * Applies a random operation of a world to one of its groups.
 * @param groupIds candidates; default: all
 */
export function changeAtRandom(
  world: World,
  random: Random,
  groupIds: readonly string[] = [...world.groups.keys()],
): void {
  const group = world.find(pick(groupIds, random) ?? '');
  if (!group || random() < 0.03) createAtRandom(world, random, 5);
  else if (random() < 0.02) world.destroy(group.groupId);
  else (pick(CHANGES, random) as (typeof CHANGES)[number])(world, group, random);
}

function createAtRandom(world: World, random: Random, most: number): void {
  world.create({
    type: pick(TYPES, random) as GroupType,
    name: wordAt(random),
    owner: accountAt(random),
    members: Array.from({ length: Math.floor(random() * most) }, () => accountAt(random)),
    introduction: wordAt(random),
    ...(random() < 0.2 && { customFields: { topic: wordAt(random) } }),
  });
}

const CHANGES: readonly ((world: World, group: WorldGroup, random: Random) => void)[] = [
  (world, { groupId }, random) => world.join(groupId, [accountAt(random), accountAt(random)]),
  (world, { groupId, owner }, random) => world.join(groupId, [accountAt(random)], owner || undefined),
  (world, group, random) => withMember(group, random, (account) => world.leave(group.groupId, [account])),
  (world, group, random) =>
    withMember(group, random, (account) => world.leave(group.groupId, [account], group.owner || undefined)),
  (world, { groupId }, random) => world.change(groupId, { name: wordAt(random) }),
  (world, { groupId }, random) => world.change(groupId, { introduction: wordAt(random), notification: wordAt(random) }),
  (world, { groupId }, random) => world.change(groupId, { customFields: { topic: wordAt(random) } }),
  (world, group, random) =>
    withMember(group, random, (account) => world.setRole(group.groupId, account, random() < 0.5 ? 'Admin' : 'Member')),
  (world, group, random) =>
    withMember(group, random, (account) => world.setNameCard(group.groupId, account, wordAt(random))),
  (world, { groupId }, random) =>
    world.changeAttributes(groupId, random() < 0.7 ? 'modify' : 'set', {
      [`key${Math.floor(random() * 3)}`]: wordAt(random),
    }),
  (world, group, random) => {
    if (group.type === 'AVChatRoom') return;
    const account = pick([...group.members.keys()], random);
    if (account !== undefined) world.changeOwner(group.groupId, account);
  },
  (world, group, random) => {
    if (group.type !== 'Community') return;
    const topicId = pick([...group.topics.keys()], random);
    const choice = random();
    if (topicId === undefined || choice < 0.5) world.createTopic(group.groupId, wordAt(random));
    else if (choice < 0.75) world.renameTopic(group.groupId, topicId, wordAt(random));
    else world.destroyTopics(group.groupId, [topicId]);
  },
];

/** Never the owner, who has to stay in most types of groups. */
function withMember({ members, owner }: WorldGroup, random: Random, change: (account: string) => void): void {
  const account = pick([...members.keys()], random);
  if (account !== undefined && account !== owner) change(account);
}

function accountAt(random: Random): string {
  return `user${Math.floor(random() * ACCOUNTS)}`;
}

function wordAt(random: Random): string {
  return pick(WORDS, random) as string;
}

function pick<Item>(items: readonly Item[], random: Random): Item | undefined {
  return items[Math.floor(random() * items.length)];
}
