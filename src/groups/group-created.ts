import type { Callback } from '../callback/callback.ts';
import type { Facts } from './meanings.ts';

export function groupCreated({ payload, clientIp, optPlatform }: Callback<'Group.CallbackAfterCreateGroup'>): Facts {
  return {
    created: {
      type: payload.Type,
      name: payload.Name,
      ownerAccount: payload.Owner_Account ?? null,
      operatorAccount: payload.Operator_Account,
      introduction: payload.Introduction ?? null,
      notification: payload.Notification ?? null,
      members: [...new Set((payload.MemberList ?? []).map(({ Member_Account }) => Member_Account))],
      customFields: (payload.UserDefinedDataList ?? []).map(({ Key, Value }) => ({ key: Key, value: Value })),
      clientIp,
      optPlatform,
    },
  };
}
