import type { Callback } from '../receiver/callback.ts';
import type { Group } from './group.ts';

export function groupCreated({ payload, ...callback }: Callback<'Group.CallbackAfterCreateGroup'>): Group {
  return {
    sdkAppId: callback.sdkAppId,
    groupId: payload.GroupId,
    type: payload.Type,
    name: payload.Name,
    ownerAccount: payload.Owner_Account ?? null,
    operatorAccount: payload.Operator_Account,
    introduction: payload.Introduction ?? null,
    notification: payload.Notification ?? null,
    members: (payload.MemberList ?? []).map(({ Member_Account }) => Member_Account),
    customFields: (payload.UserDefinedDataList ?? []).map(({ Key, Value }) => ({ key: Key, value: Value })),
    createdAt: callback.happenedAt.toISOString(),
    receivedAt: callback.receivedAt.toISOString(),
    clientIp: callback.clientIp,
    optPlatform: callback.optPlatform,
  };
}
