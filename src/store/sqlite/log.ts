import type { DatabaseSync } from 'node:sqlite';
import type { Kysely, RawBuilder } from 'kysely';
import { type Lag, MAX_LAG } from '../consumer-reads.ts';
import { type LoggedRow, MAX_READ_BYTES, toLogged } from '../consumer-rows.ts';
import { type ConsumerStore, type Place, partsOf } from '../consumers.ts';
import type { CallbackRow, Tables } from '../rows.ts';

// The log in commit order. A callback's place is its id: in every process, a transaction takes the lock before it takes
// an id. A callback that a retry has accepted has a later number of the same sequence as its place.

export type Log = ReturnType<typeof prepareLog>;

/** The reads and writes of the log within the writer's transactions. */
export function prepareLog(database: DatabaseSync, sdkAppId: number) {
  const selectHighest = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'callbacks'");
  const takeNext = database.prepare(
    "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'callbacks' RETURNING seq AS number",
  );
  // Reads the index only: about 50 ms for a million rows. The callback found may be rejected, or have another place in
  // the log, so the next statement continues from there in table order.
  const selectLowestSince = database.prepare(
    'SELECT min(id) AS id FROM callbacks INDEXED BY callbacks_by_receipt WHERE sdk_app_id = ? AND received_at >= ?',
  );
  const selectFirstSince = database.prepare(`
    SELECT id AS number FROM callbacks
    WHERE id >= ? AND +sdk_app_id = ? AND +received_at >= ? AND +status <> 'rejected' AND place IS NULL
    ORDER BY id LIMIT 1`);
  const selectFirstRetriedSince = database.prepare(`
    SELECT place AS number FROM callbacks INDEXED BY callbacks_retried
    WHERE place IS NOT NULL AND sdk_app_id = ? AND received_at >= ? ORDER BY place LIMIT 1`);
  const selectStatus = database.prepare('SELECT status FROM callbacks WHERE id = ? AND sdk_app_id = ?');

  function highest(): number {
    return (selectHighest.get() as { seq: number } | undefined)?.seq ?? 0;
  }

  /** The place before the first callback received at or after a time; without one, the end of the log. */
  function placeAt(time: number): number {
    const lowest = selectLowestSince.get(sdkAppId, time) as { id: number | null };
    const found = [
      lowest.id !== null && selectFirstSince.get(lowest.id, sdkAppId, time),
      selectFirstRetriedSince.get(sdkAppId, time),
    ].flatMap((row) => (row ? (row.number as number) : []));
    return found.length > 0 ? Math.min(...found) - 1 : highest();
  }

  return {
    placeFrom(from: 'now' | 'beginning' | Date): number {
      if (from === 'now') return highest();
      return from === 'beginning' ? 0 : placeAt(from.getTime());
    },

    /** The place of a callback after a retry has judged it; null: its id, or not in the log. */
    placeOfRetried(status: CallbackRow['status'], before: Pick<CallbackRow, 'status' | 'place'>): number | null {
      if (status === 'rejected') return null;
      if (status === before.status) return before.place;
      return (takeNext.get() as { number: number }).number;
    },

    statusOf(callbackId: number): CallbackRow['status'] | null {
      return (selectStatus.get(callbackId, sdkAppId) as Pick<CallbackRow, 'status'> | undefined)?.status ?? null;
    },
  };
}

