import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { accountsNamedBy } from '../accounts/named.ts';
import { REGISTER_COMMANDS, registersOf } from '../accounts/registers.ts';
import { SNAPSHOT } from '../groups/snapshot.ts';
import { accountIndexOf } from './account-index.ts';
import {
  accountName,
  blockOf,
  type NamedCallback,
  namesById,
  type RegisterKey,
  type RegisterReplacement,
  type RegisterRow,
  registerKey,
  type StatedRegister,
  toRegisterRow,
} from './account-rows.ts';
import type { DatabaseKind, Tables } from './rows.ts';
import type { AccountsReplayed } from './store.ts';
import { type ReadStored, STORED_COLUMNS, type StoredCallback } from './stored-callback.ts';

export const NO_ACCOUNTS_REPLAYED: AccountsReplayed = {
  ...{ callbackId: 0, found: 0, known: 0, unnamed: 0 },
  ...{ register: null, right: 0, corrected: 0, left: 0 },
};

/** The writes of the replay, each in one transaction. */
interface AccountWrites {
  /**
   * Writes what callbacks state as on arrival, except for callbacks that changed since they were read. @returns the
   * number of changed registers
   */
  restore(callbacks: readonly NamedCallback[]): Promise<number>;
  /** @returns false if a callback that was not read states one of the registers; then nothing is written */
  replace(registers: RegisterReplacement): Promise<boolean>;
}

const PAGE = 500;
/** Attempts for an account that keeps changing. */
const MAX_ATTEMPTS = 1_000;

