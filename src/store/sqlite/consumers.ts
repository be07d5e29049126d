import type { DatabaseSync } from 'node:sqlite';
import { type DeliveryRow, MAX_REQUESTS, toDeliveryColumns, toRequest, toStoredDelivery } from '../consumer-rows.ts';
import {
  type ConsumerStore,
  type DeliveryFilter,
  itemPlaceIn,
  LEASE_MS,
  type Lease,
  type Place,
  type Progress,
  partsOf,
  placeWithin,
  type Registration,
} from '../consumers.ts';
import { storableText } from '../rows.ts';
import { inTransaction } from './database.ts';
import type { Log } from './log.ts';

type LeaseKey = Pick<Lease, 'name' | 'token'>;

/** The writes of consumers; each method is a transaction. Leases use the clock of this machine. */
export function prepareConsumers(database: DatabaseSync, sdkAppId: number, log: Log) {
  const selectConsumer = database.prepare('SELECT leased_until FROM consumers WHERE sdk_app_id = ? AND name = ?');
  // Tokens begin with the time, so that a consumer that is removed and registered again does not reuse one.
  const insertConsumer = database.prepare(`
    INSERT INTO consumers (sdk_app_id, name, kind, created_at, place, floor, token, ran_at)
    VALUES (:app, :name, :kind, :now, :place, :place, :now, :now)`);
  // A lease that ends later than a new one would was taken before the clock was set back.
  const takeLease = database.prepare(`
    UPDATE consumers SET token = token + (holder IS NOT :holder), holder = :holder, leased_until = :until, ran_at = :now
    WHERE sdk_app_id = :app AND name = :name AND (holder = :holder OR leased_until <= :now OR leased_until > :until)
    RETURNING token, place, item_place, open_places, paused, state, detail`);
  // The new token fences off later writes of the former holder.
  const endLease = database.prepare(`
    UPDATE consumers SET holder = NULL, leased_until = 0, token = token + 1
    WHERE sdk_app_id = ? AND name = ? AND token = ?`);
  const updateProgress = database.prepare(`
    UPDATE consumers SET place = :place, item_place = :item, open_places = :open, floor = :floor, state = :state, detail = :detail,
      leased_until = :until, ran_at = :now
    WHERE sdk_app_id = :app AND name = :name AND token = :token RETURNING paused`);
  const updatePaused = database.prepare('UPDATE consumers SET paused = ? WHERE sdk_app_id = ? AND name = ?');
  const deletesOfConsumer = [
    database.prepare('DELETE FROM consumers WHERE sdk_app_id = ? AND name = ?'),
    database.prepare('DELETE FROM deliveries WHERE sdk_app_id = ? AND consumer = ?'),
    database.prepare('DELETE FROM consumer_requests WHERE sdk_app_id = ? AND consumer = ?'),
  ];

  const selectParked = database.prepare(`
    SELECT * FROM deliveries WHERE sdk_app_id = ? AND consumer = ? AND status = 'parked' ORDER BY created_at, id`);
  const upsertDelivery = database.prepare(`
    INSERT INTO deliveries (id, sdk_app_id, consumer, callback_id, item, place, subject, status, attempts, error,
      created_at, failed_at, next_attempt_at, late, waiting, more_after)
    VALUES (:id, :app, :name, :callback_id, :item, :place, :subject, :status, :attempts, :error,
      :now, :failed_at, :next_attempt_at, :late, :waiting, :more_after)
    ON CONFLICT (id) DO UPDATE SET callback_id = excluded.callback_id, item = excluded.item, place = excluded.place,
      subject = excluded.subject, status = excluded.status, attempts = excluded.attempts, error = excluded.error,
      failed_at = excluded.failed_at, next_attempt_at = excluded.next_attempt_at, late = excluded.late,
      waiting = excluded.waiting, more_after = excluded.more_after`);
  const deleteDelivery = database.prepare('DELETE FROM deliveries WHERE id = ? AND sdk_app_id = ? AND consumer = ?');
  const selectDelivery = database.prepare('SELECT consumer FROM deliveries WHERE id = ? AND sdk_app_id = ?');

  const selectRequests = database.prepare(`
    SELECT id, kind, argument FROM consumer_requests WHERE sdk_app_id = ? AND consumer = ? ORDER BY id LIMIT ?`);
  const insertRequest = database.prepare(
    'INSERT INTO consumer_requests (sdk_app_id, consumer, kind, argument) VALUES (?, ?, ?, ?)',
  );
  const deleteRequest = database.prepare('DELETE FROM consumer_requests WHERE id = ? AND sdk_app_id = ?');
  const insertRetries = (where: string) =>
    database.prepare(`
      INSERT INTO consumer_requests (sdk_app_id, consumer, kind, argument)
        SELECT sdk_app_id, consumer, 'retry', id FROM deliveries WHERE ${where}
          AND id NOT IN (SELECT argument FROM consumer_requests WHERE kind = 'retry') ORDER BY created_at, id`);
  const matching = `sdk_app_id = :app AND (:consumer IS NULL OR consumer = :consumer)
    AND (:status IS NULL OR status = :status)`;
  const countMatching = database.prepare(
    `SELECT consumer, count(*) AS count FROM deliveries WHERE ${matching} GROUP BY consumer`,
  );
  const retryMatching = insertRetries(matching);
  const retryOne = insertRetries('id = ? AND sdk_app_id = ?');

  const find = (name: string) => selectConsumer.get(sdkAppId, name) as { leased_until: number } | undefined;

  /** Survives a crash of the process. A power failure may undo it as a whole, which repeats deliveries. */
  function withoutSync<Result>(work: () => Result): Result {
    database.exec('PRAGMA synchronous = NORMAL');
    try {
      return inTransaction(database, work);
    } finally {
      database.exec('PRAGMA synchronous = FULL');
    }
  }

  return {
    registerConsumers: (consumers: readonly Registration[]): void =>
      inTransaction(database, () => {
        const now = Date.now();
        for (const { name, kind, from } of consumers) {
          if (!find(name)) insertConsumer.run({ app: sdkAppId, name, kind, now, place: log.placeFrom(from) });
        }
      }),

    leaseConsumer: (name: string, holder: string): Lease | null =>
      withoutSync(() => {
        const now = Date.now();
        const row = takeLease.get({ app: sdkAppId, name, holder, now, until: now + LEASE_MS });
        if (!row) return null;
        const { token, place, item_place, open_places, paused, state, detail } = row as Record<
          'token' | 'place' | 'paused',
          number
        > & {
          item_place: Place | null;
          open_places: string;
          state: string;
          detail: string | null;
        };
        const parked = selectParked.all(sdkAppId, name) as unknown as DeliveryRow[];
        return {
          name,
          token,
          place: placeWithin(placeOf(place), item_place),
          open: JSON.parse(open_places),
          parked: parked.map(toStoredDelivery),
          paused: paused === 1,
          pausedBecause: paused === 1 && state === 'paused' ? detail : null,
        };
      }),

    releaseConsumer: ({ name, token }: LeaseKey): void =>
      withoutSync(() => {
        endLease.run(sdkAppId, name, token);
      }),

    saveProgress({ name, token }: LeaseKey, progress: Progress): Awaited<ReturnType<ConsumerStore['saveProgress']>> {
      // Messages published after a dead letter cannot be taken back.
      const isDurable = progress.put.some(({ status }) => status === 'dead');
      const save = () => {
        const now = Date.now();
        const { place, open, floor, state, detail } = progress;
        const saved = updateProgress.get({
          ...{ app: sdkAppId, name, token, now, until: now + LEASE_MS, state },
          ...{ place: numberOf(place), item: itemPlaceIn(place), floor: numberOf(floor) },
          open: JSON.stringify(open),
          detail: detail === null ? null : storableText(detail),
        });
        if (!saved) return null;
        for (const delivery of progress.put) {
          const columns = toDeliveryColumns(delivery);
          upsertDelivery.run({ app: sdkAppId, name, now, ...columns, late: Number(columns.late) });
        }
        for (const id of progress.done) deleteDelivery.run(id, sdkAppId, name);
        for (const id of progress.requestsDone) deleteRequest.run(id, sdkAppId);
        const requests = selectRequests.all(sdkAppId, name, MAX_REQUESTS) as Parameters<typeof toRequest>[0][];
        return { paused: saved.paused === 1, requests: requests.map(toRequest) };
      };
      return isDurable ? inTransaction(database, save) : withoutSync(save);
    },

    pauseConsumer: (name: string, paused: boolean): boolean =>
      updatePaused.run(Number(paused), sdkAppId, name).changes > 0,

    rewindConsumer: (name: string, to: Date): boolean =>
      inTransaction(database, () => {
        if (!find(name)) return false;
        insertRequest.run(sdkAppId, name, 'rewind', placeOf(log.placeFrom(to)));
        return true;
      }),

    sendToConsumer: (name: string, callbackId: number): Awaited<ReturnType<ConsumerStore['sendToConsumer']>> =>
      inTransaction(database, () => {
        if (!find(name)) return 'no consumer';
        const status = log.statusOf(callbackId);
        if (status === null) return 'no callback';
        if (status === 'rejected') return 'rejected';
        insertRequest.run(sdkAppId, name, 'send', String(callbackId));
        return 'asked';
      }),

    removeConsumer: (name: string): Awaited<ReturnType<ConsumerStore['removeConsumer']>> =>
      inTransaction(database, () => {
        const consumer = find(name);
        if (!consumer) return 'not found';
        if (consumer.leased_until > Date.now()) return 'running';
        for (const statement of deletesOfConsumer) statement.run(sdkAppId, name);
        return 'removed';
      }),

    /** @returns its consumer, or null if there is no such delivery */
    retryDelivery: (id: string): string | null =>
      inTransaction(database, () => {
        const delivery = selectDelivery.get(id, sdkAppId) as { consumer: string } | undefined;
        if (!delivery) return null;
        retryOne.run(id, sdkAppId);
        return delivery.consumer;
      }),

    /** @returns the number of deliveries for each consumer */
    retryDeliveries: ({
      consumer = null,
      status = null,
    }: { [Key in keyof DeliveryFilter]: DeliveryFilter[Key] | null }) =>
      inTransaction(database, () => {
        const filter = { app: sdkAppId, consumer, status };
        retryMatching.run(filter);
        return countMatching.all(filter) as { consumer: string; count: number }[];
      }),
  };
}

const placeOf = (number: number): Place => `0-${number}`;
const numberOf = (place: Place): number => partsOf(place)[1];
