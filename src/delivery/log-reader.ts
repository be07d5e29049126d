import type { Group } from '../groups/view.ts';
import { callbackPlaceOf, comparePlaces, itemPlaceIn, type LoggedCallback, type Place } from '../store/consumers.ts';
import { commandsToRead, isDelivered, isWanted, type ReadCallback, type ReadLogged } from './read.ts';
import type { DeliveryStore, Selection } from './target.ts';
import type { Entry, Loaded, LogEntry } from './window.ts';

/** Callbacks per read, and entries looked up at once. */
export const BATCH = 256;
/** A read of fewer bytes was not cut short by the size limit. */
const SMALL_BYTES = 1024 * 1024;

/** Result of one read of the log. */
export interface ReadLog {
  /** In log order; `loaded` is null for a callback that is not delivered. */
  callbacks: { place: Place; loaded: Loaded | null }[];
  /** The end of the log has been reached. */
  isEnd: boolean;
}

/** A callback of the log, or an item of a batch; `read` is null if it is not delivered. */
interface Found {
  place: Place;
  read: ReadCallback | null;
}

/** Looks up an entry: null if it is no longer delivered, undefined if the read was cut short before it. */
type Find = (entry: Pick<Entry, 'place' | 'callbackId'>) => Loaded | null | undefined;

/**
 * Reads the callbacks of the log that a target receives, with their groups. Each item of a batch is a callback of its
 * own.
 */
export class LogReader {
  readonly #store: DeliveryStore;
  readonly #target: Selection;
  readonly #read: ReadLogged;
  /** Items per stored callback in the last read: keeps reads close to the requested number. */
  #itemsEach = 1;

  constructor({ store, target, read }: { store: DeliveryStore; target: Selection; read: ReadLogged }) {
    this.#store = store;
    this.#target = target;
    this.#read = read;
  }

