import { expect, test } from '@jest/globals';
import { SimulatedClock } from '../scripts/simulator/rest/clock.ts';
import { generateGroups } from '../scripts/simulator/rest/generated-groups.ts';
import { type Group, type Groups, REST_NAMES, roleOf } from '../scripts/simulator/rest/group.ts';
import { randomFrom } from '../scripts/simulator/rest/history.ts';
import { type Fault, type RestServer, startRestServer } from '../scripts/simulator/rest/rest-server.ts';
import { RestClient } from '../src/backfill/rest-client.ts';
import { MOST_GROUPS, VendorGroups } from '../src/backfill/vendor-groups.ts';
import { NOON } from './support/rest-simulator.ts';
import { recordingLog } from './support/rest-vendor.ts';
import { teardown } from './support/start.ts';

/** The client and the simulated vendor, on one clock. */
async function connected(groups: Groups) {
  const clock = new SimulatedClock(NOON);
  const server = await startRestServer({ groups, clock });
  const { sdkAppId, administrators, key } = server.app;
  const { log, lines } = recordingLog();
  const account = { sdkAppId, admin: administrators[0] as string, key };
  const client = new RestClient({ ...account, origins: [new URL(server.url)], log, clock, timeoutMs: 2000 });
  teardown(async () => {
    client.close();
    await server.close();
  });
  return { clock, server, vendor: new VendorGroups(client), lines };
}

interface Read {
  groupId: string;
  type: string | null;
  name: string | null;
  owner: string | null;
  members: string[] | null;
}

/** Everything, read like a back-fill. */
async function readAll(vendor: VendorGroups): Promise<Read[]> {
  const ids: string[] = [];
  for await (const page of vendor.groupIds()) ids.push(...page.ids);
  const reads: Promise<Read[]>[] = [];
  for (let from = 0; from < ids.length; from += MOST_GROUPS) reads.push(read(ids.slice(from, from + MOST_GROUPS)));
  return (await Promise.all(reads)).flat();

  async function read(some: string[]): Promise<Read[]> {
    const found: Read[] = [];
    for (const { group, error } of await vendor.groupInfo(some)) {
      if (!group) throw error;
      const members: string[] = [];
      const pages = vendor.members(group.groupId, group.type as string);
      for await (const page of pages ?? [])
        for (const { account, role } of page.members) members.push(`${account} ${role}`);
      const { groupId, type, name, ownerAccount: owner } = group;
      found.push({ groupId, type, name, owner, members: pages && members.sort() });
    }
    return found;
  }
}

function truth(groups: Groups): Read[] {
  const members = (group: Group) =>
    Array.from(group.members.values(), (one) => `${one.account} ${roleOf(group, one)}`).sort();
  return groups.list(0, 100_000).groupIds.map((groupId) => {
    const group = groups.find(groupId) as Group;
    const { type, name, owner } = group;
    return { groupId, type: REST_NAMES[type], name, owner, members: type === 'AVChatRoom' ? null : members(group) };
  });
}

const FAULTS: Fault[] = [
  ...[10002, 10006, 60007, 60008, 60011, 60014, 70169].map((code) => ({ code })),
  ...(['reset', 'half', 'bad-gateway', 'silence'] as const),
  { delay: 300 },
];

test('the client reads what the simulated vendor has, despite temporary failures', async () => {
  const groups = generateGroups({ groups: 300 });
  const { server, vendor } = await connected(groups);
  const random = randomFrom(20221209);
  for (const fault of FAULTS) {
    // A silence costs the client's time-out in real time.
    const share = fault === 'silence' ? 0.002 : 0.01;
    server.inject(fault, { when: () => random() < share, times: Number.POSITIVE_INFINITY });
  }
  expect(await readAll(vendor)).toEqual(truth(groups));
  for (const code of [10002, 10006, 60011]) expect(answeredWith(server, code)).toBeGreaterThan(0);
}, 120_000);

function answeredWith(server: RestServer, code: number): number {
  return server.answers.entries().reduce((sum, [key, count]) => sum + (key.endsWith(` ${code}`) ? count : 0), 0);
}

test('the list and the groups are read within 10 % of the time that the limits require, and no limit is exceeded', async () => {
  const { clock, server, vendor } = await connected(generateGroups({ groups: 20_000 }));
  let seen = 0;
  const begun = clock.now();
  const ids: string[] = [];
  for await (const page of vendor.groupIds()) ids.push(...page.ids);
  const listed = clock.now();
  const calls: Promise<void>[] = [];
  for (let from = 0; from < ids.length; from += MOST_GROUPS) {
    calls.push(
      vendor.groupInfo(ids.slice(from, from + MOST_GROUPS)).then((answers) => {
        seen += answers.filter(({ group }) => group !== null).length;
      }),
    );
  }
  await Promise.all(calls);
  expect(seen).toBe(20_000);
  expect(listed - begun).toBeLessThanOrEqual(1.1 * 1000);
  expect(clock.now() - listed).toBeLessThanOrEqual(1.1 * (400 / 200) * 1000);
  expect(answeredWith(server, 10006)).toBe(0);
}, 120_000);
