import type { Callback } from '../receiver/callback.ts';
import type { Facts } from './change.ts';

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
