import { CHANGING_COMMANDS } from '../../groups/meanings.ts';
import type { KeptGroup } from '../group-rows.ts';
import type { ReplayDatabase, Replayed, ReplayedRow } from '../replay.ts';
import { inTransaction } from './in-transaction.ts';
import { openDatabase } from './open-database.ts';
import { prepareGroups } from './write-groups.ts';

const PAGE = 500;
/** A receiver holds the lock for milliseconds. */
const LOCK_TIMEOUT_MS = 30_000;

/** @throws an Error that names the file when it cannot be opened */
export function openSqliteReplay(file: string, sdkAppId: number): ReplayDatabase {
  const database = openDatabase(file);
  database.exec(`PRAGMA busy_timeout = ${LOCK_TIMEOUT_MS}`);
  const groups = prepareGroups(database, sdkAppId);
  const selectProgress = database.prepare('SELECT started_at, group_id, done FROM replays WHERE sdk_app_id = ?');
  const deleteProgress = database.prepare('DELETE FROM replays WHERE sdk_app_id = ?');
  const upsertProgress = database.prepare(`
    INSERT INTO replays (sdk_app_id, started_at, group_id, done) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET group_id = excluded.group_id, done = excluded.done`);
  const count = database.prepare('SELECT count(*) AS count FROM groups WHERE sdk_app_id = ?');
  const countLeft = database.prepare(`
    SELECT count(*) AS count FROM groups AS g WHERE sdk_app_id = ? AND NOT EXISTS (
      SELECT 1 FROM callbacks WHERE sdk_app_id = g.sdk_app_id AND group_id = g.group_id)`);
  const selectNext = database.prepare(
    'SELECT min(group_id) AS group_id FROM callbacks WHERE sdk_app_id = ? AND group_id > ?',
  );
  const commands = CHANGING_COMMANDS.map(() => '?').join(', ');
  const selectCallbacks = database.prepare(`
    SELECT id, query, body, received_at, once_key FROM callbacks
    WHERE sdk_app_id = ? AND group_id = ? AND id > ? AND status = 'accepted' AND command IN (${commands})
    ORDER BY id LIMIT ${PAGE}`);

  return {
    async progress() {
      const row = selectProgress.get(sdkAppId) as { started_at: number; group_id: string; done: string } | undefined;
      return row ? ({ startedAt: row.started_at, groupId: row.group_id, ...JSON.parse(row.done) } as Replayed) : null;
    },

    async saveProgress(replayed) {
      if (!replayed) deleteProgress.run(sdkAppId);
      else {
        const { startedAt, groupId, ...done } = replayed;
        upsertProgress.run(sdkAppId, startedAt, groupId, JSON.stringify(done));
      }
    },

    countGroups: async () => (count.get(sdkAppId) as { count: number }).count,

    countGroupsWithoutCallbacks: async () => (countLeft.get(sdkAppId) as { count: number }).count,

    groupAfter: async (groupId) => (selectNext.get(sdkAppId, groupId) as { group_id: string | null }).group_id,

    async read(groupId, onCallbacks) {
      return inTransaction(
        database,
        () => {
          const kept: KeptGroup | null = groups.find(groupId, 'all');
          let last = 0;
          for (;;) {
            const values = [sdkAppId, groupId, last, ...CHANGING_COMMANDS];
            const rows = selectCallbacks.all(...values) as unknown as (ReplayedRow & { id: number })[];
            onCallbacks(rows);
            if (rows.length < PAGE) return kept;
            last = rows.at(-1)?.id ?? last;
          }
        },
        'BEGIN',
      );
    },

    async write(groupId, write) {
      return inTransaction(database, () => {
        const version = groups.find(groupId, [])?.version ?? 0;
        if (version !== write.group.version - 1) return false;
        groups.write(groupId, write);
        return true;
      });
    },

    async close() {
      database.close();
    },
  };
}
