import type { DatabaseSync } from 'node:sqlite';
import { onceKeyOf } from '../once-key.ts';
import type { AppendedCallback, ReceivedCallback } from '../store.ts';
import { indexedText, storableText } from '../text.ts';
import { prepareGroups } from './write-groups.ts';

/** Prepares the one write of the store. The function that it returns is to be called inside a transaction. */
export function prepareAppend(database: DatabaseSync, sdkAppId: number) {
  // Insert first, the unique key decides: a row of another arrival is the callback that this one repeats.
  const insertCallback = database.prepare(`
    INSERT INTO callbacks
      (id, sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, repeats, reason, decision,
       query, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (sdk_app_id, once_key, status) DO UPDATE
      SET repeats = repeats + excluded.repeats + (arrival <> excluded.arrival)
    RETURNING id, arrival`);
  const groups = prepareGroups(database, sdkAppId);

  /** Writes all callbacks and what they change. @returns what became of each, in their order */
  return function append(callbacks: readonly (ReceivedCallback & { id?: number })[]): AppendedCallback[] {
    const appended = callbacks.map(insert);
    groups.change(callbacks.filter((_, index) => !appended[index]?.repeat));
    return appended;
  };

  function insert(callback: ReceivedCallback & { id?: number }): AppendedCallback {
    const row = insertCallback.get(
      callback.id ?? null,
      sdkAppId,
      callback.status,
      indexedText(callback.command),
      callback.groupId === null ? null : indexedText(callback.groupId),
      callback.eventTime?.getTime() ?? null,
      callback.receivedAt.getTime(),
      callback.arrival,
      onceKeyOf(callback),
      callback.repeats ?? 0,
      callback.reason === null ? null : storableText(callback.reason),
      callback.decision ? JSON.stringify(callback.decision) : null,
      callback.query,
      callback.body,
    ) as { id: number; arrival: string };
    return { id: String(row.id), repeat: row.arrival !== callback.arrival };
  }
}
