// @ts-check
// The thread of the writer, so that writing and waiting for the disk does not block requests. In JavaScript, because a
// TypeScript file outside of the compile cache would load a compiler into the thread.
import '../../compile-cache.js';
import { parentPort, workerData } from 'node:worker_threads';
import { serve } from './serve.js';

/** @import { MessagePort } from 'node:worker_threads' */

const { openWriter } = await import('./writer.ts');
serve(/** @type {MessagePort} */ (parentPort), openWriter(workerData.file, workerData.sdkAppId));
