import type { Kysely } from 'kysely';
import { type ActivityStore, type ReplyEntry, toSentReply } from './activity.ts';
import { rowIdOf, type Tables } from './rows.ts';

/**
 * A reply is in one of the first rows that end at the callback's id or later: there may be as many earlier rows as
 * there were receivers that wrote in that second.
 */
const MAX_ROWS_SEARCHED = 64;

export function activityReadsOf(open: () => Promise<Kysely<Tables>>, sdkAppId: number) {
  return {
    async findReply(id) {
      const rowId = rowIdOf(id);
      if (rowId === null) return null;
      const database = await open();
      const rows = await database
        .selectFrom(
          database
            .selectFrom('replies')
            .select(['first_id', 'entries'])
            .where('sdk_app_id', '=', sdkAppId)
            .where('last_id', '>=', rowId)
            .orderBy('last_id')
            .limit(MAX_ROWS_SEARCHED)
            .as('nearest'),
        )
        .selectAll()
        .where('first_id', '<=', rowId)
        .execute();
      for (const { first_id: first, entries } of rows) {
        const found = (JSON.parse(entries) as ReplyEntry[]).find(([offset]) => first + offset === rowId);
        if (found) return toSentReply(found);
      }
      return null;
    },

    async listMinutes(from) {
      return (await open())
        .selectFrom('minutes')
        .select(['minute', 'receiver', 'counts'])
        .where('sdk_app_id', '=', sdkAppId)
        .where('minute', '>=', from)
        .execute();
    },
  } satisfies Partial<ActivityStore>;
}
