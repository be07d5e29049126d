import { Worker } from 'node:worker_threads';

// biome-ignore lint/suspicious/noExplicitAny: the methods of a thread take and return any values that can be cloned
export type Methods = Record<string, (...args: any[]) => unknown>;

export type Call = readonly [method: string, args: readonly unknown[]];
export type Answer = { result: unknown } | { failure: string; errcode?: number };

/** Calls a method in the thread; calls run in order. Errors carry SQLite's `errcode`, if any. */
export type Ask<Offered extends Methods> = <Method extends keyof Offered>(
  method: Method,
  ...args: Parameters<Offered[Method]>
) => Promise<Awaited<ReturnType<Offered[Method]>>>;

/** The thread has ended: the outcome of pending calls is unknown. */
export class ThreadEnded extends Error {}

/**
 * Starts the thread that writes or reads a database file. It answers calls to `Offered`, and ends after its method
 * `close`.
 * @param onFailed called if the thread ends unexpectedly
 * @throws the error that the thread throws before it is ready
 */
export async function startThread<Offered extends Methods>(
  job: 'writes' | 'reads',
  database: { file: string; sdkAppId?: number },
  onFailed: (error: Error) => void,
): Promise<Ask<Offered>> {
  const worker = new Worker(new URL('./thread-main.js', import.meta.url), { workerData: { job, ...database } });
  const opened = Promise.withResolvers<void>();
  const pending: PromiseWithResolvers<unknown>[] = [];
  let ended: ThreadEnded | null = null;
  let closing = false;
  worker.on('message', (answer: 'open' | Answer | { 'watch:import': string[] }) => {
    if (answer === 'open') return opened.resolve();
    // Under `node --watch`, Node reports the modules that a thread loads among its messages.
    if (!('result' in answer || 'failure' in answer)) return;
    const { resolve, reject } = pending.shift() as PromiseWithResolvers<unknown>;
    if ('result' in answer) resolve(answer.result);
    else reject(Object.assign(new Error(answer.failure), { errcode: answer.errcode }));
  });
  worker.once('error', opened.reject);
  await opened.promise;
  worker.on('error', (cause) => {
    ended = new ThreadEnded(`the thread that ${job} the database broke off`, { cause });
  });
  worker.on('exit', () => {
    ended ??= new ThreadEnded(closing ? 'the database is closed' : `the thread that ${job} the database ended`);
    for (const { reject } of pending.splice(0)) reject(ended);
    if (!closing) onFailed(ended);
  });

  async function ask(method: string, ...args: readonly unknown[]): Promise<unknown> {
    if (ended) throw ended;
    closing ||= method === 'close';
    worker.postMessage([method, args] satisfies Call);
    const call = Promise.withResolvers<unknown>();
    pending.push(call);
    return call.promise;
  }
  return ask as Ask<Offered>;
}
