import { createHash, randomUUID } from 'node:crypto';
import { changeOfSnapshot, type GroupSnapshot, SNAPSHOT, writeSnapshot } from '../groups/snapshot.ts';
import type { CallbackRecord, ReceivedCallback } from './store.ts';

/**
 * Whether a stored record is a snapshot. A sender cannot forge one: the command is not in the contract, so a callback
 * with it is never accepted.
 */
export function isSnapshot({ command, status }: { command: string; status: CallbackRecord['status'] }): boolean {
  return command === SNAPSHOT && status === 'accepted';
}

/** The record of a snapshot. It is stored like a callback: history, replay and retention treat it as one. */
export function toRecordOf(snapshot: GroupSnapshot, receivedAt: Date): ReceivedCallback {
  const body = writeSnapshot(snapshot);
  const idempotencyKey = createHash('sha256').update(body).digest();
  return {
    arrival: randomUUID(),
    query: '',
    body,
    idempotencyKey,
    receivedAt,
    status: 'accepted',
    command: SNAPSHOT,
    groupId: snapshot.groupId,
    eventTime: new Date(snapshot.takenAt),
    reason: null,
    change: changeOfSnapshot(snapshot, { idempotencyKey, receivedAt }),
  };
}
