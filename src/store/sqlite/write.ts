import type { DatabaseSync } from 'node:sqlite';
import type { Change } from '../../groups/facts.ts';
import type { AppendedCallback, ReceivedCallback } from '../store.ts';
import { indexedText, storableText } from '../text.ts';
import { prepareGroups } from './write-groups.ts';

/**
 * A callback on its way to the thread that writes, as its columns and, in JSON, its change. Bytes are in hex and latin1:
 * text and numbers are copied in a tenth of the time that buffers and objects take.
 */
export type CallbackRow = ReturnType<typeof toCallbackRow>;

export function toCallbackRow(callback: ReceivedCallback) {
  const { status, command, groupId, eventTime, receivedAt, arrival, repeats = 0, reason, decision, change } = callback;
  return [
    status,
    indexedText(command),
    groupId === null ? null : indexedText(groupId),
    eventTime?.getTime() ?? null,
    receivedAt.getTime(),
    arrival,
    toBuffer(callback.idempotencyKey).toString('hex'),
    repeats,
    reason === null ? null : storableText(reason),
    decision ? JSON.stringify(decision) : null,
    callback.query,
    toBuffer(callback.body).toString('latin1'),
    change && JSON.stringify(change),
    callback.contentRemoved ? 1 : 0,
  ] as const;
}

/** Without a copy. */
function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Prepares the one write of the store. The function that it returns is to be called inside a transaction. */
export function prepareAppend(database: DatabaseSync, sdkAppId: number) {
  // Insert first, the unique key decides: a row of another arrival is the callback that this one repeats.
  const insertCallback = database.prepare(`
    INSERT INTO callbacks
      (id, sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, repeats, reason, decision,
       query, body, content_removed)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (sdk_app_id, coalesce(event_time, 0), once_key, status) DO UPDATE
      SET repeats = repeats + excluded.repeats + (arrival <> excluded.arrival)
    RETURNING id, arrival`);
  const groups = prepareGroups(database, sdkAppId);

  /**
   * Writes all callbacks and what they change.
   * @param kept what stays of a callback in whose place another is put
   * @returns what became of each, in their order
   */
  return function append(
    callbacks: readonly CallbackRow[],
    kept?: { id: number; repeats: number },
  ): AppendedCallback[] {
    const changes: Change[] = [];
    const appended = callbacks.map((row) => {
      const [status, command, groupId, eventTime, receivedAt, arrival, onceKey, repeats, ...rest] = row;
      const [reason, decision, query, body, change, contentRemoved] = rest;
      const stored = insertCallback.get(
        kept?.id ?? null,
        sdkAppId,
        status,
        command,
        groupId,
        eventTime,
        receivedAt,
        arrival,
        Buffer.from(onceKey, 'hex'),
        kept?.repeats ?? repeats,
        reason,
        decision,
        query,
        Buffer.from(body, 'latin1'),
        contentRemoved,
      ) as { id: number; arrival: string };
      const repeat = stored.arrival !== arrival;
      // A repeat changes nothing.
      if (change !== null && !repeat) changes.push(JSON.parse(change));
      return { id: String(stored.id), repeat };
    });
    groups.change(changes);
    return appended;
  };
}
