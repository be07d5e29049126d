// @ts-check

/**
 * @import { MessagePort } from 'node:worker_threads'
 * @import { Answer, Call } from './thread.ts'
 */

/**
 * Answers the calls that arrive at a thread's port, until its method `close` is called.
 * @param {MessagePort} port
 * @param {Record<string, (...args: any[]) => unknown>} methods
 */
export function serve(port, methods) {
  port.on('message', (/** @type {Call} */ [method, args]) => {
    port.postMessage(answer(/** @type {(...args: readonly unknown[]) => unknown} */ (methods[method]), args));
    if (method === 'close') port.close();
  });
  port.postMessage('open');
}

/**
 * @param {(...args: readonly unknown[]) => unknown} work
 * @param {readonly unknown[]} args
 * @returns {Answer}
 */
function answer(work, args) {
  try {
    return { result: work(...args) };
  } catch (error) {
    // A cloned Error lacks SQLite's code.
    const { message, errcode } = /** @type {Error & { errcode?: number }} */ (error);
    return { failure: message, ...(errcode !== undefined && { errcode }) };
  }
}
