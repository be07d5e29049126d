import callbackDocument from '../../generated/callback.json' with { type: 'json' };
import { SimulatedClock } from '../../scripts/simulator/rest/clock.ts';
import type { Groups } from '../../scripts/simulator/rest/group.ts';
import { type RestServer, type RestServerOptions, startRestServer } from '../../scripts/simulator/rest/rest-server.ts';
import type { Emitted, World } from '../../scripts/simulator/rest/world.ts';
import { type Clock, systemClock } from '../../src/backfill/limits.ts';
import { RestClient, type RestClientOptions } from '../../src/backfill/rest-client.ts';
import type { RunOptions } from '../../src/backfill/run.ts';
import { VendorGroups } from '../../src/backfill/vendor-groups.ts';
import { openContract } from '../../src/callback/contract.ts';
import { judgeBy } from '../../src/receiver/judge.ts';
import type { BackfillStore } from '../../src/store/backfills.ts';
import type { Store } from '../../src/store/store.ts';
import { NOON, shownOf, truthOf } from './rest-simulator.ts';
import { recordingLog } from './rest-vendor.ts';
import { teardown } from './start.ts';
import { APP } from './vendor.ts';

export interface Vendor {
  server: RestServer;
  vendor: VendorGroups;
  /** Shared by vendor and client. */
  clock: Clock;
  /** The client's log. */
  lines: ReturnType<typeof recordingLog>['lines'];
}

interface VendorOptions extends Omit<Partial<RestClientOptions>, 'clock'> {
  real?: boolean;
  /** Allow as many calls as it can answer. */
  limits?: 'none';
  clock?: SimulatedClock;
  onAnswer?: RestServerOptions['onAnswer'];
}

/** The simulated vendor and its client, on simulated time unless `real`. */
export async function startVendor(
  groups: Groups,
  { real = false, limits, clock: given, onAnswer, ...options }: VendorOptions = {},
): Promise<Vendor> {
  const simulated = given ?? new SimulatedClock(NOON);
  const clock: Clock = real ? systemClock : simulated;
  const perSecond = {
    get_appid_group_list: 1e6,
    get_group_info: 1e6,
    get_group_member_info: 1e6,
    get_role_in_group: 1e6,
  };
  const server = await startRestServer({
    groups,
    ...(onAnswer && { onAnswer }),
    ...(!real && { clock: simulated }),
    ...(limits === 'none' && { limits: perSecond }),
  });
  const { sdkAppId, administrators, key } = server.app;
  const { log, lines } = recordingLog();
  const account = { sdkAppId, admin: administrators[0] as string, key };
  const client = new RestClient({
    ...account,
    origins: [new URL(server.url)],
    log,
    clock,
    timeoutMs: 60_000,
    ...options,
  });
  teardown(async () => {
    client.close();
    await server.close();
  });
  return { server, vendor: new VendorGroups(client), clock, lines };
}

const judge = judgeBy(await openContract(callbackDocument), Number(APP));

/** Receives a world's callbacks, without HTTP. */
export class WorldReceiver {
  /** Groups with a lost callback. */
  readonly lost = new Set<string>();
  readonly #store: Pick<Store, 'append'>;
  readonly #now: () => number;
  readonly #appends = new Set<Promise<unknown>>();
  #receivedAt = 0;
  #arrivals = 0;

  constructor(store: Pick<Store, 'append'>, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Callbacks without an event time are ordered by arrival: no two arrive at the same time. */
  take(callback: Emitted): void {
    this.#receivedAt = Math.max(this.#receivedAt + 1, this.#now());
    this.#arrivals += 1;
    const received = judge({
      arrival: `00000000-0000-4000-8000-${String(this.#arrivals).padStart(12, '0')}`,
      query: `SdkAppid=${APP}&CallbackCommand=${callback.CallbackCommand}`,
      body: Buffer.from(JSON.stringify(callback)),
      receivedAt: new Date(this.#receivedAt),
    }).callback;
    if (received.status !== 'accepted') throw new Error(`${callback.CallbackCommand}: ${received.reason}`);
    const append = this.#store.append(received).finally(() => this.#appends.delete(append));
    this.#appends.add(append);
  }

  lose({ GroupId: groupId }: Emitted): void {
    this.lost.add(groupId);
  }

  /** Resolves when everything received is stored. */
  async settled(): Promise<void> {
    while (this.#appends.size > 0) await Promise.all(this.#appends);
  }
}

/** Snapshots do not include attributes and topics. */
export function isToldByCallbacksAlone({ CallbackCommand: command }: Emitted): boolean {
  return /Attr|Topic/.test(command);
}

type Shown = ReturnType<typeof shownOf>;

/** All groups of the mirror that are not destroyed. */
export async function mirrorOf(store: BackfillStore): Promise<Shown[]> {
  const shown: Shown[] = [];
  for (let after = ''; ; ) {
    const ids = await store.listGroupIds({ after, limit: 50 });
    const details = await store.findGroupDetails(ids);
    const present = details.filter(({ destroyedAt }) => destroyedAt === null);
    shown.push(...present.map((detail) => withoutEmpty(shownOf(detail))));
    if (ids.length === 0) return shown.sort(byGroupId);
    after = ids.at(-1) as string;
  }
}

/** All groups of a world. */
export function worldOf(world: World): Shown[] {
  return Array.from(world.groups.values(), (group) => withoutEmpty(truthOf(group))).sort(byGroupId);
}

/** The groups, reduced to what snapshots include. */
export function withoutToldAlone(groups: readonly Shown[]): Shown[] {
  return groups.map((group) => ({ ...group, attributes: [], topics: [] }));
}

/** Treats an empty custom field as missing. */
function withoutEmpty(group: Shown): Shown {
  return { ...group, customFields: group.customFields.filter((field) => !field.endsWith(' ')) };
}

function byGroupId(one: Shown, other: Shown): number {
  return one.groupId < other.groupId ? -1 : 1;
}

/** The usual run: all groups, with members, not saved. */
export function wholeRun(store: BackfillStore, { vendor, clock }: Pick<Vendor, 'vendor' | 'clock'>): RunOptions {
  return { store, vendor, clock, which: { groupIds: null, types: null }, members: true, claim: null };
}

/** A store without groups that keeps none: for runs over more groups than a test has time to store. */
export function emptyStore(): BackfillStore & { appended: number; confirmed: number } {
  return {
    appended: 0,
    confirmed: 0,
    async appendSnapshot() {
      this.appended += 1;
      return { id: String(this.appended), repeat: false };
    },
    findGroupDetails: async () => [],
    listGroupIds: async () => [],
    countGroups: async () => 0,
    newestChangesOf: async () => new Map(),
    async confirmGroups(groupIds) {
      this.confirmed += groupIds.length;
    },
    claimRun: async () => ({ earlier: null }),
    saveRun: async () => true,
    releaseRun: async () => {},
    findRun: async () => null,
  };
}
