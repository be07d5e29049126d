import type { Kysely, SelectQueryBuilder } from 'kysely';
import { readDocument } from '../groups/state.ts';
import { type Group, groupOf, MOST_MEMBERS_LISTED } from '../groups/view.ts';
import { accountReadsOf } from './account-reads.ts';
import { activityReadsOf } from './activity-reads.ts';
import { backfillReadsOf } from './backfill-reads.ts';
import { boundedScans, pageOf, StoreBusy } from './bounded-scans.ts';
import { callbackReadsOf } from './callback-reads.ts';
import {
  CALLBACK_COLUMNS,
  type DatabaseKind,
  DETAIL_COLUMNS,
  indexedText,
  isIn,
  rowIdOf,
  storableText,
  type Tables,
  toDetail,
  toRecord,
} from './rows.ts';
import { seenCommands } from './seen-commands.ts';
import type { GroupPlace, Store } from './store.ts';

export type Reads = ReturnType<typeof readsOf>;

/** SQLite allows at most 500 terms in a compound SELECT. */
const MAX_GROUPS_IN_UNION = 200;

type Groups = SelectQueryBuilder<Tables, 'groups', object>;

/**
 * The reads of the store, for one app. Lists use keyset pagination: a page costs the same wherever it starts.
 *
 * A list that no index serves is a bounded scan of an index. A search scans names, ids and owners: 1 million groups in
 * 0.3 s on SQLite, two-character Chinese names included. Trigrams (FTS5, pg_trgm) would find nothing below three
 * characters, and an index of bigrams costs 30 more rows for each group that is written.
 * @param open returns the same database each time; loads Kysely on the first read, so that it does not delay the start
 */
