import type { Callback } from '../callback/callback.ts';
import type { Facts, PartValue } from './meanings.ts';

export function membersJoined({ payload }: Callback<'Group.CallbackAfterNewMemberJoin'>): Facts {
  const value = { how: payload.JoinType ?? 'Unknown', by: payload.Operator_Account ?? null };
  return {
    fields: { type: payload.Type },
    parts: (payload.NewMemberList ?? []).map(
      ({ Member_Account }): PartValue => ({ kind: 'member', name: Member_Account, value }),
    ),
  };
}
