import type { Callback } from '../callback/callback.ts';
import type { Facts } from './meanings.ts';

export function ownerChanged({ payload }: Callback<'Group.CallbackAfterChangeGroupOwner'>): Facts {
  return { fields: { type: payload.Type, ownerAccount: payload.NewOwner_Account } };
}
