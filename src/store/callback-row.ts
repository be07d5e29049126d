import { parse } from 'node:querystring';
import type { Selectable } from 'kysely';
import type { CallbackRecord, CallbackRecordDetail, Decision, UnjudgedCallback } from './store.ts';
import type { Tables } from './tables.ts';

/** What the lists read of a callback: without its bytes. */
export const CALLBACK_COLUMNS = [
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
export const DETAIL_COLUMNS = [...CALLBACK_COLUMNS, 'query', 'body'] as const;

type Row<Column extends keyof Tables['callbacks']> = Pick<Selectable<Tables['callbacks']>, Column>;

export function toCallback(row: Row<(typeof CALLBACK_COLUMNS)[number]>): CallbackRecord {
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

export function toDetail(row: Row<(typeof DETAIL_COLUMNS)[number]>): CallbackRecordDetail {
  return {
    ...toCallback(row),
    query: { ...parse(row.query, '&', '=', { maxKeys: 0 }) } as CallbackRecordDetail['query'],
    body: Buffer.from(row.body).toString(),
  };
}

/** What a stored callback is judged from again. */
export function toUnjudged(
  row: Row<'arrival' | 'query' | 'body' | 'received_at' | 'once_key' | 'decision' | 'reason' | 'content_removed'>,
): UnjudgedCallback {
  return {
    arrival: row.arrival,
    query: row.query,
    body: row.body,
    receivedAt: new Date(row.received_at),
    idempotencyKey: row.once_key,
    decision: decisionOf(row),
    rejectedForRemovedContent: row.content_removed ? row.reason : null,
  };
}

function decisionOf({ decision }: { decision: string | null }): Decision | null {
  return decision === null ? null : (JSON.parse(decision) as Decision);
}
