import type { Kysely } from 'kysely';
import { readDocument } from '../groups/state.ts';
import type { Group, GroupDetail } from '../groups/view.ts';
import { groupDetailOf, groupOf, MOST_MEMBERS_LISTED } from '../groups/view.ts';
import { type PartRow, toPart } from './group-rows.ts';
import type { Tables } from './tables.ts';

/** SQLite takes no more than 500 selects in one. */
const MOST_GROUPS_AT_ONCE = 200;

/** The groups of these rows, in their order. Members that came meanwhile may be missing from a list. */
export async function toGroups(
  database: Kysely<Tables>,
  sdkAppId: number,
  rows: readonly { group_id: string; document: string }[],
): Promise<Group[]> {
  const groups = rows.map(({ group_id, document }) => ({ groupId: group_id, document: readDocument(document) }));
  const grown = groups.flatMap(({ groupId, document }) => (document.joined > 0 ? groupId : []));
  const joined = new Map<string, string[]>();
  for (let start = 0; start < grown.length; start += MOST_GROUPS_AT_ONCE) {
    for (const row of await joinedMembers(database, sdkAppId, grown.slice(start, start + MOST_GROUPS_AT_ONCE))) {
      const names = joined.get(row.group_id) ?? [];
      names.push(row.full_name === null ? row.name : JSON.parse(row.full_name));
      joined.set(row.group_id, names);
    }
  }
  return groups.map(({ groupId, document }) => groupOf(sdkAppId, document, joined.get(groupId) ?? []));
}

/** By account, at most so many of each group as a list shows. */
async function joinedMembers(database: Kysely<Tables>, sdkAppId: number, groupIds: readonly string[]) {
  const [first, ...others] = groupIds.map((groupId) =>
    database
      .selectFrom((from) =>
        from
          .selectFrom('group_parts')
          .select(['group_id', 'name', 'full_name'])
          .where('sdk_app_id', '=', sdkAppId)
          .where('group_id', '=', groupId)
          .where('kind', '=', 'member')
          .where('value', 'is not', null)
          .orderBy('name')
          .limit(MOST_MEMBERS_LISTED)
          .as('joined'),
      )
      .selectAll(),
  );
  if (!first) return [];
  return others.reduce((all, one) => all.unionAll(one), first).execute();
}

/** All that is known of a group, from one moment. */
export async function findGroupDetail(
  database: Kysely<Tables>,
  sdkAppId: number,
  groupId: string,
): Promise<GroupDetail | null> {
  const rows = await database
    .selectFrom('groups')
    .select((is) => [
      is.val('').as('kind'),
      is.val('').as('name'),
      is.val<string | null>(null).as('full_name'),
      'document as value',
      is.val('').as('stamp'),
    ])
    .where('sdk_app_id', '=', sdkAppId)
    .where('group_id', '=', groupId)
    .unionAll(
      database
        .selectFrom('group_parts')
        .select(['kind', 'name', 'full_name', 'value', 'stamp'])
        .where('sdk_app_id', '=', sdkAppId)
        .where('group_id', '=', groupId) as never,
    )
    .orderBy('kind')
    .orderBy('name')
    .execute();
  const [group, ...parts] = rows as [{ value: string } | undefined, ...PartRow[]];
  return group ? groupDetailOf(sdkAppId, readDocument(group.value), parts.map(toPart)) : null;
}
