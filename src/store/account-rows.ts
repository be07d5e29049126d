import type { Register } from '../accounts/registers.ts';
import { partName, type Tables } from './rows.ts';

/**
 * Ids of a block of `callback_accounts`. A commit writes to nearly every page of the newest block, so blocks are small:
 * with 4,096 ids a callback with 4 accounts took 21 µs of SQLite's time, with 1,024 it takes 6 µs. A search takes one seek
 * a block.
 */
export const IDS_IN_BLOCK = 1024;

export function blockOf(id: number): number {
  return Math.floor(id / IDS_IN_BLOCK);
}

/** An account as the databases have it: by itself, or the hash of one that is long or not storable. */
export const accountName = partName;

export type RegisterRow = Omit<Tables['account_registers'], 'sdk_app_id' | 'callback_id'>;
export type RegisterKey = Pick<RegisterRow, 'account' | 'kind' | 'name'>;

export function toRegisterRow({ account, kind, name, value, stamp }: Register): RegisterRow {
  const short = partName(name);
  return {
    account: accountName(account),
    kind,
    name: short,
    // As JSON, because a name may hold what a text column cannot.
    full_name: short === name ? null : JSON.stringify(name),
    value: value === null ? null : JSON.stringify(value),
    stamp,
  };
}

/** @param account as it was asked for: a row may have its hash only */
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

/** What a stored callback says, as it is read again. */
export interface NamedCallback {
  id: number;
  accounts: readonly string[];
  registers: readonly RegisterRow[];
}

/** Registers that are to be computed again from the callbacks that state them. */
export interface RegisterReplacement {
  keys: readonly RegisterKey[];
  /** What those callbacks say. */
  read: ReadonlyMap<number, readonly RegisterRow[]>;
  /** Lists the ids of those callbacks, for the transaction that writes: a new one may have come since. */
  stating: { sql: string; parameters: readonly unknown[] };
}

/**
 * The rows of registers that are computed again; null where a callback has not been read.
 * @param ids of the callbacks that state them now
 * @param pruned the registers as they are stored whose callback is stored no more: what it said still counts
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
