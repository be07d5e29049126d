import type { ClientBase, Pool } from 'pg';
import type { changesByGroup } from '../group-rows.ts';
import { type GroupWrite, type KeptGroup, mergeChanges, type PartRow, partsTouchedBy } from '../group-rows.ts';

type ChangesByGroup = ReturnType<typeof changesByGroup>;
export type GroupWrites = ReadonlyMap<string, GroupWrite>;

/**
 * Writes groups, $`first` being the first parameter, to be followed by `groupValues`. A group that was written since it was
 * read makes the statement fail with an error that `isStale`.
 */
export function upsertGroups(first: number, which = ''): string {
  const [groupId, version, type, name, owner, createdAt, document] = placeholders(first, 7);
  return `
    INSERT INTO groups (sdk_app_id, group_id, version, type, name, owner_account, created_at, document)
    SELECT $1::bigint, * FROM unnest(${groupId}::text[], ${version}::bigint[], ${type}::text[], ${name}::text[],
      ${owner}::text[], ${createdAt}::bigint[], string_to_array(${document}, E'\\x1e'))
      AS w(group_id, version, type, name, owner_account, created_at, document)
    ${which} ORDER BY group_id
    ON CONFLICT (sdk_app_id, group_id) DO UPDATE SET
      version = CASE WHEN groups.version = excluded.version - 1 THEN excluded.version END,
      type = excluded.type, name = excluded.name, owner_account = excluded.owner_account,
      created_at = excluded.created_at, document = excluded.document`;
}

/** Writes the parts of those groups that the query `changed` names. */
export function upsertParts(first: number): string {
  const [groupId, kind, name, fullName, value, stamp] = placeholders(first, 6);
  return `
    INSERT INTO group_parts (sdk_app_id, group_id, kind, name, full_name, value, stamp)
    SELECT $1::bigint, group_id, kind, name, full_name, value, stamp
    FROM unnest(${groupId}::text[], ${kind}::text[], ${name}::text[], ${fullName}::text[], ${value}::text[],
      ${stamp}::text[]) AS p(group_id, kind, name, full_name, value, stamp)
    JOIN changed USING (group_id)
    ON CONFLICT (sdk_app_id, group_id, kind, name) DO UPDATE
      SET full_name = excluded.full_name, value = excluded.value, stamp = excluded.stamp`;
}

export function deleteParts(first: number): string {
  const [groupId, kind, name] = placeholders(first, 3);
  return `
    DELETE FROM group_parts USING unnest(${groupId}::text[], ${kind}::text[], ${name}::text[]) AS g(group_id, kind, name)
    JOIN changed USING (group_id)
    WHERE group_parts.sdk_app_id = $1 AND group_parts.group_id = g.group_id AND group_parts.kind = g.kind
      AND group_parts.name = g.name`;
}

export function groupValues(writes: GroupWrites): unknown[] {
  const groups = [...writes].map(([groupId, { group }]) => ({ groupId, ...group }));
  return [
    groups.map(({ groupId }) => groupId),
    groups.map(({ version }) => version),
    groups.map(({ type }) => type),
    groups.map(({ name }) => name),
    groups.map(({ owner_account }) => owner_account),
    groups.map(({ created_at }) => created_at),
    // JSON has no control characters, and an array of text would have each of its quotes escaped.
    groups.map(({ document }) => document).join('\x1e'),
  ];
}

export function partValues(writes: GroupWrites): unknown[][] {
  const put = [...writes].flatMap(([groupId, write]) => write.put.map((part) => ({ groupId, ...part })));
  const gone = [...writes].flatMap(([groupId, write]) => write.gone.map((part) => ({ groupId, ...part })));
  return [
    put.map(({ groupId }) => groupId),
    put.map(({ kind }) => kind),
    put.map(({ name }) => name),
    put.map(({ full_name }) => full_name),
    put.map(({ value }) => value),
    put.map(({ stamp }) => stamp),
    gone.map(({ groupId }) => groupId),
    gone.map(({ kind }) => kind),
    gone.map(({ name }) => name),
  ];
}

/** Another receiver wrote the group meanwhile: then its version is null, and nothing of the statement happened. */
export function isStale(error: unknown): boolean {
  const { code, table, column } = error as { code?: unknown; table?: unknown; column?: unknown };
  return code === '23502' && table === 'groups' && column === 'version';
}

const LOCK_GROUPS = 'SELECT 1 FROM groups WHERE sdk_app_id = $1 AND group_id = ANY ($2) ORDER BY group_id FOR UPDATE';
// One statement, so that versions and parts are of one moment.
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

/**
 * What the changes make of the groups.
 * @param assumeNew a group of which the changes have the creation is not looked for
 * @param lock the groups that there are stay as they are until the end of the transaction
 */
export async function mergeGroups(
  database: Pool | ClientBase,
  sdkAppId: number,
  changes: ChangesByGroup,
  { assumeNew = false, lock = false }: { assumeNew?: boolean; lock?: boolean },
): Promise<GroupWrites> {
  const sought = assumeNew
    ? new Map([...changes].filter(([, some]) => !some.some(({ created }) => created)))
    : new Map(changes);
  if (lock) await database.query(LOCK_GROUPS, [sdkAppId, [...sought.keys()]]);
  const kept = await findGroups(
    database,
    sdkAppId,
    [...sought].map(([groupId, some]) => [groupId, partsTouchedBy(some)]),
  );
  const writes = new Map<string, GroupWrite>();
  for (const [groupId, some] of changes) {
    const merged = mergeChanges(kept.get(groupId) ?? null, some);
    if (merged) writes.set(groupId, merged);
  }
  return writes;
}

export async function findGroups(
  database: Pool | ClientBase,
  sdkAppId: number,
  sought: (readonly [string, ReturnType<typeof partsTouchedBy>])[],
): Promise<Map<string, KeptGroup & { parts: PartRow[] }>> {
  const found = new Map<string, KeptGroup & { parts: PartRow[] }>();
  if (sought.length === 0) return found;
  const whole = sought.flatMap(([groupId, parts]) => (parts === 'all' ? groupId : []));
  const some = sought.flatMap(([groupId, parts]) =>
    parts === 'all' ? [] : parts.map((part) => ({ groupId, ...part })),
  );
  const { rows } = await database.query({
    name: 'select groups',
    text: SELECT_GROUPS,
    values: [
      sdkAppId,
      sought.map(([groupId]) => groupId),
      whole,
      some.map(({ groupId }) => groupId),
      some.map(({ kind }) => kind),
      some.map(({ name }) => name),
    ],
  });
  for (const { group_id, kind, version, value } of rows) {
    if (kind === null) found.set(group_id, { version, document: value, parts: [] });
  }
  for (const { group_id, kind, name, full_name, value, stamp } of rows) {
    if (kind !== null) found.get(group_id)?.parts.push({ kind, name, full_name, value, stamp });
  }
  return found;
}

function placeholders(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `$${first + index}`);
}
