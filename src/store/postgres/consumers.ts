import type { Pool, PoolClient } from 'pg';
import { isUuid } from '../consumer-reads.ts';
import { MAX_REQUESTS, toDeliveryColumns, toRequest, toStoredDelivery } from '../consumer-rows.ts';
import {
  BEGINNING,
  type ConsumerStore,
  type DeliveryFilter,
  itemPlaceIn,
  LEASE_MS,
  placeWithin,
} from '../consumers.ts';
import { rowIdOf, storableText } from '../rows.ts';
import { OtherCluster, TIMELINE_OF_SESSION } from './cluster.ts';
import { columnsOf, logOf, placeSince } from './log.ts';
import { inTransaction } from './transactions.ts';

/** Leases use the clock of the database, because the clocks of two receivers may differ. */
export const CLOCK = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

// A token begins with the time, so that a consumer that is removed and registered again does not reuse one.
const REGISTER = `
  INSERT INTO consumers
    (sdk_app_id, name, kind, created_at, ran_at, token, place_xid, place_id, floor_xid, floor_id, highest_id)
  SELECT $1, $2, $3, at, at, at, $4::xid8, $5::bigint, $4::xid8, $5::bigint,
    (SELECT coalesce(max(id), 0) FROM callbacks)
  FROM (SELECT ${CLOCK} AS at) AS now
  ON CONFLICT DO NOTHING`;

const LEASE = `
  UPDATE consumers
  SET token = token + (holder IS DISTINCT FROM $3::uuid)::integer, holder = $3::uuid,
    leased_until = ${CLOCK} + ${LEASE_MS}, ran_at = ${CLOCK}
  WHERE sdk_app_id = $1 AND name = $2 AND (holder = $3::uuid OR leased_until <= ${CLOCK})
  RETURNING token, place_xid::text || '-' || place_id AS place, item_place, open_places, paused, state, detail,
    ${TIMELINE_OF_SESSION} AS timeline`;

/**
 * One statement, so one round trip. If the token is not the consumer's, or the server is not that of the lease, `held`
 * is empty and nothing is written.
 */
const SAVE = {
  name: 'save progress',
  text: `
  WITH held AS (
    UPDATE consumers
    SET place_xid = $4::xid8, place_id = $5::bigint, highest_id = greatest(highest_id, $5::bigint), open_places = $6,
      floor_xid = $7::xid8, floor_id = $8::bigint, state = $9, detail = $10, item_place = $16,
      leased_until = ${CLOCK} + ${LEASE_MS}, ran_at = ${CLOCK}
    WHERE sdk_app_id = $1 AND name = $2 AND token = $3 AND ${TIMELINE_OF_SESSION} = $14
    RETURNING paused
  ), put AS (
    INSERT INTO deliveries
      (id, sdk_app_id, consumer, callback_id, item, place, subject, status, attempts, error, created_at, failed_at,
       next_attempt_at, late, waiting, more_after)
    SELECT id, $1, $2, callback_id, item, place, subject, status, attempts, error, ${CLOCK}, failed_at,
      next_attempt_at, late, waiting, more_after
    FROM held, json_to_recordset($11::json) AS delivery
      (id uuid, callback_id bigint, item integer, place text, subject text, status text, attempts integer, error text,
       failed_at bigint, next_attempt_at bigint, late boolean, waiting text, more_after text)
    ON CONFLICT (id) DO UPDATE
      SET callback_id = excluded.callback_id, item = excluded.item, place = excluded.place,
        subject = excluded.subject, status = excluded.status, attempts = excluded.attempts, error = excluded.error,
        failed_at = excluded.failed_at, next_attempt_at = excluded.next_attempt_at, late = excluded.late,
        waiting = excluded.waiting, more_after = excluded.more_after
  ), done AS (
    DELETE FROM deliveries USING held
    WHERE id = ANY ($12::uuid[]) AND sdk_app_id = $1 AND consumer = $2
  ), carried_out AS (
    DELETE FROM consumer_requests USING held
    WHERE id = ANY ($13::bigint[]) AND sdk_app_id = $1 AND consumer = $2
  )
  SELECT paused, (
    SELECT coalesce(json_agg(request ORDER BY id), '[]') FROM (
      SELECT id, kind, argument FROM consumer_requests
      WHERE sdk_app_id = $1 AND consumer = $2 AND NOT id = ANY ($13::bigint[]) ORDER BY id LIMIT ${MAX_REQUESTS}
    ) AS request) AS requests,
    -- Messages published after a dead letter cannot be taken back, so the dead letter is on disk first.
    set_config('synchronous_commit', CASE WHEN $15 THEN 'local' ELSE current_setting('synchronous_commit') END, true)
  FROM held`,
};

