import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { openContract } from '../src/callback/contract.ts';
import type { DeliveredSnapshot } from '../src/delivery/delivery.ts';
import { isDelivered } from '../src/delivery/read.ts';
import { NatsStream } from '../src/delivery/stream.ts';
import { type GroupSnapshot, SNAPSHOT } from '../src/groups/snapshot.ts';
import { judgeBy } from '../src/receiver/judge.ts';
import { BEGINNING } from '../src/store/consumers.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../src/store/store.ts';
import { CREATED, deliver, RENAMED, until } from './support/deliveries.ts';
import { settingsOf } from './support/nats.ts';
import { useOwnPostgres } from './support/postgres.ts';
import { recordingLog } from './support/rest-vendor.ts';
import { teardown, temporaryFolder } from './support/start.ts';
import { freshSecret, webhookEndpoint } from './support/webhook.ts';

const APP = 1400000000;
const NOON = 1_700_000_000_000;
const postgres = useOwnPostgres();

const databases: [string, () => Promise<Store>][] = [
  ['SQLite', () => openSqliteStore(join(temporaryFolder(), 'callbacks.db'), APP)],
  [
    'PostgreSQL',
    async () => {
      const store = openPostgresStore(await postgres.createDatabase(), APP);
      await store.migrate();
      return store;
    },
  ],
];

const judge = judgeBy(await openContract(callbackDocument), APP);

/** Stores a callback as the receiver does. */
function append(store: Store, command: string, payload: object) {
  const body = Buffer.from(JSON.stringify({ CallbackCommand: command, ...payload }));
  const query = `SdkAppid=${APP}&CallbackCommand=${command}&contenttype=json`;
  return store.append(judge({ arrival: randomUUID(), receivedAt: new Date(), body, query }).callback);
}

const creation = (GroupId: string) => ({
  ...{ GroupId, Type: 'Public', Name: 'one', Operator_Account: 'ann', Owner_Account: 'ann', EventTime: NOON },
});

function snapshotOf(groupId: string, name: string | null): GroupSnapshot {
  const others = { introduction: null, notification: null, faceUrl: null, createdAt: null, full: null };
  return {
    ...{ groupId, takenAt: NOON + 5_000 },
    group: name === null ? null : { type: 'Public', name, ownerAccount: 'ann', customFields: null, ...others },
    members: name === null ? null : [{ account: 'ann', role: null, nameCard: null, joinedAt: null }],
  };
}

describe.each(databases)('on %s', (_, open) => {
  test('a snapshot is delivered to the handlers that ask for it, in order with the callbacks of its group', async () => {
    const store = await open();
    teardown(() => store.close());
    await append(store, CREATED, creation('@TGS#1'));
    await store.appendSnapshot(snapshotOf('@TGS#1', 'two'));
    await append(store, SNAPSHOT, { forged: true });
    await append(store, RENAMED, {
      ...{ GroupId: '@TGS#1', Type: 'Public', Operator_Account: 'ann', NewValueList: [], Name: 'three' },
      EventTime: NOON + 9_000,
    });
    const gone = await store.appendSnapshot(snapshotOf('@TGS#2', null));
    await store.setIgnored(gone.id, true);
    const last = { ...creation('@TGS#3'), Name: 'last' };
    await append(store, CREATED, last);
    const endpoint = await webhookEndpoint();
    const { on, deliverTo } = deliver(store);
    const [all, others, mixed]: string[][] = [[], [], []];
    const snapshots: DeliveredSnapshot[] = [];
    on(
      '*',
      (callback) => {
        all?.push(callback.command as string);
        if (callback.command === SNAPSHOT) snapshots.push(callback);
      },
      { from: 'beginning', consumer: 'all', include: 'snapshots' },
    );
    on('*', ({ command }) => void others?.push(command), { from: 'beginning' });
    on('*', ({ command }) => void mixed?.push(`with ${command}`), {
      ...{ from: 'beginning', consumer: 'mixed' },
      include: 'snapshots',
    });
    on(CREATED, ({ command }) => void mixed?.push(`one ${command}`), { consumer: 'mixed' });
    on('*', ({ command }) => void mixed?.push(`without ${command}`), { consumer: 'mixed' });
    deliverTo(endpoint.url, { secret: freshSecret(), from: 'beginning' });

    await until(() => [all, others].every((names) => names?.filter((name) => name === CREATED).length === 2), 30);
    await until(() => endpoint.received.length === 4 && mixed?.filter((name) => name.includes(CREATED)).length === 6);

    expect(all?.toSorted()).toEqual([CREATED, SNAPSHOT, RENAMED, CREATED].toSorted());
    // Includes the one from a sender, whose command the contract does not describe.
    expect(others?.toSorted()).toEqual([CREATED, SNAPSHOT, RENAMED, CREATED].toSorted());
    expect(mixed?.filter((name) => name.endsWith(SNAPSHOT)).toSorted()).toEqual(
      [`with ${SNAPSHOT}`, `without ${SNAPSHOT}`].toSorted(),
    );
    const events = endpoint.received.map(({ body }) => JSON.parse(body.toString()).data);
    expect(events.filter(({ CallbackCommand }) => CallbackCommand === SNAPSHOT)).toEqual([
      { CallbackCommand: SNAPSHOT, forged: true },
    ]);
    expect(JSON.stringify(events)).not.toContain('takenAt');

    const delivered = snapshots[0];
    expect(snapshots).toHaveLength(1);
    expect(delivered).toMatchObject({
      ...{ command: SNAPSHOT, payload: snapshotOf('@TGS#1', 'two'), subject: { kind: 'group', value: '@TGS#1' } },
      ...{ happenedAt: new Date(NOON + 5_000), clientIp: null, optPlatform: null, decision: null, attempt: 1 },
      group: { groupId: '@TGS#1' },
    });
    expect(JSON.parse(delivered?.raw.toString() ?? '')).toEqual(snapshotOf('@TGS#1', 'two'));
    expect(all?.indexOf(SNAPSHOT)).toBeLessThan(all?.indexOf(RENAMED) ?? 0);
    await until(async () => (await store.listConsumers()).every(({ lag }) => lag === 0));

    const logged = await store.readLog({ after: BEGINNING, limit: 100, wants: null });
    const stream = new NatsStream(settingsOf({ NATS_URL: 'nats://127.0.0.1:4222' }), {
      ...{ sdkAppId: APP, log: recordingLog().log },
    });
    expect(logged.filter((one) => isDelivered(one, stream)).map(({ command }) => command)).toEqual([
      ...[CREATED, SNAPSHOT, RENAMED, CREATED],
    ]);
  }, 60_000);
});
