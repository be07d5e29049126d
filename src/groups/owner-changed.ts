import type { Callback } from '../receiver/callback.ts';
import type { Facts } from './change.ts';

export function ownerChanged({ payload }: Callback<'Group.CallbackAfterChangeGroupOwner'>): Facts {
  return { fields: { type: payload.Type, ownerAccount: payload.NewOwner_Account } };
}