  async after(place: Place, most: number, upTo?: Place): Promise<ReadLog> {
    const wants = commandsToRead(this.#target);
    const limit = Math.ceil(most / this.#itemsEach);
    const end = upTo === undefined ? upTo : callbackPlaceOf(upTo);
    const logged = await this.#store.readLog({ after: place, upTo: end, limit, wants });
    const bytes = logged.reduce((sum, { body }) => sum + (body?.byteLength ?? 0), 0);
    const found: Found[] = [];
    let read = 0;
    for (; read < logged.length && found.length < most; read += 1)
      for (const item of this.#itemsOf(logged[read] as LoggedCallback)) found.push(item);
    if (read > 0) this.#itemsEach = Math.max(found.length / read, 1);
    const following = found.filter(isWithin(place, upTo));
    const callbacks = following.slice(0, most);
    const isAll = read === logged.length && callbacks.length === following.length;
    const loaded = await this.#load(callbacks);
    return {
      callbacks: callbacks.map((callback, index) => ({ place: callback.place, loaded: loaded[index] ?? null })),
      isEnd: isAll && logged.length < limit && bytes < SMALL_BYTES,
    };
  }

  /** The first entry is always found, however large it is. */
  async find(entries: readonly Pick<Entry, 'place' | 'callbackId'>[]): Promise<Find> {
    const byPlace = new Map<Place, Loaded | null>();
    const byId = new Map<string, Loaded | null>();
    const tooMuch = new Set<string>();
    for (let start = 0; start < entries.length; start += BATCH) {
      const batch = entries.slice(start, start + BATCH);
      const places = new Set(batch.flatMap(({ place }) => (place === null ? [] : callbackPlaceOf(place))));
      const late = batch.filter(({ place }) => place === null);
      const ids = new Set(late.flatMap(({ callbackId }) => (callbackId === null ? [] : wholeIdOf(callbackId))));
      const atPlaces = places.size > 0 ? await this.#store.findLogged({ places: [...places] }) : [];
      const ofIds = ids.size > 0 ? await this.#store.findLogged({ ids: [...ids] }) : [];
      for (const { place, body } of atPlaces) if (body === null) tooMuch.add(place);
      for (const { id, body } of ofIds) if (body === null) tooMuch.add(id);
      const found = [atPlaces, ofIds].map((logged) => logged.flatMap((callback) => this.#itemsOf(callback)));
      const [first = [], others = []] = found;
      const loaded = await this.#load([...first, ...others]);
      for (const [index, { place }] of first.entries()) byPlace.set(place, loaded[index] ?? null);
      for (const [index, { read }] of others.entries())
        if (read) byId.set(read.callbackId, loaded[first.length + index] ?? null);
    }
    return ({ place, callbackId }) => {
      if (tooMuch.has(place === null ? wholeIdOf(callbackId ?? '') : callbackPlaceOf(place))) return undefined;
      return (place === null ? byId.get(callbackId ?? '') : byPlace.get(place)) ?? null;
    };
  }

  /** All deliveries of a stored callback: for a batch, its items in order. */
  async findAll(id: string): Promise<Loaded[]> {
    const logged = await this.#store.findLogged({ ids: [id] });
    const loaded = await this.#load(logged.flatMap((callback) => this.#itemsOf(callback)));
    return loaded.filter((one) => one !== null);
  }

  /**
   * Whether the log still has the callback at a place. @param receivedAt milliseconds since 1970; null to skip the
   * check
   */
  async has(place: Place, receivedAt: number | null): Promise<boolean> {
    const [found] = await this.#store.findLogged({ places: [callbackPlaceOf(place)] });
    return found !== undefined && (receivedAt === null || receivedAt === found.receivedAt.getTime());
  }

  /** Finds every entry; null for one that is no longer delivered. */
  async findEach(entries: readonly LogEntry[]): Promise<(Loaded | null)[]> {
    const found = new Map<LogEntry, Loaded | null>();
    for (let others = entries; others.length > 0; others = others.filter((entry) => !found.has(entry))) {
      const find = await this.find(others);
      for (const entry of others) {
        const loaded = find(entry);
        if (loaded !== undefined) found.set(entry, loaded);
      }
    }
    return entries.map((entry) => found.get(entry) ?? null);
  }

  #itemsOf(callback: LoggedCallback): Found[] {
    const { place } = callback;
    if (!isDelivered(callback, this.#target)) return [{ place, read: null }];
    const items = this.#read(callback);
    if (items.length === 0) return [{ place, read: null }];
    return items.map((read) => ({ place: read.place, read: isWanted(read, this.#target) ? read : null }));
  }

  async #load(found: readonly Found[]): Promise<(Loaded | null)[]> {
    const groupOf = ({ read }: Found) => (read?.subject?.kind === 'group' ? read.subject.value : null);
    const groupIds = this.#target.needsGroup ? new Set(found.flatMap((one) => groupOf(one) ?? [])) : [];
    const groups = new Map<string, Group>();
    for (const group of await this.#findGroups([...groupIds])) groups.set(group.groupId, group);
    return found.map((one) => one.read && { read: one.read, group: groups.get(groupOf(one) ?? '') ?? null });
  }

  async #findGroups(groupIds: readonly string[]): Promise<Group[]> {
    return groupIds.length > 0 ? this.#store.findGroups(groupIds) : [];
  }
}

/** Whether an item lies after one place and up to another. The store has already limited whole callbacks. */
function isWithin(after: Place, upTo: Place | undefined): (found: Found) => boolean {
  const [isAfter, isUpTo] = [itemPlaceIn(after) !== null, upTo !== undefined && itemPlaceIn(upTo) !== null];
  return ({ place }) =>
    (!isAfter || comparePlaces(place, after) > 0) && (!isUpTo || comparePlaces(place, upTo ?? place) <= 0);
}

/** The id of the stored callback. */
function wholeIdOf(callbackId: string): string {
  return callbackId.split('-', 1)[0] ?? '';
}
