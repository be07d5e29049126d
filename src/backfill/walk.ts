import { namesOfGroupType } from '../callback/callback.ts';
import type { GroupDetail } from '../groups/view.ts';
import type { BackfillStore } from '../store/backfills.ts';
import { RestError } from './rest-errors.ts';
import { type GroupIdPage, type ListedType, MOST_GROUPS, type VendorGroups } from './vendor-groups.ts';

/** The groups that a run covers. */
export interface Which {
  /** Only these; null: all. */
  groupIds: readonly string[] | null;
  /** Only these types, by either name; null: all. Not combined with ids. */
  types: readonly string[] | null;
}

/** First the groups of the mirror, then those that the vendor lists and the mirror lacks. */
export type Phase = 'mirror' | 'vendor' | 'given';

/** The position from which a run continues. */
export interface Place {
  phase: Phase;
  /** Index of the listed type, if there are several. */
  type: number;
  /** The id, list page or index after which groups remain to be read. */
  after: string;
  /** Ids that the phase has passed. */
  passed: number;
}

/** Groups that are read together: 50 at most, or none if there was nothing to read. */
export interface Batch {
  phase: Phase;
  groupIds: readonly string[];
  /** The mirror's groups, by id. */
  mirror: ReadonlyMap<string, GroupDetail>;
  /** Where a run continues once this batch and those before it are done; null: the position does not move. */
  place: Place | null;
  /** Ids that the phase has passed with this batch, read or not. */
  passed: number;
  /** Total number of ids in the phase, as far as it is known. */
  total: number | null;
}

export interface WalkOptions {
  store: Pick<BackfillStore, 'listGroupIds' | 'findGroupDetails' | 'countGroups'>;
  vendor: VendorGroups;
  which: Which;
  place: Place;
  /** When the run began, even if it was interrupted since. */
  startedAt: Date;
  signal: AbortSignal;
  /** Called for each page of the vendor's list. */
  onCall(): void;
  /** Called if the vendor does not list groups of this type. */
  onSkippedType(type: string, reason: string): void;
}

const LISTED: readonly ListedType[] = ['Public', 'Private', 'ChatRoom', 'AVChatRoom', 'BChatRoom', 'Community'];
const IDS_A_PAGE = 1_000;
const LIST_BEGINS = '0';
/** Beyond it, groups may be read twice. */
const MOST_FRESH = 100_000;
/** The clock of a receiver may lag that of a run by this much. */
const CLOCK_DIFFERENCE_MS = 5 * 60_000;

export function firstPlace({ groupIds }: Which): Place {
  return { phase: groupIds ? 'given' : 'mirror', type: 0, after: '', passed: 0 };
}

/** The name under which the vendor lists groups of a type; undefined if it does not list them. */
export function listedTypeOf(type: string): ListedType | undefined {
  return LISTED.find((listed) => namesOfGroupType(type).includes(listed));
}

/** All selected groups from a position on: each once, as far as the vendor's list allows. */
export async function* walk(options: WalkOptions): AsyncGenerator<Batch, void, void> {
  const { which, place } = options;
  if (which.groupIds) {
    yield* given(options, [...new Set(which.groupIds)]);
    return;
  }
  const fresh = new Set<string>();
  if (place.phase === 'mirror') yield* mirrored(options, fresh);
  yield* listed(options, fresh);
}

async function* given({ store, place }: WalkOptions, groupIds: readonly string[]): AsyncGenerator<Batch, void, void> {
  for (let from = place.passed; from < groupIds.length; from += MOST_GROUPS) {
    const some = groupIds.slice(from, from + MOST_GROUPS);
    const passed = from + some.length;
    const after = { ...place, passed };
    const mirror = byId(await store.findGroupDetails(some));
    yield { phase: 'given', groupIds: some, mirror, place: after, passed, total: groupIds.length };
  }
}

/** @param fresh receives ids that the second phase would mistake for groups that have appeared since */
async function* mirrored(
  { store, which, place, startedAt, signal }: WalkOptions,
  fresh: Set<string>,
): AsyncGenerator<Batch, void, void> {
  const types = which.types?.flatMap(namesOfGroupType);
  const total = await store.countGroups({ types });
  const open = new Gathered();
  let { passed } = place;
  const batchTo = (next: Place): Batch => ({ phase: 'mirror', ...open.take(), place: next, passed, total });
  for (let { after } = place; ; ) {
    signal.throwIfAborted();
    const ids = await store.listGroupIds({ after, limit: IDS_A_PAGE, types });
    for (let from = 0; from < ids.length; from += MOST_GROUPS) {
      const found = byId(await store.findGroupDetails(ids.slice(from, from + MOST_GROUPS)));
      for (const id of ids.slice(from, from + MOST_GROUPS)) {
        passed += 1;
        const detail = found.get(id);
        if (detail?.destroyedAt === null) open.add(id, detail);
        if (detail && fresh.size < MOST_FRESH && hasAppeared(detail, startedAt)) fresh.add(id);
        if (open.isFull) yield batchTo({ phase: 'mirror', type: 0, after: id, passed });
      }
    }
    after = ids.at(-1) ?? after;
    if (ids.length === 0) break;
  }
  yield batchTo({ phase: 'vendor', type: 0, after: LIST_BEGINS, passed: 0 });
}