const REQUEST = `
  INSERT INTO consumer_requests (sdk_app_id, consumer, kind, argument)
  SELECT sdk_app_id, name, $3, $4 FROM consumers WHERE sdk_app_id = $1 AND name = $2`;
const REQUEST_RETRIES = `
  WITH matching AS (
    SELECT id, consumer, created_at FROM deliveries
    WHERE sdk_app_id = $1 AND ($2::text IS NULL OR consumer = $2) AND ($3::text IS NULL OR status = $3)
      AND ($4::uuid IS NULL OR id = $4)
  ), requested AS (
    INSERT INTO consumer_requests (sdk_app_id, consumer, kind, argument)
    SELECT $1, consumer, 'retry', id::text FROM matching
    WHERE id::text NOT IN (SELECT argument FROM consumer_requests WHERE sdk_app_id = $1 AND kind = 'retry')
    ORDER BY created_at, id
  )
  SELECT consumer, count(*)::integer AS count FROM matching GROUP BY consumer`;

/**
 * The consumers of one app.
 * @param pool for operators' requests
 * @param logPool for reads and writes of places. Each connection asserts that they are of this cluster, because a
 * receiver
 *   can reach another cluster only over new connections. Its commits do not wait for the disk
 * @param moveToCluster gives all consumers places of this cluster
 * @param onRequest called after a request to a consumer is on disk
 */
