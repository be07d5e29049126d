import { pino } from 'pino';
import callbackDocument from '../../generated/callback.json' with { type: 'json' };
import { createDelivery, type DeliveryOptions } from '../../src/delivery/start.ts';
import type { DeliveryStore } from '../../src/delivery/target.ts';
import { teardown } from './start.ts';

export const CREATED = 'Group.CallbackAfterCreateGroup';
export const RENAMED = 'Group.CallbackAfterGroupInfoChanged';

/** Deliveries over a store, with every line of their log. Closed with the test. */
export function deliver(store: DeliveryStore, options: Partial<DeliveryOptions> = {}) {
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line) => void logged.push(line) });
  const deliveries = createDelivery({ store, document: callbackDocument, sdkAppId: 1400000000, log, ...options });
  teardown(() => deliveries.close());
  return Object.assign(deliveries, { logged });
}

/** Polls until it is true. */
export async function until(condition: () => unknown, seconds = 10): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within ${seconds} s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
