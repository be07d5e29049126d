import type { Pool } from 'pg';
import { DAY_MS } from '../pruning.ts';
import { CLOCK } from './consumers.ts';

/** Callbacks that a consumer may still read, or needs for a parked delivery, if it has run within $4 milliseconds. */
const IS_NEEDED = `status <> 'rejected' AND EXISTS (
  SELECT FROM consumers WHERE consumers.sdk_app_id = $1 AND ran_at > ${CLOCK} - $4::bigint AND (
    (xid, id) >= (floor_xid, floor_id)
    OR EXISTS (SELECT FROM deliveries WHERE callback_id = callbacks.id AND deliveries.sdk_app_id = $1
      AND consumer = consumers.name AND deliveries.status = 'parked')))`;

/** SKIP LOCKED skips rows that other receivers are pruning, which avoids waits and deadlocks. */
const DELETE = `
  WITH gone AS (
    DELETE FROM callbacks WHERE id = ANY (ARRAY(
      SELECT id FROM callbacks
      WHERE id = ANY ($3::bigint[]) AND (xid, id) IN (SELECT * FROM unnest($2::xid8[], $3::bigint[]))
      FOR UPDATE SKIP LOCKED))
    RETURNING id
  ), dead AS (
    DELETE FROM deliveries WHERE sdk_app_id = $1 AND status = 'dead' AND callback_id IN (SELECT id FROM gone)
  )
  SELECT count(*)::integer AS count FROM gone`;

/**
 * Deletes callbacks that no consumer needs, with their dead letters.
 * @param pool allows statements of some seconds: if a consumer is far behind, many rows are scanned in vain
 */
export function pruningOf(pool: Pool, sdkAppId: number, consumerMaxIdleDays: number) {
  /**
   * @param where a condition and an order; `bound` is its $2
   * @param most limit of deleted callbacks
   * @returns how many were deleted
   */
  return async function prune(where: string, bound: number, most: number): Promise<number> {
    // Two statements: the search may take long, and within the delete it would hold back the watermark of the log.
    const text = `SELECT xid, id FROM callbacks WHERE sdk_app_id = $1 AND NOT (${IS_NEEDED}) AND ${where} LIMIT $3`;
    const { rows } = await pool.query(text, [sdkAppId, bound, most, consumerMaxIdleDays * DAY_MS]);
    if (rows.length === 0) return 0;
    // Compares the xid as well: a retry assigns a new one.
    const places = [rows.map(({ xid }) => xid), rows.map(({ id }) => id)];
    return (await pool.query(DELETE, [sdkAppId, ...places])).rows[0].count;
  };
}
