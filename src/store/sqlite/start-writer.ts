import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Writer } from './writer.ts';

export type Call = readonly [method: keyof Writer, args: readonly unknown[]];
export type Answer = { result: unknown } | { failure: string; errcode?: number };

/** Has the writer do something, after all that it was asked before. What it throws has SQLite's `errcode`, if any. */
export type AskWriter = <Method extends keyof Writer>(
  method: Method,
  ...args: Parameters<Writer[Method]>
) => Promise<ReturnType<Writer[Method]>>;

/** The thread is no more: nothing that it was asked may be taken for done. */
export class WriterEnded extends Error {}

/**
 * Opens a writer in a thread of its own, which ends when it is asked to close.
 * @param onEnded the thread is no more, whether it was asked to or not
 * @throws an Error that names the file when it cannot be opened
 */
export async function startWriter(file: string, sdkAppId: number, onEnded: () => void): Promise<AskWriter> {
  // Compiled here, so that the thread finds it in the compile cache and loads no compiler of its own.
  await import('./writer.ts');
  flushCompileCache();
  const worker = new Worker(new URL('./writer-thread.js', import.meta.url), { workerData: { file, sdkAppId } });
  await once(worker, 'message');
  const waiting: PromiseWithResolvers<unknown>[] = [];
  let ended: WriterEnded | null = null;
  worker.on('message', (answer: Answer) => {
    const { resolve, reject } = waiting.shift() as PromiseWithResolvers<unknown>;
    if ('result' in answer) resolve(answer.result);
    else reject(Object.assign(new Error(answer.failure), { errcode: answer.errcode }));
  });
  worker.on('error', (cause) => {
    ended = new WriterEnded('the thread that writes the database broke off', { cause });
  });
  worker.on('exit', () => {
    ended ??= new WriterEnded('the database is closed');
    for (const { reject } of waiting.splice(0)) reject(ended);
    onEnded();
  });

  async function ask(...[method, ...args]: Parameters<AskWriter>): Promise<unknown> {
    if (ended) throw ended;
    worker.postMessage([method, args] satisfies Call);
    const settle = Promise.withResolvers<unknown>();
    waiting.push(settle);
    return settle.promise;
  }
  return ask as AskWriter;
}
