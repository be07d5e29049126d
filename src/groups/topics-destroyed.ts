import type { Callback } from '../receiver/callback.ts';
import type { Facts } from './change.ts';

export function topicsDestroyed({ payload }: Callback<'Group.CallbackAfterTopicDestroyed'>): Facts {
  return {
    fields: { type: payload.Type },
    parts: payload.TopicIdList.map((name) => ({ kind: 'topic', name, value: null })),
  };
}
