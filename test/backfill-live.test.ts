import { describe, expect, test } from '@jest/globals';
import { SimulatedClock } from '../scripts/simulator/rest/clock.ts';
import { changeAtRandom, populate, randomFrom } from '../scripts/simulator/rest/history.ts';
import { startRestServer } from '../scripts/simulator/rest/rest-server.ts';
import { createWorld } from '../scripts/simulator/rest/world.ts';
import { backfill } from '../src/backfill/backfill.ts';
import {
  isToldByCallbacksAlone,
  mirrorOf,
  startVendor,
  WorldReceiver,
  wholeRun,
  withoutToldAlone,
  worldOf,
} from './support/backfills.ts';
import { spawnCommand } from './support/command.ts';
import { openedStore, useDatabases } from './support/databases.ts';
import { NOON } from './support/rest-simulator.ts';
import { teardown } from './support/start.ts';

describe.each(useDatabases())('on %s', (_name, createUrl) => {
  test("groups that change while they are read, hundreds of callbacks a second, converge to the vendor's state", async () => {
    const clock = new SimulatedClock(NOON);
    const store = await openedStore(await createUrl());
    const receiver = new WorldReceiver(store, clock.now);
    const random = randomFrom(6);
    let share = 0.7;
    const world = createWorld({
      now: () => Math.floor(clock.now()),
      emit: (callback) => (isToldByCallbacksAlone(callback) || random() < share) && receiver.take(callback),
    });
    populate(world, 250, random, 12);
    for (let done = 0; done < 300; done += 1) changeAtRandom(world, random);
    await receiver.settled();
    clock.advance(5_000);
    share = 1;
    let changes = 0;
    const { vendor } = await startVendor(world, {
      clock,
      onAnswer() {
        // The vendor answers about 200 times a second.
        for (let more = 0; more < 6; more += 1) changeAtRandom(world, random);
        changes += 6;
      },
    });
    const begun = clock.now();
    const end = await backfill({ ...wholeRun(store, { vendor, clock }), customFields: ['topic'] });
    expect(end).toMatchObject({ finished: true, error: null });
    expect(changes / ((clock.now() - begun) / 1000)).toBeGreaterThan(500);
    await receiver.settled();
    expect(withoutToldAlone(await mirrorOf(store))).toEqual(withoutToldAlone(worldOf(world)));
  }, 120_000);

  test('a killed process leaves only whole groups, and another one continues where it stopped', async () => {
    const world = createWorld({ now: () => Date.now() - 60_000 });
    populate(world, 300, randomFrom(7), 8);
    const url = await createUrl();
    let [calls, kill] = [0, () => {}];
    const server = await startRestServer({
      groups: world,
      onAnswer() {
        calls += 1;
        if (calls === 250) kill();
      },
    });
    teardown(() => server.close());
    const { sdkAppId, administrators, key } = server.app;
    const env = {
      ...{ REST_DOMAIN: server.url, REST_ADMIN: String(administrators), REST_KEY: key },
      ...{ SDK_APP_ID: String(sdkAppId), DATABASE_URL: url, PATH: process.env.PATH ?? '' },
    };
    const args = ['--custom-field', 'topic'];
    const killed = spawnCommand('backfill', args, { env });
    kill = () => killed.kill('SIGKILL');
    expect((await killed.ended).status).toBeNull();
    const store = await openedStore(url);
    const truth = withoutToldAlone(worldOf(world));
    const stored = withoutToldAlone(await mirrorOf(store));
    expect(stored.length).toBeLessThan(truth.length);
    expect(stored).toEqual(truth.filter(({ groupId }) => stored.some((group) => group.groupId === groupId)));
    const { status, stdout, stderr } = await spawnCommand('backfill', args, { env }).ended;
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/snapshots stored\n$/) });
    expect(stderr).toMatch(/waits, as another run is at work[\s\S]*continues the run that began at/);
    expect(withoutToldAlone(await mirrorOf(store))).toEqual(truth);
    expect((stdout + stderr + killed.output.stderr).includes(key)).toBe(false);
  }, 120_000);
});
