import type { DatabaseSync } from 'node:sqlite';
import type { Change } from '../../groups/facts.ts';
import type { GroupReplacement } from '../replay.ts';
import {
  alters,
  changesByGroup,
  type GroupWrite,
  mergeChanges,
  type PartName,
  type PartRow,
  partsTouchedBy,
  type StoredGroup,
} from '../rows.ts';

/** The groups of an app, for the writer. Its methods must be called inside a transaction. */
export function prepareGroups(database: DatabaseSync, sdkAppId: number) {
  const selectGroup = database.prepare('SELECT version, document FROM groups WHERE sdk_app_id = ? AND group_id = ?');
  const columns = 'SELECT kind, name, full_name, value, stamp FROM group_parts WHERE sdk_app_id = ? AND group_id = ?';
  const selectParts = database.prepare(columns);
  const selectPart = database.prepare(`${columns} AND kind = ? AND name = ?`);
  const upsertGroup = database.prepare(`
    INSERT INTO groups (sdk_app_id, group_id, version, type, name, owner_account, created_at, document)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET
      version = excluded.version, type = excluded.type, name = excluded.name, owner_account = excluded.owner_account,
      created_at = excluded.created_at, document = excluded.document`);
  const upsertPart = database.prepare(`
    INSERT INTO group_parts (sdk_app_id, group_id, kind, name, full_name, value, stamp) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET full_name = excluded.full_name, value = excluded.value, stamp = excluded.stamp`);
  const deletePart = database.prepare(
    'DELETE FROM group_parts WHERE sdk_app_id = ? AND group_id = ? AND kind = ? AND name = ?',
  );

  const deleteGroup = ['groups', 'group_parts'].map((table) =>
    database.prepare(`DELETE FROM ${table} WHERE sdk_app_id = ? AND group_id = ?`),
  );

  function find(groupId: string, parts: 'all' | PartName[]): StoredGroup | null {
    const row = selectGroup.get(sdkAppId, groupId) as Pick<StoredGroup, 'version' | 'document'> | undefined;
    if (!row) return null;
    const rows =
      parts === 'all'
        ? selectParts.all(sdkAppId, groupId)
        : parts
            .map(({ kind, name }) => selectPart.get(sdkAppId, groupId, kind, name))
            .filter((row) => row !== undefined);
    return { ...row, parts: rows as unknown as PartRow[] };
  }

  function write(groupId: string, { group, put, gone }: GroupWrite): void {
    const { version, type, name, owner_account, created_at, document } = group;
    upsertGroup.run(sdkAppId, groupId, version, type, name, owner_account, created_at, document);
    for (const { kind, name } of gone) deletePart.run(sdkAppId, groupId, kind, name);
    for (const { kind, name, full_name, value, stamp } of put) {
      upsertPart.run(sdkAppId, groupId, kind, name, full_name, value, stamp);
    }
  }

  return {
    /** Merges the changes into their groups. */
    change(all: readonly Change[]): void {
      for (const [groupId, changes] of changesByGroup(all)) {
        const stored = find(groupId, partsTouchedBy(changes));
        const merged = mergeChanges(stored, changes);
        if (alters(merged, stored)) write(groupId, merged);
      }
    },

    /** @returns false if the group has been written since it was read; then nothing is written */
    replace({ groupId, version, write: rebuilt }: GroupReplacement): boolean {
      if ((find(groupId, [])?.version ?? 0) !== version) return false;
      if (rebuilt) write(groupId, rebuilt);
      else for (const statement of deleteGroup) statement.run(sdkAppId, groupId);
      return true;
    },
  };
}
