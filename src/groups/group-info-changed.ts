import type { Callback } from '../callback/callback.ts';
import type { Facts } from './meanings.ts';

export function groupInfoChanged({ payload }: Callback<'Group.CallbackAfterGroupInfoChanged'>): Facts {
  return {
    fields: {
      type: payload.Type,
      name: payload.Name,
      introduction: payload.Introduction,
      notification: payload.Notification,
      faceUrl: payload.FaceUrl,
    },
  };
}
