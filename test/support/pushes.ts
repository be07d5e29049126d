import { expect } from '@jest/globals';
import type { Running } from './start.ts';
import { pathOf, post } from './vendor.ts';

export const OFFLINE = 'Push.OfflinePush';
export const ALL_MEMBERS = 'Push.AllMemberPush';

let count = 0;
/** An item of a push batch; each call returns a different one. */
export function pushOf(To_Account: string, fields: object = {}) {
  count += 1;
  const EventTime = 1_767_254_400 + count;
  return {
    CallbackCommand: OFFLINE,
    EventType: 1,
    EventTime,
    From_Account: 'mina',
    To_Account,
    MsgSeq: count,
    ...fields,
  };
}

/** Sends a batch as the vendor does. @returns the id of the stored callback */
export async function sendPushes(
  { send, store }: Pick<Running, 'send' | 'store'>,
  items: readonly object[] | string,
  command = OFFLINE,
): Promise<string> {
  const path = pathOf({ CallbackCommand: command, ClientIP: undefined, OptPlatform: undefined });
  const body = typeof items === 'string' ? items : { Events: items };
  expect(await send(path, post(body))).toMatchObject({ status: 200, json: { ActionStatus: 'OK', ErrorCode: 0 } });
  return (await store.listCallbacks({ limit: 1 })).items[0]?.id ?? '';
}
