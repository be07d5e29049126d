import type { DatabaseSync } from 'node:sqlite';
import { type Activity, MINUTES_KEPT } from '../activity.ts';
import { inTransaction } from './database.ts';

/** What the connection that writes records of replies and figures. */
export function prepareActivity(database: DatabaseSync, sdkAppId: number) {
  const putReplies = database.prepare(`
    INSERT INTO replies (sdk_app_id, last_id, first_id, entries) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET first_id = excluded.first_id, entries = excluded.entries`);
  const putMinute = database.prepare(`
    INSERT INTO minutes (sdk_app_id, minute, receiver, counts) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET counts = excluded.counts`);
  const deleteMinutes = database.prepare('DELETE FROM minutes WHERE sdk_app_id = ? AND minute < ?');
  // With + the oldest callback is found by the primary key.
  const deleteReplies = database.prepare(`
    DELETE FROM replies WHERE sdk_app_id = :app AND last_id IN (
      SELECT last_id FROM replies WHERE sdk_app_id = :app AND last_id < (
        SELECT id FROM callbacks WHERE +sdk_app_id = :app ORDER BY id LIMIT 1)
      ORDER BY last_id LIMIT :most)`);

  return {
    saveActivity: ({ replies, minutes }: Activity): void =>
      inTransaction(database, () => {
        for (const { last_id, first_id, entries } of replies) putReplies.run(sdkAppId, last_id, first_id, entries);
        for (const { minute, receiver, counts } of minutes) putMinute.run(sdkAppId, minute, receiver, counts);
        const newest = Math.max(...minutes.map(({ minute }) => minute));
        if (minutes.length > 0) deleteMinutes.run(sdkAppId, newest - MINUTES_KEPT);
      }),

    /** Deletes the replies to callbacks that are gone, within a transaction. */
    pruneReplies: (most: number): void => void deleteReplies.run({ app: sdkAppId, most }),
  };
}
