import { DatabaseSync } from 'node:sqlite';
import { query } from './postgres.ts';

/**
 * Reads a database directly, without the receiver.
 * @param databaseUrl `sqlite:` with an absolute path, or `postgres://…`
 */
export async function readRows<Row>(databaseUrl: string, text: string): Promise<Row[]> {
  if (!databaseUrl.startsWith('sqlite:')) return query(databaseUrl, text);
  const database = new DatabaseSync(databaseUrl.slice('sqlite:'.length), { readOnly: true });
  try {
    return database.prepare(text).all() as Row[];
  } finally {
    database.close();
  }
}

export interface Compared {
  /** Acknowledged, but the accepted callback or its group is missing. */
  lost: number;
  /** Stored more than once, or counted as a duplicate though sent once. */
  doubled: number;
}

interface Row {
  body: string;
  group_id: string;
  repeats: number;
  in_groups: number;
}

const REST = `c.group_id, c.repeats,
  (SELECT count(*) FROM groups g WHERE g.group_id = c.group_id AND g.sdk_app_id = c.sdk_app_id) AS in_groups
  FROM callbacks c WHERE c.status = 'accepted'`;

/**
 * Compares acknowledged with stored callbacks, once every receiver has drained its spool.
 * @param acknowledged bodies that were sent once each
 */
export async function compare(databaseUrl: string, acknowledged: ReadonlySet<string>): Promise<Compared> {
  const text = databaseUrl.startsWith('sqlite:') ? 'CAST(c.body AS TEXT)' : "convert_from(c.body, 'UTF8')";
  const rows = await readRows<Row>(databaseUrl, `SELECT ${text} AS body, ${REST}`);
  const whole = new Set<string>();
  const seen = new Set<string>();
  let doubled = 0;
  for (const { body, repeats, in_groups } of rows) {
    if (seen.has(body) || Number(repeats) > 0 || Number(in_groups) > 1) doubled += 1;
    seen.add(body);
    if (Number(in_groups) > 0) whole.add(body);
  }
  let lost = 0;
  for (const body of acknowledged) if (!whole.has(body)) lost += 1;
  return { lost, doubled };
}
