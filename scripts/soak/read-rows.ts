import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

/**
 * Reads a database past the receiver.
 * @param databaseUrl `sqlite:` with a whole path, or `postgres://…`
 */
export async function readRows<Row>(databaseUrl: string, query: string): Promise<Row[]> {
  if (databaseUrl.startsWith('sqlite:')) {
    const database = new DatabaseSync(databaseUrl.slice('sqlite:'.length), { readOnly: true });
    try {
      return database.prepare(query).all() as Row[];
    } finally {
      database.close();
    }
  }
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return (await client.query(query)).rows;
  } finally {
    await client.end();
  }
}
