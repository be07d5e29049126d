import type { Logger } from 'pino';
import type { AppendedCallback, ReceivedCallback } from '../store/store.ts';
import { Refusal } from './reply.ts';

interface Needs {
  store: { append(callback: ReceivedCallback): Promise<AppendedCallback> };
  log: Logger;
}

/**
 * Appends a callback to the store, within so many milliseconds.
 * @throws {Refusal} when the store does not take it, or not in time: then it may still be stored later
 */
export async function appendInTime(
  { store, log }: Needs,
  callback: ReceivedCallback,
  milliseconds: number,
): Promise<AppendedCallback> {
  const about = { command: callback.command.slice(0, 100), group: callback.groupId?.slice(0, 100) ?? null };
  const appending = store.append(callback);
  let late = false;
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => {
          late = true;
          reject(new Error('the store did not settle in time'));
        },
        Math.max(0, milliseconds),
      );
      appending.then(
        (appended) => {
          clearTimeout(timer);
          resolve(appended);
        },
        (error) => {
          clearTimeout(timer);
          reject(error);
        },
      );
    });
  } catch (error) {
    log.error({ err: error, ...about }, 'the store did not take a callback');
    if (!late) throw new Refusal('store unavailable', 'The callback could not be stored; nothing of it was');
    // It does no harm there: what the sender sends again is a repeat of it.
    appending.then(
      ({ id }) => log.warn({ ...about, callback: id }, 'stored after the reply'),
      () => {},
    );
    throw new Refusal('store unavailable', 'The callback could not be stored in time; send it again');
  }
}