export function consumersOf({
  pool,
  logPool,
  sdkAppId,
  moveToCluster,
  onRequest,
}: {
  pool: Pool;
  logPool: Pool;
  sdkAppId: number;
  moveToCluster: () => Promise<void>;
  onRequest: (consumer: string) => void;
}) {
  const log = logOf(logPool, sdkAppId);

  /** Runs work on places; repeats it if the consumers first had to be moved to this cluster. */
  async function placed<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof OtherCluster)) throw error;
      await moveToCluster();
      return work();
    }
  }

  /**
   * For writes that must survive a crash of the server, such as leases: otherwise two receivers could get the same
   * token.
   */
  function durably<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    return placed(() =>
      inTransaction(logPool, async (client) => {
        await client.query('SET LOCAL synchronous_commit = on');
        return work(client);
      }),
    );
  }

  async function request(consumer: string, kind: 'rewind' | 'send', argument: string): Promise<boolean> {
    const { rowCount } = await pool.query(REQUEST, [sdkAppId, consumer, kind, argument]);
    if (rowCount === 0) return false;
    onRequest(consumer);
    return true;
  }

  async function requestRetries({ consumer, status }: DeliveryFilter, id: string | null): Promise<number> {
    const { rows } = await pool.query(REQUEST_RETRIES, [sdkAppId, consumer, status, id]);
    for (const { consumer } of rows) onRequest(consumer);
    return rows.reduce((total, { count }) => total + count, 0);
  }

  return {
    placed,

    readLog: (which) => placed(() => log.readLog(which)),
    findLogged: (which) => placed(() => log.findLogged(which)),
    heldBack: (after) => placed(() => log.heldBack(after)),

    registerConsumers: (consumers) =>
      durably(async (client) => {
        const names = consumers.map(({ name }) => name);
        const { rows } = await client.query('SELECT name FROM consumers WHERE sdk_app_id = $1 AND name = ANY ($2)', [
          sdkAppId,
          names,
        ]);
        const known = new Set(rows.map(({ name }) => name));
        for (const { name, kind, from } of consumers) {
          if (known.has(name)) continue;
          const place =
            from === 'beginning' ? BEGINNING : await placeSince(client, sdkAppId, from === 'now' ? null : from);
          await client.query(REGISTER, [sdkAppId, name, kind, ...columnsOf(place)]);
        }
      }),

    leaseConsumer: (name, holder) =>
      durably(async (client) => {
        const lease = (await client.query(LEASE, [sdkAppId, name, holder])).rows[0];
        if (!lease) return null;
        // A separate statement: it sees what the previous holder saved while the UPDATE waited for it.
        const { rows } = await client.query(
          `SELECT * FROM deliveries WHERE sdk_app_id = $1 AND consumer = $2 AND status = 'parked'
           ORDER BY created_at, id`,
          [sdkAppId, name],
        );
        const { token, place, item_place, open_places, paused, state, detail, timeline } = lease;
        const pausedBecause = paused && state === 'paused' ? detail : null;
        return {
          name,
          token,
          place: placeWithin(place, item_place),
          open: JSON.parse(open_places),
          parked: rows.map(toStoredDelivery),
          paused,
          pausedBecause,
          timeline,
        };
      }),

    releaseConsumer: ({ name, token }) =>
      placed(async () => {
        // The new token fences off later writes of the holder.
        const text = `UPDATE consumers SET holder = NULL, leased_until = 0, token = token + 1
          WHERE sdk_app_id = $1 AND name = $2 AND token = $3`;
        await logPool.query(text, [sdkAppId, name, token]);
      }),

    saveProgress: ({ name, token, timeline }, progress) =>
      placed(async () => {
        const { place, open, floor, put, done, requestsDone, state, detail } = progress;
        const values = [
          sdkAppId,
          name,
          token,
          ...columnsOf(place),
          JSON.stringify(open),
          ...columnsOf(floor),
          state,
          detail === null ? null : storableText(detail),
          JSON.stringify(put.map(toDeliveryColumns)),
          done,
          requestsDone,
          timeline,
          put.some(({ status }) => status === 'dead'),
          itemPlaceIn(place),
        ];
        const saved = (await logPool.query({ ...SAVE, values })).rows[0];
        return saved ? { paused: saved.paused, requests: saved.requests.map(toRequest) } : null;
      }),

    async pauseConsumer(name, paused) {
      const text = 'UPDATE consumers SET paused = $3 WHERE sdk_app_id = $1 AND name = $2';
      if ((await pool.query(text, [sdkAppId, name, paused])).rowCount === 0) return false;
      onRequest(name);
      return true;
    },

    async rewindConsumer(name, to) {
      return request(name, 'rewind', await placed(() => placeSince(logPool, sdkAppId, to)));
    },

    async sendToConsumer(name, callbackId) {
      const id = rowIdOf(callbackId);
      const text = `SELECT (SELECT status FROM callbacks WHERE sdk_app_id = $1 AND id = $3) AS status
        FROM consumers WHERE sdk_app_id = $1 AND name = $2`;
      const found = (await pool.query(text, [sdkAppId, name, id])).rows[0];
      if (!found) return 'no consumer';
      if (found.status === null) return 'no callback';
      if (found.status === 'rejected') return 'rejected';
      return (await request(name, 'send', String(id))) ? 'asked' : 'no consumer';
    },

    removeConsumer: (name) =>
      inTransaction(pool, async (client) => {
        const of = [sdkAppId, name];
        const text = `SELECT leased_until > ${CLOCK} AS running FROM consumers
          WHERE sdk_app_id = $1 AND name = $2 FOR UPDATE`;
        const consumer = (await client.query(text, of)).rows[0];
        if (!consumer) return 'not found';
        if (consumer.running) return 'running';
        await client.query('DELETE FROM deliveries WHERE sdk_app_id = $1 AND consumer = $2', of);
        await client.query('DELETE FROM consumer_requests WHERE sdk_app_id = $1 AND consumer = $2', of);
        await client.query('DELETE FROM consumers WHERE sdk_app_id = $1 AND name = $2', of);
        return 'removed';
      }),

    async retryDelivery(id) {
      return isUuid(id) && (await requestRetries({}, id)) > 0;
    },

    retryDeliveries: (filter) => requestRetries(filter, null),
  } satisfies Partial<ConsumerStore> & { placed: unknown };
}
