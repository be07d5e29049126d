import type { DatabaseSync } from 'node:sqlite';
import { RUN_STALE_MS, type RunKind, type RunRow, type StoredRun, toRun } from '../backfills.ts';
import { indexedText } from '../rows.ts';
import { inTransaction } from './database.ts';

/** The writes of back-fill and audit; each method is a transaction. Claims use the clock of this machine. */
export function prepareBackfills(database: DatabaseSync, sdkAppId: number) {
  const confirm = database.prepare(`
    UPDATE groups SET confirmed_at = max(coalesce(confirmed_at, 0), ?)
    WHERE sdk_app_id = ? AND group_id IN (SELECT value FROM json_each(?))`);
  // A claim from the future was made before the clock was set back.
  const claim = database.prepare(`
    INSERT INTO backfills (sdk_app_id, kind, holder, renewed_at, options, place, done)
    VALUES (:app, :kind, :holder, :now, '', '', '')
    ON CONFLICT DO UPDATE SET holder = excluded.holder, renewed_at = excluded.renewed_at
      WHERE holder IS NULL OR holder = :holder OR renewed_at <= :now - ${RUN_STALE_MS} OR renewed_at > :now
    RETURNING *`);
  const select = database.prepare('SELECT * FROM backfills WHERE sdk_app_id = ? AND kind = ?');
  const save = database.prepare(`
    UPDATE backfills SET started_at = :started, finished_at = :finished, options = :options, place = :place, done = :done,
      renewed_at = :now
    WHERE sdk_app_id = :app AND kind = :kind AND holder = :holder`);
  const release = database.prepare(
    'UPDATE backfills SET holder = NULL WHERE sdk_app_id = ? AND kind = ? AND holder = ?',
  );

  return {
    confirmGroups: (groupIds: readonly string[], at: number): void =>
      inTransaction(database, () => void confirm.run(at, sdkAppId, JSON.stringify(groupIds.map(indexedText)))),

    claimRun: (kind: RunKind, holder: string): { earlier: StoredRun | null } | { heldBy: string; renewedAt: Date } =>
      inTransaction(database, () => {
        const row = claim.get({ app: sdkAppId, kind, holder, now: Date.now() }) as RunRow | undefined;
        if (row) return { earlier: toRun(row) };
        const held = select.get(sdkAppId, kind) as unknown as RunRow;
        return { heldBy: held.holder ?? '', renewedAt: new Date(held.renewed_at) };
      }),

    saveRun: (kind: RunKind, holder: string, run: StoredRun): boolean =>
      inTransaction(database, () => {
        const { startedAt, finishedAt, options, place, done } = run;
        const saved = save.run({
          ...{ app: sdkAppId, kind, holder, now: Date.now(), options, place, done },
          started: startedAt.getTime(),
          finished: finishedAt?.getTime() ?? null,
        });
        return saved.changes === 1;
      }),

    releaseRun: (kind: RunKind, holder: string): void =>
      inTransaction(database, () => void release.run(sdkAppId, kind, holder)),
  };
}