export function readsOf(open: () => Promise<Kysely<Tables>>, sdkAppId: number, kind: DatabaseKind) {
  const callbacksIn = (database: Kysely<Tables>) => database.selectFrom('callbacks').where('sdk_app_id', '=', sdkAppId);
  const groupsIn = (database: Kysely<Tables>) => database.selectFrom('groups').where('sdk_app_id', '=', sdkAppId);

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

  /** By account; for each group at most as many as a list shows. */
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

  const backfills = backfillReadsOf(open, sdkAppId, kind);
  const scans = boundedScans();
  const { scan, pageOfScan } = scans;
  const { findAccount, listCallbacksNaming } = accountReadsOf(open, sdkAppId, kind, scans);

  const newestGroups = <Query extends Groups>(query: Query) =>
    query.orderBy('created_at', 'desc').orderBy('group_id', 'desc') as Query;

  function groupsAfter(query: Groups, place: GroupPlace | undefined): Groups {
    if (!place) return query;
    return query.where((is) =>
      is(is.refTuple('created_at', 'group_id'), '<', is.tuple(place.createdAt, place.groupId)),
    );
  }

  return {
    async listGroups({ search, types, owner, limit, after }) {
      const database = await open();
      const { sql } = await import('kysely');
      // Both ignore case for ASCII letters.
      const operator = sql.raw(kind === 'sqlite' ? 'LIKE' : 'ILIKE');

      function matching(query: Groups): Groups {
        let found = query;
        if (types) found = found.where('type', 'in', types.map(indexedText));
        if (search === undefined) return found;
        const pattern = `%${storableText(search).replace(/[\\%_]/g, '\\$&')}%`;
        return found.where((is) =>
          is.or(
            (['name', 'group_id', 'owner_account'] as const).map(
              (column) => sql<boolean>`${sql.ref(column)} ${operator} ${pattern} ESCAPE '\\'`,
            ),
          ),
        );
      }

      const all =
        owner === undefined ? groupsIn(database) : groupsIn(database).where('owner_account', '=', indexedText(owner));
      return pageOfScan({
        limit,
        after,
        endOfStep:
          search === undefined && !types
            ? null
            : async (start, rows) => {
                const last = newestGroups(groupsAfter(all, start)).select(['created_at', 'group_id']);
                const row = await last
                  .offset(rows - 1)
                  .limit(1)
                  .executeTakeFirst();
                return row ? { createdAt: row.created_at, groupId: row.group_id } : null;
              },
        async read(start, end, most) {
          let within = groupsAfter(all, start);
          if (end) {
            within = within.where((is) =>
              is(is.refTuple('created_at', 'group_id'), '>=', is.tuple(end.createdAt, end.groupId)),
            );
          }
          // An index covers these columns: documents are read only for the groups found.
          const found = newestGroups(matching(within)).select(['group_id', 'created_at']).limit(most).as('found');
          const rows = await database
            .selectFrom(found)
            .innerJoin('groups', (join) => join.onRef('groups.group_id', '=', 'found.group_id'))
            .where('groups.sdk_app_id', '=', sdkAppId)
            .select(['found.group_id', 'found.created_at', 'document'])
            .orderBy('found.created_at', 'desc')
            .orderBy('found.group_id', 'desc')
            .execute();
          return rows;
        },
        placeOf: (row) => ({ createdAt: row.created_at, groupId: row.group_id }),
        toItems: (rows) => toGroups(database, rows),
      });
    },

    ...backfills,
    ...activityReadsOf(open, sdkAppId),

    async findGroup(groupId) {
      const [group] = await backfills.findGroupDetails([groupId]);
      return group ?? null;
    },

    async findGroups(groupIds) {
      if (groupIds.length === 0) return [];
      const database = await open();
      const { sql } = await import('kysely');
      const ids = groupIds.map(indexedText);
      const isListed = isIn(sql, kind, 'group_id', ids);
      const rows = await groupsIn(database).select(['group_id', 'document']).where(isListed).execute();
      return toGroups(database, rows);
    },

    async countGroupsByType(since) {
      const database = await open();
      // Only one lower bound: of two, SQLite may begin at the wrong one and filter by the other.
      const from = (start: number) => groupsIn(database).where('created_at', '>=', start);
      const counts = new Map<string, number>();
      const cut = await scan<number>(undefined, async (start, rows) => {
        const before = (query: Groups) => (start === undefined ? query : query.where('created_at', '<', start));
        const end = await before(from(since.getTime()))
          .select('created_at')
          .orderBy('created_at', 'desc')
          .offset(rows - 1)
          .limit(1)
          .executeTakeFirst();
        const counted = await before(from(end?.created_at ?? since.getTime()))
          .select(['type', (is) => is.fn.countAll<number>().as('count')])
          .groupBy('type')
          .execute();
        for (const { type, count } of counted) counts.set(type, (counts.get(type) ?? 0) + count);
        return end?.created_at ?? null;
      });
      if (cut !== null) throw new StoreBusy('the groups could not be counted in time');
      return [...counts]
        .map(([type, count]) => ({ type, count }))
        .sort((one, other) => other.count - one.count || (one.type < other.type ? -1 : 1));
    },

    findAccount,

    ...callbackReadsOf(open, sdkAppId, kind, scans, listCallbacksNaming),

    async listHistory({ groupId, limit, after }) {
      let query = callbacksIn(await open())
        .select(DETAIL_COLUMNS)
        .where('group_id', '=', indexedText(groupId));
      if (after !== undefined) query = query.where('id', '<', rowIdOf(after) ?? 0);
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, rows.map(toDetail), (row) => String(row.id));
    },

    async findCallback(id) {
      const rowId = rowIdOf(id);
      if (rowId === null) return null;
      const row = await callbacksIn(await open())
        .select(DETAIL_COLUMNS)
        .where('id', '=', rowId)
        .executeTakeFirst();
      return row ? toDetail(row) : null;
    },

    async findCallbacks({ ids, from, to, limit }) {
      if (ids.length === 0 && from > to) return [];
      // `from` is infinite if no callback is new, which no database accepts as a number.
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

    seenCommands: async (since) => seenCommands(await open(), { sdkAppId, kind, since }),

    async newestReceipt() {
      const row = await callbacksIn(await open())
        .select((is) => is.fn.max<number | null>('received_at').as('at'))
        .executeTakeFirst();
      return row?.at == null ? null : new Date(row.at);
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
