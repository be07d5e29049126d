import type { Callback } from '../callback/callback.ts';
import type { Facts } from './meanings.ts';

export function attributesChanged({ payload }: Callback<'Group.CallbackAfterGroupAttrChanged'>): Facts | null {
  const attributes = payload.GroupAttr ?? [];
  const gives = attributes.map(({ key, value }) => ({ kind: 'attribute', name: key, value: value ?? '' }) as const);
  const takes = attributes.map(({ key }) => ({ kind: 'attribute', name: key, value: null }) as const);
  const fields = { type: payload.Type };
  switch (payload.OptionType) {
    case 'set':
      return { fields, attributesCleared: true, parts: gives };
    case 'modify':
      return { fields, parts: gives };
    case 'delete':
      return { fields, parts: takes };
    case 'clear':
      return { fields, attributesCleared: true };
    default:
      return null;
  }
}
