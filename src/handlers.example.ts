// Copy this file to src/handlers.ts, which git ignores, and restart the receiver (npm run dev restarts by itself). It
// imports only a type, so it can be anywhere, as in HANDLERS=/etc/callbacks/handlers.ts. There, import the type from
// the package:
//   import type { Handlers } from 'tencent-chat-callbacks';
import type { Handlers } from './index.ts';

const handlers: Handlers = (receiver, { ALLOW, reject, UnrecoverableError }) => {
  // Runs once the callback is stored, is retried until it succeeds, and keeps the order within each group.
  receiver.on('Group.CallbackAfterCreateGroup', async ({ id, payload, group, signal }) => {
    if (payload.GroupId === '') throw new UnrecoverableError('a group without an id'); // not retried
    const created = { id, groupId: payload.GroupId, owner: payload.Owner_Account, name: group?.name };
    await save(created, signal);
  });

  // Answers while the vendor waits, for 2 s. Also available: DROP, replace, refuse and answer; see docs/decisions.md.
  receiver.decide('Group.CallbackBeforeSendMsg', ({ payload }) => {
    const text = String(payload.MsgBody?.[0]?.MsgContent?.Text ?? '');
    return text.length > 500 ? reject('At most 500 characters', 10120) : ALLOW;
  });
};

/** Stands for a write to your own database: may be called twice with the same id. */
async function save(group: { id: string; groupId: string }, _signal: AbortSignal): Promise<void> {
  console.log('saved', group);
}

export default handlers;
