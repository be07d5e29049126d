import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { ConnectionOptions, TlsOptions } from '@nats-io/transport-node';
import type { StreamSettings } from './stream-settings.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_MS = 500;
const PING_MS = 10_000;

/** A connection that is made again for ever, once it was made. The NATS client is loaded only now. */
export async function connectNats(settings: StreamSettings) {
  const [{ connect, headers, credsAuthenticator }, { jetstreamManager }] = await Promise.all([
    import('@nats-io/transport-node'),
    import('@nats-io/jetstream'),
  ]);
  const { servers, login, credsFile } = settings;
  const options: ConnectionOptions = {
    servers: [...servers],
    name: 'tencent-chat-callbacks',
    timeout: CONNECT_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    pingInterval: PING_MS,
    // A stack for each message would be a large part of its cost.
    noAsyncTraces: true,
    tls: tlsOf(settings),
    ...login,
    ...(credsFile !== null && { authenticator: credsAuthenticator(() => readFileSync(credsFile)) }),
  };
  return { connection: await connect(options), jetstreamManager, newHeaders: headers };
}

/** @returns null: as the server says */
function tlsOf({ servers, tls, caFile }: StreamSettings): TlsOptions | null {
  if (!tls && caFile === null) return null;
  const addresses = servers.map((server) => new URL(`nats://${server}`).hostname.replace(/^\[|\]$/g, '')).filter(isIP);
  const forNode = {
    // The client does not tell Node the address of a server that has no name: Node would ask for `localhost`.
    checkServerIdentity(host: string, certificate: PeerCertificate): Error | undefined {
      const refused = checkServerIdentity(host, certificate);
      const isAddressed = addresses.some((address) => !checkServerIdentity(address, certificate));
      return host === 'localhost' && isAddressed ? undefined : refused;
    },
  };
  return { ...forNode, ...(caFile !== null && { caFile }) };
}
