import { factsOf } from '../../generated/commands.ts';
import { type Callback, eventTimeOf, toCallback } from '../callback/callback.ts';
import { parseJson } from '../callback/json.ts';
import { payloadReader, type ReadPayload } from '../callback/normalize.ts';
import { parseQuery } from '../callback/signature.ts';
import type { CallbackRow } from './rows.ts';

/** What a stored callback is read from again. */
export const STORED_COLUMNS = ['id', 'command', 'query', 'body', 'received_at', 'once_key', 'ignored'] as const;
export type StoredCallback = Pick<CallbackRow, (typeof STORED_COLUMNS)[number]>;

export type ReadStored = (row: StoredCallback) => Callback;

/** Reads accepted callbacks as they were read when they were judged, also where that was by an older version. */
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
