import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, appendFileSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './process.ts';

const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 10_000;
const POLL_MS = 20;
/** Debian installs it in a folder that only root's PATH contains. */
const OTHER_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/** The NATS server program on this machine; null if there is none. */
export function natsServerPath(): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...OTHER_FOLDERS];
  return folders.map((folder) => join(folder, 'nats-server')).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface NatsServer {
  readonly name: string;
  readonly port: number;
  /** Without user and password. */
  readonly url: string;
  readonly pid: number;
  /** The content of its log. */
  log(): string;
  /** Starts it again, with the same port and data, after it was killed or stopped. */
  start(): Promise<void>;
  /** kill -9 by default; resolves when the process has ended. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it, whatever its state. */
  stop(): Promise<void>;
}

export interface NatsOptions {
  /** Additional configuration, such as `authorization { user: app, password: secret }`. */
  config?: string;
  name?: string;
  /** Default: a free port. */
  port?: number;
}

/**
 * A real NATS server with JetStream on the loopback interface. The caller stops it.
 * @param folder for its configuration, its log and its streams
 * @throws if the program is missing on this machine, or does not start
 */
export async function startNats(folder: string, options: NatsOptions = {}): Promise<NatsServer> {
  const server = await prepareNats(folder, options);
  await server.start();
  return server;
}

async function prepareNats(folder: string, options: NatsOptions): Promise<NatsServer> {
  const { name = 'nats', config = '', port = await freePort() } = options;
  const program = natsServerPath();
  if (program === null)
    throw new Error('nats-server is not on the PATH: install it, as by apt-get install nats-server');
  mkdirSync(folder, { recursive: true });
  const [configFile, logFile] = [join(folder, 'nats.conf'), join(folder, 'nats.log')];
  writeFileSync(
    configFile,
    [
      `server_name: ${name}`,
      `listen: "127.0.0.1:${port}"`,
      `log_file: ${JSON.stringify(logFile)}`,
      `jetstream { store_dir: ${JSON.stringify(join(folder, 'data'))} }`,
      config,
      '',
    ].join('\n'),
  );
  let child: ChildProcess | null = null;
  let ended: Promise<unknown> = Promise.resolve();
  const log = () => readFileSync(logFile, 'utf8');

  return {
    name,
    port,
    url: `nats://127.0.0.1:${port}`,
    log,
    get pid() {
      return child?.pid as number;
    },
    async start() {
      appendFileSync(logFile, '');
      const before = log().length;
      const started = spawn(program, ['-c', configFile], { stdio: ['ignore', 'ignore', 'pipe'] });
      let errors = '';
      started.stderr.on('data', (chunk) => (errors += chunk));
      child = started;
      ended = once(started, 'close');
      const deadline = Date.now() + READY_WITHIN_MS;
      while (!log().slice(before).includes('Server is ready')) {
        if (started.exitCode !== null || Date.now() > deadline) {
          started.kill('SIGKILL');
          throw new Error(`nats-server does not start: ${errors}${log().slice(before)}`);
        }
        await sleep(POLL_MS);
      }
    },
    async kill(signal = 'SIGKILL') {
      child?.kill(signal);
      await ended;
    },
    async stop() {
      // A suspended process does not end.
      child?.kill('SIGCONT');
      child?.kill('SIGTERM');
      const force = setTimeout(() => child?.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(force);
    },
  };
}

export interface NatsCluster {
  readonly servers: readonly NatsServer[];
  /** All servers, comma-separated, for NATS_URL. */
  readonly url: string;
  /** The leader of the stream. @throws if none is elected within some seconds */
  leaderOf(stream: string): Promise<NatsServer>;
  stop(): Promise<void>;
}

/** A cluster of three, ready to create streams with three replicas. */
export async function startNatsCluster(folder: string): Promise<NatsCluster> {
  const names = ['nats-1', 'nats-2', 'nats-3'];
  const routePorts = await Promise.all(names.map(freePort));
  const routes = routePorts.map((port) => `nats-route://127.0.0.1:${port}`).join(', ');
  const servers = await Promise.all(
    names.map((name, index) =>
      prepareNats(join(folder, name), {
        name,
        config: `cluster { name: testbed, listen: "127.0.0.1:${routePorts[index]}", routes: [${routes}] }`,
      }),
    ),
  );
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())));
  const url = servers.map((server) => server.url).join(',');
  try {
    await Promise.all(servers.map((server) => server.start()));
    await withJetStream(url, async ({ streams }) => {
      await streams.add({ name: 'TESTBED', subjects: ['testbed'], num_replicas: servers.length });
      await streams.delete('TESTBED');
    });
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    servers,
    url,
    async leaderOf(stream) {
      const name = await withJetStream(url, async ({ streams }) => {
        const { leader } = (await streams.info(stream)).cluster ?? {};
        if (!leader) throw new Error(`the stream ${stream} has no leader`);
        return leader;
      });
      return servers.find((server) => server.name === name) as NatsServer;
    },
    stop,
  };
}

/** Retries work on the JetStream API until it succeeds: a cluster elects leaders first. */
async function withJetStream<Result>(
  url: string,
  work: (manager: import('@nats-io/jetstream').JetStreamManager) => Promise<Result>,
): Promise<Result> {
  // Loaded on demand: most tests of this folder do not use NATS.
  const [{ connect }, { jetstreamManager }] = await Promise.all([
    import('@nats-io/transport-node'),
    import('@nats-io/jetstream'),
  ]);
  const deadline = Date.now() + READY_WITHIN_MS;
  const connection = await connect({ servers: url.split(','), maxReconnectAttempts: -1, reconnectTimeWait: 200 });
  try {
    for (;;) {
      try {
        return await work(await jetstreamManager(connection, { timeout: 2_000 }));
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(100);
      }
    }
  } finally {
    await connection.close();
  }
}
