import type { Callback } from '../callback/callback.ts';
import type { Facts } from './meanings.ts';

export function topicInfoChanged({ payload }: Callback<'Group.CallbackAfterTopicInfoChanged'>): Facts | null {
  // Without an id nobody can tell which topic it is.
  if (payload.TopicId === undefined || payload.Name === undefined) return null;
  return {
    fields: { type: payload.Type },
    parts: [{ kind: 'topicName', name: payload.TopicId, value: payload.Name }],
  };
}
