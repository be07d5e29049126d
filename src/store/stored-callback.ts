import { factsOf } from '../../generated/commands.ts';
import { type Callback, eventTimeOf, toCallback } from '../callback/callback.ts';
import { parseJson } from '../callback/json.ts';
import { payloadReader, type ReadPayload } from '../callback/normalize.ts';
import { parseQuery } from '../callback/signature.ts';
import type { Change } from '../groups/facts.ts';
import { changeOf } from '../groups/meanings.ts';
import { changeOfSnapshot, readSnapshot, SNAPSHOT } from '../groups/snapshot.ts';
import type { CallbackRow } from './rows.ts';

/** The columns from which a stored callback is read again. */
export const STORED_COLUMNS = ['id', 'command', 'query', 'body', 'received_at', 'once_key', 'ignored'] as const;
export type StoredCallback = Pick<CallbackRow, (typeof STORED_COLUMNS)[number]>;

export type ReadStored = (row: StoredCallback) => Callback;

/** Reads accepted callbacks as they were read when they were judged, even by an older version. */
export async function openStoredReader(sdkAppId: number): Promise<ReadStored> {
  const { default: contract } = await import('../../generated/callback.json', { with: { type: 'json' } });
  const readPayload: ReadPayload = payloadReader(contract);
  return ({ command, query, body, received_at }) => {
    const payload = readPayload(command, parseJson(body).value) as Parameters<typeof toCallback>[0];
    const receivedAt = new Date(received_at);
    const eventTime = eventTimeOf(payload, factsOf(command));
    return toCallback(payload, { query: parseQuery(query), sdkAppId, receivedAt, eventTime });
  };
}

/** The change that an accepted callback, or a snapshot, makes to its group; null if none. */
export function storedChangeOf(row: StoredCallback, readStored: ReadStored): Change | null {
  const { command, body, once_key, received_at } = row;
  if (command !== SNAPSHOT) return changeOf(readStored(row), once_key);
  return changeOfSnapshot(readSnapshot(body), { idempotencyKey: once_key, receivedAt: new Date(received_at) });
}
