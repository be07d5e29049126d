import type { Kysely, ReferenceExpression, SelectQueryBuilder, Sql } from 'kysely';
import { isOfFamily } from '../../generated/commands.ts';
import { isPattern } from '../callback/command-pattern.ts';
import type { accountReadsOf } from './account-reads.ts';
import type { boundedScans } from './bounded-scans.ts';
import { idIn, placeIn } from './callback-place.ts';
import { isOfCommands, pageOfCommands } from './family-reads.ts';
import { CALLBACK_COLUMNS, type DatabaseKind, indexedText, type Tables, toRecord } from './rows.ts';
import type { CallbackFilter, Store } from './store.ts';

type Callbacks = SelectQueryBuilder<Tables, 'callbacks', object>;
type List = Parameters<Store['listCallbacks']>[0];

/**
 * The lists of callbacks, for one app. An index yields them by id, or by time of receipt if a time range is the most
 * selective filter; other filters are a bounded scan of that index. Ids do not follow the time of receipt: spooled
 * callbacks get theirs late.
 */
export function callbackReadsOf(
  open: () => Promise<Kysely<Tables>>,
  sdkAppId: number,
  kind: DatabaseKind,
  { pageOfScan }: Pick<ReturnType<typeof boundedScans>, 'pageOfScan'>,
  listCallbacksNaming: ReturnType<typeof accountReadsOf>['listCallbacksNaming'],
) {
  return { listCallbacks };

  async function listCallbacks({ account, ...list }: List): ReturnType<Store['listCallbacks']> {
    const { command, family, status, groupId, repeated, since, until, order = 'desc', limit, after } = list;
    const isOneCommand = command !== undefined && !isPattern(command);
    if (family !== undefined && isOneCommand && !isOfFamily(command, family)) return { items: [], next: null };
    if (account !== undefined) return listCallbacksNaming({ account, ...list });
    const database = await open();
    const { sql } = await import('kysely');
    const isSelective = groupId !== undefined || repeated || (status !== undefined && status !== 'accepted');
    const isTimed = since !== undefined || until !== undefined;
    const isOfSome = !isOneCommand && (command !== undefined || family !== undefined);
    if (isOfSome && !isSelective && !isTimed) {
      const asked = { command, family, isAccepted: status === 'accepted', order, limit, after: idIn(after) };
      const page = await pageOfCommands(database, sdkAppId, asked);
      if (page) return page;
    }
    const walk = isTimed && !isSelective ? byReceipt(database, list) : byId(database, sql, list);
    const others = conditions(sql, list).filter(({ name }) => name !== walk.answers && !walk.knowsTime(name));
    const narrow = (query: Callbacks) => others.reduce((narrowed, { to }) => to(narrowed, false), query);
    return pageOfScan({
      limit,
      after,
      endOfStep:
        others.length === 0
          ? null
          : async (start, rows) => {
              const last = walk
                .ordered(walk.within(start, null))
                .select(['id', 'received_at'])
                .offset(rows - 1)
                .limit(1);
              const row = await last.executeTakeFirst();
              return row ? walk.placeOf(row) : null;
            },
      read: (start, end, most) =>
        walk
          .ordered(narrow(walk.within(start, end)))
          .select(CALLBACK_COLUMNS)
          .limit(most)
          .execute(),
      placeOf: walk.placeOf,
      toItems: async (rows) => rows.map(toRecord),
    });
  }

  /** Ordered by id, along the index of the most selective filter, or the primary key without one. */
  function byId(database: Kysely<Tables>, sql: Sql, { order = 'desc', ...filter }: List) {
    const [first] = conditions(sql, filter).filter(({ isIndexed }) => isIndexed);
    // Nearly all rows belong to this app, so a scan of the primary key finds the newest. SQLite would prefer an index
    // on the app and sort all rows; the unary plus prevents that.
    const app = kind === 'sqlite' && !first ? sql<number>`+sdk_app_id` : 'sdk_app_id';
    const callbacks: Callbacks = database.selectFrom('callbacks').where(app as 'sdk_app_id', '=', sdkAppId);
    const all = first ? first.to(callbacks, true) : callbacks;
    const [beyond, upTo] = order === 'asc' ? (['>', '<='] as const) : (['<', '>='] as const);
    return {
      answers: first?.name,
      knowsTime: (_condition: string) => false,
      ordered: (query: Callbacks) => query.orderBy('id', order),
      within(start: string | undefined, end: string | null): Callbacks {
        let query = all;
        if (start !== undefined) query = query.where('id', beyond, idIn(start) ?? 0);
        if (end !== null) query = query.where('id', upTo, idIn(end) ?? 0);
        return query;
      },
      placeOf: ({ id }: { id: number }) => String(id),
    };
  }

  /** Ordered by receipt, along its index. Only one bound on each side: of two, SQLite may begin at the wrong one. */
  function byReceipt(database: Kysely<Tables>, { since, until, order = 'desc' }: List) {
    const callbacks: Callbacks = database.selectFrom('callbacks').where('sdk_app_id', '=', sdkAppId);
    const beyondPlace = (query: Callbacks, operator: '<' | '>' | '<=' | '>=', place: string) => {
      const { receivedAt, id } = placeIn(place);
      return query.where((is) => is(is.refTuple('received_at', 'id'), operator, is.tuple(receivedAt, id)));
    };
    const from = (query: Callbacks) => (since ? query.where('received_at', '>=', since.getTime()) : query);
    const before = (query: Callbacks) => (until ? query.where('received_at', '<', until.getTime()) : query);
    return {
      answers: undefined,
      knowsTime: (condition: string) => condition === 'time',
      ordered: (query: Callbacks) => query.orderBy('received_at', order).orderBy('id', order),
      within(start: string | undefined, end: string | null): Callbacks {
        const [near, far] = order === 'asc' ? [from, before] : [before, from];
        const [beyond, upTo] = order === 'asc' ? (['>', '<='] as const) : (['<', '>='] as const);
        const begun = start === undefined ? near(callbacks) : beyondPlace(callbacks, beyond, start);
        return end === null ? far(begun) : beyondPlace(begun, upTo, end);
      },
      placeOf: ({ id, received_at }: { id: number; received_at: number }) => `${received_at} ${id}`,
    };
  }

  /** The conditions of a filter, the most selective first. */
  function conditions(sql: Sql, { command, family, status, groupId, repeated, since, until }: CallbackFilter) {
    type Column = 'command' | 'status' | 'group_id' | 'received_at';
    /** The unary plus keeps SQLite from using an index on the column. */
    const columnOf = (column: Column, indexed: boolean) =>
      (kind === 'sqlite' && !indexed ? sql`+${sql.ref(column)}` : column) as ReferenceExpression<Tables, 'callbacks'>;
    const equals = (name: Column, value: string | undefined | false) => ({
      name,
      isIndexed: true,
      isAsked: value !== undefined && value !== false,
      to: (query: Callbacks, indexed: boolean) => query.where(columnOf(name, indexed), '=', value),
    });
    const isOneCommand = command !== undefined && !isPattern(command);
    const ofSome = isOneCommand ? null : isOfCommands({ command, family }, sql, kind);
    return [
      equals('group_id', groupId !== undefined && indexedText(groupId)),
      {
        name: 'repeated',
        isIndexed: true,
        isAsked: repeated === true,
        // A literal: with a parameter SQLite cannot tell that the partial index applies.
        to: (query: Callbacks) => query.where((is) => is('repeats', '>', is.lit(0))),
      },
      equals('status', status !== 'accepted' && status),
      equals('command', isOneCommand && indexedText(command)),
      equals('status', status === 'accepted' && status),
      {
        name: 'some commands',
        isIndexed: false,
        isAsked: ofSome !== null,
        to: (query: Callbacks) => (ofSome ? query.where(ofSome) : query),
      },
      {
        name: 'time',
        isIndexed: false,
        isAsked: since !== undefined || until !== undefined,
        to(query: Callbacks) {
          const at = columnOf('received_at', false);
          const from = since ? query.where(at, '>=', since.getTime()) : query;
          return until ? from.where(at, '<', until.getTime()) : from;
        },
      },
    ].filter(({ isAsked }) => isAsked);
  }
}
