import type { Client } from 'pg';
import type { Logger } from '../../callback/logger.ts';
import { comparePlaces, type Place, partsOf } from '../consumers.ts';
import { codeOf, FEATURE_NOT_SUPPORTED } from './failures.ts';
import { columnsOf } from './log.ts';
import { type Queryable, transact } from './transactions.ts';

/** Reads and appends queue behind a pending table lock: after a second, an append goes to the spool. */
const TABLE_LOCK_TIMEOUT = '2s';

/** The database was restored into a cluster other than the one that gave the xids of its places. */
export class OtherCluster extends Error {
  constructor() {
    super('the places of the consumers are of another database cluster');
  }
}

/** @throws {OtherCluster} */
export async function assertCluster(database: Queryable): Promise<void> {
  if (!(await isInItsCluster(database))) throw new OtherCluster();
}

async function isInItsCluster(database: Queryable, lock = ''): Promise<boolean> {
  const text = 'SELECT cluster = system_identifier::text AS same FROM store_identity, pg_control_system()';
  return (await database.query(`${text} ${lock}`)).rows[0].same;
}

/** A session setting, so that a statement can check which server it runs on. */
const TIMELINE = 'tencent_chat_callbacks.timeline';

/**
 * The timeline of the server's WAL. A promoted standby begins a new timeline in the same cluster. If it had lagged
 * behind, it assigns xids again that a consumer of this process has already passed.
 */
export const TIMELINE_OF_SESSION = `current_setting('${TIMELINE}')`;

/**
 * Stores the timeline for the statements of this session. Servers with shared storage, such as Aurora, refuse to tell
 * it; none of them can lag behind.
 */
export async function noteTimeline(database: Queryable): Promise<void> {
  try {
    await database.query(
      `SELECT set_config('${TIMELINE}', substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8), false)`,
    );
  } catch (error) {
    if (codeOf(error) !== FEATURE_NOT_SUPPORTED) throw error;
    await database.query(`SET ${TIMELINE} = ''`);
  }
}

/**
 * Gives all callbacks and consumers places that are valid in this cluster: xid 0, and the id. A consumer continues
 * after the id n, the lower of
 * - the highest id that it had reached, or that was stored when it was registered: a callback that is stored in this
 *   cluster has a higher id than any restored one;
 * - the id before the lowest one among the callbacks after its place.
 * So it misses none. Callbacks above n that it had passed are delivered again; there are some only where transactions
 * ran concurrently.
 *
 * It is the only long transaction with an xid, and delays the consumers, which have to wait for it anyway.
 */
export async function moveToCluster(client: Client, log?: Pick<Logger, 'warn'>): Promise<void> {
  if (await isInItsCluster(client)) return;
  const started = performance.now();
  let moved: { name: string; from: Place; to: Place }[] | null = null;
  await transact(client, async () => {
    // Another receiver may be doing the same.
    if (await isInItsCluster(client, 'FOR UPDATE OF store_identity')) return;
    moved = await moveConsumers(client);
    await resetXids(client);
    await client.query('UPDATE store_identity SET cluster = system_identifier::text FROM pg_control_system()');
  });
  if (!moved) return;
  const seconds = (performance.now() - started) / 1000;
  log?.warn(
    { consumers: moved, seconds },
    'the database is in another cluster: consumers go on by the ids of callbacks',
  );
}

/**
 * Writing 0 to each row would make a second copy of the table and of all its indexes. Adding a column with a constant
 * default writes no rows; the index takes 1 s per million rows.
 */
async function resetXids(client: Client): Promise<void> {
  await client.query(`SET LOCAL lock_timeout = '${TABLE_LOCK_TIMEOUT}'`);
  await client.query('ALTER TABLE callbacks DROP COLUMN xid');
  await client.query("ALTER TABLE callbacks ADD COLUMN xid xid8 NOT NULL DEFAULT '0'");
  await client.query('ALTER TABLE callbacks ALTER COLUMN xid SET DEFAULT pg_current_xact_id()');
  await client.query("CREATE INDEX callbacks_in_order ON callbacks (sdk_app_id, xid, id) WHERE status <> 'rejected'");
}

