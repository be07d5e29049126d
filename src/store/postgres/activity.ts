import type { Pool } from 'pg';
import { type ActivityStore, MINUTES_KEPT } from '../activity.ts';
import { columnOf, type Queryable } from './transactions.ts';

/** One statement, so one short transaction: an older xid would hold up the consumers. */
const SAVE = `
  WITH put_replies AS (
    INSERT INTO replies (sdk_app_id, last_id, first_id, entries)
    SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[])
    ON CONFLICT (sdk_app_id, last_id) DO UPDATE SET first_id = excluded.first_id, entries = excluded.entries
  ), put_minutes AS (
    INSERT INTO minutes (sdk_app_id, minute, receiver, counts)
    SELECT $1, * FROM unnest($5::bigint[], $6::text[], $7::text[])
    ON CONFLICT (sdk_app_id, minute, receiver) DO UPDATE SET counts = excluded.counts
  )
  DELETE FROM minutes WHERE sdk_app_id = $1 AND minute < (SELECT max(minute) FROM unnest($5::bigint[]) AS minute) - $8::bigint`;

/** Receivers that prune at the same time leave each other what they have locked. */
const PRUNE = `
  DELETE FROM replies WHERE sdk_app_id = $1 AND last_id = ANY (ARRAY(
    SELECT last_id FROM replies WHERE sdk_app_id = $1 AND last_id < (
      SELECT id FROM callbacks WHERE sdk_app_id = $1 ORDER BY id LIMIT 1)
    ORDER BY last_id LIMIT $2 FOR UPDATE SKIP LOCKED))`;

export function activityOf(pool: Pool, sdkAppId: number) {
  return {
    async saveActivity({ replies, minutes }) {
      await pool.query(SAVE, [
        sdkAppId,
        ...[columnOf(replies, 'last_id'), columnOf(replies, 'first_id'), columnOf(replies, 'entries')],
        ...[columnOf(minutes, 'minute'), columnOf(minutes, 'receiver'), columnOf(minutes, 'counts')],
        MINUTES_KEPT,
      ]);
    },
  } satisfies Partial<ActivityStore>;
}

/** Deletes the replies to callbacks that are gone. */
export async function pruneReplies(database: Queryable, sdkAppId: number, most: number): Promise<void> {
  await database.query(PRUNE, [sdkAppId, most]);
}
