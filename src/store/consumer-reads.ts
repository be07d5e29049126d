import type { Kysely } from 'kysely';
import { pageOf } from './bounded-scans.ts';
import { type DeliveryRow, toDate, toStoredDelivery } from './consumer-rows.ts';
import type { ConsumerRecord, ConsumerStore, DeliveryRecord, Place } from './consumers.ts';
import { type DatabaseKind, rowIdOf, type Tables } from './rows.ts';

/** The count of callbacks after a consumer's cursor stops at this number, which takes about 10 ms. */
export const MAX_LAG = 100_000;

/** The lag behind the end of the log. */
export interface Lag {
  /** Number of callbacks, at most `MAX_LAG`. */
  lag: number;
  lagCapped: boolean;
  /** When the first of them was received; null if there are none. */
  oldest: Date | null;
}

/**
 * The lists of consumers and deliveries, for one app.
 * @param open as for the other reads of the store
 */
export function consumerReadsOf(
  open: () => Promise<Kysely<Tables>>,
  sdkAppId: number,
  kind: DatabaseKind,
  lagAfter: (place: Place) => Promise<Lag>,
) {
  return {
    async storeId() {
      const database = await open();
      const { id } = await database.selectFrom('store_identity').select('id').executeTakeFirstOrThrow();
      return id;
    },

    async listConsumers() {
      const database = await open();
      const { sql } = await import('kysely');
      const isSqlite = kind === 'sqlite';
      // Leases use the database's clock; for a SQLite file it is this machine's.
      const now = isSqlite ? sql<number>`${Date.now()}` : sql<number>`extract(epoch FROM clock_timestamp()) * 1000`;
      const consumers = await database
        .selectFrom('consumers')
        .select(['name', 'kind', 'paused', 'state', 'detail', 'ran_at'])
        .select(isSqlite ? sql<Place>`'0-' || place`.as('at') : sql<Place>`place_xid::text || '-' || place_id`.as('at'))
        .select((is) => is('leased_until', '>', now).as('isLeased'))
        .where('sdk_app_id', '=', sdkAppId)
        .orderBy('name')
        .execute();
      const counts = await database
        .selectFrom('deliveries')
        .select(['consumer', 'status', (is) => is.fn.countAll<number>().as('count')])
        .where('sdk_app_id', '=', sdkAppId)
        .groupBy(['consumer', 'status'])
        .execute();
      const countOf = (name: string, wanted: DeliveryRow['status']) =>
        counts.find(({ consumer, status }) => consumer === name && status === wanted)?.count ?? 0;
      const records: ConsumerRecord[] = [];
      for (const { name, kind, at, isLeased, paused, state, detail, ran_at } of consumers) {
        const { oldest, ...lag } = await lagAfter(at);
        const shown = isLeased ? (paused ? 'paused' : state) : 'idle';
        records.push({
          name,
          kind,
          place: at,
          ...lag,
          oldest: oldest?.toISOString() ?? null,
          parked: countOf(name, 'parked'),
          dead: countOf(name, 'dead'),
          state: shown,
          detail: shown === state ? detail : null,
          ranAt: new Date(ran_at).toISOString(),
        });
      }
      return records;
    },

    async listDeliveries({ consumer, status, limit, after }) {
      const database = await open();
      let query = database
        .selectFrom('deliveries')
        .leftJoin('callbacks', (join) =>
          join
            .onRef('callbacks.id', '=', 'deliveries.callback_id')
            .onRef('callbacks.sdk_app_id', '=', 'deliveries.sdk_app_id'),
        )
        .selectAll('deliveries')
        .select('callbacks.command')
        .where('deliveries.sdk_app_id', '=', sdkAppId);
      if (consumer !== undefined) query = query.where('consumer', '=', consumer);
      if (status !== undefined) query = query.where('deliveries.status', '=', status);
      if (after !== undefined) {
        // The last delivery of the previous page may be gone, so the place includes its creation time.
        const [createdAt = '', id = ''] = after.split(' ');
        if (rowIdOf(createdAt) === null || !isUuid(id)) return { items: [], next: null };
        query = query.where((is) =>
          is(is.refTuple('created_at', 'deliveries.id'), '<', is.tuple(Number(createdAt), id)),
        );
      }
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('deliveries.id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, rows.map(toDeliveryRecord), (row) => `${row.created_at} ${row.id}`);
    },

    async findDelivery(id) {
      if (!isUuid(id)) return null;
      const database = await open();
      const query = database.selectFrom('deliveries').selectAll().where('sdk_app_id', '=', sdkAppId);
      const row = await query.where('id', '=', id.toLowerCase()).executeTakeFirst();
      return row ? { ...toStoredDelivery(row), consumer: row.consumer } : null;
    },
  } satisfies Partial<ConsumerStore>;
}

/** Whether the text is a delivery id. PostgreSQL rejects any other text in a UUID column. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function toDeliveryRecord(row: DeliveryRow & { command: string | null }): DeliveryRecord {
  return {
    id: row.id,
    consumer: row.consumer,
    callbackId: String(row.callback_id),
    item: row.item,
    command: row.command,
    subject: subjectOf(row.subject),
    status: row.status,
    attempts: row.attempts,
    error: row.error,
    createdAt: new Date(row.created_at).toISOString(),
    failedAt: toDate(row.failed_at)?.toISOString() ?? null,
    nextAttemptAt: toDate(row.next_attempt_at)?.toISOString() ?? null,
    late: Boolean(row.late),
    waiting: (JSON.parse(row.waiting) as Place[]).length,
    moreWaiting: row.more_after !== null,
  };
}

/** Empty for a callback without a subject. */
function subjectOf(text: string): DeliveryRecord['subject'] {
  if (text === '') return null;
  const [kind, value] = JSON.parse(text);
  return { kind, value };
}
