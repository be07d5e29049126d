import { DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import { CommitQueue } from '../commit-queue.ts';
import { readsOf } from '../read.ts';
import { RejectBound } from '../reject-bound.ts';
import type { ReceivedCallback, Store, StoreObserver } from '../store.ts';
import type { Spool } from '../store-and-forward.ts';
import { Followers, storedBy } from '../stored-news.ts';
import type { Tables } from '../tables.ts';
import { startWriter, WriterEnded } from './start-writer.ts';
import { toCallbackRow } from './write.ts';

/**
 * The store on one SQLite file.
 * @throws an Error that names the file when it cannot be opened
 */
export async function openSqliteStore(
  file: string,
  sdkAppId: number,
  observer?: StoreObserver,
): Promise<Store & Spool> {
  /** The disk was full, somebody else held the lock, or the thread was no more, when last heard of. */
  let failing = false;
  const ask = await startWriter(file, sdkAppId, () => {
    failing = true;
  });
  let reader: Promise<Kysely<Tables>> | undefined;
  const openReader = () => {
    reader ??= readerOf(file);
    return reader;
  };
  const followers = new Followers();
  let trying: Promise<boolean> | null = null;
  const queue = new CommitQueue(
    async (callbacks: ReceivedCallback[]) => {
      try {
        const appended = await ask('append', callbacks.map(toCallbackRow));
        failing = false;
        return appended;
      } catch (error) {
        failing ||= !isFaultOfItems(error);
        throw error;
      }
    },
    isFaultOfItems,
    (callbacks, appended, seconds) => {
      observer?.committed(callbacks.length, seconds);
      rejects.note(callbacks);
      if (followers.some) followers.tell(storedBy(appended));
    },
  );
  const rejects = new RejectBound(
    () => ask('pruneRejects'),
    (count) => observer?.pruned('rejects', count),
  );

  return {
    ...readsOf(openReader, sdkAppId, 'sqlite'),

    append: (callback) => queue.add(callback),

    async retry(id, judge) {
      const found = await ask('find', Number(id));
      if (!found) return 'not found';
      if (found.status === 'accepted') return 'already accepted';
      const result = await ask('replace', Number(id), toCallbackRow(judge(found.kept)));
      if (typeof result !== 'string') followers.tell(storedBy([{ id: result.id, repeat: true }]));
      return result;
    },

    follow: async (onStored) => followers.add(onStored),

    async pruneCallbacks(before, most) {
      const count = await ask('pruneCallbacks', before.getTime(), most);
      if (count > 0) observer?.pruned('retention', count);
      return count;
    },

    async health() {
      // Once it failed, what tells whether it can be written is writing. A try may wait for a lock, and appends wait for
      // it: it is one for all who ask meanwhile.
      if (failing) {
        trying ??= ask('canWrite')
          .catch(() => false)
          .finally(() => {
            trying = null;
          });
        failing = !(await trying);
      }
      return { ready: !failing };
    },

    oldest: (limit) => ask('oldest', limit),
    forget: (ids) => ask('forget', ids),
    depth: () => ask('depth'),

    async close() {
      await queue.idle();
      await rejects.idle();
      await (await reader)?.destroy();
      // A thread that broke off has left nothing to close.
      await ask('close').catch((error) => {
        if (!(error instanceof WriterEnded)) throw error;
      });
    },
  };
}

/** SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH. A lock, a full disk or a bad file are met by every one alike. */
const FAULTS_OF_ITEMS = [18, 19, 20];

function isFaultOfItems(error: unknown): boolean {
  if (error instanceof WriterEnded) return false;
  const { errcode } = error as { errcode?: number };
  // Without a code it was not the database. SQLite's primary code is the low byte, the rest says more of it.
  return errcode === undefined || FAULTS_OF_ITEMS.includes(errcode & 0xff);
}

/** Reads have a connection of their own: Kysely's are asynchronous, and a writer's transaction is not to wait for them. */
async function readerOf(file: string): Promise<Kysely<Tables>> {
  const { Kysely, SqliteDialect } = await import('kysely');
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: forKysely(file) }) });
}

/** Kysely's SQLite driver speaks to better-sqlite3; node:sqlite differs in how parameters are passed. */
function forKysely(file: string) {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 1000 });
  return {
    close: () => database.close(),
    prepare(text: string) {
      const statement = database.prepare(text);
      type Parameters = readonly Parameter[];
      type Parameter = string | number | null;
      return {
        reader: true,
        all: (parameters: readonly unknown[]) => statement.all(...(parameters as Parameters)),
        run: (parameters: readonly unknown[]) => statement.run(...(parameters as Parameters)),
        iterate: (parameters: readonly unknown[]) => statement.iterate(...(parameters as Parameters)),
      };
    },
  };
}
