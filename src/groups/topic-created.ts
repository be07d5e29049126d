import type { Callback } from '../receiver/callback.ts';
import type { Facts } from './change.ts';

export function topicCreated({ payload }: Callback<'Group.CallbackAfterCreateTopic'>): Facts {
  return {
    fields: { type: payload.Type },
    parts: [{ kind: 'topic', name: payload.TopicId, value: payload.Name ?? '' }],
  };
}
