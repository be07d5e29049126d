import type { Kysely, RawBuilder, SelectQueryBuilder, Sql } from 'kysely';
import { isOfFamily, KNOWN_FAMILIES } from '../../generated/commands.ts';
import { isNamedBy, isPattern, likePatternOf } from '../callback/command-pattern.ts';
import { type Page, pageOf } from './bounded-scans.ts';
import { CALLBACK_COLUMNS, type DatabaseKind, indexedText, storableText, type Tables, toRecord } from './rows.ts';
import type { CallbackRecord } from './store.ts';

/*
 * The callbacks of a family, or of the commands that match a pattern, by id. A range of the index on command and id
 * yields them by command, not by id, and its order of commands depends on the database's locale. So the stored commands
 * are looked up first, with one seek each, and the newest callbacks of each command are merged: with 1 million
 * callbacks a page of 200 takes 5 ms on SQLite and 20 ms on PostgreSQL, wherever it starts.
 */

/** For more commands, a bounded scan takes over. SQLite allows at most 500 terms in a compound SELECT. */
const MOST_COMMANDS = 200;

/** Commands selected by family, by pattern, or by both. */
interface SomeCommands {
  command?: string | undefined;
  family?: string | undefined;
}

/** A page of the callbacks of some commands; null if more commands are stored than the lookup allows. */
export async function pageOfCommands(
  database: Kysely<Tables>,
  sdkAppId: number,
  {
    command,
    family,
    limit,
    ...asked
  }: SomeCommands & { isAccepted: boolean; order: 'asc' | 'desc'; limit: number; after: number | undefined },
): Promise<Page<CallbackRecord, string> | null> {
  const stored = await namesOfStoredCommands(database, sdkAppId);
  if (!stored) return null;
  const commands = stored
    .filter((one) => family === undefined || isOfFamily(one, family))
    .filter((one) => command === undefined || isNamedBy(command, one));
  const rows = await firstOf(database, { sdkAppId, commands, ...asked, limit: limit + 1 });
  return pageOf(rows, limit, rows.map(toRecord), (row) => String(row.id));
}

/** The commands with stored callbacks; null if there are too many to look up. */
export async function namesOfStoredCommands(database: Kysely<Tables>, sdkAppId: number): Promise<string[] | null> {
  const { sql } = await import('kysely');
  const next = (after: RawBuilder<unknown>) =>
    sql`SELECT min(command) FROM callbacks WHERE sdk_app_id = ${sdkAppId} ${after}`;
  const { rows } = await sql<{ command: string }>`
    WITH RECURSIVE stored (command) AS (
      ${next(sql``)}
      UNION ALL
      SELECT (${next(sql`AND command > stored.command`)}) FROM stored WHERE stored.command IS NOT NULL
    )
    SELECT command FROM stored WHERE command IS NOT NULL LIMIT ${MOST_COMMANDS + 1}
  `.execute(database);
  if (rows.length > MOST_COMMANDS) return null;
  return rows.map(({ command }) => command);
}

/** The newest callbacks of some commands, newest first; in ascending order, the oldest. */
async function firstOf(
  database: Kysely<Tables>,
  {
    sdkAppId,
    commands,
    isAccepted,
    order,
    after,
    limit,
  }: {
    sdkAppId: number;
    commands: readonly string[];
    isAccepted: boolean;
    order: 'asc' | 'desc';
    /** The id of a callback. */
    after: number | undefined;
    limit: number;
  },
) {
  const firstOfOne = (command: string) => {
    let ids = database
      .selectFrom('callbacks')
      .select('id')
      .where('sdk_app_id', '=', sdkAppId)
      .where('command', '=', command);
    if (after !== undefined) ids = ids.where('id', order === 'asc' ? '>' : '<', after);
    // No index can serve an inequality, so the databases use the one on the command.
    if (isAccepted) ids = ids.where('status', 'not in', ['unknown', 'rejected']);
    return database.selectFrom(ids.orderBy('id', order).limit(limit).as('first')).select('id');
  };
  const [first, ...others] = commands.map(firstOfOne);
  if (!first) return [];
  const ids = others.reduce<SelectQueryBuilder<never, never, { id: number }>>(
    (all, one) => all.unionAll(one as never),
    first as never,
  );
  return database
    .selectFrom('callbacks')
    .select(CALLBACK_COLUMNS)
    .where('id', 'in', ids.orderBy('id', order).limit(limit) as never)
    .orderBy('id', order)
    .execute();
}

/** The same as a condition on each row, independent of the database's locale; null if all commands match. */
export function isOfCommands(
  { command, family }: SomeCommands,
  sql: Sql,
  kind: DatabaseKind,
): RawBuilder<boolean> | null {
  const isFamily = family === undefined ? null : isInFamily(family, sql);
  if (command === undefined) return isFamily;
  const isCommand = isPattern(command)
    ? sql<boolean>`command ${sql.raw(kind === 'sqlite' ? 'LIKE' : 'ILIKE')} ${likePatternOf(storableText(command))} ESCAPE '\\'`
    : sql<boolean>`command = ${indexedText(command)}`;
  return isFamily ? sql<boolean>`(${isFamily}) AND ${isCommand}` : isCommand;
}

function isInFamily(family: string, sql: Sql): RawBuilder<boolean> {
  const begins = (prefix: string) => sql<boolean>`substr(command, 1, ${[...prefix].length}) = ${prefix}`;
  if (family !== 'other') return begins(`${family}.`);
  return sql<boolean>`NOT (${sql.join(
    KNOWN_FAMILIES.map((known) => begins(`${known}.`)),
    sql` OR `,
  )})`;
}
