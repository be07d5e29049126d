// Shared by all competitors: the contract, the check of the sender, the replies, and the rows of a callback.
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { OpenAPIV3_1 } from 'openapi-types';
import callbackDocument from '../../../generated/callback.json' with { type: 'json' };
import type { components } from '../../../generated/callback.ts';

const { SDK_APP_ID = '', CALLBACK_TOKEN = '' } = process.env;
const TOLERANCE_SECONDS = 60;

export const OK = { ActionStatus: 'OK' as const, ErrorInfo: '', ErrorCode: 0 };

export interface Refusal {
  status: 400 | 401 | 403;
  reply: { ActionStatus: 'FAIL'; ErrorInfo: string; ErrorCode: number };
}

/** Why the sender is refused; null if it is not. */
export function judgeSender(query: unknown): Refusal | null {
  const { SdkAppid, Sign, RequestTime } = query as Record<string, unknown>;
  if (SdkAppid !== SDK_APP_ID) return refusal(403, 10103, 'not the app of this receiver');
  return isSigned(Sign, RequestTime) ? null : refusal(401, 10102, 'Sign or RequestTime is wrong');
}

export function isSigned(sign: unknown, requestTime: unknown): boolean {
  if (typeof sign !== 'string' || typeof requestTime !== 'string') return false;
  if (!(Math.abs(Date.now() / 1000 - Number(requestTime)) <= TOLERANCE_SECONDS)) return false;
  const expected = Buffer.from(
    createHash('sha256')
      .update(CALLBACK_TOKEN + requestTime)
      .digest('hex'),
  );
  const given = Buffer.from(sign);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export function refusal(status: Refusal['status'], code: number, message: string): Refusal {
  return { status, reply: { ActionStatus: 'FAIL', ErrorInfo: message, ErrorCode: code } };
}

/** Tells the bench the callback URL, in the format of the receiver's log line. */
export function tellReady(port: number): void {
  console.log(JSON.stringify({ msg: 'ready', time: Date.now(), callbackUrl: `http://127.0.0.1:${port}/` }));
}

/** The contract, for competitors whose library reads OpenAPI. */
export const contract = callbackDocument as unknown as OpenAPIV3_1.Document;

const { parameters, requestBody } = callbackDocument.paths['/'].post;
const { schemas } = callbackDocument.components;

/** For competitors whose library reads JSON Schema: the body and the schemas it references. */
export const bodySchema = {
  ...requestBody.content['application/json'].schema,
  components: callbackDocument.components,
};

/** The declared parameters of the URL, without the one for all others. */
export const querySchema = {
  type: 'object',
  required: parameters.filter((parameter) => 'required' in parameter).map(({ name }) => name),
  properties: Object.fromEntries(
    parameters.filter(({ schema }) => schema.type !== 'object').map(({ name, schema }) => [name, schema]),
  ),
};

export const replySchema = schemas.Reply;

export type Payload = components['schemas']['Group.CallbackAfterCreateGroup'];

/** The columns of a callback in the tables `callbacks` and `groups`. */
export type Rows = ReturnType<typeof rowsOf>;

export function rowsOf({ url, body, payload }: { url: string; body: Buffer; payload: Payload }) {
  const query = url.slice(url.indexOf('?') + 1);
  const parameters = new URLSearchParams(query);
  const receivedAt = Date.now();
  const eventTime = payload.EventTime === undefined ? null : Number(payload.EventTime);
  const createdAt = eventTime ?? receivedAt;
  const document = JSON.stringify({
    sdkAppId: Number(SDK_APP_ID),
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
    sdkAppId: Number(SDK_APP_ID),
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
