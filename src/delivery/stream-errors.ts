import type { StreamSettings } from './stream-settings.ts';

/** JetStream's `err_code` values. */
export const API_CODES = {
  streamNotFound: 10_059,
  subjectsOverlap: 10_065,
  wrongLastId: 10_070,
  wrongLastSequence: 10_071,
  notClustered: 10_074,
  noSuitablePeers: 10_005,
  insufficientResources: 10_023,
  storageExceeded: 10_047,
  notEnabled: 10_076,
  notEnabledForAccount: 10_039,
  storeFailed: 10_077,
};

/** The client's error about a credentials file. */
const UNPARSED = 'unable to parse credentials';

/** The code of an error that JetStream answered; null for any other error. */
export function codeOf(error: unknown): number | null {
  const { name, code } = error as { name?: unknown; code?: unknown };
  return name === 'JetStreamApiError' || name === 'StreamNotFoundError' ? Number(code) : null;
}

/** Whether the stream ends with another message than expected. */
export function isMoved(error: unknown): boolean {
  const code = codeOf(error);
  return code === API_CODES.wrongLastSequence || code === API_CODES.wrongLastId;
}

/** Why the stream cannot be used now, and the remedy. */
export function describeNats(error: unknown, { servers, stream, replicas, credsFile }: StreamSettings): string {
  const { name = '', message = String(error), path } = error as { name?: string; message?: string; path?: unknown };
  const who = `NATS at ${servers.join(', ')}`;
  switch (codeOf(error)) {
    case API_CODES.wrongLastId:
    case API_CODES.wrongLastSequence:
      return `somebody else has published to the stream ${stream} (${message})`;
    case API_CODES.storeFailed:
      return `The stream ${stream} does not take more (${message}): let consumers catch up and purge it, or raise its limits`;
    case API_CODES.noSuitablePeers:
      return `${who} has no ${replicas} servers for the stream ${stream} (${message}): start them, or lower NATS_REPLICAS`;
    case API_CODES.insufficientResources:
    case API_CODES.storageExceeded:
      return `${who} has no room for the stream ${stream} (${message}): free some, or lower NATS_MAX_BYTES`;
    case API_CODES.notEnabled:
    case API_CODES.notEnabledForAccount:
      return `${who} has no JetStream for this user (${message}): enable it for the server and the account`;
    case null:
      break;
    default:
      return `JetStream of ${who} refuses (${message})`;
  }
  if (name === 'AuthorizationError' || name === 'UserAuthenticationExpiredError')
    return `${who} refuses the login (${message}): check user and password in NATS_URL, or NATS_CREDS_FILE`;
  if (credsFile !== null && (path === credsFile || message === UNPARSED))
    return `The credentials of ${JSON.stringify(credsFile)} cannot be read (${message}): check NATS_CREDS_FILE`;
  if (name === 'JetStreamNotEnabled')
    return `JetStream of ${who} does not answer for the stream ${stream}: enable it (nats-server -js), or wait for a leader`;
  if (name === 'TimeoutError' || name === 'AbortError') return `${who} does not answer in time`;
  return `${who} cannot be reached (${message})`;
}
