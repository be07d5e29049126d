import type { Kysely } from 'kysely';
import { readDocument } from '../groups/state.ts';
import { type Group, groupDetailOf, groupOf, MOST_MEMBERS_LISTED } from '../groups/view.ts';
import {
  CALLBACK_COLUMNS,
  DETAIL_COLUMNS,
  indexedText,
  type PartRow,
  storableText,
  type Tables,
  toDetail,
  toPart,
  toRecord,
} from './rows.ts';
import type { Store } from './store.ts';

export type Reads = ReturnType<typeof readsOf>;

export type DatabaseKind = 'sqlite' | 'postgres';

/** SQLite takes at most 500 terms in a compound SELECT. */
const MAX_GROUPS_IN_UNION = 200;

/**
 * The reads of the store, for one app. Lists use keyset pagination: a page costs the same wherever it starts.
 * @param open returns the same database each time; it loads Kysely at the first read, so that the start need not wait
 */
export function readsOf(open: () => Promise<Kysely<Tables>>, sdkAppId: number, kind: DatabaseKind) {
  const callbacksIn = (database: Kysely<Tables>) => database.selectFrom('callbacks').where('sdk_app_id', '=', sdkAppId);
  const groupsIn = (database: Kysely<Tables>) => database.selectFrom('groups').where('sdk_app_id', '=', sdkAppId);

  /**
   * Nearly all rows are of this app, so a backward scan of the primary key finds the newest. SQLite would rather take an
   * index on the app and sort all rows; the unary plus prevents that.
   */
  async function newestCallbacksIn(database: Kysely<Tables>) {
    if (kind === 'postgres') return { query: callbacksIn(database) };
    const { sql } = await import('kysely');
    return { query: database.selectFrom('callbacks').where(sql<number>`+sdk_app_id`, '=', sdkAppId) };
  }

  /** In the order of the rows. A list may lack members that joined between the two queries. */
  async function toGroups(
    database: Kysely<Tables>,
    rows: readonly { group_id: string; document: string }[],
  ): Promise<Group[]> {
    const groups = rows.map(({ group_id, document }) => ({ groupId: group_id, document: readDocument(document) }));
    const grown = groups.flatMap(({ groupId, document }) => (document.joined > 0 ? groupId : []));
    const joined = new Map<string, string[]>();
    for (let start = 0; start < grown.length; start += MAX_GROUPS_IN_UNION) {
      for (const row of await joinedMembers(database, grown.slice(start, start + MAX_GROUPS_IN_UNION))) {
        const names = joined.get(row.group_id) ?? [];
        names.push(row.full_name === null ? row.name : JSON.parse(row.full_name));
        joined.set(row.group_id, names);
      }
    }
    return groups.map(({ groupId, document }) => groupOf(sdkAppId, document, joined.get(groupId) ?? []));
  }

  /** By account, and of each group at most as many as a list shows. */
  async function joinedMembers(database: Kysely<Tables>, groupIds: readonly string[]) {
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

  return {
    async listGroups({ search, types, owner, limit, after }) {
      const database = await open();
      // An index covers these columns: documents are read only of the groups found.
      let query = groupsIn(database).select(['group_id', 'created_at']);
      if (types) query = query.where('type', 'in', types.map(indexedText));
      if (owner !== undefined) query = query.where('owner_account', '=', indexedText(owner));
      if (search !== undefined) {
        const { sql } = await import('kysely');
        // Both ignore the case of ASCII letters.
        const operator = sql.raw(kind === 'sqlite' ? 'LIKE' : 'ILIKE');
        const pattern = `%${storableText(search).replace(/[\\%_]/g, '\\$&')}%`;
        query = query.where((is) =>
          is.or(
            (['name', 'group_id', 'owner_account'] as const).map(
              (column) => sql<boolean>`${sql.ref(column)} ${operator} ${pattern} ESCAPE '\\'`,
            ),
          ),
        );
      }
      if (after) {
        query = query.where((is) =>
          is(is.refTuple('created_at', 'group_id'), '<', is.tuple(after.createdAt, after.groupId)),
        );
      }
      const found = query
        .orderBy('created_at', 'desc')
        .orderBy('group_id', 'desc')
        .limit(limit + 1)
        .as('found');
      const rows = await database
        .selectFrom(found)
        .innerJoin('groups', (join) => join.onRef('groups.group_id', '=', 'found.group_id'))
        .where('groups.sdk_app_id', '=', sdkAppId)
        .select(['found.group_id', 'found.created_at', 'document'])
        .orderBy('found.created_at', 'desc')
        .orderBy('found.group_id', 'desc')
        .execute();
      const { items, next } = pageOf(
        rows,
        limit,
        (row) => row,
        (row) => ({ createdAt: row.created_at, groupId: row.group_id }),
      );
      return { items: await toGroups(database, items), next };
    },

    async findGroup(groupId) {
      const database = await open();
      const id = indexedText(groupId);
      // One statement, so that the group and its parts are from one snapshot. Its kind '' sorts the group first.
      const rows = await groupsIn(database)
        .select((is) => [
          is.val('').as('kind'),
          is.val('').as('name'),
          is.val<string | null>(null).as('full_name'),
          'document as value',
          is.val('').as('stamp'),
        ])
        .where('group_id', '=', id)
        .unionAll(
          database
            .selectFrom('group_parts')
            .select(['kind', 'name', 'full_name', 'value', 'stamp'])
            .where('sdk_app_id', '=', sdkAppId)
            .where('group_id', '=', id) as never,
        )
        .orderBy('kind')
        .orderBy('name')
        .execute();
      const [group, ...parts] = rows as [{ value: string } | undefined, ...PartRow[]];
      return group ? groupDetailOf(sdkAppId, readDocument(group.value), parts.map(toPart)) : null;
    },

    async findGroups(groupIds) {
      if (groupIds.length === 0) return [];
      const database = await open();
      const rows = await groupsIn(database)
        .select(['group_id', 'document'])
        .where('group_id', 'in', groupIds.map(indexedText))
        .execute();
      return toGroups(database, rows);
    },

    async countGroupsByType(since) {
      const rows = await groupsIn(await open())
        .select(['type', (count) => count.fn.countAll<number>().as('count')])
        .where('created_at', '>=', since.getTime())
        .groupBy('type')
        .execute();
      return rows.sort((one, other) => other.count - one.count || (one.type < other.type ? -1 : 1));
    },

    async listCallbacks({ command, status, groupId, repeated, limit, after }) {
      const database = await open();
      const isFiltered = [command, status, groupId].some((filter) => filter !== undefined) || repeated;
      let query = (isFiltered ? callbacksIn(database) : (await newestCallbacksIn(database)).query).select(
        CALLBACK_COLUMNS,
      );
      if (command !== undefined) query = query.where('command', '=', indexedText(command));
      if (status !== undefined) query = query.where('status', '=', status);
      if (groupId !== undefined) query = query.where('group_id', '=', indexedText(groupId));
      // A literal: with a parameter SQLite would not see that the partial index applies.
      if (repeated) query = query.where((is) => is('repeats', '>', is.lit(0)));
      if (after !== undefined) query = query.where('id', '<', Number(after));
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, toRecord, (row) => String(row.id));
    },

    async listHistory({ groupId, limit, after }) {
      let query = callbacksIn(await open())
        .select(DETAIL_COLUMNS)
        .where('group_id', '=', indexedText(groupId));
      if (after !== undefined) query = query.where('id', '<', Number(after));
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, toDetail, (row) => String(row.id));
    },

    async findCallback(id) {
      const row = await callbacksIn(await open())
        .select(DETAIL_COLUMNS)
        .where('id', '=', Number(id))
        .executeTakeFirst();
      return row ? toDetail(row) : null;
    },

    async findCallbacks({ ids, from, to, limit }) {
      if (ids.length === 0 && from > to) return [];
      // `from` is infinite where no callback is new; no database takes that for a number.
      const lowest = Math.min(from, Number.MAX_SAFE_INTEGER);
      const highest = Math.min(to, Number.MAX_SAFE_INTEGER);
      const rows = await callbacksIn(await open())
        .select(CALLBACK_COLUMNS)
        .where((is) => {
          const within = is.between('id', lowest, highest);
          return ids.length > 0 ? is.or([is('id', 'in', ids), within]) : within;
        })
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toRecord);
    },

    async newestCallbackId() {
      const row = await callbacksIn(await open())
        .select('id')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.id ?? 0;
    },
  } satisfies Partial<Store>;
}

/** @param rows one more than `limit` where there is a next page */
function pageOf<Row, Item, Place>(
  rows: Row[],
  limit: number,
  toItem: (row: Row) => Item,
  placeOf: (row: Row) => Place,
) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(toItem), next: rows.length > limit && last ? placeOf(last) : null };
}
