import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordingIn } from '../testbed/deliveries.ts';
import { natsServerPath, startNats, startNatsCluster } from '../testbed/nats.ts';
import { freePort, type ServerProcess, startServer, untilDrained } from '../testbed/process.ts';
import { type Fault, type Scene, startReceiver } from './scene.ts';

const KILLS = { receiver: 10, endpoint: 5, postgres: 3, nats: 4 };
const DOWN_MS = { endpoint: 1_500, postgres: 3_000, nats: 1_500 };
const TURN_MS = 1_500;
const LEADER_KILLS = 3;
const LEADER_DOWN_MS = 4_000;

const NO_NATS = () => (natsServerPath() === null ? 'there is no nats-server on this machine' : null);

/** Faults of deliveries to other processes. */
export const webhookAndStream: Fault[] = [
  {
    name: 'webhook-stream',
    text: `kill -9 of receiver (${KILLS.receiver} times), webhook endpoint (${KILLS.endpoint}), PostgreSQL (${KILLS.postgres}) and nats-server (${KILLS.nats})`,
    database: 'postgres',
    mayFail: true,
    missing: NO_NATS,
    run: killAll,
  },
  {
    name: 'jetstream-r3',
    text: `three nats-servers, kill -9 of the leader of the stream, ${LEADER_KILLS} times`,
    database: 'sqlite',
    missing: NO_NATS,
    run: killLeaders,
  },
];

async function killAll(scene: Scene): Promise<void> {
  const postgres = await scene.postgres();
  const nats = await startNats(join(scene.folder, 'nats'));
  scene.afterwards(() => nats.stop());
  scene.streamUrl = nats.url;
  const port = await freePort();
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  let endpoint = await startEndpoint();
  scene.afterwards(() => endpoint.end('SIGKILL'));
  const start = () =>
    startReceiver(scene.databaseUrl, scene.folder, {
      env: {
        ...recordingIn(scene.recordFile),
        ...{ DELIVERY_URL: endpoint.callbackUrl, DELIVERY_SECRET: secret, NATS_URL: nats.url },
      },
    });
  scene.receivers.push(await start());
  // Five processes share the cores, and every callback is delivered three times.
  scene.startLoad({ groupPauseMs: 200 });

  const turns: Record<keyof typeof KILLS, () => Promise<void>> = {
    async receiver() {
      await scene.receivers[0]?.end('SIGKILL');
      scene.receivers[0] = await start();
    },
    async endpoint() {
      await endpoint.end('SIGKILL');
      await sleep(DOWN_MS.endpoint);
      endpoint = await startEndpoint();
    },
    async postgres() {
      postgres.kill();
      await sleep(DOWN_MS.postgres);
      await postgres.start();
    },
    async nats() {
      await nats.kill();
      await sleep(DOWN_MS.nats);
      await nats.start();
    },
  };
  const order = inTurns(KILLS);
  for (const [index, name] of order.entries()) {
    await sleep(Math.max(TURN_MS, scene.milliseconds / order.length) * (0.5 + Math.random()));
    scene.say(`kill ${index + 1} of ${order.length}: ${name}`);
    await turns[name]();
  }
  scene.say('all are back');
  await untilDrained(scene.receivers[0]?.callbackUrl as string);

  function startEndpoint(): Promise<ServerProcess> {
    return startServer({
      folder: scene.folder,
      args: [join(import.meta.dirname, '../testbed/recording-endpoint.ts')],
      env: { PORT: String(port), DELIVERY_SECRET: secret, RECORD_FILE: scene.webhookFile },
    });
  }
}

/** Repeats each name the given number of times, evenly mixed. */
function inTurns<Name extends string>(times: Record<Name, number>): Name[] {
  const names = Object.keys(times) as Name[];
  const placed = names.flatMap((name) =>
    Array.from({ length: times[name] }, (_, index) => ({ name, at: (index + 0.5) / times[name] })),
  );
  return placed.sort((one, other) => one.at - other.at).map(({ name }) => name);
}

async function killLeaders(scene: Scene): Promise<void> {
  const cluster = await startNatsCluster(join(scene.folder, 'nats'));
  scene.afterwards(() => cluster.stop());
  scene.streamUrl = cluster.url;
  scene.receivers.push(
    await startReceiver(scene.databaseUrl, scene.folder, {
      env: { ...recordingIn(scene.recordFile), NATS_URL: cluster.url, NATS_REPLICAS: '3' },
    }),
  );
  scene.startLoad();
  for (let kill = 1; kill <= LEADER_KILLS; kill += 1) {
    await sleep(Math.max(4_000, scene.milliseconds / LEADER_KILLS));
    const leader = await cluster.leaderOf('TENCENT_CHAT');
    scene.say(`kill ${kill} of ${LEADER_KILLS}: ${leader.name}`);
    await leader.kill();
    await sleep(LEADER_DOWN_MS);
    await leader.start();
  }
  await sleep(2_000);
}
