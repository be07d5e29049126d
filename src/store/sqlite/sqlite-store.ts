import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { Kysely } from 'kysely';
import { ChangeFeed, storedBy } from '../change-feed.ts';
import { CommitQueue } from '../commit-queue.ts';
import { boundRejects } from '../pruning.ts';
import { readsOf } from '../reads.ts';
import { replayOf } from '../replay.ts';
import type { Tables } from '../rows.ts';
import type { Spool } from '../spool.ts';
import type { ReceivedCallback, Store, StoreObserver } from '../store.ts';
import { packCallback, type Writer } from './writer.ts';

/**
 * The store on one SQLite file.
 * @throws an Error that names the file when it cannot be opened
 */
export async function openSqliteStore(
  file: string,
  sdkAppId: number,
  observer?: StoreObserver,
): Promise<Store & Spool> {
  /** At the last attempt the disk was full, another process held the lock, or the thread had ended. */
  let failing = false;
  const ask = await startWriter(file, sdkAppId, () => {
    failing = true;
  });
  let reader: Promise<Kysely<Tables>> | undefined;
  const openReader = () => {
    reader ??= readerOf(file);
    return reader;
  };
  const feed = new ChangeFeed();
  let probing: Promise<boolean> | null = null;
  const queue = new CommitQueue(
    async (callbacks: ReceivedCallback[]) => {
      try {
        const appended = await ask('append', callbacks.map(packCallback));
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
      if (feed.isFollowed) feed.publish(storedBy(appended));
    },
  );
  const rejects = boundRejects(
    () => ask('pruneRejects'),
    (count) => observer?.pruned('rejects', count),
  );

  return {
    ...readsOf(openReader, sdkAppId, 'sqlite'),

    ...replayOf(openReader, sdkAppId, 'sqlite', {
      saveReplay: (row) => ask('saveReplay', row),
      replaceGroup: (replacement, mark) => ask('replaceGroup', replacement, mark),
      publish: (stored) => feed.publish(stored),
      isLocked: (error) => primaryCodeOf(error) === SQLITE_BUSY,
    }),

    append: (callback) => queue.add(callback),

    async retry(id, judge) {
      const kept = await ask('findForRetry', Number(id));
      if (typeof kept === 'string') return kept;
      const result = await ask('replace', Number(id), packCallback(judge(kept)));
      if (typeof result !== 'string') feed.publish(storedBy([{ id: result.id, repeat: true }]));
      return result;
    },

    follow: async (onStored) => feed.follow(onStored),

    async pruneCallbacks(before, most) {
      const count = await ask('pruneCallbacks', before.getTime(), most);
      if (count > 0) observer?.pruned('retention', count);
      return count;
    },

    async health() {
      // After a failure only a write shows whether the database can be written again. The probe may wait for a lock, and
      // appends queue behind it, so concurrent health checks share one probe.
      if (failing) {
        probing ??= ask('canWrite')
          .catch(() => false)
          .finally(() => {
            probing = null;
          });
        failing = !(await probing);
      }
      return { ready: !failing };
    },

    oldest: (limit, bytes) => ask('oldest', limit, bytes),
    forget: (ids) => ask('forget', ids),
    depth: () => ask('depth'),
    canWrite: () => ask('canWrite'),

    async close() {
      await queue.idle();
      await rejects.idle();
      await (await reader)?.destroy();
      // A thread that has ended has nothing left to close.
      await ask('close').catch((error) => {
        if (!(error instanceof WriterEnded)) throw error;
      });
    },
  };
}

const SQLITE_BUSY = 5;
/** SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH. A lock, a full disk or a corrupt file affects every item alike. */
const FAULTS_OF_ITEMS = [18, 19, 20];

function isFaultOfItems(error: unknown): boolean {
  if (error instanceof WriterEnded) return false;
  const code = primaryCodeOf(error);
  // Without a code the error is not SQLite's.
  return code === undefined || FAULTS_OF_ITEMS.includes(code);
}

/** The low byte of SQLite's extended code. */
function primaryCodeOf(error: unknown): number | undefined {
  const { errcode } = error as { errcode?: number };
  return errcode === undefined ? undefined : errcode & 0xff;
}

export type Call = readonly [method: keyof Writer, args: readonly unknown[]];
export type Answer = { result: unknown } | { failure: string; errcode?: number };

/** Calls a method of the writer; calls run in order. What it throws has SQLite's `errcode`, if any. */
type AskWriter = <Method extends keyof Writer>(
  method: Method,
  ...args: Parameters<Writer[Method]>
) => Promise<ReturnType<Writer[Method]>>;

/** The thread has ended: the outcome of pending calls is unknown. */
class WriterEnded extends Error {}

/**
 * Opens a writer in a thread of its own, which ends when it is asked to close.
 * @param onEnded the thread has ended, whether it was asked to or not
 */
async function startWriter(file: string, sdkAppId: number, onEnded: () => void): Promise<AskWriter> {
  // The import above has compiled the writer: flushed, the thread finds it in the compile cache and loads no compiler.
  flushCompileCache();
  const worker = new Worker(new URL('./writer-thread.js', import.meta.url), { workerData: { file, sdkAppId } });
  await once(worker, 'message');
  const pending: PromiseWithResolvers<unknown>[] = [];
  let ended: WriterEnded | null = null;
  worker.on('message', (answer: Answer) => {
    const { resolve, reject } = pending.shift() as PromiseWithResolvers<unknown>;
    if ('result' in answer) resolve(answer.result);
    else reject(Object.assign(new Error(answer.failure), { errcode: answer.errcode }));
  });
  worker.on('error', (cause) => {
    ended = new WriterEnded('the thread that writes the database broke off', { cause });
  });
  worker.on('exit', () => {
    ended ??= new WriterEnded('the database is closed');
    for (const { reject } of pending.splice(0)) reject(ended);
    onEnded();
  });

  async function ask(...[method, ...args]: Parameters<AskWriter>): Promise<unknown> {
    if (ended) throw ended;
    worker.postMessage([method, args] satisfies Call);
    const call = Promise.withResolvers<unknown>();
    pending.push(call);
    return call.promise;
  }
  return ask as AskWriter;
}

/** Reads have a connection of their own, in this thread, so that they do not queue behind writes. */
async function readerOf(file: string): Promise<Kysely<Tables>> {
  const { Kysely, SqliteDialect } = await import('kysely');
  const database = new DatabaseSync(file, { readOnly: true, timeout: 1000 });
  type Parameters = readonly (string | number | null)[];
  return new Kysely<Tables>({
    dialect: new SqliteDialect({
      // Kysely's driver is made for better-sqlite3; node:sqlite takes parameters one by one.
      database: {
        close: () => database.close(),
        prepare(text: string) {
          const statement = database.prepare(text);
          return {
            reader: true,
            all: (parameters: readonly unknown[]) => statement.all(...(parameters as Parameters)),
            run: (parameters: readonly unknown[]) => statement.run(...(parameters as Parameters)),
            iterate: (parameters: readonly unknown[]) => statement.iterate(...(parameters as Parameters)),
          };
        },
      },
    }),
  });
}
