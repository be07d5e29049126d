import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import pg from 'pg';
import { fill } from '../scripts/bench/reads.ts';
import { BEGINNING } from '../src/store/consumers.ts';
import { type Reads, readsOf } from '../src/store/reads.ts';
import type { Tables } from '../src/store/rows.ts';
import { lagOf, logReadsOf } from '../src/store/sqlite/log.ts';
import { usePostgres } from './support/postgres.ts';
import { teardown, temporaryFolder } from './support/start.ts';

const SDK_APP_ID = 1400000000;
const ENOUGH_FOR_THE_PLANNER = 5_000;

const LAST_DAY = { since: new Date(Date.now() - 86_400_000), until: new Date(Date.now() + 86_400_000) };
const PLACE = `${Date.now() - 3_600_000} 1`;

const READS: [string, (reads: Reads) => Promise<unknown>, { sqlite: RegExp; postgres: RegExp }][] = [
  [
    'groups, the first page',
    (reads) => reads.listGroups({ limit: 50 }),
    { sqlite: /COVERING INDEX groups_by_creation/, postgres: /groups_by_creation/ },
  ],
  [
    'groups of a type',
    (reads) => reads.listGroups({ limit: 50, types: ['Work', 'Private'] }),
    { sqlite: /COVERING INDEX groups_by_creation/, postgres: /groups_by_(creation|type)/ },
  ],
  [
    'groups of an owner',
    (reads) => reads.listGroups({ limit: 50, owner: 'nobody' }),
    { sqlite: /INDEX groups_by_owner/, postgres: /groups_by_owner/ },
  ],
  [
    'a search',
    (reads) => reads.listGroups({ limit: 50, search: 'group' }),
    { sqlite: /COVERING INDEX groups_by_creation/, postgres: /groups_by_creation/ },
  ],
  [
    'groups by type',
    (reads) => reads.countGroupsByType(new Date(Date.now() - 3_600_000)),
    { sqlite: /COVERING INDEX groups_by_creation/, postgres: /groups_by_creation/ },
  ],
  [
    'callbacks, the first page',
    (reads) => reads.listCallbacks({ limit: 50 }),
    { sqlite: /^SCAN callbacks$/, postgres: /callbacks_pkey/ },
  ],
  [
    'callbacks of a command',
    (reads) => reads.listCallbacks({ limit: 50, command: 'Some.New' }),
    { sqlite: /INDEX callbacks_by_command/, postgres: /callbacks_by_command/ },
  ],
  [
    'callbacks of a family',
    (reads) => reads.listCallbacks({ limit: 50, family: 'Group', status: 'accepted' }),
    // If all callbacks have one command, the newest of all are also the newest of that command.
    { sqlite: /INDEX callbacks_by_command/, postgres: /^(?!.*Seq Scan).*callbacks_(by_command|pkey)/s },
  ],
  [
    'rejected callbacks',
    (reads) => reads.listCallbacks({ limit: 50, status: 'rejected' }),
    { sqlite: /INDEX callbacks_by_status/, postgres: /callbacks_by_status/ },
  ],
  [
    'repeated callbacks',
    (reads) => reads.listCallbacks({ limit: 50, repeated: true }),
    { sqlite: /INDEX callbacks_repeated/, postgres: /callbacks_repeated/ },
  ],
  [
    'callbacks of a time',
    (reads) => reads.listCallbacks({ limit: 50, ...LAST_DAY }),
    {
      sqlite: /^SEARCH (?!.*TEMP B-TREE).*callbacks_by_receipt \(.*received_at>\? AND received_at<\?\)/s,
      postgres: /callbacks_by_receipt/,
    },
  ],
  [
    'accepted callbacks of a family and of a time, a later page, oldest first',
    (reads) =>
      reads.listCallbacks({ limit: 50, ...LAST_DAY, family: 'Group', status: 'accepted', order: 'asc', after: PLACE }),
    {
      sqlite: /^SEARCH (?!.*TEMP B-TREE).*callbacks_by_receipt \(.*received_at.*\)/s,
      postgres: /callbacks_by_receipt/,
    },
  ],
  [
    'rejected callbacks of a time',
    (reads) => reads.listCallbacks({ limit: 50, ...LAST_DAY, status: 'rejected' }),
    { sqlite: /INDEX callbacks_by_status/, postgres: /callbacks_by_(status|receipt)/ },
  ],
  [
    'callbacks by a part of the command',
    (reads) => reads.listCallbacks({ limit: 50, command: '*createGROUP*' }),
    { sqlite: /INDEX callbacks_by_command/, postgres: /^(?!.*Seq Scan).*callbacks_(by_command|pkey)/s },
  ],
  [
    'the commands that were seen',
    (reads) => reads.seenCommands(new Date(Date.now() - 3_600_000)),
    {
      sqlite: /^(?!.*SCAN callbacks).*INDEX callbacks_by_(command|receipt)/s,
      postgres: /^(?!.*Seq Scan on callbacks).*callbacks_(by_command|by_receipt|pkey)/s,
    },
  ],
  [
    'the history of a group',
    (reads) => reads.listHistory({ groupId: 'none', limit: 50 }),
    { sqlite: /INDEX callbacks_by_group/, postgres: /callbacks_by_group/ },
  ],
  [
    'callbacks of an account',
    (reads) => reads.listCallbacks({ limit: 50, account: 'owner 1', status: 'accepted' }),
    {
      sqlite: /SEARCH (callback_accounts|named) |SEARCH callbacks USING INTEGER PRIMARY KEY/,
      postgres: /callback_accounts_pkey|callbacks_pkey/,
    },
  ],
  [
    'an account',
    (reads) => reads.findAccount('nobody'),
    {
      sqlite:
        /SEARCH (callback_accounts|account_registers|named) |INDEX (group_parts_by_member|groups_by_owner)|callbacks USING INTEGER/,
      postgres: /callback_accounts_pkey|account_registers_pkey|group_parts_by_member|groups_by_owner|callbacks_pkey/,
    },
  ],
  [
    'groups with their parts',
    (reads) => reads.findGroupDetails(Array.from({ length: 50 }, (_, n) => `group ${n}`)),
    {
      // Without a sort: 50 groups may have many members.
      sqlite:
        /^MERGE(?!.*TEMP B-TREE).*autoindex_groups_1 \(.* group_id=.*group_parts USING PRIMARY KEY \(.* group_id=/s,
      postgres: /^(?!.*Seq Scan).*group_parts_pkey/s,
    },
  ],
  [
    'ids of groups',
    (reads) => reads.listGroupIds({ after: 'group 7', limit: 50 }),
    { sqlite: /COVERING INDEX sqlite_autoindex_groups_1 \(.*group_id>/, postgres: /groups_pkey/ },
  ],
  [
    'the newest callbacks of groups',
    (reads) => reads.newestChangesOf(Array.from({ length: 50 }, (_, n) => `group ${n}`)),
    { sqlite: /INDEX callbacks_by_group \(.*group_id=/, postgres: /callbacks_by_group/ },
  ],
];

type LogReads = ReturnType<typeof logReadsOf> & { lag: ReturnType<typeof lagOf> };

/** No read scans the table, whatever was rejected or retried. */
const LOG_READS: [string, (log: LogReads) => Promise<unknown>, RegExp[]][] = [
  [
    'the log',
    (log) => log.readLog({ after: BEGINNING, limit: 50, wants: ['Some.New'] }),
    [
      /INDEX callbacks_by_status \(sdk_app_id=\? AND status=\? AND id>\? AND id<\?\)/,
      /INDEX callbacks_retried \(place>\? AND place<\?\)/,
      /SEARCH callbacks USING INTEGER PRIMARY KEY/,
    ],
  ],
  [
    'callbacks of the log',
    (log) => log.findLogged({ places: ['0-1'], ids: ['1'] }),
    [/PRIMARY KEY \(rowid=\?\)/, /INDEX callbacks_retried \(place=\?\)/],
  ],
  [
    'the lag',
    (log) => log.lag(BEGINNING),
    [/COVERING INDEX callbacks_by_status \(sdk_app_id=\? AND status=\? AND id>\?\)/, /INDEX callbacks_retried/],
  ],
];

type Logged = { sql: string; parameters: readonly unknown[] };

/** The statements that a read sends. */
async function statementsOf(
  read: (reads: Reads) => Promise<unknown>,
  database: Pick<Opened, 'reads' | 'logged'>,
): Promise<Logged[]> {
  database.logged.length = 0;
  await read(database.reads);
  return [...database.logged];
}

interface Opened {
  reads: Reads;
  database: Kysely<Tables>;
  logged: Logged[];
}

function openLogged(dialect: PostgresDialect | SqliteDialect, kind: 'sqlite' | 'postgres'): Opened {
  const logged: Logged[] = [];
  const database = new Kysely<Tables>({
    dialect,
    log: ({ query }) => void logged.push({ sql: query.sql, parameters: query.parameters }),
  });
  return { reads: readsOf(async () => database, SDK_APP_ID, kind), database, logged };
}

describe('SQLite', () => {
  /** A database with one callback, and its plan for a statement. */
  async function openSqlite() {
    const file = `${temporaryFolder()}/callbacks.db`;
    await fill(`sqlite:${file}`, 1, () => {});
    const database = new DatabaseSync(file);
    teardown(() => database.close());
    const dialect = new SqliteDialect({
      database: {
        close: () => {},
        prepare: (text) => ({
          reader: true,
          all: (parameters) => database.prepare(text).all(...(parameters as string[])),
          run: () => ({ changes: 0, lastInsertRowid: 0 }),
          iterate: () => [][Symbol.iterator](),
        }),
      },
    });
    const planOf = ({ sql, parameters }: Logged) => {
      const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...(parameters as string[]));
      return rows.map(({ detail }) => detail).join('\n');
    };
    return { ...openLogged(dialect, 'sqlite'), planOf };
  }

  test.each(READS)('reads %s by an index', async (_name, read, { sqlite }) => {
    const { planOf, ...opened } = await openSqlite();
    for (const statement of await statementsOf(read, opened)) expect(planOf(statement)).toMatch(sqlite);
  });

  test.each(LOG_READS)('reads %s by indexes', async (_name, read, indexes) => {
    const { planOf, logged, database } = await openSqlite();
    const log = logReadsOf(async () => database, SDK_APP_ID);
    await read({ ...log, lag: lagOf(async () => database, SDK_APP_ID, log) });
    const plans = logged.map(planOf);
    for (const plan of plans) expect(plan).not.toMatch(/SCAN callbacks/);
    for (const index of indexes) expect(plans.join('\n')).toMatch(index);
  });
});

const toNumbers = ((oid, format) =>
  oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser;

describe('PostgreSQL', () => {
  const postgres = usePostgres();
  let pool: pg.Pool;

  beforeAll(async () => {
    const url = await postgres.createDatabase();
    await fill(url, ENOUGH_FOR_THE_PLANNER, () => {});
    pool = new pg.Pool({ connectionString: url, types: { getTypeParser: toNumbers } }).on('error', () => {});
    await pool.query(`
      INSERT INTO callback_accounts
        SELECT ${SDK_APP_ID}, n / 128, n % 4, n, '[1]{"a":[0]}' FROM generate_series(1, ${ENOUGH_FOR_THE_PLANNER}) AS n ON CONFLICT DO NOTHING;
      INSERT INTO account_registers
        SELECT ${SDK_APP_ID}, 'account ' || n, 'friend', 'other', NULL, '{}', '1', n
        FROM generate_series(1, ${ENOUGH_FOR_THE_PLANNER}) AS n ON CONFLICT DO NOTHING;
      INSERT INTO group_parts
        SELECT ${SDK_APP_ID}, 'group ' || n, 'member', 'account ' || n, NULL, '{}', '1'
        FROM generate_series(1, ${ENOUGH_FOR_THE_PLANNER}) AS n ON CONFLICT DO NOTHING;`);
    // Like autovacuum: index-only scans depend on it.
    await pool.query('VACUUM ANALYZE');
  });
  afterAll(() => pool.end());

  test.each(READS)('reads %s by an index', async (_name, read, { postgres: index }) => {
    for (const { sql, parameters } of await statementsOf(read, openLogged(new PostgresDialect({ pool }), 'postgres'))) {
      const { rows } = await pool.query(`EXPLAIN ${sql}`, [...parameters]);
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(index);
    }
  });
});
