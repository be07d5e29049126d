import type { DatabaseSync } from 'node:sqlite';

export function inTransaction<Result>(database: DatabaseSync, work: () => Result, begin = 'BEGIN IMMEDIATE'): Result {
  database.exec(begin);
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk has rolled it back already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
