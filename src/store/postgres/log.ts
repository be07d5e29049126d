import { type Lag, MAX_LAG } from '../consumer-reads.ts';
import { MAX_READ_BYTES, toLogged } from '../consumer-rows.ts';
import { type ConsumerStore, type HeldBack, type Place, partsOf } from '../consumers.ts';
import { rowIdOf } from '../rows.ts';
import type { Queryable } from './transactions.ts';

/**
 * The log is ordered by (xid, id) and read below the watermark, the lowest xid of a transaction that is still open:
 * transactions commit in any order, but none commits below it any more. A cursor over ids alone loses rows, because ids
 * are assigned before the commit. With 1 million rows, a read of 256 callbacks takes about 4 ms, by callbacks_in_order.
 */
const WATERMARK = 'pg_snapshot_xmin(pg_current_snapshot())';
/** The deliverable callbacks of app $1 after place $2, $3. */
const AFTER = `sdk_app_id = $1 AND status <> 'rejected' AND (xid, id) > ($2::xid8, $3::bigint)`;
const COLUMNS = `xid::text || '-' || id AS place, id, command, status, ignored, received_at, decision, query`;

/**
 * One statement, so one snapshot: a callback that a retry moves concurrently is read at one place only. A body is
 * fetched from TOAST storage only if it is returned; its length is known without that.
 * @param upTo a condition on $7, $8
 */
const readText = (upTo: string) => `
  SELECT ${COLUMNS}, CASE WHEN wanted THEN body END AS body
  FROM (
    SELECT *, sum(CASE WHEN wanted THEN octet_length(body) ELSE 0 END) OVER in_order AS bytes,
      row_number() OVER in_order AS number
    FROM (
      SELECT *, ($5::text[] IS NULL OR command = ANY ($5)) AS wanted
      FROM callbacks WHERE ${AFTER} AND xid < ${WATERMARK} ${upTo}
      ORDER BY xid, id LIMIT $4
    ) AS following
    WINDOW in_order AS (ORDER BY xid, id)
  ) AS summed
  WHERE bytes <= $6 OR number = 1
  ORDER BY xid, id`;
const READ_ALL = readText('');
const READ_UP_TO = readText('AND (xid, id) <= ($7::xid8, $8::bigint)');

const FIND = `
  SELECT ${COLUMNS}, CASE WHEN bytes <= $5 OR number = 1 THEN body END AS body
  FROM (
    SELECT *, sum(octet_length(body)) OVER in_order AS bytes, row_number() OVER in_order AS number
    FROM callbacks
    WHERE sdk_app_id = $1 AND status <> 'rejected'
      AND (id = ANY ($2::bigint[]) OR (id = ANY ($4::bigint[])
        AND (xid, id) IN (SELECT * FROM unnest($3::xid8[], $4::bigint[]))))
    WINDOW in_order AS (ORDER BY xid, id)
  ) AS found
  ORDER BY xid, id`;

/** A single bound for the index: with two, PostgreSQL would start at the lower one and read everything in between. */
const UNSETTLED_AFTER = `sdk_app_id = $1 AND status <> 'rejected' AND (xid, id) > (
  greatest($2::xid8, ${WATERMARK}), CASE WHEN $2::xid8 < ${WATERMARK} THEN 0 ELSE $3::bigint END)`;

/**
 * A transaction holds the watermark back in all databases of the cluster. For sessions of other roles, pg_stat_activity
 * shows the start only to members of pg_read_all_stats.
 */
const HELD_BACK = `
  SELECT pid, datname AS database, floor(extract(epoch FROM clock_timestamp() - since))::integer AS "ageSeconds"
  FROM (SELECT EXISTS (SELECT FROM callbacks WHERE ${UNSETTLED_AFTER}) AS yes) AS held
  LEFT JOIN (
    SELECT pid, datname, xact_start AS since, backend_xid AS xid FROM pg_stat_activity
    WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
    UNION ALL
    SELECT NULL, database, prepared, transaction FROM pg_prepared_xacts
  ) AS open ON true
  WHERE yes ORDER BY age(xid) DESC NULLS LAST LIMIT 1`;

const LAG = `
  SELECT (SELECT count(*)::integer FROM (SELECT FROM callbacks WHERE ${AFTER} LIMIT $4) AS following) AS lag,
    (SELECT received_at FROM callbacks WHERE ${AFTER} ORDER BY xid, id LIMIT 1) AS oldest`;

/**
 * Nothing can appear below the watermark any more; transactions that are open now, or begin later, come after this
 * place.
 */
const SINCE = `
  SELECT coalesce((
    SELECT xid::text || '-' || (id - 1) FROM callbacks
    WHERE sdk_app_id = $1 AND status <> 'rejected' AND received_at >= $2 AND xid < ${WATERMARK}
    ORDER BY xid, id LIMIT 1
  ), ${WATERMARK}::text || '-0') AS place`;

/**
 * The place before the first callback received since then; without a time or such a callback, before what is stored
 * next.
 */
export async function placeSince(database: Queryable, sdkAppId: number, since: Date | null): Promise<Place> {
  return (await database.query(SINCE, [sdkAppId, since?.getTime()])).rows[0].place;
}

/** @param database a connection whose places are of this cluster */
export function logOf(database: Queryable, sdkAppId: number) {
  return {
    async readLog({ after, upTo, limit, wants }) {
      const values = [sdkAppId, ...columnsOf(after), limit, wants, MAX_READ_BYTES];
      const { rows } = await (upTo === undefined
        ? database.query(READ_ALL, values)
        : database.query(READ_UP_TO, [...values, ...columnsOf(upTo)]));
      return rows.map(toLogged);
    },

    async findLogged({ places = [], ids = [] }) {
      const parts = places.map(columnsOf);
      const known = ids.map(rowIdOf).filter((id) => id !== null);
      const { rows } = await database.query(FIND, [
        sdkAppId,
        known,
        parts.map(([xid]) => xid),
        parts.map(([, id]) => id),
        MAX_READ_BYTES,
      ]);
      return rows.map(toLogged);
    },

    async heldBack(after): Promise<HeldBack | null> {
      return (await database.query(HELD_BACK, [sdkAppId, ...columnsOf(after)])).rows[0] ?? null;
    },
  } satisfies Partial<ConsumerStore>;
}

/** The callbacks after a place, settled or not. */
export async function lagAfter(database: Queryable, sdkAppId: number, place: Place): Promise<Lag> {
  const { rows } = await database.query(LAG, [sdkAppId, ...columnsOf(place), MAX_LAG + 1]);
  const { lag, oldest } = rows[0];
  return {
    lag: Math.min(lag, MAX_LAG),
    lagCapped: lag > MAX_LAG,
    oldest: oldest === null ? null : new Date(oldest),
  };
}

/** The column values of a place. */
export function columnsOf(place: Place): [xid: string, id: number] {
  const [xid, id] = partsOf(place);
  return [String(xid), id];
}
