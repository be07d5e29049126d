import { expect, test } from '@jest/globals';
import type { Handler } from '../src/delivery/delivery.ts';
import { LogWindow } from '../src/delivery/window.ts';
import { CREATED, deliver, RENAMED, until } from './support/deliveries.ts';
import { createMemoryLog, type MemoryLog, placeOf } from './support/memory-log.ts';

/** Calls of some methods of a store wait until the test lets them go on. */
function gated(store: ReturnType<MemoryLog['connect']>) {
  const gates = new Map<'readLog' | 'findLogged' | 'storeId' | 'saveProgress', PromiseWithResolvers<void>>();
  const gate = <Method extends 'readLog' | 'findLogged' | 'storeId' | 'saveProgress'>(method: Method) => {
    const call = store[method] as (...given: unknown[]) => Promise<unknown>;
    return { [method]: async (...given: unknown[]) => gates.get(method)?.promise.then(() => call(...given)) ?? call(...given) };
  };
  return {
    store: { ...store, ...gate('readLog'), ...gate('findLogged'), ...gate('storeId'), ...gate('saveProgress') } as typeof store,
    hold: (method: Parameters<typeof gates.get>[0]) => void gates.set(method, Promise.withResolvers()),
    letGo: (method: Parameters<typeof gates.get>[0]) => {
      gates.get(method)?.resolve();
      gates.delete(method);
    },
  };
}

function recorder() {
  const seen: string[] = [];
  let fails = false;
  const handle: Handler<{ payload: unknown }> = ({ payload }) => {
    if (fails) throw new Error('away');
    seen.push((payload as { GroupName: string }).GroupName);
  };
  return { seen, handle, fail: (does: boolean) => void (fails = does) };
}

test('a callback that comes while the next one of its failed subject is being read survives a kill', async () => {
  const log = createMemoryLog();
  const first = log.connect();
  const before = deliver(first);
  before.on(CREATED, () => {
    throw new Error('away');
  });
  await until(() => log.consumers.has('handlers'));
  log.append(CREATED, { GroupId: 'a', GroupName: '1' });
  log.append(CREATED, { GroupId: 'a', GroupName: '2' });
  await until(() => [...log.consumer('handlers').deliveries.values()].some(({ waiting }) => waiting.length === 1));
  first.kill();
  log.expireLeases();

  const connection = log.connect();
  const { store, hold, letGo } = gated(connection);
  const second = deliver(store);
  const started = Promise.withResolvers<void>();
  const attempt = Promise.withResolvers<void>();
  second.on(CREATED, ({ payload }) => {
    if (payload.GroupName !== '1') return;
    started.resolve();
    return attempt.promise;
  });
  await started.promise;
  hold('readLog');
  log.append(CREATED, { GroupId: 'a', GroupName: '3' });
  await until(() => log.calls.get('saveProgress'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  hold('findLogged');
  attempt.resolve();
  letGo('readLog');
  await until(() => log.consumer('handlers').place === placeOf(3));
  connection.kill();
  letGo('findLogged');
  log.expireLeases();

  const { seen, handle } = recorder();
  deliver(log.connect()).on(CREATED, handle);
  await until(() => seen.includes('3'));
  expect(seen.filter((name) => name !== '1')).toEqual(['2', '3']);
});
