import type { GroupReplacement } from '../replay.ts';
import {
  type changesByGroup,
  type GroupWrite,
  mergeChanges,
  type PartRow,
  partsTouchedBy,
  type StoredGroup,
} from '../rows.ts';
import { columnOf, placeholders, type Queryable } from './transactions.ts';

type ChangesByGroup = ReturnType<typeof changesByGroup>;
type GroupWrites = ReadonlyMap<string, GroupWrite>;
type FoundGroup = StoredGroup & { parts: PartRow[] };

/**
 * Upserts groups: the `groupValues` begin at parameter `first`, and $1 is the app. If a group has been written since it
 * was read, the statement fails with an error that `isStale`.
 */
export function upsertGroups(first: number, where = ''): string {
  const [groupId, version, type, name, owner, createdAt, document] = placeholders(first, 7);
  return `
    INSERT INTO groups (sdk_app_id, group_id, version, type, name, owner_account, created_at, document)
    SELECT $1::bigint, * FROM unnest(${groupId}::text[], ${version}::bigint[], ${type}::text[], ${name}::text[],
      ${owner}::text[], ${createdAt}::bigint[], string_to_array(${document}, E'\\x1e'))
      AS w(group_id, version, type, name, owner_account, created_at, document)
    ${where} ORDER BY group_id COLLATE "C"
    ON CONFLICT (sdk_app_id, group_id) DO UPDATE SET
      version = CASE WHEN groups.version = excluded.version - 1 THEN excluded.version END,
      type = excluded.type, name = excluded.name, owner_account = excluded.owner_account,
      created_at = excluded.created_at, document = excluded.document`;
}

/** Writes and deletes the parts of the groups in the CTE `changed`; the `partValues` begin at `first`. */
export function writeParts(first: number): string {
  const [groupId, kind, name, fullName, value, stamp] = placeholders(first, 6);
  const [goneGroupId, goneKind, goneName] = placeholders(first + 6, 3);
  return `put AS (
    INSERT INTO group_parts (sdk_app_id, group_id, kind, name, full_name, value, stamp)
    SELECT $1::bigint, group_id, kind, name, full_name, value, stamp
    FROM unnest(${groupId}::text[], ${kind}::text[], ${name}::text[], ${fullName}::text[], ${value}::text[],
      ${stamp}::text[]) AS p(group_id, kind, name, full_name, value, stamp)
    JOIN changed USING (group_id)
    ON CONFLICT (sdk_app_id, group_id, kind, name) DO UPDATE
      SET full_name = excluded.full_name, value = excluded.value, stamp = excluded.stamp
  ), gone AS (
    DELETE FROM group_parts
    USING unnest(${goneGroupId}::text[], ${goneKind}::text[], ${goneName}::text[]) AS g(group_id, kind, name)
    JOIN changed USING (group_id)
    WHERE group_parts.sdk_app_id = $1 AND group_parts.group_id = g.group_id AND group_parts.kind = g.kind
      AND group_parts.name = g.name
  )`;
}

export function groupValues(writes: GroupWrites): unknown[] {
  const groups = [...writes].map(([group_id, { group }]) => ({ group_id, ...group }));
  return [
    ...(['group_id', 'version', 'type', 'name', 'owner_account', 'created_at'] as const).map((name) =>
      columnOf(groups, name),
    ),
    // A separator that JSON cannot contain: in a text array, each quote would be escaped.
    columnOf(groups, 'document').join('\x1e'),
  ];
}

export function partValues(writes: GroupWrites): unknown[][] {
  const put = [...writes].flatMap(([group_id, write]) => write.put.map((part) => ({ group_id, ...part })));
  const gone = [...writes].flatMap(([group_id, write]) => write.gone.map((part) => ({ group_id, ...part })));
  return [
    ...(['group_id', 'kind', 'name', 'full_name', 'value', 'stamp'] as const).map((name) => columnOf(put, name)),
    ...(['group_id', 'kind', 'name'] as const).map((name) => columnOf(gone, name)),
  ];
}

/** Optimistic locking: if another receiver has written the group, its new version is null, and the statement fails. */
export function isStale(error: unknown): boolean {
  const { code, table, column } = error as { code?: unknown; table?: unknown; column?: unknown };
  return code === '23502' && table === 'groups' && column === 'version';
}

