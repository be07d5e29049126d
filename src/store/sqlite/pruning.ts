import type { DatabaseSync } from 'node:sqlite';
import type { BoundedStatus } from '../pruning.ts';

/** Deletes callbacks, within a transaction of the writer. Dead letters are deleted with their callbacks. */
export function preparePruning(database: DatabaseSync, sdkAppId: number) {
  const selectFloor = database.prepare(
    'SELECT min(floor) AS floor FROM consumers WHERE sdk_app_id = ? AND ran_at >= ?',
  );
  // Retried callbacks have places after their ids, and a parked delivery needs its callback wherever it is.
  const unneeded = `coalesce(place, 0) < :floor AND NOT EXISTS (
    SELECT 1 FROM deliveries JOIN consumers ON consumers.sdk_app_id = deliveries.sdk_app_id AND name = consumer
    WHERE callback_id = callbacks.id AND deliveries.status = 'parked' AND ran_at >= :idleBefore)`;
  const deleteOfStatus = database.prepare(`
    DELETE FROM callbacks WHERE id IN (
      SELECT id FROM callbacks
      WHERE sdk_app_id = :app AND status = :status AND NOT acknowledged AND id <= :upTo AND ${unneeded}
      ORDER BY id LIMIT :most) RETURNING id`);
  // With +, the id is compared within the receipt index: callbacks that a consumer still needs are skipped without
  // reading their rows.
  const deleteOldest = database.prepare(`
    DELETE FROM callbacks WHERE id IN (
      SELECT id FROM callbacks WHERE sdk_app_id = :app AND received_at < :before AND +id < :floor AND ${unneeded}
      ORDER BY received_at LIMIT :most) RETURNING id`);
  const deleteDead = database.prepare("DELETE FROM deliveries WHERE callback_id = ? AND status = 'dead'");

  /** The cursor of the slowest consumer that has run since; retention stops there. */
  function floorOf(idleBefore: number): number {
    return (selectFloor.get(sdkAppId, idleBefore) as { floor: number | null }).floor ?? Number.MAX_SAFE_INTEGER;
  }

  function withDeadLetters(deleted: { id: number }[]): number {
    for (const { id } of deleted) deleteDead.run(id);
    return deleted.length;
  }

  return {
    /**
     * Deletes the oldest callbacks of a status, up to an id.
     * @param idleBefore milliseconds since 1970: consumers that have not run since then are ignored
     * @returns how many were deleted
     */
    ofStatus(status: BoundedStatus, upTo: number, most: number, idleBefore: number): number {
      // Rejected callbacks are not in the log.
      const floor = status === 'rejected' ? Number.MAX_SAFE_INTEGER : floorOf(idleBefore);
      const filter = { app: sdkAppId, status, upTo: Math.min(upTo, floor - 1), floor, idleBefore, most };
      return withDeadLetters(deleteOfStatus.all(filter) as { id: number }[]);
    },

    /** Like `ofStatus`, for callbacks received before a time. @param before milliseconds since 1970 */
    receivedBefore(before: number, most: number, idleBefore: number): number {
      const filter = { app: sdkAppId, before, floor: floorOf(idleBefore), idleBefore, most };
      return withDeadLetters(deleteOldest.all(filter) as { id: number }[]);
    },
  };
}
