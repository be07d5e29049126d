import { createHash, randomUUID } from 'node:crypto';
import type { components } from '../../../generated/callback.ts';

export type Payload = components['schemas']['Group.CallbackAfterCreateGroup'];

const SDK_APP_ID = Number(process.env.SDK_APP_ID);

/** What a callback comes to in the tables `callbacks` and `groups`. */
export type Rows = ReturnType<typeof rowsOf>;

export function rowsOf({ url, body, payload }: { url: string; body: Buffer; payload: Payload }) {
  const query = url.slice(url.indexOf('?') + 1);
  const parameters = new URLSearchParams(query);
  const receivedAt = Date.now();
  const eventTime = payload.EventTime === undefined ? null : Number(payload.EventTime);
  const createdAt = eventTime ?? receivedAt;
  const document = JSON.stringify({
    sdkAppId: SDK_APP_ID,
    groupId: payload.GroupId,
    type: payload.Type,
    name: payload.Name,
    ownerAccount: payload.Owner_Account ?? null,
    operatorAccount: payload.Operator_Account,
    introduction: payload.Introduction ?? null,
    notification: payload.Notification ?? null,
    members: (payload.MemberList ?? []).map(({ Member_Account }) => Member_Account),
    customFields: (payload.UserDefinedDataList ?? []).map(({ Key, Value }) => ({ key: Key, value: Value })),
    createdAt: new Date(createdAt).toISOString(),
    receivedAt: new Date(receivedAt).toISOString(),
    clientIp: parameters.get('ClientIP'),
    optPlatform: parameters.get('OptPlatform'),
  });
  return {
    sdkAppId: SDK_APP_ID,
    status: 'accepted',
    command: payload.CallbackCommand,
    groupId: payload.GroupId,
    eventTime,
    receivedAt,
    arrival: randomUUID(),
    onceKey: createHash('sha256').update(body).digest(),
    query,
    body,
    type: payload.Type,
    name: payload.Name,
    ownerAccount: payload.Owner_Account ?? null,
    createdAt,
    document,
  };
}
