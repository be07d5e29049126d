import type { DatabaseSync } from 'node:sqlite';
import type { Group } from '../../groups/group.ts';
import { onceKeyOf } from '../once-key.ts';
import type { AppendedCallback, ReceivedCallback } from '../store.ts';
import { indexedText, storableText } from '../text.ts';

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
  // A late callback does not undo what a newer one said.
  const upsertGroup = database.prepare(`
    INSERT INTO groups (sdk_app_id, group_id, type, name, owner_account, created_at, document)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET
      type = excluded.type, name = excluded.name, owner_account = excluded.owner_account,
      created_at = excluded.created_at, document = excluded.document
    WHERE excluded.created_at >= groups.created_at`);

  /** @param id for a callback that had one already; null gives the next */
  return function append(callback: ReceivedCallback, id: number | null = null): AppendedCallback {
    const row = insertCallback.get(
      id,
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
    const repeat = row.arrival !== callback.arrival;
    if (callback.group && !repeat) putGroup(callback.group);
    return { id: String(row.id), repeat };
  };

  function putGroup(group: Group): void {
    upsertGroup.run(
      sdkAppId,
      group.groupId,
      indexedText(group.type),
      storableText(group.name),
      group.ownerAccount === null ? null : indexedText(group.ownerAccount),
      Date.parse(group.createdAt),
      JSON.stringify(group),
    );
  }
}
