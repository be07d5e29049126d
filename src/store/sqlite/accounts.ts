import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { REGISTER_COMMANDS } from '../../accounts/registers.ts';
import {
  BEFORE_PLACES,
  BETWEEN_COMMITS,
  blockOf,
  idsNaming,
  type NamedCallback,
  newestStated,
  postingsOf,
  type RegisterReplacement,
  type RegisterRow,
  type StatedRegister,
  startOf,
} from '../account-rows.ts';

/** The accounts of an app, for the writer. Its methods must be called inside a transaction. */
export function prepareAccounts(database: DatabaseSync, sdkAppId: number) {
  const insertPosting = database.prepare(`
    INSERT INTO callback_accounts (sdk_app_id, block, bucket, id, postings) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET postings = postings || '${BETWEEN_COMMITS}' || excluded.postings`);
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
  const selectStating = database.prepare(`
    SELECT id FROM callbacks WHERE id IN (SELECT value FROM json_each(?)) AND status = 'accepted' AND NOT ignored
      AND command IN (SELECT value FROM json_each('${JSON.stringify(REGISTER_COMMANDS)}'))`);
  const selectStored = database.prepare(
    "SELECT ignored FROM callbacks WHERE id = ? AND sdk_app_id = ? AND status = 'accepted'",
  );
  const selectOldestBlock = database.prepare('SELECT min(block) AS block FROM callback_accounts WHERE sdk_app_id = ?');
  // With +, it reads a range of the table instead of all rows of the app.
  const selectOfBlock = database.prepare(
    'SELECT 1 FROM callbacks WHERE +sdk_app_id = ? AND id >= ? AND id < ? LIMIT 1',
  );
  const deleteBlock = database.prepare('DELETE FROM callback_accounts WHERE sdk_app_id = ? AND block = ?');

  function name(callbacks: readonly { id: number; accounts: readonly string[] }[]): void {
    for (const [block, some] of Map.groupBy(callbacks, ({ id }) => blockOf(id))) {
      const ids = some.map(({ id }) => id);
      const last = Math.max(...ids);
      const before = JSON.stringify(ids) + BEFORE_PLACES;
      for (const { bucket, places } of postingsOf(some.map(({ accounts }) => accounts)))
        insertPosting.run(sdkAppId, block, bucket, last, before + places);
    }
  }

  function change(id: number, registers: readonly RegisterRow[]): number {
    let changed = 0;
    for (const { account, kind, name, full_name, value, stamp } of registers) {
      changed += Number(upsertRegister.run(sdkAppId, account, kind, name, full_name, value, stamp, id).changes);
    }
    return changed;
  }

  return {
    /** Indexes callbacks by their accounts. */
    name,

    /** Merges the registers that a callback states. @returns how many changed */
    change,

    /**
     * Indexes and merges callbacks again as on arrival, if unchanged since they were read. @returns how many registers
     * changed
     */
    restore(callbacks: readonly NamedCallback[]): number {
      let changed = 0;
      const stored = callbacks.flatMap((callback) => {
        const row = selectStored.get(callback.id, sdkAppId) as { ignored: number } | undefined;
        return row ? { ...callback, ...row } : [];
      });
      name(stored.filter(({ accounts }) => accounts.length > 0));
      for (const { id, ignored, registers } of stored) if (!ignored) changed += change(id, registers);
      return changed;
    },

    /** @returns false if a callback that was not read states one of the registers; then nothing is written */
    replace({ keys, read, postings }: RegisterReplacement): boolean {
      const rows = database.prepare(postings.sql).all(...(postings.parameters as SQLInputValue[]));
      const accounts = keys.map(({ account }) => account);
      const named = idsNaming(accounts, rows as { postings: string }[]);
      const stating = selectStating.all(JSON.stringify([...named])) as { id: number }[];
      const ids = stating.map(({ id }) => id);
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

    /** Drops the oldest block once all of its callbacks are deleted. */
    prune(): void {
      const { block } = selectOldestBlock.get(sdkAppId) as { block: number | null };
      if (block === null || selectOfBlock.get(sdkAppId, startOf(block), startOf(block + 1))) return;
      deleteBlock.run(sdkAppId, block);
    },
  };
}
