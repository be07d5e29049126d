import type { Callback } from '../callback/callback.ts';
import type { Facts, PartValue } from './meanings.ts';

export function memberFieldChanged({ payload }: Callback<'Group.CallbackAfterMemberFieldChanged'>): Facts | null {
  const account = payload.Member_Account ?? payload.Modified_Account;
  if (account === undefined) return null;
  const parts: PartValue[] = [];
  if (payload.Role !== undefined) parts.push({ kind: 'role', name: account, value: payload.Role });
  if (payload.NameCard !== undefined) parts.push({ kind: 'nameCard', name: account, value: payload.NameCard });
  return { fields: { type: payload.Type }, parts };
}
