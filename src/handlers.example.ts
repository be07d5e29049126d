// Copy this file to src/handlers.ts, which git ignores, and start the receiver again (npm run dev does it by itself).
// The type is all that it imports, so it may be anywhere: HANDLERS=/etc/callbacks/handlers.ts. There, the package has it:
//   import type { Handlers } from 'tencent-chat-callbacks';
import type { Handlers } from './index.ts';

const handlers: Handlers = (receiver, { ALLOW, reject, UnrecoverableError }) => {
  // Runs once the callback is stored, again until it succeeds, and for each group in order.
  receiver.on('Group.CallbackAfterCreateGroup', async ({ id, payload, group, signal }) => {
    if (payload.GroupId === '') throw new UnrecoverableError('a group without an id'); // not tried again
    const created = { id, groupId: payload.GroupId, owner: payload.Owner_Account, name: group?.name };
    await save(created, signal);
  });

  // Answers while the vendor waits, for 2 s. Beside these two there are DROP, replace, refuse and answer: docs/decisions.md.
  receiver.decide('Group.CallbackBeforeSendMsg', ({ payload }) => {
    const text = String(payload.MsgBody?.[0]?.MsgContent?.Text ?? '');
    return text.length > 500 ? reject('At most 500 characters', 10120) : ALLOW;
  });
};

/** Stands for a write to your own database: it may be called twice with the same id. */
async function save(group: { id: string; groupId: string }, _signal: AbortSignal): Promise<void> {
  console.log('saved', group);
}

export default handlers;