// The column has the collation "C", the order in which groups are written.
const LOCK_GROUPS = 'SELECT 1 FROM groups WHERE sdk_app_id = $1 AND group_id = ANY ($2) ORDER BY group_id FOR UPDATE';
// One statement, so that versions and parts are from one snapshot.
const SELECT_GROUPS = `
  SELECT group_id, version, document AS value, NULL AS kind, NULL AS name, NULL AS full_name, NULL AS stamp
  FROM groups WHERE sdk_app_id = $1 AND group_id = ANY ($2)
  UNION ALL
  SELECT group_id, NULL, value, kind, name, full_name, stamp
  FROM group_parts WHERE sdk_app_id = $1 AND group_id = ANY ($3)
  UNION ALL
  SELECT group_id, NULL, value, kind, name, full_name, stamp
  FROM group_parts JOIN unnest($4::text[], $5::text[], $6::text[]) AS t(group_id, kind, name)
    USING (group_id, kind, name) WHERE sdk_app_id = $1`;

export interface MergeMode {
  /** Skips the SELECT for groups that this batch creates. */
  assumeNew?: boolean;
  /** Locks the existing groups until the end of the transaction. */
  lock?: boolean;
}
const DELETE_GROUP = `
  WITH gone AS (DELETE FROM groups WHERE sdk_app_id = $1 AND group_id = $2 AND version = $3 RETURNING group_id),
    parts AS (DELETE FROM group_parts USING gone
      WHERE group_parts.sdk_app_id = $1 AND group_parts.group_id = gone.group_id)
  SELECT 1 FROM gone`;
const WRITE_GROUPS = `WITH changed AS (${upsertGroups(2)} RETURNING group_id), ${writeParts(9)} SELECT 1 FROM changed`;

/** The groups of one app. */
export function groupsOf(sdkAppId: number) {
  return { merge, write, replace };

  /** Merges the changes into their groups. @returns the writes to make */
  async function merge(
    database: Queryable,
    changes: ChangesByGroup,
    { assumeNew = false, lock = false }: MergeMode,
  ): Promise<GroupWrites> {
    const sought = assumeNew ? [...changes].filter(([, some]) => !some.some(({ created }) => created)) : [...changes];
    const groupIds = sought.map(([groupId]) => groupId);
    if (lock) await database.query(LOCK_GROUPS, [sdkAppId, groupIds]);
    const found = new Map<string, FoundGroup>();
    if (sought.length > 0) {
      const touched = sought.map(([groupId, some]) => ({ groupId, parts: partsTouchedBy(some) }));
      const whole = touched.flatMap(({ groupId, parts }) => (parts === 'all' ? groupId : []));
      const some = touched.flatMap(({ groupId, parts }) =>
        parts === 'all' ? [] : parts.map((part) => ({ groupId, ...part })),
      );
      const parts = (['groupId', 'kind', 'name'] as const).map((name) => columnOf(some, name));
      const { rows } = await database.query({
        name: 'select groups',
        text: SELECT_GROUPS,
        values: [sdkAppId, groupIds, whole, ...parts],
      });
      for (const { group_id, kind, version, value } of rows) {
        if (kind === null) found.set(group_id, { version, document: value, parts: [] });
      }
      for (const { group_id, ...part } of rows) {
        if (part.kind !== null) found.get(group_id)?.parts.push(part);
      }
    }
    const writes = new Map<string, GroupWrite>();
    for (const [groupId, some] of changes) {
      // Even if they alter nothing: the new version tells a concurrent rebuild that it has not read these callbacks.
      writes.set(groupId, mergeChanges(found.get(groupId) ?? null, some));
    }
    return writes;
  }

  /** @throws an error that `isStale` if a group has been written since it was read; then nothing is written */
  async function write(database: Queryable, writes: GroupWrites): Promise<void> {
    await database.query({
      name: 'write groups',
      text: WRITE_GROUPS,
      values: [sdkAppId, ...groupValues(writes), ...partValues(writes)],
    });
  }

  /** @returns false if the group has been written since it was read; then nothing is written */
  async function replace(
    database: Queryable,
    { groupId, version, write: written }: GroupReplacement,
  ): Promise<boolean> {
    if (!written) return (await database.query(DELETE_GROUP, [sdkAppId, groupId, version])).rowCount === 1;
    try {
      await write(database, new Map([[groupId, written]]));
      return true;
    } catch (error) {
      if (isStale(error)) return false;
      throw error;
    }
  }
}