/** @param open as for the reads of the same store */
export function accountReplayOf(
  open: () => Promise<Kysely<Tables>>,
  sdkAppId: number,
  kind: DatabaseKind,
  { read, writes }: { read: () => Promise<ReadStored>; writes: AccountWrites },
) {
  return { step, replacementBy };

  /** The next page of callbacks or registers; null at the end. */
  async function step(done: AccountsReplayed): Promise<AccountsReplayed | null> {
    return (done.register === null ? await restorePage(done) : null) ?? (await checkPage(done));
  }

  /** Indexes callbacks of earlier versions by account, and sets registers that lack what these callbacks state. */
  async function restorePage(done: AccountsReplayed): Promise<AccountsReplayed | null> {
    const rows = await (await open())
      .selectFrom('callbacks')
      .select(STORED_COLUMNS)
      .where('sdk_app_id', '=', sdkAppId)
      .where('status', '=', 'accepted')
      // Snapshots are not callbacks of the vendor and name no account.
      .where('command', '<>', SNAPSHOT)
      .where('id', '>', done.callbackId)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    if (rows.length === 0) return null;
    const named = (await namedBy(rows)).filter(({ accounts }) => accounts.length > 0);
    const missing = await withoutKnown(named);
    const started = performance.now();
    const found = missing.filter(({ accounts }) => accounts.length > 0).length;
    const changed = named.length > 0 ? await writes.restore(missing) : 0;
    if (found + changed > 0) await sleep(performance.now() - started);
    return {
      ...done,
      callbackId: rows.at(-1)?.id ?? done.callbackId,
      found: done.found + found,
      known: done.known + named.length - found,
      unnamed: done.unnamed + rows.length - named.length,
    };
  }

  /** The callbacks, reduced to the accounts by which they are not indexed yet. */
  async function withoutKnown(named: readonly NamedCallback[]): Promise<NamedCallback[]> {
    if (named.length === 0) return [];
    const rows = await (await open())
      .selectFrom('callback_accounts')
      .select('postings')
      .where('sdk_app_id', '=', sdkAppId)
      .where('block', 'in', [...new Set(named.map(({ id }) => blockOf(id)))])
      .execute();
    const known = namesById(rows);
    return named.map(({ id, accounts, registers }) => ({
      id,
      accounts: accounts.filter((account) => !known.get(id)?.has(account)),
      registers,
    }));
  }

  /** Corrects registers that their own callback does not support: an earlier version read the callback differently. */
  async function checkPage(done: AccountsReplayed): Promise<AccountsReplayed | null> {
    const database = await open();
    const { sql } = await import('kysely');
    const after = done.register ?? { account: '', kind: '', name: '' };
    const registers = await database
      .selectFrom('account_registers')
      .select(['account', 'kind', 'name', 'full_name', 'value', 'stamp', 'callback_id'])
      .where('sdk_app_id', '=', sdkAppId)
      .where(sql<boolean>`(account, kind, name) > (${after.account}, ${after.kind}, ${after.name})`)
      .orderBy('account')
      .orderBy('kind')
      .orderBy('name')
      .limit(PAGE)
      .execute();
    const last = registers.at(-1);
    if (!last) return null;
    const rows = await database
      .selectFrom('callbacks')
      .select([...STORED_COLUMNS, 'status'])
      .where('id', 'in', [...new Set(registers.map(({ callback_id }) => callback_id))])
      .execute();
    const usable = rows.filter(({ status, ignored }) => status === 'accepted' && !ignored);
    const stated = new Map((await namedBy(usable)).map((callback) => [callback.id, callback]));
    const stored = new Set(rows.map(({ id }) => id));
    const next = { ...done, register: { account: last.account, kind: last.kind, name: last.name } };
    for (const register of registers) {
      if (!stored.has(register.callback_id)) next.left += 1;
      else if (stated.get(register.callback_id)?.registers.some((one) => isSame(one, register))) next.right += 1;
      else {
        await correct(register);
        next.corrected += 1;
      }
    }
    return next;
  }

  async function correct(register: StatedRegister): Promise<void> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      if (await writes.replace(await replacementOf([register]))) return;
    }
    throw new Error(`account ${register.account} changes too often to be rebuilt; run it again`);
  }

  /** The registers that a callback states, to be recomputed; null if it states none. */
  async function replacementBy(row: StoredCallback): Promise<RegisterReplacement | null> {
    const [callback] = await namedBy([row]);
    return callback && callback.registers.length > 0 ? replacementOf(callback.registers) : null;
  }

  async function replacementOf(keys: readonly RegisterKey[]): Promise<RegisterReplacement> {
    const database = await open();
    const { sql } = await import('kysely');
    const index = accountIndexOf(sql, sdkAppId, kind);
    const accounts = [...new Set(keys.map(({ account }) => account))];
    const found = new Map<number, readonly RegisterRow[]>();
    const ids = (await index.ids(database, accounts)).sort((one, other) => one - other);
    for (let start = 0; start < ids.length; start += PAGE) {
      const rows = await database
        .selectFrom('callbacks')
        .select(STORED_COLUMNS)
        // Ignored callbacks, too: one of them may be restored.
        .where(index.isOneOf(ids.slice(start, start + PAGE)))
        .where('status', '=', 'accepted')
        .where('command', 'in', REGISTER_COMMANDS)
        .execute();
      for (const { id, registers } of await namedBy(rows)) found.set(id, registers);
    }
    const { sql: text, parameters } = index.postings(accounts).compile(database);
    return {
      keys: keys.map(({ account, kind, name }) => ({ account, kind, name })),
      read: found,
      postings: { sql: text, parameters },
    };
  }

  async function namedBy(rows: readonly StoredCallback[]): Promise<NamedCallback[]> {
    const readStored = await read();
    return rows.map((row) => {
      const callback = readStored(row);
      const registers = registersOf(callback, row.once_key);
      const accounts = accountsNamedBy(callback.command, callback.payload, registers);
      return { id: row.id, accounts: accounts.map(accountName), registers: registers.map(toRegisterRow) };
    });
  }
}

function isSame(one: RegisterRow, other: RegisterRow): boolean {
  return registerKey(one) === registerKey(other) && one.stamp === other.stamp && one.value === other.value;
}
