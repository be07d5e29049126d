import type { Payload } from './payload.ts';
import { UsageError } from './usage-error.ts';
import { sign, unixSeconds, type VendorRequest } from './vendor-request.ts';

/** What the reply to a request has to be. The ActionStatus follows: OK for ErrorCode 0, otherwise FAIL. */
export interface Expected {
  status: number;
  errorCode: number;
}

export interface Fault extends Expected {
  does: string;
  /** Only a receiver that has a token refuses it. */
  needsToken?: true;
  apply(request: VendorRequest, context: FaultContext): void;
}

export interface FaultContext {
  sdkAppId: number;
  token: string | undefined;
  maxBodyBytes: number;
}

export const faultless: Expected = { status: 200, errorCode: 0 };

export const faults: Record<string, Fault> = {
  'tampered-sign': {
    does: 'the last character of Sign is another one',
    status: 401,
    errorCode: 10102,
    needsToken: true,
    apply({ url }) {
      const signature = url.searchParams.get('Sign') ?? '';
      url.searchParams.set('Sign', signature.slice(0, -1) + (signature.endsWith('0') ? '1' : '0'));
    },
  },
  expired: {
    does: 'RequestTime is 120 s old, rightly signed',
    status: 401,
    errorCode: 10102,
    needsToken: true,
    apply: ({ url }, { token = '' }) => sign(url, token, unixSeconds() - 120),
  },
  'from-the-future': {
    does: 'RequestTime is 120 s ahead, rightly signed',
    status: 401,
    errorCode: 10102,
    needsToken: true,
    apply: ({ url }, { token = '' }) => sign(url, token, unixSeconds() + 120),
  },
  unsigned: {
    does: 'neither Sign nor RequestTime',
    status: 401,
    errorCode: 10102,
    needsToken: true,
    apply({ url }) {
      url.searchParams.delete('Sign');
      url.searchParams.delete('RequestTime');
    },
  },
  'wrong-app': {
    does: 'SdkAppid is that of another app',
    status: 403,
    errorCode: 10103,
    apply: ({ url }, { sdkAppId }) => url.searchParams.set('SdkAppid', String(sdkAppId + 1)),
  },
  'missing-app': {
    does: 'no SdkAppid',
    status: 403,
    errorCode: 10103,
    apply: ({ url }) => url.searchParams.delete('SdkAppid'),
  },
  'repeated-app': {
    does: 'SdkAppid twice, the second is that of another app',
    status: 403,
    errorCode: 10103,
    apply({ url }, { sdkAppId }) {
      url.searchParams.append('SdkAppid', String(sdkAppId + 1));
      url.searchParams.sort();
    },
  },
  malformed: {
    does: 'the last character of the body is missing, so it is not JSON',
    status: 400,
    errorCode: 10100,
    apply(request) {
      request.body = request.body.slice(0, -1);
    },
  },
  'missing-field': {
    does: 'no GroupId',
    status: 400,
    errorCode: 10100,
    apply: (request) =>
      changePayload(request, (payload) => {
        demandField(payload, 'GroupId', 'missing-field');
        delete payload.GroupId;
      }),
  },
  'wrong-type': {
    does: 'Name is a number',
    status: 400,
    errorCode: 10100,
    apply: (request) =>
      changePayload(request, (payload) => {
        demandField(payload, 'Name', 'wrong-type');
        payload.Name = 7;
      }),
  },
  'commands-differ': {
    does: 'CallbackCommand of the URL is not that of the body',
    status: 400,
    errorCode: 10101,
    apply({ url }) {
      const [destroyed, full] = ['Group.CallbackAfterGroupDestroyed', 'Group.CallbackAfterGroupFull'];
      url.searchParams.set('CallbackCommand', url.searchParams.get('CallbackCommand') === destroyed ? full : destroyed);
    },
  },
  oversized: {
    does: 'the body is one byte over MAX_BODY_BYTES (262144 unless set)',
    status: 413,
    errorCode: 10105,
    apply: (request, { maxBodyBytes }) =>
      changePayload(request, (payload) => {
        payload.Padding = '';
        const missing = maxBodyBytes + 1 - Buffer.byteLength(JSON.stringify(payload));
        if (missing < 0) throw new UsageError(`--fault oversized: the example alone is over ${maxBodyBytes} bytes`);
        payload.Padding = 'x'.repeat(missing);
      }),
  },
  'wrong-path': {
    does: 'the path is not that of the callback URL',
    status: 404,
    errorCode: 10104,
    apply({ url }) {
      url.pathname = `${url.pathname.replace(/\/$/, '')}/not-the-callback-path`;
    },
  },
  'wrong-method': {
    does: 'PUT instead of POST',
    status: 405,
    errorCode: 10104,
    apply(request) {
      request.method = 'PUT';
    },
  },
  'unknown-command': {
    does: 'a command that no contract knows',
    ...faultless,
    apply(request) {
      const command = 'Group.CallbackAfterSomethingNew';
      request.url.searchParams.set('CallbackCommand', command);
      changePayload(request, (payload) => {
        payload.CallbackCommand = command;
      });
    },
  },
  'unknown-parameter': {
    does: 'a query parameter that no contract knows',
    ...faultless,
    apply({ url }) {
      url.searchParams.append('SomethingNew', '1');
      url.searchParams.sort();
    },
  },
  'unknown-field': {
    does: 'a field that no contract knows',
    ...faultless,
    apply: (request) =>
      changePayload(request, (payload) => {
        payload.SomethingNew = { Since: 'today' };
      }),
  },
  probe: {
    does: "what the console's verify button sends: body {}, no SdkAppid",
    ...faultless,
    apply(request) {
      for (const name of ['SdkAppid', 'ClientIP', 'OptPlatform']) request.url.searchParams.delete(name);
      request.body = '{}';
    },
  },
};

function changePayload(request: VendorRequest, change: (payload: Payload) => void) {
  const payload = JSON.parse(request.body);
  change(payload);
  request.body = JSON.stringify(payload);
}

function demandField(payload: Payload, field: string, fault: string) {
  if (Object.hasOwn(payload, field)) return;
  throw new UsageError(`--fault ${fault}: the callback has no ${field} to spoil, choose another example`);
}
