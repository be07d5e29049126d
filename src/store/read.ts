import { parse } from 'node:querystring';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Group } from '../groups/group.ts';
import type { Callback, Decision, Store } from './store.ts';
import type { Tables } from './tables.ts';
import { indexedText, storableText } from './text.ts';

type Reads = Pick<Store, 'listGroups' | 'findGroup' | 'listCallbacks' | 'findCallback'>;

const CALLBACK_COLUMNS = [
  'id',
  'command',
  'status',
  'sdk_app_id',
  'group_id',
  'event_time',
  'received_at',
  'repeats',
  'reason',
  'decision',
] as const;
type CallbackRow = Pick<Selectable<Tables['callbacks']>, (typeof CALLBACK_COLUMNS)[number]>;

/** The reads of the store, for one app. Lists are paged by key: a page costs the same wherever it starts. */
export function readsOf(database: Kysely<Tables>, sdkAppId: number): Reads {
  return {
    async listGroups({ search, types, owner, limit, after }) {
      let query = database
        .selectFrom('groups')
        .select(['group_id', 'created_at', 'document'])
        .where('sdk_app_id', '=', sdkAppId);
      if (types) query = query.where('type', 'in', types.map(indexedText));
      if (owner !== undefined) query = query.where('owner_account', '=', indexedText(owner));
      if (search !== undefined) {
        const pattern = `%${storableText(search).replace(/[\\%_]/g, '\\$&')}%`;
        query = query.where((is) =>
          is.or(
            (['name', 'group_id', 'owner_account'] as const).map(
              (column) => sql<boolean>`lower(${sql.ref(column)}) LIKE lower(${pattern}) ESCAPE '\\'`,
            ),
          ),
        );
      }
      if (after) {
        query = query.where((is) =>
          is(is.refTuple('created_at', 'group_id'), '<', is.tuple(after.createdAt, after.groupId)),
        );
      }
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('group_id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, toGroup, (row) => ({ createdAt: row.created_at, groupId: row.group_id }));
    },

    async findGroup(groupId) {
      const row = await database
        .selectFrom('groups')
        .select('document')
        .where('sdk_app_id', '=', sdkAppId)
        .where('group_id', '=', groupId)
        .executeTakeFirst();
      return row ? toGroup(row) : null;
    },

    async listCallbacks({ command, status, limit, after }) {
      let query = database.selectFrom('callbacks').select(CALLBACK_COLUMNS).where('sdk_app_id', '=', sdkAppId);
      if (command !== undefined) query = query.where('command', '=', indexedText(command));
      if (status !== undefined) query = query.where('status', '=', status);
      if (after !== undefined) query = query.where('id', '<', Number(after));
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, toCallback, (row) => String(row.id));
    },

    async findCallback(id) {
      const row = await database
        .selectFrom('callbacks')
        .select([...CALLBACK_COLUMNS, 'query', 'body'])
        .where('sdk_app_id', '=', sdkAppId)
        .where('id', '=', Number(id))
        .executeTakeFirst();
      return row
        ? {
            ...toCallback(row),
            query: { ...parse(row.query, '&', '=', { maxKeys: 0 }) } as Record<string, string | string[]>,
            body: Buffer.from(row.body).toString(),
          }
        : null;
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

function toGroup({ document }: { document: string }): Group {
  return JSON.parse(document) as Group;
}

export function toCallback(row: CallbackRow): Callback {
  return {
    id: String(row.id),
    command: row.command,
    status: row.status,
    sdkAppId: row.sdk_app_id,
    groupId: row.group_id,
    eventTime: row.event_time === null ? null : new Date(row.event_time).toISOString(),
    receivedAt: new Date(row.received_at).toISOString(),
    repeats: row.repeats,
    reason: row.reason,
    decision: decisionOf(row),
  };
}

export function decisionOf({ decision }: { decision: string | null }): Decision | null {
  return decision === null ? null : (JSON.parse(decision) as Decision);
}
