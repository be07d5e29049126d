import { readFileSync } from 'node:fs';
import { connect as connectTcp, isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { ConnectionOptions, TlsOptions } from '@nats-io/transport-node';
import type { StreamSettings } from './stream-settings.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_MS = 500;
const PING_MS = 10_000;

/**
 * Connects, and then reconnects for ever. Loads the NATS client on first use.
 * @param signal ends the attempt while no server has answered
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
    // A stack trace per message would be a large part of its cost.
    noAsyncTraces: true,
    ...tlsOf(settings),
    ...login,
    ...(credsFile !== null && { authenticator: credsAuthenticator(() => readFileSync(credsFile)) }),
  };
  return { connection: await connect(options), jetstreamManager, newHeaders: headers };
}

/**
 * Finds a server that answers. The client never closes a first connection on which the server stays silent, for
 * instance because it is frozen: each attempt would leak one. A NATS server speaks first.
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

/** The first error of several servers, or of several addresses of one. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? firstOf(error.errors[0]) : error;
}

function addressOf(server: string): { host: string; port: number } {
  const { hostname, port } = new URL(`nats://${server}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Without options, the client uses TLS if the server offers it, and otherwise continues without. */
function tlsOf({ servers, tls, caFile }: StreamSettings): { tls?: TlsOptions } {
  if (!tls && caFile === null) return {};
  const addresses = servers.map((server) => addressOf(server).host).filter(isIP);
  const forNode = {
    // For a server given by its address, the client passes no name to Node, which would check for `localhost`.
    checkServerIdentity(host: string, certificate: PeerCertificate): Error | undefined {
      const refused = checkServerIdentity(host, certificate);
      const isAddressed = addresses.some((address) => !checkServerIdentity(address, certificate));
      return host === 'localhost' && isAddressed ? undefined : refused;
    },
  };
  return { tls: { ...forNode, ...(caFile !== null && { caFile }) } };
}
