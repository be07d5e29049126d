import { openDatabase } from '../../../src/store/sqlite/database.ts';
import type { Rows } from './rows.ts';

/** The receiver's tables with the receiver's settings: WAL, synchronous=FULL. */
export function openSqlite(file: string) {
  const database = openDatabase(file);
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const insertCallback = database.prepare(`
    INSERT INTO callbacks
      (sdk_app_id, status, command, group_id, event_time, received_at, arrival, once_key, query, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sdk_app_id, coalesce(event_time, 0), once_key, status) DO NOTHING`);
  const countRepeat = database.prepare(
    'UPDATE callbacks SET repeats = repeats + 1 WHERE sdk_app_id = ? AND coalesce(event_time, 0) = ? AND once_key = ? AND status = ?',
  );
  const putGroup = database.prepare(`
    INSERT OR REPLACE INTO groups (sdk_app_id, group_id, type, name, owner_account, created_at, document)
    VALUES (?, ?, ?, ?, ?, ?, ?)`);

  function insert(rows: Rows): void {
    const { sdkAppId, status, command, groupId, eventTime, receivedAt, arrival, onceKey, query, body } = rows;
    const { changes } = insertCallback.run(
      sdkAppId,
      status,
      command,
      groupId,
      eventTime,
      receivedAt,
      arrival,
      onceKey,
      query,
      body,
    );
    if (changes === 0) countRepeat.run(sdkAppId, eventTime ?? 0, onceKey, status);
    else putGroup.run(sdkAppId, groupId, rows.type, rows.name, rows.ownerAccount, rows.createdAt, rows.document);
  }

  function many(items: Rows[]): void {
    begin.run();
    try {
      for (const rows of items) insert(rows);
      commit.run();
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }

  return { many, one: async (rows: Rows): Promise<void> => many([rows]) };
}
