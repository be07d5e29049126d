import type { Callback } from '../callback/callback.ts';
import type { Facts, PartValue } from './meanings.ts';

export function membersExited({ payload }: Callback<'Group.CallbackAfterMemberExit'>): Facts {
  const parts = (payload.ExitMemberList ?? []).map(
    ({ Member_Account }): PartValue => ({ kind: 'member', name: Member_Account, value: null }),
  );
  return { fields: { type: payload.Type }, parts, ...(parts.length > 0 && { membersLeft: true }) };
}