/** The reads of the log. Each is one statement, so that a callback moved by a retry is not read at both places. */
export function logReadsOf(open: () => Promise<Kysely<Tables>>, sdkAppId: number) {
  return {
    async readLog({ after, upTo, limit, wants }) {
      const database = await open();
      const { sql } = await import('kysely');
      const [from, to] = [partsOf(after)[1], upTo === undefined ? Number.MAX_SAFE_INTEGER : partsOf(upTo)[1]];
      // With the status index, a run of rejected callbacks costs nothing.
      const unmoved = (status: string) => sql`
        SELECT * FROM (SELECT id AS number, id, command, octet_length(body) AS bytes
          FROM callbacks INDEXED BY callbacks_by_status
          WHERE sdk_app_id = ${sdkAppId} AND status = ${status} AND id > ${from} AND id <= ${to} AND place IS NULL
          ORDER BY id LIMIT ${limit})`;
      const isWanted =
        wants === null ? sql`true` : sql`command IN (SELECT value FROM json_each(${JSON.stringify(wants)}))`;
      const { rows } = await sql<LoggedRow>`
        WITH found AS (
          SELECT number, id, CASE WHEN ${isWanted} THEN bytes END AS bytes FROM (
            ${unmoved('accepted')} UNION ALL ${unmoved('unknown')} UNION ALL
            SELECT * FROM (SELECT place AS number, id, command, octet_length(body) AS bytes
              FROM callbacks INDEXED BY callbacks_retried
              WHERE place > ${from} AND place <= ${to} AND sdk_app_id = ${sdkAppId} ORDER BY place LIMIT ${limit})
          ) ORDER BY number LIMIT ${limit}
        ), measured AS (
          SELECT number, id, bytes, sum(bytes) OVER (ORDER BY number) AS total, row_number() OVER (ORDER BY number) AS row
          FROM found
        )
        SELECT '0-' || number AS place, callbacks.id, command, status, ignored, received_at, decision, query,
          CASE WHEN bytes IS NOT NULL THEN body END AS body
        FROM measured CROSS JOIN callbacks ON callbacks.id = measured.id
        WHERE total IS NULL OR total <= ${MAX_READ_BYTES} OR row = 1 ORDER BY number`.execute(database);
      return rows.map(toLogged);
    },

    async findLogged({ places = [], ids = [] }) {
      const database = await open();
      const { sql } = await import('kysely');
      const listed = (numbers: readonly number[]) => sql`(SELECT value FROM json_each(${JSON.stringify(numbers)}))`;
      const numbers = listed(places.map((place) => partsOf(place)[1]));
      const { rows } = await sql<LoggedRow>`
        WITH found AS (
          SELECT id AS found_id, coalesce(place, id) AS number, octet_length(body) AS bytes FROM callbacks
          WHERE id IN (
            SELECT id FROM callbacks WHERE id IN ${numbers} AND place IS NULL
            UNION SELECT id FROM callbacks WHERE place IN ${numbers} AND place IS NOT NULL
            UNION SELECT value FROM ${listed(ids.map(Number))}
          ) AND +sdk_app_id = ${sdkAppId} AND +status <> 'rejected'
        ), measured AS (
          SELECT found_id, number, sum(bytes) OVER (ORDER BY number) AS total, row_number() OVER (ORDER BY number) AS row
          FROM found
        )
        SELECT '0-' || number AS place, id, command, status, ignored, received_at, decision, query,
          CASE WHEN total <= ${MAX_READ_BYTES} OR row = 1 THEN body END AS body
        FROM measured CROSS JOIN callbacks ON id = found_id ORDER BY number`.execute(database);
      return rows.map(toLogged);
    },

    /** A single writer commits in order: nothing can hold the log back. */
    async heldBack() {
      return null;
    },
  } satisfies Partial<ConsumerStore>;
}

/** A retried callback has a place after its id, so it is also counted by its id if that is after the given place. */
export function lagOf(
  open: () => Promise<Kysely<Tables>>,
  sdkAppId: number,
  { readLog }: ReturnType<typeof logReadsOf>,
) {
  return async (after: Place): Promise<Lag> => {
    const [first] = await readLog({ after, limit: 1, wants: [] });
    if (!first) return { lag: 0, lagCapped: false, oldest: null };
    const from = partsOf(after)[1];
    const { sql } = await import('kysely');
    const count = (rows: RawBuilder<unknown>) => sql`(SELECT count(*) FROM (${rows} LIMIT ${MAX_LAG + 1}))`;
    const ofStatus = (status: string) =>
      count(sql`SELECT 1 FROM callbacks INDEXED BY callbacks_by_status
        WHERE sdk_app_id = ${sdkAppId} AND status = ${status} AND id > ${from}`);
    const moved = count(sql`SELECT 1 FROM callbacks INDEXED BY callbacks_retried
      WHERE place > ${from} AND id <= ${from} AND sdk_app_id = ${sdkAppId}`);
    const { rows } = await sql<{ lag: number }>`
      SELECT ${ofStatus('accepted')} + ${ofStatus('unknown')} + ${moved} AS lag`.execute(await open());
    const lag = rows[0]?.lag ?? 0;
    return { lag: Math.min(lag, MAX_LAG), lagCapped: lag > MAX_LAG, oldest: first.receivedAt };
  };
}
