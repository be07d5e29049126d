import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface Rows {
  callbacks: number;
  groups: number;
}

/** What waited in the spool of a receiver needs a moment to come to PostgreSQL. */
const WAIT_MS = 10_000;
const COUNT = 'SELECT (SELECT count(*) FROM callbacks) AS callbacks, (SELECT count(*) FROM groups) AS groups';

/** The rows that are stored, once they are as many as expected, or after a while. */
export async function countRows(databaseUrl: string, expected: Rows): Promise<Rows> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const rows = await count(databaseUrl);
    const right = rows.callbacks === expected.callbacks && rows.groups === expected.groups;
    if (right || Date.now() > deadline) return rows;
    await sleep(200);
  }
}

async function count(databaseUrl: string): Promise<Rows> {
  if (databaseUrl.startsWith('sqlite:')) {
    const database = new DatabaseSync(databaseUrl.slice('sqlite:'.length), { readOnly: true });
    try {
      return database.prepare(COUNT).get() as unknown as Rows;
    } finally {
      database.close();
    }
  }
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { callbacks, groups } = (await client.query(COUNT)).rows[0];
    return { callbacks: Number(callbacks), groups: Number(groups) };
  } finally {
    await client.end();
  }
}
