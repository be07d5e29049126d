// @ts-check
// The thread of the writer, so that writing and waiting for the disk does not block requests. In JavaScript, because a
// TypeScript file outside of the compile cache would load a compiler into the thread.
import '../../compile-cache.js';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * @import { MessagePort } from 'node:worker_threads'
 * @import { Answer, Call } from './sqlite-store.ts'
 */

const { openWriter } = await import('./writer.ts');
const writer = openWriter(workerData.file, workerData.sdkAppId);
const port = /** @type {MessagePort} */ (parentPort);

port.on('message', (/** @type {Call} */ [method, args]) => {
  port.postMessage(answer(/** @type {(...args: readonly unknown[]) => unknown} */ (writer[method]), args));
  if (method === 'close') port.close();
});
port.postMessage('open');

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
