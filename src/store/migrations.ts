import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Migration {
  number: number;
  name: string;
  sql: string;
}

/**
 * The migrations that a database of this schema version still needs, in order; the last one's number is the new
 * version. They are named `NNN-what.sql`; each runs once.
 * @throws if the schema is newer than this program
 */
export function pendingMigrations(folder: string, version: number): Migration[] {
  const all = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ number: Number.parseInt(name, 10), name }));
  const newest = all.at(-1)?.number ?? 0;
  if (version > newest) {
    throw new Error(`its schema is number ${version}, this program knows ${newest}; use the newer program`);
  }
  return all
    .filter(({ number }) => number > version)
    .map((migration) => ({ ...migration, sql: readFileSync(join(folder, migration.name), 'utf8') }));
}
