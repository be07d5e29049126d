import { expect, test } from '@jest/globals';
import { changeAtRandom, populate, randomFrom } from '../scripts/simulator/rest/history.ts';
import { createWorld, type Emitted, type World } from '../scripts/simulator/rest/world.ts';
import { shownOf, truthOf } from './support/rest-simulator.ts';
import { start } from './support/start.ts';
import { examples, pathOf, post } from './support/vendor.ts';

/** Topics have no event time: those that arrive within one millisecond have no order. */
async function nextMillisecond(): Promise<void> {
  const now = Date.now();
  while (Date.now() === now) await new Promise(setImmediate);
}

/** The callbacks of one operation, in a group of four at most, with ann as owner and bob as member. */
function emittedBy(work: (world: World, groupId: string) => void): Emitted[] {
  const emitted: Emitted[] = [];
  const world = createWorld({ now: () => 1_700_000_000_000, emit: (callback) => void emitted.push(callback) });
  work(world, world.create({ groupId: 'tea', name: 'Tea', owner: 'ann', members: ['bob'], maxMemberNum: 4 }));
  return emitted.slice(1);
}

const one = { GroupId: 'tea', Type: 'Public', EventTime: 1_700_000_000_001 };
const admin = { Operator_Account: 'administrator' };

test.each<[string, (world: World, groupId: string) => void, Record<string, unknown>[]]>([
  [
    'a joining account',
    (world, id) => world.join(id, ['cid']),
    [
      {
        ...{ CallbackCommand: 'Group.CallbackAfterNewMemberJoin', JoinType: 'Apply', Operator_Account: 'cid' },
        NewMemberList: [{ Member_Account: 'cid' }],
      },
    ],
  ],
  [
    'the last two who fit, invited',
    (world, id) => world.join(id, ['cid', 'dan', 'bob'], 'ann'),
    [
      {
        ...{ CallbackCommand: 'Group.CallbackAfterNewMemberJoin', JoinType: 'Invited', Operator_Account: 'ann' },
        NewMemberList: [{ Member_Account: 'cid' }, { Member_Account: 'dan' }],
      },
      { CallbackCommand: 'Group.CallbackAfterGroupFull', Type: undefined, EventTime: 1_700_000_000_002 },
    ],
  ],
  ['an account that is already a member', (world, id) => world.join(id, ['bob']), []],
  [
    'a removed account',
    (world, id) => world.leave(id, ['bob', 'zoe'], 'ann'),
    [
      {
        ...{ CallbackCommand: 'Group.CallbackAfterMemberExit', ExitType: 'Kicked', Operator_Account: 'ann' },
        ExitMemberList: [{ Member_Account: 'bob' }],
      },
    ],
  ],
  [
    'a new name',
    (world, id) => world.change(id, { name: 'Coffee' }),
    [{ CallbackCommand: 'Group.CallbackAfterGroupInfoChanged', ...admin, Name: 'Coffee' }],
  ],
  [
    'a new owner',
    (world, id) => world.changeOwner(id, 'bob'),
    [
      {
        ...{ CallbackCommand: 'Group.CallbackAfterChangeGroupOwner', ...admin },
        ...{ OldOwner_Account: 'ann', NewOwner_Account: 'bob' },
      },
    ],
  ],
  [
    'attributes that are removed',
    (world, id) => world.changeAttributes(id, 'delete', { k: '' }),
    [
      {
        ...{ CallbackCommand: 'Group.CallbackAfterGroupAttrChanged', ...admin },
        ...{ OptionType: 'delete', GroupAttr: [{ key: 'k' }] },
      },
    ],
  ],
  [
    'the end',
    (world, id) => world.destroy(id),
    [
      {
        ...{ CallbackCommand: 'Group.CallbackAfterGroupDestroyed', Owner_Account: 'ann', Name: 'Tea' },
        MemberList: [{ Member_Account: 'ann' }, { Member_Account: 'bob' }],
      },
    ],
  ],
])('the world emits callbacks for %s', (_name, work, want) => {
  const told = want.map((callback) => JSON.parse(JSON.stringify({ ...one, ...callback })));
  expect(emittedBy(work)).toEqual(told);
});

test('the world emits no field that the examples lack', () => {
  const random = randomFrom(7);
  const unknown = new Set<string>();
  const commands = new Set<string>();
  const emit = (callback: Emitted) => {
    const { CallbackCommand: command } = callback;
    commands.add(command);
    const known = Object.entries(examples).filter(([name]) => name === command || name.startsWith(`${command}.with-`));
    const fields = new Set(known.flatMap(([, example]) => Object.keys(example)));
    for (const field of Object.keys(callback)) if (!fields.has(field)) unknown.add(`${command} ${field}`);
  };
  const world = createWorld({ emit });
  populate(world, 20, random);
  for (let done = 0; done < 2000; done += 1) changeAtRandom(world, random);
  world.send([...world.groups.keys()][0] as string, 'ann', 'hello');
  // The Introduction of a creation is on newer pages of the vendor.
  unknown.delete('Group.CallbackAfterCreateGroup Introduction');
  expect([...unknown]).toEqual([]);
  expect(commands.size).toBe(13);
});

test('a receiver accepts every callback of a random history, and its groups equal those of the world', async () => {
  const { send, read } = await start();
  const emitted: Emitted[] = [];
  const world = createWorld({ emit: (callback) => void emitted.push(callback) });
  const random = randomFrom(20221209);
  populate(world, 12, random, 8);
  // A few groups only, so that each has a long history.
  for (let done = 0; done < 400; done += 1) changeAtRandom(world, random, [...world.groups.keys()].slice(0, 5));
  for (const callback of emitted) {
    const path = pathOf({ CallbackCommand: callback.CallbackCommand });
    const { status, json } = await send(path, post(callback));
    await nextMillisecond();
    if (status !== 200) throw new Error(`${JSON.stringify(callback)} was refused: ${JSON.stringify(json)}`);
  }
  const created = emitted.filter(({ CallbackCommand }) => CallbackCommand === 'Group.CallbackAfterCreateGroup');
  expect(world.groups.size).toBeLessThan(created.length);
  for (const { GroupId } of created) {
    const { json } = await read(`/api/groups/${encodeURIComponent(GroupId)}`);
    const group = world.find(GroupId);
    expect(json.destroyedAt === null).toBe(group !== undefined);
    if (group) expect(shownOf(json)).toEqual(truthOf(group));
  }
}, 120_000);
