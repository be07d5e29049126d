import type { Callback } from '../callback/callback.ts';
import type { Facts } from './meanings.ts';

export function groupDestroyed({ payload }: Callback<'Group.CallbackAfterGroupDestroyed'>): Facts {
  // All that is known of a group whose other callbacks never came.
  return { destroyed: true, fields: { type: payload.Type, name: payload.Name, ownerAccount: payload.Owner_Account } };
}
