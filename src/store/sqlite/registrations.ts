import type { DatabaseSync } from 'node:sqlite';
import type { Registration } from '../consumers.ts';
import { inTransaction } from './database.ts';

/** Registrations of consumers that a spool keeps until PostgreSQL is back. */
export function prepareRegistrations(database: DatabaseSync, sdkAppId: number) {
  const insert = database.prepare(
    'INSERT INTO registrations (sdk_app_id, name, kind, since) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const select = database.prepare('SELECT name, kind, since FROM registrations WHERE sdk_app_id = ?');
  const remove = database.prepare('DELETE FROM registrations WHERE sdk_app_id = ? AND name = ?');

  return {
    keepRegistrations: (registrations: readonly Registration[]): void =>
      inTransaction(database, () => {
        for (const { name, kind, from } of registrations)
          insert.run(sdkAppId, name, kind, from instanceof Date ? String(from.getTime()) : from);
      }),

    keptRegistrations: (): Registration[] =>
      (select.all(sdkAppId) as unknown as (Omit<Registration, 'from'> & { since: string })[]).map(
        ({ name, kind, since }) => ({
          ...{ name, kind },
          from: since === 'now' || since === 'beginning' ? since : new Date(Number(since)),
        }),
      ),

    forgetRegistrations: (names: readonly string[]): void =>
      inTransaction(database, () => {
        for (const name of names) remove.run(sdkAppId, name);
      }),
  };
}
