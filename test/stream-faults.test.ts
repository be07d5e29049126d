import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { startReceiver } from '../scripts/soak/scene.ts';
import { readRows } from '../scripts/testbed/database.ts';
import { startGroupLoad } from '../scripts/testbed/deliveries.ts';
import { type ServerProcess, untilDrained } from '../scripts/testbed/process.ts';
import { untilStreamed } from '../scripts/testbed/streamed.ts';
import { accessTo, describeWithNats, useNats } from './support/nats.ts';
import { useOwnPostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';

/** `npm run soak` kills more often, and for longer. */
const NATS_KILLS = 2;
const MORE = 200;
const WITHIN_MS = 60_000;
const SDK_APP_ID = 1_400_000_000;

const postgres = useOwnPostgres();

type Kind = 'sqlite' | 'postgres';
const databaseOf = async (kind: Kind, folder: string) =>
  kind === 'sqlite' ? `sqlite:${join(folder, 'callbacks.db')}` : postgres.createDatabase();

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${WITHIN_MS / 1000} s: ${what}`);
    await sleep(20);
  }
}

/** Receivers that share a database and publish to one stream. */
async function scene(kind: Kind, natsUrl: string, env: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const databaseUrl = await databaseOf(kind, folder);
  const access = await accessTo(natsUrl);
  await access.forgetful(SDK_APP_ID);
  const receivers: ServerProcess[] = [];
  return {
    receivers,
    count: () => access.count(),
    /** A receiver restarted under the same name drains its spool. */
    async start(name = 'one'): Promise<ServerProcess> {
      const own = join(folder, name);
      mkdirSync(own, { recursive: true });
      const receiver = await startReceiver(databaseUrl, own, { env: { NATS_URL: natsUrl, ...env } });
      teardown(() => receiver.end('SIGKILL'));
      receivers.push(receiver);
      return receiver;
    },
    load() {
      const load = startGroupLoad(() => receivers, { pauseMs: 50 });
      teardown(() => load.stop());
      return load;
    },
    async untilAway(): Promise<void> {
      const state = async () => {
        const answer = await fetch(new URL('/api/consumers', receivers[0]?.adminUrl));
        const { consumers } = (await answer.json()) as { consumers: { name: string; state: string }[] };
        return consumers.find(({ name }) => name === 'stream')?.state;
      };
      await until(async () => (await state()) === 'backing off', 'the receiver notices that the server is away');
    },
    /** Resolves when this many more are in the stream. */
    async untilMore(more = MORE): Promise<void> {
      const before = await access.count();
      await until(async () => (await access.count()) >= before + more, `${more} more in the stream`);
    },
    /** The ids of the callbacks in database order, and in stream order. */
    async compare(acknowledged: ReadonlySet<string>): Promise<Compared> {
      for (const { callbackUrl } of receivers) await untilDrained(callbackUrl);
      const events = await untilStreamed(natsUrl, acknowledged);
      const order = kind === 'sqlite' ? 'coalesce(place, id)' : 'xid, id';
      const rows = await readRows<{ id: number }>(databaseUrl, `SELECT id FROM callbacks ORDER BY ${order}`);
      const known = new Set(events.map(({ group, at }) => `${group} ${at}`));
      return {
        stored: rows.map(({ id }) => String(id)),
        streamed: events.map(({ id }) => id.replace(/^.*-/, '')),
        missed: [...acknowledged].filter((key) => !known.has(key)).length,
      };
    },
  };
}

interface Compared {
  stored: readonly string[];
  streamed: readonly string[];
  /** Answered OK, but not in the stream. */
  missed: number;
}

function judge({ stored, streamed, missed }: Compared) {
  const places = new Map(stored.map((id, index) => [id, index]));
  const once = new Set(streamed);
  const sequence = streamed.map((id) => places.get(id) ?? -1);
  return {
    missed,
    lost: stored.filter((id) => !once.has(id)).length,
    doubled: streamed.length - once.size,
    outOfOrder: sequence.filter((place, index) => place <= (sequence[index - 1] ?? -1)).length,
  };
}

const GOOD = { missed: 0, lost: 0, doubled: 0, outOfOrder: 0 };

describeWithNats('under load, the stream has every callback once and in order', () => {
  test('although its server is killed again and again', async () => {
    const nats = await useNats();
    const { start, load, untilMore, untilAway, compare } = await scene('postgres', nats.url);
    await start();
    const { acknowledged, stop } = load();
    for (let kill = 1; kill <= NATS_KILLS; kill += 1) {
      await untilMore();
      await nats.kill();
      await untilAway();
      await nats.start();
    }
    await untilMore();
    await stop();
    expect(judge(await compare(acknowledged))).toEqual(GOOD);
    expect(acknowledged.size).toBeGreaterThan(MORE * NATS_KILLS);
  }, 180_000);

  test('although the receiver is killed, on either database', async () => {
    const [sqlite, postgres] = await Promise.all((['sqlite', 'postgres'] as const).map(killed));
    expect({ sqlite, postgres }).toEqual({ sqlite: GOOD, postgres: GOOD });

    async function killed(kind: Kind) {
      const nats = await useNats();
      const { receivers, start, load, untilMore, compare } = await scene(kind, nats.url);
      await start();
      const { acknowledged, stop } = load();
      await untilMore();
      await receivers.pop()?.end('SIGKILL');
      await start();
      await untilMore();
      await stop();
      return judge(await compare(acknowledged));
    }
  }, 180_000);

  (process.platform === 'win32' ? test.skip : test)(
    'although the receiver that publishes is frozen, and another one takes over',
    async () => {
      const nats = await useNats();
      const { receivers, start, load, untilMore, compare } = await scene('postgres', nats.url);
      const first = await start();
      const { acknowledged, stop } = load();
      await untilMore();
      await start('two');
      // The load goes to the other one, so that nothing waits for the suspended one.
      receivers.splice(receivers.indexOf(first), 1);
      first.child.kill('SIGSTOP');
      await untilMore();
      first.child.kill('SIGCONT');
      await until(async () => (await fetch(new URL('/readyz', first.callbackUrl))).ok, 'the frozen receiver answers');
      receivers.push(first);
      await untilMore();
      await stop();
      expect(judge(await compare(acknowledged))).toEqual(GOOD);
    },
    180_000,
  );
});

describeWithNats('a rewound stream', () => {
  test('has everything again once, although the receiver is killed during the rewind', async () => {
    const nats = await useNats();
    const { receivers, start, load, untilMore, compare, count } = await scene('sqlite', nats.url);
    await start();
    const { acknowledged, stop } = load();
    await untilMore(1_000);
    await stop();
    const { stored } = await compare(acknowledged);
    await until(async () => (await count()) === stored.length, 'all in the stream');
    const { adminUrl } = receivers.at(-1) as ServerProcess;
    await fetch(new URL('/api/consumers/stream/rewind', adminUrl), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ to: new Date(0).toISOString() }),
    });
    await until(async () => (await count()) > stored.length, 'the rewind has begun');
    await receivers.pop()?.end('SIGKILL');
    await start();
    await until(async () => (await count()) >= 2 * stored.length, 'the rewind is carried out');
    const { streamed, missed } = await compare(acknowledged);
    const passes = [streamed.slice(0, stored.length), streamed.slice(stored.length)];
    expect(passes.map((pass) => judge({ stored, streamed: pass, missed }))).toEqual([GOOD, GOOD]);
  }, 180_000);
});
