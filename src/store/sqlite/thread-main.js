// @ts-check
// Runs in the threads of the writer and the reader, so that neither a long read nor waiting for the disk blocks requests.
// In JavaScript, because a TypeScript file outside of the compile cache would load a compiler into the thread.
import '../../compile-cache.js';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * @import { MessagePort } from 'node:worker_threads'
 * @import { SQLInputValue } from 'node:sqlite'
 * @import { Answer, Call, Methods } from './thread.ts'
 */

const port = /** @type {MessagePort} */ (parentPort);
const methods = workerData.job === 'writes' ? await openWriter() : await openReader();

// Answers calls until the method `close` is called.
port.on('message', (/** @type {Call} */ [method, args]) => {
  port.postMessage(answer(/** @type {Methods[string]} */ (methods[method]), args));
  if (method === 'close') port.close();
});
port.postMessage('open');

/** @returns {Promise<Methods>} */
async function openWriter() {
  const { openWriter } = await import('./writer.ts');
  return openWriter(workerData.file, workerData.sdkAppId);
}

/** @returns {Promise<Methods>} */
async function openReader() {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(workerData.file, { readOnly: true, timeout: 1000 });
  return {
    all: (/** @type {string} */ sql, /** @type {readonly SQLInputValue[]} */ parameters) =>
      database.prepare(sql).all(...parameters),
    close: () => database.close(),
  };
}

/**
 * @param {Methods[string]} work
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
