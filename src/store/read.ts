import type { Kysely } from 'kysely';
import { CALLBACK_COLUMNS, DETAIL_COLUMNS, toCallback, toDetail } from './callback-row.ts';
import { findGroupDetail, toGroups } from './read-groups.ts';
import type { Store } from './store.ts';
import type { Tables } from './tables.ts';
import { indexedText, storableText } from './text.ts';

export type Reads = Pick<
  Store,
  | 'listGroups'
  | 'findGroup'
  | 'findGroups'
  | 'countGroupsByType'
  | 'listCallbacks'
  | 'listHistory'
  | 'findCallback'
  | 'findCallbacks'
  | 'newestCallbackId'
>;

/**
 * The reads of the store, for one app. Lists are paged by key: a page costs the same wherever it starts.
 * @param open gives the database, the same each time; Kysely is loaded by the first read, the start does not wait for it
 * @param kind what the two databases want said differently
 */
export function readsOf(open: () => Promise<Kysely<Tables>>, sdkAppId: number, kind: 'sqlite' | 'postgres'): Reads {
  const callbacksIn = (database: Kysely<Tables>) => database.selectFrom('callbacks').where('sdk_app_id', '=', sdkAppId);
  // Almost all are this app's: the primary key, backwards, finds the newest. SQLite would take an index of the app's and
  // sort all of them; the plus keeps it from that.
  async function newestCallbacksIn(database: Kysely<Tables>) {
    if (kind === 'postgres') return { query: callbacksIn(database) };
    const { sql } = await import('kysely');
    return { query: database.selectFrom('callbacks').where(sql<number>`+sdk_app_id`, '=', sdkAppId) };
  }
  const groupsIn = (database: Kysely<Tables>) => database.selectFrom('groups').where('sdk_app_id', '=', sdkAppId);

  return {
    async listGroups({ search, types, owner, limit, after }) {
      const database = await open();
      // Its columns are all in one index: the documents are read of the groups found alone.
      let query = groupsIn(database).select(['group_id', 'created_at']);
      if (types) query = query.where('type', 'in', types.map(indexedText));
      if (owner !== undefined) query = query.where('owner_account', '=', indexedText(owner));
      if (search !== undefined) {
        const { sql } = await import('kysely');
        // Both take upper and lower case of ASCII letters as one.
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
      return { items: await toGroups(await open(), sdkAppId, items), next };
    },

    async findGroup(groupId) {
      return findGroupDetail(await open(), sdkAppId, indexedText(groupId));
    },

    async findGroups(groupIds) {
      if (groupIds.length === 0) return [];
      const rows = await groupsIn(await open())
        .select(['group_id', 'document'])
        .where('group_id', 'in', groupIds.map(indexedText))
        .execute();
      return toGroups(await open(), sdkAppId, rows);
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
      const narrowed = [command, status, groupId].some((filter) => filter !== undefined) || repeated;
      let query = (narrowed ? callbacksIn(database) : (await newestCallbacksIn(database)).query).select(
        CALLBACK_COLUMNS,
      );
      if (command !== undefined) query = query.where('command', '=', indexedText(command));
      if (status !== undefined) query = query.where('status', '=', status);
      if (groupId !== undefined) query = query.where('group_id', '=', indexedText(groupId));
      // The index holds these alone; a parameter would hide that from SQLite.
      if (repeated) query = query.where((is) => is('repeats', '>', is.lit(0)));
      if (after !== undefined) query = query.where('id', '<', Number(after));
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, toCallback, (row) => String(row.id));
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
      // Infinite where no callback is new, which no database takes for a number.
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
      return rows.map(toCallback);
    },

    async newestCallbackId() {
      const row = await callbacksIn(await open())
        .select('id')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.id ?? 0;
    },
  };
}

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
