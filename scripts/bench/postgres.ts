import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../soak/start-postgres.ts';
import type { CleanUps } from './clean-ups.ts';

/** A PostgreSQL of the bench's own, with PostgreSQL's default settings, started when it is first needed. */
export function usePostgres(folder: string, cleanUps: CleanUps) {
  let starting: ReturnType<typeof start> | undefined;

  async function start() {
    const server = await startPostgres(join(folder, 'postgres'));
    cleanUps.add(() => server.stop());
    return server;
  }

  return {
    async createDatabase(): Promise<string> {
      starting ??= start();
      const url = await (await starting).createDatabase();
      // What a run before left to be written must not slow this one down.
      await query(url, 'CHECKPOINT');
      return url;
    },
    async dropDatabase(url: string): Promise<void> {
      const { pathname } = new URL(url);
      await query(url.replace(pathname, '/postgres'), `DROP DATABASE ${pathname.slice(1)} WITH (FORCE)`);
    },
  };
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(text);
  await client.end();
}
