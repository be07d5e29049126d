import type { Selectable } from 'kysely';
import type { ConsumerRequest, LoggedCallback, Place, StoredDelivery } from './consumers.ts';
import { type CallbackRow, decisionOf, storableText, type Tables } from './rows.ts';

/** Limit of one read of the log, in bytes of bodies. */
export const MAX_READ_BYTES = 8 * 1024 * 1024;
/** Limit of the requests that one save of progress returns: a retry of many deliveries is carried out in portions. */
export const MAX_REQUESTS = 200;

export type DeliveryRow = Selectable<Tables['deliveries']>;

/**
 * A callback as read from the log. `place` is the place of the whole callback; the body is null if it was not
 * requested.
 */
export type LoggedRow = Pick<
  CallbackRow,
  'id' | 'command' | 'status' | 'ignored' | 'received_at' | 'decision' | 'query'
> & { place: Place; body: Uint8Array | null };

export function toLogged(row: LoggedRow): LoggedCallback {
  return {
    place: row.place,
    id: String(row.id),
    command: row.command,
    status: row.status as LoggedCallback['status'],
    ignored: Boolean(row.ignored),
    receivedAt: new Date(row.received_at),
    decision: decisionOf(row),
    query: row.query,
    body: row.body,
  };
}

/** The callback id in delivery code: for an item of a batch, the callback's id and the index. */
function callbackIdOf({ callback_id: id, item }: Pick<DeliveryRow, 'callback_id' | 'item'>): string {
  return item === null ? String(id) : `${id}-${item}`;
}

/** The columns of a delivery, without its consumer and creation time. */
export function toDeliveryColumns(delivery: StoredDelivery) {
  const [callbackId, item = null] = delivery.callbackId.split('-').map(Number) as [number, number?];
  return {
    id: delivery.id,
    callback_id: callbackId,
    item,
    place: delivery.place,
    subject: delivery.subject,
    status: delivery.status,
    attempts: delivery.attempts,
    error: delivery.error === null ? null : storableText(delivery.error),
    failed_at: delivery.failedAt?.getTime() ?? null,
    next_attempt_at: delivery.nextAttemptAt?.getTime() ?? null,
    late: delivery.late,
    waiting: JSON.stringify(delivery.waiting),
    more_after: delivery.moreAfter,
  } satisfies Omit<DeliveryRow, 'sdk_app_id' | 'consumer' | 'created_at'>;
}

export function toStoredDelivery(row: DeliveryRow): StoredDelivery {
  return {
    id: row.id,
    callbackId: callbackIdOf(row),
    place: row.place,
    subject: row.subject,
    status: row.status,
    attempts: row.attempts,
    error: row.error,
    failedAt: toDate(row.failed_at),
    nextAttemptAt: toDate(row.next_attempt_at),
    late: Boolean(row.late),
    waiting: JSON.parse(row.waiting),
    moreAfter: row.more_after,
  };
}

export function toRequest({
  id,
  kind,
  argument,
}: Pick<Selectable<Tables['consumer_requests']>, 'id' | 'kind' | 'argument'>): ConsumerRequest {
  if (kind === 'rewind') return { id, kind, to: argument };
  return kind === 'send' ? { id, kind, callbackId: argument } : { id, kind, deliveryId: argument };
}

export function toDate(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}
