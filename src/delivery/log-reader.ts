import type { Group } from '../groups/view.ts';
import type { LoggedCallback, Place } from '../store/consumers.ts';
import { commandsToRead, isDelivered, type ReadLogged } from './read.ts';
import type { DeliveryStore, Selection } from './target.ts';
import type { Entry, Loaded, LogEntry } from './window.ts';

/** Callbacks of one read, and entries found at once. */
export const BATCH = 256;
/** A read with fewer bytes than this was not cut short for its size. */
const SMALL_BYTES = 1024 * 1024;

/** What was read of the log. */
export interface ReadLog {
  /** In order; `loaded` is null of one that is not delivered. */
  callbacks: { place: Place; loaded: Loaded | null }[];
  /** There are no others yet. */
  isEnd: boolean;
}

/** Reads what a target gets of the log, with the groups. */
export class LogReader {
  readonly #store: DeliveryStore;
  readonly #target: Selection;
  readonly #read: ReadLogged;

  constructor({ store, target, read }: { store: DeliveryStore; target: Selection; read: ReadLogged }) {
    this.#store = store;
    this.#target = target;
    this.#read = read;
  }

  async after(place: Place, limit: number, upTo?: Place): Promise<ReadLog> {
    const wants = commandsToRead(this.#target);
    const logged = await this.#store.readLog({ after: place, upTo, limit, wants });
    const loaded = await this.#load(logged);
    const bytes = logged.reduce((sum, { body }) => sum + (body?.byteLength ?? 0), 0);
    return {
      callbacks: logged.map((callback, index) => ({ place: callback.place, loaded: loaded[index] ?? null })),
      isEnd: logged.length < limit && bytes < SMALL_BYTES,
    };
  }

  /**
   * @returns what has been read of each entry: null where it is not delivered any more, undefined where it was too much
   *   for one read. Of an entry that stands before all others it is never undefined
   */
  async find(entries: readonly Entry[]): Promise<(entry: Entry) => Loaded | null | undefined> {
    const byPlace = new Map<Place, Loaded | null | undefined>();
    const byId = new Map<string, Loaded | null | undefined>();
    for (let start = 0; start < entries.length; start += BATCH) {
      const batch = entries.slice(start, start + BATCH);
      const places = batch.flatMap(({ place }) => place ?? []);
      const ids = batch.flatMap(({ place, callbackId }) => (place === null && callbackId !== null ? callbackId : []));
      const atPlaces = places.length > 0 ? await this.#store.findLogged({ places }) : [];
      const ofIds = ids.length > 0 ? await this.#store.findLogged({ ids }) : [];
      const loaded = await this.#load([...atPlaces, ...ofIds]);
      const outcomeOf = ({ body }: LoggedCallback, index: number) => (body === null ? undefined : loaded[index]);
      for (const [index, logged] of atPlaces.entries()) byPlace.set(logged.place, outcomeOf(logged, index));
      for (const [index, logged] of ofIds.entries()) byId.set(logged.id, outcomeOf(logged, atPlaces.length + index));
    }
    const outcome = <Key>(of: Map<Key, Loaded | null | undefined>, key: Key) => (of.has(key) ? of.get(key) : null);
    return ({ place, callbackId }) => (place === null ? outcome(byId, callbackId ?? '') : outcome(byPlace, place));
  }

  /** Of each entry what has been read of it; null where it is not delivered any more. */
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

  async #load(logged: readonly LoggedCallback[]): Promise<(Loaded | null)[]> {
    const reads = logged.map((callback) => (isDelivered(callback, this.#target) ? this.#read(callback) : null));
    const groupOf = (index: number) => {
      const subject = reads[index]?.subject;
      return subject?.kind === 'group' ? subject.value : null;
    };
    const groupIds = this.#target.needsGroup ? new Set(reads.flatMap((_, index) => groupOf(index) ?? [])) : [];
    const groups = new Map<string, Group>();
    for (const group of await this.#findGroups([...groupIds])) groups.set(group.groupId, group);
    return reads.map((read, index) => read && { read, group: groups.get(groupOf(index) ?? '') ?? null });
  }

  async #findGroups(groupIds: readonly string[]): Promise<Group[]> {
    return groupIds.length > 0 ? this.#store.findGroups(groupIds) : [];
  }
}
