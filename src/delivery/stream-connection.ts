import { readFileSync } from 'node:fs';
import { connect as connectTcp, isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { ConnectionOptions, TlsOptions } from '@nats-io/transport-node';
import type { StreamSettings } from './stream-settings.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_MS = 500;
const PING_MS = 10_000;

/**
 * A connection that is made again for ever, once it was made. The NATS client is loaded only now.
 * @param signal ends the attempt before a server has answered
 */
export async function connectNats(settings: StreamSettings, signal: AbortSignal) {
  const first = await firstToAnswer(settings.servers, signal);
  const [{ connect, headers, credsAuthenticator }, { jetstreamManager }] = await Promise.all([
    import('@nats-io/transport-node'),
    import('@nats-io/jetstream'),
  ]);
  const { servers, login, credsFile } = settings;
  const options: ConnectionOptions = {
    servers: [first, ...servers.filter((server) => server !== first)],
    noRandomize: true,
    name: 'tencent-chat-callbacks',
    timeout: CONNECT_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    pingInterval: PING_MS,
    // A stack for each message would be a large part of its cost.
    noAsyncTraces: true,
    ...tlsOf(settings),
    ...login,
    ...(credsFile !== null && { authenticator: credsAuthenticator(() => readFileSync(credsFile)) }),
  };
  return { connection: await connect(options), jetstreamManager, newHeaders: headers };
}

/**
 * The client never closes a first connection on which the server says nothing, as one that is frozen: each attempt would
 * leave one open. A server of NATS speaks first.
 */
async function firstToAnswer(servers: readonly string[], signal: AbortSignal): Promise<string> {
  const answered = new AbortController();
  const until = AbortSignal.any([signal, answered.signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]);
  try {
    return await Promise.any(servers.map((server) => untilItSpeaks(server, until)));
  } catch (error) {
    throw firstOf(error);
  } finally {
    answered.abort();
  }
}

async function untilItSpeaks(server: string, signal: AbortSignal): Promise<string> {
  const { host, port } = addressOf(server);
  // Leaving the loop closes the connection.
  for await (const _ of connectTcp({ host, port, signal })) return server;
  throw new Error('the server closes the connection');
}

/** Of several servers, and of several addresses of one. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? firstOf(error.errors[0]) : error;
}

function addressOf(server: string): { host: string; port: number } {
  const { hostname, port } = new URL(`nats://${server}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Without options the client uses TLS where the server has it, and goes on without where it has not. */
function tlsOf({ servers, tls, caFile }: StreamSettings): { tls?: TlsOptions } {
  if (!tls && caFile === null) return {};
  const addresses = servers.map((server) => addressOf(server).host).filter(isIP);
  const forNode = {
    // The client does not tell Node the address of a server that has no name: Node would ask for `localhost`.
    checkServerIdentity(host: string, certificate: PeerCertificate): Error | undefined {
      const refused = checkServerIdentity(host, certificate);
      const isAddressed = addresses.some((address) => !checkServerIdentity(address, certificate));
      return host === 'localhost' && isAddressed ? undefined : refused;
    },
  };
  return { tls: { ...forNode, ...(caFile !== null && { caFile }) } };
}
