// Runs as a thread of its own: what it writes, and the waiting for the disk, keeps nobody from being answered.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Answer, Call } from './start-writer.ts';
import { openWriter } from './writer.ts';

const { file, sdkAppId } = workerData as { file: string; sdkAppId: number };
const writer = openWriter(file, sdkAppId);
const port = parentPort as MessagePort;

port.on('message', ([method, args]: Call) => {
  port.postMessage(answer(writer[method] as (...args: unknown[]) => unknown, args));
  if (method === 'close') port.close();
});
port.postMessage('open');

function answer(work: (...args: unknown[]) => unknown, args: readonly unknown[]): Answer {
  try {
    return { result: work(...args) };
  } catch (error) {
    // A copy of an Error lacks SQLite's code.
    const { message, errcode } = error as Error & { errcode?: number };
    return { failure: message, ...(errcode !== undefined && { errcode }) };
  }
}
