import { randomUUID } from 'node:crypto';
import pg, { type ClientBase, type ClientConfig, type Pool } from 'pg';
import { DatabaseUnusable } from '../spool.ts';

/** A receiver writes over one connection at a time; the others serve reads. */
const MAX_CONNECTIONS = 10;
/** Short enough for the spool to take a callback over within the 2 s that the vendor waits. */
const CONNECT_TIMEOUT_MS = 1_000;
/** Nobody waits for a batch program: it gives a busy server more time. */
const BATCH_CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 1_000;
/** An append that waited in vain for a lock must be able to retry within the time that the vendor waits. */
const LOCK_TIMEOUT_MS = 300;
const BATCH_LOCK_TIMEOUT_MS = 800;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 5_000;
/** Limits the wait for a server that disappeared without closing its connections. */
const ANSWER_TIMEOUT_MS = 1_200;
/** 64 MiB over 10 Mbit/s. */
const LARGE_STATEMENT_TIMEOUT_MS = 60_000;
/** A read of the log returns 8 MiB at most. The vendor does not wait for it. */
const LOG_STATEMENT_TIMEOUT_MS = 10_000;
const LOG_ANSWER_TIMEOUT_MS = 11_000;
/** Each consumer of this process reads and saves over one connection at a time. */
const MAX_LOG_CONNECTIONS = 4;

/** node-postgres reads bigint as text; ids and milliseconds stay below 2^53. */
const types = {
  getTypeParser: ((oid, format) =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/**
 * Purpose of a connection: `append` has a deadline, a longer one for large bodies; `batch` limits only the wait for
 * locks; `log` is for consumers, which read the log and save their progress; `migration` and `listen` have no limit.
 */
type Purpose = 'append' | 'large append' | 'batch' | 'log' | 'migration' | 'listen';

const NO_TIMEOUTS = { statement_timeout: 0, lock_timeout: 0, idle_in_transaction_session_timeout: 0 };
const TIMEOUTS: Record<Purpose, typeof NO_TIMEOUTS> = {
  append: {
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  },
  'large append': {
    statement_timeout: LARGE_STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  },
  batch: {
    statement_timeout: 0,
    lock_timeout: BATCH_LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  },
  log: {
    statement_timeout: LOG_STATEMENT_TIMEOUT_MS,
    lock_timeout: 0,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  },
  migration: NO_TIMEOUTS,
  listen: NO_TIMEOUTS,
};

export const MIGRATION_NAME = 'tencent-chat-callbacks migration';
const APPLICATION_NAMES: Record<Purpose, string> = {
  append: 'tencent-chat-callbacks',
  'large append': 'tencent-chat-callbacks',
  batch: 'tencent-chat-callbacks batch',
  log: 'tencent-chat-callbacks consumers',
  migration: MIGRATION_NAME,
  listen: 'tencent-chat-callbacks',
};

function configOf(url: string, purpose: Purpose): ClientConfig {
  return {
    connectionString: url,
    types,
    connectionTimeoutMillis: purpose === 'batch' ? BATCH_CONNECT_TIMEOUT_MS : CONNECT_TIMEOUT_MS,
    ...(purpose === 'append' && { query_timeout: ANSWER_TIMEOUT_MS }),
    ...(purpose === 'large append' && { query_timeout: LARGE_STATEMENT_TIMEOUT_MS }),
    ...(purpose === 'log' && { query_timeout: LOG_ANSWER_TIMEOUT_MS }),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: APPLICATION_NAMES[purpose],
  };
}

/**
 * Connects on first use.
 * @param onBroken called when a connection breaks; the pool replaces it
 * @param onConnected called when a connection is open and its settings are asserted; throwing rejects the connection
 */
export function openPool(
  url: string,
  purpose: 'append' | 'large append' | 'batch' | 'log',
  {
    onBroken,
    onConnected,
  }: { onBroken: (error: Error) => void; onConnected: (client: ClientBase) => void | Promise<void> },
): Pool {
  const pool = new pg.Pool({
    ...configOf(url, purpose),
    max: purpose === 'log' ? MAX_LOG_CONNECTIONS : MAX_CONNECTIONS,
    // The pool awaits it before it hands out the connection, and discards the connection if it throws.
    onConnect: async (client) => {
      await prepareSession(client, purpose);
      await onConnected(client);
    },
  });
  pool.on('error', onBroken);
  // The pool handles errors of idle connections only; the error of a busy one would end the process.
  pool.on('connect', (client) => client.on('error', onBroken));
  return pool;
}

/** Opens and prepares a connection outside the pool. Its owner must handle `error` events from before the call. */
export async function connect(client: pg.Client, purpose: Purpose): Promise<void> {
  await client.connect();
  await prepareSession(client, purpose);
}

export function clientOf(url: string, purpose: Purpose): pg.Client {
  return new pg.Client(configOf(url, purpose));
}

/** A setting that names the session: a new connection that finds it set shares its session with another one. */
const SESSION_NAME = 'tencent_chat_callbacks.session';

/**
 * Makes the session keep the store's guarantees, whatever the defaults of server, database or role, and asserts it. SET
 * instead of startup parameters, because connection poolers refuse those.
 * @throws {DatabaseUnusable}
 */
async function prepareSession(client: ClientBase, purpose: Purpose): Promise<void> {
  // Progress is saved up to 50 times a second. A crash of the server loses places and deliveries together, which
  // repeats deliveries but loses none.
  const durability = purpose === 'log' ? 'off' : 'on';
  const settings = {
    [SESSION_NAME]: randomUUID(),
    synchronous_commit: durability,
    ...TIMEOUTS[purpose],
    // Without statistics of a new table, PostgreSQL expects few callbacks after a place: each read would fetch and sort
    // all of them (60,000: 33 ms) instead of the first 256 of the index.
    ...(purpose === 'log' && { enable_bitmapscan: 'off' }),
  };
  const set = Object.entries(settings).map(([name, value]) => `SET SESSION ${name} = '${value}'`);
  const results = await client.query(
    [
      `SELECT current_setting('${SESSION_NAME}', true) AS previous, current_setting('server_encoding') AS encoding`,
      ...set,
      "SELECT current_setting('synchronous_commit') AS synchronous_commit",
    ].join(';'),
  );
  // Several statements return one result each, which the types do not express.
  const [before, after] = (results as unknown as pg.QueryResult[]).flatMap(({ rows }) => rows);
  if (before.previous) {
    throw unusable(
      'a connection pooler gives one session to several connections: put it into session mode (in PgBouncer pool_mode = session), or connect to PostgreSQL itself',
    );
  }
  if (before.encoding !== 'UTF8') {
    throw unusable(
      `its encoding is ${before.encoding}, which cannot hold every text: create one with CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0`,
    );
  }
  if (durability === 'on' && after.synchronous_commit !== 'on') {
    throw unusable(
      `synchronous_commit stays ${after.synchronous_commit}, so that OK would not mean on disk: let the role set it to on`,
    );
  }
}

function unusable(problem: string): DatabaseUnusable {
  return new DatabaseUnusable(`The database (DATABASE_URL) cannot be used: ${problem}`);
}

/**
 * Opens a connection, so that an unusable database is reported at the start.
 * @throws {DatabaseUnusable}, or the client's error if the database is unreachable
 */
export async function checkDatabase(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    // A connection pooler reports a process id of its own. In transaction mode, it gives the session, which is idle
    // now, to the next connection.
    if (rows[0].pid !== (client as unknown as { processID: number }).processID) (await pool.connect()).release();
  } finally {
    client.release();
  }
}
