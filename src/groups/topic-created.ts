import type { Callback } from '../callback/callback.ts';
import type { Facts } from './meanings.ts';

export function topicCreated({ payload }: Callback<'Group.CallbackAfterCreateTopic'>): Facts {
  return {
    fields: { type: payload.Type },
    parts: [{ kind: 'topic', name: payload.TopicId, value: payload.Name ?? '' }],
  };
}
