import { BEGINNING, type Place } from '../store/consumers.ts';
import type { HandlerOptions, On } from './delivery.ts';
import { BATCH, LogReader } from './log-reader.ts';
import { callbackReader } from './read.ts';
import { addHandler, type HandlersOf } from './registrations.ts';
import type { DeliveryStore } from './target.ts';

/** A consumer in a test; its cursor is kept in memory. */
interface Consumer {
  target: HandlersOf;
  log: LogReader;
  place: Place;
}

/** For tests: runs handlers on demand instead of in a loop, one callback at a time, without retries. */
export async function handlersAtOnce(
  store: DeliveryStore,
  { document, sdkAppId }: { document: object; sdkAppId: number },
): Promise<{ on: On; deliver(): Promise<void> }> {
  const read = callbackReader(document, { sdkAppId, storeId: await store.storeId() });
  const handlers = new Map<string, HandlersOf>();
  const consumers = new Map<string, Consumer>();
  /** Cursor of the handlers that are registered next. */
  let end = BEGINNING;

  const on: On = (command: string, handler: unknown, options: HandlerOptions = {}) => {
    const { name, target, isNew } = addHandler(handlers, [command, handler, options], { isRegistered: () => true });
    if (!isNew) return;
    const place = target.from === 'now' ? end : BEGINNING;
    consumers.set(name, { target, log: new LogReader({ store, target, read }), place });
  };

  /** Runs are serialized: two at once would read the same callbacks. */
  let delivering = Promise.resolve();
  function deliver(): Promise<void> {
    const delivered = delivering.then(deliverAll);
    delivering = delivered.catch(() => {});
    return delivered;
  }

  async function deliverAll(): Promise<void> {
    const errors: unknown[] = [];
    for (const consumer of consumers.values()) errors.push(...(await deliverTo(consumer)));
    end = await endOfLog(store, end);
    if (errors.length > 1) throw new AggregateError(errors, `${errors.length} deliveries failed`);
    if (errors.length === 1) throw errors[0];
  }

  return { on, deliver };
}

async function endOfLog(store: DeliveryStore, after: Place): Promise<Place> {
  const log = await store.readLog({ after, limit: BATCH, wants: [] });
  const last = log.at(-1)?.place;
  return last === undefined ? after : endOfLog(store, last);
}

/** @returns the errors that the handlers threw */
async function deliverTo(consumer: Consumer): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (let isEnd = false; !isEnd; ) {
    const batch = await consumer.log.after(consumer.place, BATCH);
    for (const { place, loaded } of batch.callbacks) {
      consumer.place = place;
      if (loaded === null) continue;
      try {
        const { content } = loaded.read;
        if ('problem' in content) throw new Error(content.problem);
        const signal = AbortSignal.timeout(consumer.target.timeoutMs);
        await consumer.target.deliver({ ...content, group: loaded.group, attempt: 1, late: false }, signal);
      } catch (error) {
        errors.push(error);
      }
    }
    isEnd = batch.isEnd;
  }
  return errors;
}