async function* listed(options: WalkOptions, fresh: ReadonlySet<string>): AsyncGenerator<Batch, void, void> {
  const { vendor, which, place, signal } = options;
  const types = which.types?.map((type) => listedTypeOf(type)) ?? [undefined];
  const from = place.phase === 'vendor' ? place : { type: 0, after: LIST_BEGINS, passed: 0 };
  for (let { type } = from; type < types.length; type += 1) {
    const { after: next, passed } = type === from.type ? from : { after: LIST_BEGINS, passed: 0 };
    const pages = vendor.groupIds({ type: types[type], next, signal });
    const progress = { type, passed };
    try {
      for await (const page of ahead(pages)) {
        options.onCall();
        yield* listedOn(page, progress, options, fresh);
      }
    } catch (error) {
      if (!(error instanceof RestError && error.kind === 'type')) throw error;
      options.onSkippedType(types[type] ?? 'any', error.message);
    }
  }
}

/** The groups of a page that the first phase has not read: the mirror lacked them, or had them as destroyed. */
async function* listedOn(
  { ids, next, total }: GroupIdPage,
  progress: { type: number; passed: number },
  { store, which, startedAt, signal }: WalkOptions,
  fresh: ReadonlySet<string>,
): AsyncGenerator<Batch, void, void> {
  const types = which.types?.flatMap(namesOfGroupType);
  const open = new Gathered();
  const batchTo = (after: Place | null): Batch => {
    return { phase: 'vendor', ...open.take(), place: after, passed: progress.passed, total };
  };
  const distinct = [...new Set(ids)];
  for (let from = 0; from < distinct.length; from += MOST_GROUPS) {
    signal.throwIfAborted();
    const some = distinct.slice(from, from + MOST_GROUPS);
    const found = byId(await store.findGroupDetails(some));
    for (const id of some) {
      progress.passed += 1;
      const detail = found.get(id);
      const isMeant = detail?.destroyedAt === null && (types?.includes(detail.type) ?? true);
      if (!isMeant || (!fresh.has(id) && hasAppeared(detail, startedAt))) open.add(id, detail);
      if (open.isFull) yield batchTo(null);
    }
  }
  const { type } = progress;
  const following = { type: type + 1, after: LIST_BEGINS, passed: 0 };
  const after = next === null ? following : { type, after: next, passed: progress.passed };
  yield batchTo({ phase: 'vendor', ...after });
}

/**
 * A callback has made the group known during the run, perhaps behind the position of the first phase, and has told only
 * part of it.
 */
function hasAppeared({ partial, receivedAt, confirmedAt }: GroupDetail, startedAt: Date): boolean {
  const since = startedAt.getTime() - CLOCK_DIFFERENCE_MS;
  const isAsked = confirmedAt !== null && Date.parse(confirmedAt) >= since;
  return partial && !isAsked && Date.parse(receivedAt) >= since;
}

/** Collects groups until there are enough for one call. */
class Gathered {
  #groupIds: string[] = [];
  #mirror = new Map<string, GroupDetail>();

  get isFull(): boolean {
    return this.#groupIds.length === MOST_GROUPS;
  }

  add(groupId: string, detail: GroupDetail | undefined): void {
    this.#groupIds.push(groupId);
    if (detail) this.#mirror.set(groupId, detail);
  }

  take(): Pick<Batch, 'groupIds' | 'mirror'> {
    const taken = { groupIds: this.#groupIds, mirror: this.#mirror };
    this.#groupIds = [];
    this.#mirror = new Map();
    return taken;
  }
}

/** Requests the next item while one is being processed: a page of the list takes a second. */
async function* ahead<Item>(source: AsyncGenerator<Item, void, void>): AsyncGenerator<Item, void, void> {
  const ask = () => {
    const asked = source.next();
    // A caller that stops early never awaits the last promise: its rejection must not count as unhandled.
    asked.catch(() => {});
    return asked;
  };
  for (let asked = ask(); ; ) {
    const { value, done } = await asked;
    if (done) return;
    asked = ask();
    yield value;
  }
}

export function byId(details: readonly GroupDetail[]): Map<string, GroupDetail> {
  return new Map(details.map((detail) => [detail.groupId, detail]));
}