async function moveConsumers(client: Client): Promise<{ name: string; from: Place; to: Place }[]> {
  const { rows } = await client.query(
    `SELECT sdk_app_id, name, place_xid::text || '-' || place_id AS place, highest_id, open_places
     FROM consumers ORDER BY sdk_app_id, name FOR UPDATE`,
  );
  const moved = [];
  for (const { sdk_app_id: app, name, place, highest_id, open_places } of rows) {
    const to = await placeBefore(client, app, place, highest_id);
    const open = movedUpTo(to, JSON.parse(open_places));
    const needed = await moveDeliveries(client, app, name, to);
    const [floor] = [to, ...open, ...needed].toSorted(comparePlaces) as [Place];
    await moveRewinds(client, app, name, highest_id);
    // The new token fences off a receiver that runs the consumer from its old place.
    await client.query(
      `UPDATE consumers SET place_xid = $3, place_id = $4, item_place = NULL, floor_xid = $5, floor_id = $6, open_places = $7,
         token = token + 1, holder = NULL, leased_until = 0
       WHERE sdk_app_id = $1 AND name = $2`,
      [app, name, ...columnsOf(to), ...columnsOf(floor), JSON.stringify(open)],
    );
    moved.push({ name, from: place, to });
  }
  return moved;
}

/** @returns places that the parked deliveries need */
async function moveDeliveries(client: Client, app: number, consumer: string, upTo: Place): Promise<Place[]> {
  const needed: Place[] = [];
  const { rows } = await client.query(
    'SELECT id, status, place, waiting, more_after FROM deliveries WHERE sdk_app_id = $1 AND consumer = $2',
    [app, consumer],
  );
  for (const { id, status, place, waiting, more_after } of rows) {
    const head = place && movedOf(place);
    const rest = movedUpTo(upTo, JSON.parse(waiting));
    const more = more_after && (await placeBefore(client, app, more_after, partsOf(more_after)[1]));
    await client.query('UPDATE deliveries SET place = $2, waiting = $3, more_after = $4 WHERE id = $1', [
      id,
      head,
      JSON.stringify(rest),
      more,
    ]);
    if (status === 'parked') needed.push(...[head, ...rest, more].filter((one) => one !== null));
  }
  return needed;
}

async function moveRewinds(client: Client, app: number, consumer: string, highestId: number): Promise<void> {
  const { rows } = await client.query(
    "SELECT id, argument FROM consumer_requests WHERE sdk_app_id = $1 AND consumer = $2 AND kind = 'rewind'",
    [app, consumer],
  );
  for (const { id, argument } of rows) {
    const to = await placeBefore(client, app, argument, highestId);
    await client.query('UPDATE consumer_requests SET argument = $2 WHERE id = $1', [id, to]);
  }
}

/** The place in id order before all callbacks that come after an old place. */
async function placeBefore(client: Client, app: number, old: Place, atMost: number): Promise<Place> {
  // id + 0: for min(id), PostgreSQL would scan the ids from the first one.
  const { rows } = await client.query(
    `SELECT '0-' || least($4::bigint, min(id + 0) - 1) AS place FROM callbacks
     WHERE sdk_app_id = $1 AND status <> 'rejected' AND (xid, id) > ($2::xid8, $3::bigint)`,
    [app, ...columnsOf(old), atMost],
  );
  return rows[0].place;
}

function movedOf(old: Place): Place {
  return `0${old.slice(old.indexOf('-'))}`;
}

/** Callbacks after `end` are read from the log again. */
function movedUpTo(end: Place, old: readonly Place[]): Place[] {
  const places = old.map(movedOf).filter((place) => comparePlaces(place, end) <= 0);
  return places.toSorted(comparePlaces);
}
