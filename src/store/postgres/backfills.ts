import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { type BackfillStore, RUN_STALE_MS, toRun } from '../backfills.ts';
import { indexedText, storableText } from '../rows.ts';
import { CLOCK } from './consumers.ts';
import { isContention } from './failures.ts';

// The groups are locked in the order in which appends lock them, so that both wait for each other instead of
// deadlocking.
const CONFIRM = `
  WITH locked AS (
    SELECT group_id FROM groups WHERE sdk_app_id = $1 AND group_id = ANY ($2) ORDER BY group_id FOR NO KEY UPDATE
  )
  UPDATE groups SET confirmed_at = greatest(confirmed_at, $3) FROM locked
  WHERE groups.sdk_app_id = $1 AND groups.group_id = locked.group_id`;

const CLAIM = `
  INSERT INTO backfills AS b (sdk_app_id, kind, holder, renewed_at, options, place, done)
  VALUES ($1, $2, $3, ${CLOCK}, '', '', '')
  ON CONFLICT (sdk_app_id, kind) DO UPDATE SET holder = excluded.holder, renewed_at = ${CLOCK}
    WHERE b.holder IS NULL OR b.holder = excluded.holder OR b.renewed_at <= ${CLOCK} - ${RUN_STALE_MS}
  RETURNING *`;
const SAVE = `
  UPDATE backfills SET started_at = $4, finished_at = $5, options = $6, place = $7, done = $8, renewed_at = ${CLOCK}
  WHERE sdk_app_id = $1 AND kind = $2 AND holder = $3`;

/** Reached only if receivers append to these groups without pause, so that a row is locked every time. */
const MAX_LOCKED_ATTEMPTS = 40;
const PAUSE_MS = 10;

/** The writes of back-fill and audit besides the snapshots. Claims use the clock of the database. */
export function backfillsOf(pool: Pool, sdkAppId: number) {
  return {
    async confirmGroups(groupIds, at) {
      if (groupIds.length === 0) return;
      for (let attempt = 1; ; attempt += 1) {
        try {
          await pool.query(CONFIRM, [sdkAppId, groupIds.map(indexedText), at.getTime()]);
          return;
        } catch (error) {
          if (!isContention(error) || attempt === MAX_LOCKED_ATTEMPTS) throw error;
          await sleep(PAUSE_MS * (1 + Math.random()));
        }
      }
    },

    async claimRun(kind, holder) {
      for (;;) {
        const claimed = (await pool.query(CLAIM, [sdkAppId, kind, storableText(holder)])).rows[0];
        if (claimed) return { earlier: toRun(claimed) };
        const text = 'SELECT holder, renewed_at FROM backfills WHERE sdk_app_id = $1 AND kind = $2';
        const held = (await pool.query(text, [sdkAppId, kind])).rows[0];
        // The claim may have been released between the two statements.
        if (held && held.holder !== null) return { heldBy: held.holder, renewedAt: new Date(held.renewed_at) };
      }
    },

    async saveRun(kind, holder, { startedAt, finishedAt, options, place, done }) {
      const run = [startedAt.getTime(), finishedAt?.getTime() ?? null, ...[options, place, done].map(storableText)];
      return (await pool.query(SAVE, [sdkAppId, kind, storableText(holder), ...run])).rowCount === 1;
    },

    async releaseRun(kind, holder) {
      const text = 'UPDATE backfills SET holder = NULL WHERE sdk_app_id = $1 AND kind = $2 AND holder = $3';
      await pool.query(text, [sdkAppId, kind, storableText(holder)]);
    },
  } satisfies Partial<BackfillStore>;
}
