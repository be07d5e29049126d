import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  blockOf,
  IDS_IN_BLOCK,
  type NamedCallback,
  newestStated,
  type RegisterReplacement,
  type RegisterRow,
  type StatedRegister,
} from '../account-rows.ts';

/** Rows of a pruned block that are deleted at once: some milliseconds of the writer's time. */
const PRUNE_BATCH = 5_000;

/** The accounts of an app, for the writer. Its methods are to be called inside a transaction. */
export function prepareAccounts(database: DatabaseSync, sdkAppId: number) {
  const insertName = database.prepare(
    'INSERT INTO callback_accounts (sdk_app_id, block, account, id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const upsertRegister = database.prepare(`
    INSERT INTO account_registers (sdk_app_id, account, kind, name, full_name, value, stamp, callback_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET
      full_name = excluded.full_name, value = excluded.value, stamp = excluded.stamp, callback_id = excluded.callback_id
    WHERE excluded.stamp > stamp
      OR (excluded.stamp = stamp AND (excluded.value IS NOT value OR excluded.callback_id <> callback_id))`);
  const key = 'sdk_app_id = ? AND account = ? AND kind = ? AND name = ?';
  const selectPruned = database.prepare(`
    SELECT account, kind, name, full_name, value, stamp, callback_id FROM account_registers
    WHERE ${key} AND NOT EXISTS (SELECT 1 FROM callbacks WHERE id = callback_id)`);
  const deleteRegister = database.prepare(`DELETE FROM account_registers WHERE ${key}`);
  const selectStored = database.prepare(
    "SELECT ignored FROM callbacks WHERE id = ? AND sdk_app_id = ? AND status = 'accepted'",
  );
  const selectOldestBlock = database.prepare('SELECT min(block) AS block FROM callback_accounts WHERE sdk_app_id = ?');
  // With + it reads a range of the table instead of all rows of the app.
  const selectOfBlock = database.prepare(
    'SELECT 1 FROM callbacks WHERE +sdk_app_id = ? AND id >= ? AND id < ? LIMIT 1',
  );
  const deleteNames = database.prepare(`
    DELETE FROM callback_accounts WHERE sdk_app_id = :app AND block = :block AND (account, id) IN (
      SELECT account, id FROM callback_accounts WHERE sdk_app_id = :app AND block = :block LIMIT :most)`);

  function name(id: number, accounts: readonly string[]): number {
    let added = 0;
    for (const account of accounts) added += Number(insertName.run(sdkAppId, blockOf(id), account, id).changes);
    return added;
  }

  function change(id: number, registers: readonly RegisterRow[]): number {
    let changed = 0;
    for (const { account, kind, name, full_name, value, stamp } of registers) {
      changed += Number(upsertRegister.run(sdkAppId, account, kind, name, full_name, value, stamp, id).changes);
    }
    return changed;
  }

  return {
    /** Makes a callback found by accounts. @returns by how many it was not found before */
    name,

    /** Merges what a callback states. @returns how many registers it changed */
    change,

    /** As when they arrived, of callbacks that are still as they were read. @returns of each what it changed */
    restore: (callbacks: readonly NamedCallback[]): { named: number; changed: number }[] =>
      callbacks.map(({ id, accounts, registers }) => {
        const stored = selectStored.get(id, sdkAppId) as { ignored: number } | undefined;
        if (!stored) return { named: 0, changed: 0 };
        return { named: name(id, accounts), changed: stored.ignored ? 0 : change(id, registers) };
      }),

    /** @returns false when a callback states the registers that was not read; then nothing is written */
    replace({ keys, read, stating }: RegisterReplacement): boolean {
      const parameters = stating.parameters as SQLInputValue[];
      const ids = (database.prepare(stating.sql).all(...parameters) as { id: number }[]).map(({ id }) => id);
      const pruned = keys.flatMap(
        ({ account, kind, name }) =>
          (selectPruned.get(sdkAppId, account, kind, name) as unknown as StatedRegister | undefined) ?? [],
      );
      const rebuilt = newestStated(keys, { read, ids, pruned });
      if (!rebuilt) return false;
      for (const { account, kind, name } of keys) deleteRegister.run(sdkAppId, account, kind, name);
      for (const { callback_id, ...register } of rebuilt) change(callback_id, [register]);
      return true;
    },

    /** Drops the oldest blocks of which no callback is left; a bounded part of them each time. */
    prune(): void {
      for (let left = PRUNE_BATCH; left > 0; ) {
        const { block } = selectOldestBlock.get(sdkAppId) as { block: number | null };
        if (block === null || selectOfBlock.get(sdkAppId, block * IDS_IN_BLOCK, (block + 1) * IDS_IN_BLOCK)) return;
        left -= Number(deleteNames.run({ app: sdkAppId, block, most: left }).changes);
      }
    },
  };
}
