// @ts-check
// The thread of the reader, so that a long read does not block requests. In JavaScript, because a TypeScript file outside
// of the compile cache would load a compiler into the thread.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { serve } from './serve.js';

/**
 * @import { MessagePort } from 'node:worker_threads'
 * @import { SQLInputValue } from 'node:sqlite'
 */

const database = new DatabaseSync(workerData.file, { readOnly: true, timeout: 1000 });

serve(/** @type {MessagePort} */ (parentPort), {
  all: (/** @type {string} */ sql, /** @type {readonly SQLInputValue[]} */ parameters) =>
    database.prepare(sql).all(...parameters),
  close: () => database.close(),
});
