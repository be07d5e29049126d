import type { Register } from '../accounts/registers.ts';
import { partName, type Tables } from './rows.ts';

/**
 * The index of callbacks by account, `callback_accounts`. A row for each account of a callback took two thirds of the
 * time of an append on PostgreSQL, and a tenth on SQLite. So the accounts of a commit are written together, in one row
 * for each bucket into which accounts are hashed. A search reads the bucket of its account, in blocks of ids from the
 * newest down.
 */
export const IDS_IN_BLOCK = 4096;
/** With 8, a commit of 32 callbacks costs SQLite a third more; with fewer, a search reads more. */
const BUCKETS = 4;

export function blockOf(id: number): number {
  return Math.floor(id / IDS_IN_BLOCK);
}

/** The lowest id of a block. */
export function startOf(block: number): number {
  return block * IDS_IN_BLOCK;
}

/** @param name in its stored form */
export function bucketOf(name: string): number {
  let hash = 0;
  for (let index = 0; index < name.length; index += 1) hash = (Math.imul(hash, 31) + name.charCodeAt(index)) | 0;
  return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
}

/** The accounts of a commit in one bucket, in JSON: for each account the positions of its callbacks in the commit. */
export interface Posting {
  bucket: number;
  places: string;
}

export function postingsOf(callbacks: readonly (readonly string[])[]): Posting[] {
  const buckets = new Map<number, Map<string, number[]>>();
  for (const [place, names] of callbacks.entries()) {
    for (const name of names) {
      const bucket = bucketOf(name);
      const of = buckets.get(bucket) ?? new Map<string, number[]>();
      const places = of.get(name);
      if (places) places.push(place);
      else buckets.set(bucket, of.set(name, [place]));
    }
  }
  return [...buckets].map(([bucket, of]) => ({ bucket, places: JSON.stringify(Object.fromEntries(of)) }));
}

/** Separates a commit's ids, in JSON, from its positions; JSON contains no control characters. */
export const BEFORE_PLACES = '\t';
/** Between the commits of one row. */
export const BETWEEN_COMMITS = '\n';

/** A text that occurs in every row with postings of the account, and perhaps in others. */
export function trace(name: string): string {
  return `${JSON.stringify(name)}:`;
}

/** The ids of the callbacks that name one of the accounts, from rows of their buckets. */
export function idsNaming(names: readonly string[], rows: readonly { postings: string }[]): Set<number> {
  const found = new Set<number>();
  const isSought = (places: string) => names.some((name) => places.includes(trace(name)));
  eachPosting(rows, isSought, (name, id) => {
    if (names.includes(name)) found.add(id);
  });
  return found;
}

/** The accounts under which callbacks are indexed, by callback id. */
export function namesById(rows: readonly { postings: string }[]): Map<number, Set<string>> {
  const found = new Map<number, Set<string>>();
  eachPosting(
    rows,
    () => true,
    (name, id) => {
      const names = found.get(id);
      if (names) names.add(name);
      else found.set(id, new Set([name]));
    },
  );
  return found;
}

function eachPosting(
  rows: readonly { postings: string }[],
  isSought: (places: string) => boolean,
  take: (name: string, id: number) => void,
): void {
  for (const { postings } of rows) {
    for (const commit of postings.split(BETWEEN_COMMITS)) {
      const [idsOfCommit = '', places = ''] = commit.split(BEFORE_PLACES);
      if (!isSought(places)) continue;
      const ids = JSON.parse(idsOfCommit) as (number | null)[];
      for (const [name, of] of Object.entries(JSON.parse(places) as Record<string, number[]>)) {
        for (const place of of) {
          const id = ids[place];
          // Null: a duplicate, or in another block.
          if (id != null) take(name, id);
        }
      }
    }
  }
}

/** The stored form of an account: the account itself, or its hash if it is long or not storable. */
export const accountName = partName;

export type RegisterRow = Omit<Tables['account_registers'], 'sdk_app_id' | 'callback_id'>;
export type RegisterKey = Pick<RegisterRow, 'account' | 'kind' | 'name'>;

export function toRegisterRow({ account, kind, name, value, stamp }: Register): RegisterRow {
  const short = partName(name);
  return {
    account: accountName(account),
    kind,
    name: short,
    // As JSON, because a name may contain characters that a text column cannot hold.
    full_name: short === name ? null : JSON.stringify(name),
    value: value === null ? null : JSON.stringify(value),
    stamp,
  };
}

/** @param account in full: a row may have only its hash */
export function toRegister(account: string, row: Omit<RegisterRow, 'account'>): Register {
  const { kind, name, full_name: fullName, value, stamp } = row;
  return {
    account,
    kind,
    name: fullName === null ? name : JSON.parse(fullName),
    value: value === null ? null : JSON.parse(value),
    stamp,
  } as Register;
}

export function registerKey({ account, kind, name }: RegisterKey): string {
  return JSON.stringify([account, kind, name]);
}

/** A register with the callback that states it. */
export type StatedRegister = RegisterRow & { callback_id: number };

/** The content of a stored callback, read again. */
export interface NamedCallback {
  id: number;
  accounts: readonly string[];
  registers: readonly RegisterRow[];
}

/** Registers to recompute from the callbacks that state them. */
export interface RegisterReplacement {
  keys: readonly RegisterKey[];
  /** The registers that each of those callbacks states. */
  read: ReadonlyMap<number, readonly RegisterRow[]>;
  /** Rereads the accounts' postings within the writing transaction: a new callback may have arrived. */
  postings: { sql: string; parameters: readonly unknown[] };
}

/**
 * The rows of recomputed registers; null if one of the callbacks has not been read.
 * @param ids of the callbacks that state the registers now
 * @param pruned stored registers whose callbacks have been pruned: their values still count
 */
export function newestStated(
  keys: readonly RegisterKey[],
  {
    read,
    ids,
    pruned,
  }: { read: RegisterReplacement['read']; ids: readonly number[]; pruned: readonly StatedRegister[] },
): StatedRegister[] | null {
  if (!ids.every((id) => read.has(id))) return null;
  const sought = new Set(keys.map(registerKey));
  const found = new Map<string, StatedRegister>();
  const stated = ids.flatMap((id) => (read.get(id) ?? []).map((register) => ({ ...register, callback_id: id })));
  for (const register of [...pruned, ...stated]) {
    const key = registerKey(register);
    const other = found.get(key);
    if (sought.has(key) && (!other || register.stamp > other.stamp)) found.set(key, register);
  }
  return [...found.values()];
}
