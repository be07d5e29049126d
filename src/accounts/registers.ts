import type { Callback, Command } from '../callback/callback.ts';
import { isInFuture } from '../callback/callback.ts';
import { type Stamp, stampOf } from '../callback/stamp.ts';

/**
 * What one callback says of an account, as a last-writer-wins register: it holds until a callback with a newer stamp says
 * otherwise. A value of null is a tombstone.
 */
export type Register = { account: string; stamp: Stamp } & Statement;

type Statement =
  | { kind: 'friend' | 'block'; name: string; value: Relation | null }
  | { kind: 'presence'; name: ''; value: Presence }
  | { kind: 'status'; name: ''; value: Status | null };

/** Whether the stamp is the event time; otherwise it is the time of arrival. */
interface Relation {
  timed: boolean;
}

export interface Presence {
  state: 'online' | 'offline';
  action: string;
  reason: string;
  timed: boolean;
}

interface Status {
  text: string;
  timed: boolean;
}

type Stated = { account: string } & Statement;
type Meanings = { [C in Command]?: (callback: Callback<C>, timed: boolean) => Stated[] };

const STATES: Readonly<Record<string, Presence['state']>> = {
  Login: 'online',
  Logout: 'offline',
  Disconnect: 'offline',
};

/** What each command means for the accounts in it. A command without an entry changes none. */
const MEANINGS: Meanings = {
  'State.StateChange': ({ payload }, timed) => {
    const { To_Account: account, Action: action, Reason: reason = '', CustomStatus } = payload.Info;
    if (account === '') return [];
    const state = Object.hasOwn(STATES, action) ? STATES[action] : undefined;
    if (state) return [{ account, kind: 'presence', name: '', value: { state, action, reason, timed } }];
    if (action !== 'CustomStatusChange') return [];
    // Removing a status text sets it to an empty one, which may be left out.
    const text = CustomStatus ?? payload.CustomStatus ?? '';
    return [{ account, kind: 'status', name: '', value: text === '' ? null : { text, timed } }];
  },
  'Sns.CallbackFriendAdd': ({ payload }, timed) => relations('friend', payload.PairList, { timed }),
  'Sns.CallbackFriendDelete': ({ payload }) => relations('friend', payload.PairList, null),
  'Sns.CallbackBlackListAdd': ({ payload }, timed) => relations('block', payload.PairList, { timed }),
  'Sns.CallbackBlackListDelete': ({ payload }) => relations('block', payload.PairList, null),
};

/** The commands that can change an account. */
export const REGISTER_COMMANDS = Object.keys(MEANINGS);

/** What the callback changes in accounts; each register once. */
export function registersOf<C extends Command>(callback: Callback<C>, idempotencyKey: Uint8Array): Register[] {
  const meaning = MEANINGS[callback.command];
  if (!meaning) return [];
  const { eventTime, receivedAt, happenedAt } = callback;
  const timed = eventTime !== null && !isInFuture(eventTime, receivedAt);
  const stamp = stampOf(happenedAt, idempotencyKey);
  return meaning(callback, timed).map((stated) => ({ ...stated, stamp }));
}

type Pairs = readonly { From_Account: string; To_Account: string }[];

function relations(kind: 'friend' | 'block', pairs: Pairs, value: Relation | null): Stated[] {
  const found = new Map<string, Stated>();
  for (const { From_Account: account, To_Account: name } of pairs) {
    if (account !== '' && name !== '') found.set(JSON.stringify([account, name]), { account, kind, name, value });
  }
  return [...found.values()];
}
