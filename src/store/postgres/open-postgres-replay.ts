import pg from 'pg';
import { CHANGING_COMMANDS } from '../../groups/meanings.ts';
import type { ReplayDatabase, Replayed, ReplayedRow } from '../replay.ts';
import { inTransaction } from './in-transaction.ts';
import { migrate } from './migrate.ts';
import { types } from './types.ts';
import {
  deleteParts,
  findGroups,
  groupValues,
  isStale,
  partValues,
  upsertGroups,
  upsertParts,
} from './write-groups.ts';

const PAGE = 500;
const WRITE_GROUP = `
  WITH changed AS (${upsertGroups(2)} RETURNING group_id), put AS (${upsertParts(9)}), gone AS (${deleteParts(15)})
  SELECT count(*) FROM changed`;

export async function openPostgresReplay(url: string, sdkAppId: number): Promise<ReplayDatabase> {
  const pool = new pg.Pool({ connectionString: url, types, max: 2, application_name: 'tencent-chat-callbacks replay' });
  // Whoever uses the connection gets the error.
  pool.on('error', () => {});
  await migrate(pool).catch(async (error) => {
    await pool.end();
    throw error;
  });
  const first = async (text: string, values: unknown[]) => (await pool.query(text, values)).rows[0];

  return {
    async progress() {
      const row = await first('SELECT started_at, group_id, done FROM replays WHERE sdk_app_id = $1', [sdkAppId]);
      return row ? ({ startedAt: row.started_at, groupId: row.group_id, ...JSON.parse(row.done) } as Replayed) : null;
    },

    async saveProgress(replayed) {
      if (!replayed) await pool.query('DELETE FROM replays WHERE sdk_app_id = $1', [sdkAppId]);
      else {
        const { startedAt, groupId, ...done } = replayed;
        await pool.query(
          `INSERT INTO replays (sdk_app_id, started_at, group_id, done) VALUES ($1, $2, $3, $4)
           ON CONFLICT (sdk_app_id) DO UPDATE SET group_id = excluded.group_id, done = excluded.done`,
          [sdkAppId, startedAt, groupId, JSON.stringify(done)],
        );
      }
    },

    countGroups: async () => (await first('SELECT count(*) FROM groups WHERE sdk_app_id = $1', [sdkAppId])).count,

    async countGroupsWithoutCallbacks() {
      const text = `
        SELECT count(*) FROM groups AS g WHERE sdk_app_id = $1 AND NOT EXISTS (
          SELECT 1 FROM callbacks AS c
          WHERE c.sdk_app_id = g.sdk_app_id AND c.group_id = g.group_id COLLATE "default")`;
      return (await first(text, [sdkAppId])).count;
    },

    async groupAfter(groupId) {
      const text = 'SELECT min(group_id) AS group_id FROM callbacks WHERE sdk_app_id = $1 AND group_id > $2';
      return (await first(text, [sdkAppId, groupId])).group_id;
    },

    read: (groupId, onCallbacks) =>
      inTransaction(
        pool,
        async (client) => {
          const kept = (await findGroups(client, sdkAppId, [[groupId, 'all']])).get(groupId) ?? null;
          let last = 0;
          for (;;) {
            const { rows } = await client.query<ReplayedRow & { id: number }>({
              name: 'replayed callbacks',
              text: `SELECT id, query, body, received_at, once_key FROM callbacks
                WHERE sdk_app_id = $1 AND group_id = $2 AND id > $3 AND status = 'accepted' AND command = ANY ($4)
                ORDER BY id LIMIT ${PAGE}`,
              values: [sdkAppId, groupId, last, CHANGING_COMMANDS],
            });
            onCallbacks(rows);
            if (rows.length < PAGE) return kept;
            last = rows.at(-1)?.id ?? last;
          }
        },
        'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
      ),

    async write(groupId, write) {
      const writes = new Map([[groupId, write]]);
      try {
        await pool.query(WRITE_GROUP, [sdkAppId, ...groupValues(writes), ...partValues(writes)]);
        return true;
      } catch (error) {
        if (isStale(error)) return false;
        throw error;
      }
    },

    close: () => pool.end(),
  };
}
