import type { Callback } from '../callback/callback.ts';
import type { Facts } from './meanings.ts';

export function topicsDestroyed({ payload }: Callback<'Group.CallbackAfterTopicDestroyed'>): Facts {
  return {
    fields: { type: payload.Type },
    parts: payload.TopicIdList.map((name) => ({ kind: 'topic', name, value: null })),
  };
}
