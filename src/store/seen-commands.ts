import type { Kysely } from 'kysely';
import { SNAPSHOT } from '../groups/snapshot.ts';
import { namesOfStoredCommands } from './family-reads.ts';
import type { DatabaseKind, Tables } from './rows.ts';
import type { SeenCommands } from './store.ts';

/** Limit for each command: all commands together then take at most 200,000 index entries. */
const MOST_COUNTED = 1_000;
/** The first callbacks after a time, of which the lowest id counts: concurrent arrivals are stored in any order. */
const TIED = 100;

/**
 * The commands with stored callbacks, with the number received since a time. The newest callback is found by a seek,
 * and those since then are counted in the index on command and id: ids follow the order of arrival, except for spooled
 * callbacks. With 1 million callbacks it takes some milliseconds.
 */
export async function seenCommands(
  database: Kysely<Tables>,
  { sdkAppId, kind, since }: { sdkAppId: number; kind: DatabaseKind; since: Date },
): Promise<SeenCommands> {
  const { sql } = await import('kysely');
  const names = await namesOfStoredCommands(database, sdkAppId);
  const commands = (names ?? []).filter((command) => command !== SNAPSHOT);
  const firstOnes = await database
    .selectFrom('callbacks')
    .select('id')
    .where('sdk_app_id', '=', sdkAppId)
    .where('received_at', '>=', since.getTime())
    .orderBy('received_at')
    .limit(TIED)
    .execute();
  const first = firstOnes.length === 0 ? Number.MAX_SAFE_INTEGER : Math.min(...firstOnes.map(({ id }) => id));
  const named =
    kind === 'sqlite'
      ? sql`(SELECT value AS command FROM json_each(${JSON.stringify(commands)}))`
      : sql`(SELECT unnest(${commands}::text[]) AS command)`;
  const ofCommand = sql`sdk_app_id = ${sdkAppId} AND command = named.command`;
  const { rows } = await sql<{ command: string; received_at: number | null; count: number }>`
    SELECT
      named.command,
      (SELECT received_at FROM callbacks WHERE ${ofCommand} ORDER BY id DESC LIMIT 1) AS received_at,
      (
        SELECT count(*) FROM (
          SELECT 1 FROM callbacks WHERE ${ofCommand} AND id >= ${first}
          ORDER BY id DESC LIMIT ${MOST_COUNTED + 1}
        ) AS counted
      ) AS count
    FROM ${named} AS named
  `.execute(database);
  return {
    // A command's callbacks may have been pruned since its name was found.
    commands: rows.flatMap(({ command, received_at, count }) =>
      received_at === null
        ? []
        : {
            command,
            count: Math.min(count, MOST_COUNTED),
            countCapped: count > MOST_COUNTED,
            lastAt: new Date(received_at),
          },
    ),
    incomplete: names === null,
  };
}
