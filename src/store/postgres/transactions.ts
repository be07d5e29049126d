import type { ClientBase, Pool, PoolClient } from 'pg';

export type Queryable = Pool | ClientBase;

export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    return await transact(
      client,
      () => work(client),
      (error) => {
        broken = error;
      },
    );
  } finally {
    // A connection that cannot roll back must not return to the pool inside a transaction.
    client.release(broken);
  }
}

/** @param onBroken called if the connection could not roll back */
export async function transact<Result>(
  client: ClientBase,
  work: () => Promise<Result>,
  onBroken: (error: Error) => void = () => {},
): Promise<Result> {
  try {
    await client.query('BEGIN');
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(onBroken);
    throw error;
  }
}

/** The parameters of a statement from `first` on. */
export function placeholders(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `$${first + index}`);
}

/** A column of rows, as an array for `unnest`. */
export function columnOf<Row, Name extends keyof Row>(rows: readonly Row[], name: Name): Row[Name][] {
  return rows.map((row) => row[name]);
}
