import type { Kysely } from 'kysely';
import { CHANGING_COMMANDS } from '../groups/meanings.ts';
import { readDocument } from '../groups/state.ts';
import { type GroupDetail, groupDetailOf } from '../groups/view.ts';
import { type BackfillStore, toRun } from './backfills.ts';
import { type DatabaseKind, indexedText, isIn, type PartRow, type Tables, toPart } from './rows.ts';

/** Rows that one statement examines in a search for groups of some types; other statements run in between. */
const STEP = 5_000;
/** A group's newest callbacks that are searched for one that changes the group. */
const MOST_CALLBACKS = 500;

/** The reads of back-fill and audit, for one app. @param open as for the reads of the same store */
export function backfillReadsOf(open: () => Promise<Kysely<Tables>>, sdkAppId: number, kind: DatabaseKind) {
  return {
    findGroupDetails,

    async listGroupIds({ after, limit, types }) {
      const groupIds: string[] = [];
      for await (const found of steps(after, types ? STEP : limit, types)) {
        groupIds.push(...found);
        if (groupIds.length >= limit) break;
      }
      return groupIds.slice(0, limit);
    },

    async countGroups({ types }) {
      let count = 0;
      for await (const found of steps('', STEP, types)) count += found.length;
      return count;
    },

    async newestChangesOf(groupIds) {
      const { sql } = await import('kysely');
      // Uses the index by group. Most callbacks of a group are messages, which do not change it.
      const newest = sql`
        SELECT max(id) FROM (
          SELECT id, command, status FROM callbacks
          WHERE sdk_app_id = ${sdkAppId} AND group_id = sought.value ORDER BY id DESC LIMIT ${MOST_CALLBACKS}
        ) AS latest WHERE status = 'accepted' AND command IN (${sql.join(CHANGING_COMMANDS)})`;
      const ids = new Map(groupIds.map((groupId) => [indexedText(groupId), groupId]));
      const sought =
        kind === 'sqlite'
          ? sql`json_each(${JSON.stringify([...ids.keys()])}) AS sought`
          : sql`unnest(${[...ids.keys()]}::text[]) AS sought(value)`;
      const { rows } = await sql<{ value: string; id: number | null }>`
        SELECT sought.value, (${newest}) AS id FROM ${sought}`.execute(await open());
      return new Map(rows.flatMap(({ value, id }) => (id === null ? [] : [[ids.get(value) ?? value, id] as const])));
    },

    async findRun(run) {
      const row = await (await open())
        .selectFrom('backfills')
        .selectAll()
        .where('sdk_app_id', '=', sdkAppId)
        .where('kind', '=', run)
        .executeTakeFirst();
      return row ? toRun(row) : null;
    },
  } satisfies Partial<BackfillStore>;

  async function findGroupDetails(groupIds: readonly string[]): Promise<GroupDetail[]> {
    if (groupIds.length === 0) return [];
    const database = await open();
    const { sql } = await import('kysely');
    const isListed = isIn(sql, kind, 'group_id', [...new Set(groupIds.map(indexedText))]);
    // One statement, so that a group and its parts come from one snapshot. The kind '' sorts the group first.
    const rows = await database
      .selectFrom('groups')
      .select((is) => [
        'group_id',
        is.val('').as('kind'),
        is.val('').as('name'),
        is.val<string | null>(null).as('full_name'),
        'document as value',
        is.val('').as('stamp'),
        'confirmed_at',
      ])
      .where('sdk_app_id', '=', sdkAppId)
      .where(isListed)
      .unionAll(
        database
          .selectFrom('group_parts')
          .select(['group_id', 'kind', 'name', 'full_name', 'value', 'stamp', sql<null>`NULL`.as('confirmed_at')])
          .where('sdk_app_id', '=', sdkAppId)
          .where(isListed) as never,
      )
      .orderBy('group_id')
      .orderBy('kind')
      .orderBy('name')
      .execute();
    const found = new Map<string, { document: string; confirmedAt: number | null; parts: PartRow[] }>();
    for (const { value, confirmed_at, group_id, ...part } of rows as FoundRow[]) {
      if (part.kind === '') found.set(group_id, { document: value as string, confirmedAt: confirmed_at, parts: [] });
      else found.get(group_id)?.parts.push({ ...part, value } as PartRow);
    }
    return [...found.values()].map(({ document, confirmedAt, parts }) =>
      groupDetailOf(sdkAppId, readDocument(document), parts.map(toPart), confirmedAt),
    );
  }

  /**
   * The ids of the groups of these types, or of all, in ascending order, in steps that are each one short statement.
   */
  async function* steps(first: string, step: number, types?: readonly string[]): AsyncGenerator<string[], void, void> {
    const database = await open();
    const { sql } = await import('kysely');
    for (let after = first; ; ) {
      const rows = await database
        .selectFrom('groups')
        .select(['group_id', (types ? sql<string>`type` : sql<string>`''`).as('type')])
        .where('sdk_app_id', '=', sdkAppId)
        .where('group_id', '>', after)
        .orderBy('group_id')
        .limit(step)
        .execute();
      yield rows.flatMap(({ group_id, type }) => (!types || types.includes(type) ? group_id : []));
      if (rows.length < step) return;
      after = rows.at(-1)?.group_id ?? after;
    }
  }
}

type FoundRow = { group_id: string; confirmed_at: number | null } & Omit<PartRow, 'kind'> & {
    kind: PartRow['kind'] | '';
  };
