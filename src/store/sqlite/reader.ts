import type { Driver, Kysely } from 'kysely';
import { StoreBusy } from '../bounded-scans.ts';
import type { Tables } from '../rows.ts';
import { startThread } from './thread.ts';

/** Limit of statements that wait for the thread. Beyond it, a read is refused: it would be answered too late. */
const MAX_WAITING = 256;

type Reader = {
  all(sql: string, parameters: readonly unknown[]): Record<string, unknown>[];
  close(): void;
};

/**
 * Opens a connection for reads in its own thread: a long read delays neither requests nor writes.
 * @param onFailed called when the thread has ended: reads need a new one
 */
export async function openReader(file: string, onFailed: () => void): Promise<Kysely<Tables>> {
  const { CompiledQuery, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } = await import('kysely');
  const ask = await startThread<Reader>('reads', { file }, onFailed);
  let waiting = 0;

  type Connection = Awaited<ReturnType<Driver['acquireConnection']>>;
  const connection: Connection = {
    async executeQuery<Row>({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) {
      if (waiting >= MAX_WAITING) throw new StoreBusy('too many reads wait for the database');
      waiting += 1;
      try {
        return { rows: (await ask('all', sql, parameters)) as Row[] };
      } finally {
        waiting -= 1;
      }
    },
    streamQuery() {
      throw new Error('not supported: read page by page');
    },
  };
  const execute = async (sql: string) => void (await connection.executeQuery(CompiledQuery.raw(sql)));
  const driver: Driver = {
    init: async () => {},
    // Transactions only read, so statements of other callers may run inside them.
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    beginTransaction: () => execute('BEGIN'),
    commitTransaction: () => execute('COMMIT'),
    rollbackTransaction: () => execute('ROLLBACK'),
    destroy: async () => {
      // After the thread has ended, there is nothing to close.
      await ask('close').catch(() => {});
    },
  };
  return new Kysely<Tables>({
    dialect: {
      createDriver: () => driver,
      createAdapter: () => new SqliteAdapter(),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createIntrospector: (database) => new SqliteIntrospector(database),
    },
  });
}
