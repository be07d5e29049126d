import { signUrl, unixSeconds } from '../../src/callback/vendor-url.ts';
import { UsageError } from '../command-line.ts';
import type { Payload } from './examples.ts';
import { type Expected, OK } from './reply.ts';
import type { VendorRequest } from './vendor-request.ts';

export interface Fault extends Expected {
  does: string;
  /** Only a receiver with a token refuses it. */
  needsToken?: true;
  apply(request: VendorRequest, context: FaultContext): void;
}

export interface FaultContext {
  sdkAppId: number;
  token: string | undefined;
  maxBodyBytes: number;
}

/** The contract's refusals. */
export const refusals = {
  invalid: { status: 400, errorCode: 10100 },
  commandsDiffer: { status: 400, errorCode: 10101 },
  badSign: { status: 401, errorCode: 10102, needsToken: true },
  otherApp: { status: 403, errorCode: 10103 },
  wrongPath: { status: 404, errorCode: 10104 },
  wrongMethod: { status: 405, errorCode: 10104 },
  tooLarge: { status: 413, errorCode: 10105 },
} as const;

export type FaultName = keyof typeof faults;

export const faults = {
  'tampered-sign': fault('the last character of Sign is another one', refusals.badSign, ({ url }) => {
    const signature = url.searchParams.get('Sign') ?? '';
    url.searchParams.set('Sign', signature.slice(0, -1) + (signature.endsWith('0') ? '1' : '0'));
  }),
  expired: fault('RequestTime is 120 s old, rightly signed', refusals.badSign, ({ url }, { token = '' }) =>
    signUrl(url, token, unixSeconds() - 120),
  ),
  'from-the-future': fault('RequestTime is 120 s ahead, rightly signed', refusals.badSign, ({ url }, { token = '' }) =>
    signUrl(url, token, unixSeconds() + 120),
  ),
  unsigned: fault('neither Sign nor RequestTime', refusals.badSign, ({ url }) => {
    for (const name of ['Sign', 'RequestTime']) url.searchParams.delete(name);
  }),
  'wrong-app': fault('SdkAppid is that of another app', refusals.otherApp, ({ url }, { sdkAppId }) =>
    url.searchParams.set('SdkAppid', String(sdkAppId + 1)),
  ),
  'missing-app': fault('no SdkAppid', refusals.otherApp, ({ url }) => url.searchParams.delete('SdkAppid')),
  'repeated-app': fault(
    'SdkAppid twice, the second is that of another app',
    refusals.otherApp,
    ({ url }, { sdkAppId }) => append(url, 'SdkAppid', String(sdkAppId + 1)),
  ),
  malformed: fault('the last character of the body is missing, so it is not JSON', refusals.invalid, (request) => {
    request.body = request.body.slice(0, -1);
  }),
  'missing-field': fault('no GroupId', refusals.invalid, (request) =>
    changePayload(request, (payload) => {
      demandField(payload, 'GroupId', 'missing-field');
      delete payload.GroupId;
    }),
  ),
  'wrong-type': fault('Name is a number', refusals.invalid, (request) =>
    changePayload(request, (payload) => {
      demandField(payload, 'Name', 'wrong-type');
      payload.Name = 7;
    }),
  ),
  'commands-differ': fault('CallbackCommand of the URL is not that of the body', refusals.commandsDiffer, (request) => {
    const { searchParams } = request.url;
    const [destroyed, full] = ['Group.CallbackAfterGroupDestroyed', 'Group.CallbackAfterGroupFull'];
    const command = searchParams.get('CallbackCommand');
    changePayload(request, (payload) => {
      payload.CallbackCommand = command;
    });
    searchParams.set('CallbackCommand', command === destroyed ? full : destroyed);
  }),
  oversized: fault(
    'the body is one byte over MAX_BODY_BYTES (262144 unless set)',
    refusals.tooLarge,
    (request, { maxBodyBytes }) =>
      changePayload(request, (payload) => {
        payload.Padding = '';
        const missing = maxBodyBytes + 1 - Buffer.byteLength(JSON.stringify(payload));
        if (missing < 0) throw new UsageError(`--fault oversized: the example alone is over ${maxBodyBytes} bytes`);
        payload.Padding = 'x'.repeat(missing);
      }),
  ),
  'wrong-path': fault('the path is not that of the callback URL', refusals.wrongPath, ({ url }) => {
    url.pathname = `${url.pathname.replace(/\/$/, '')}/not-the-callback-path`;
  }),
  'wrong-method': fault('PUT instead of POST', refusals.wrongMethod, (request) => {
    request.method = 'PUT';
  }),
  'unknown-command': fault('a command that no contract knows', OK, (request) => {
    const command = 'Group.CallbackAfterSomethingNew';
    request.url.searchParams.set('CallbackCommand', command);
    changePayload(request, (payload) => {
      payload.CallbackCommand = command;
    });
  }),
  'unknown-parameter': fault('a query parameter that no contract knows', OK, ({ url }) =>
    append(url, 'SomethingNew', '1'),
  ),
  'unknown-field': fault('a field that no contract knows', OK, (request) =>
    changePayload(request, (payload) => {
      payload.SomethingNew = { Since: 'today' };
    }),
  ),
  probe: fault("what the console's verify button sends: body {}, no SdkAppid", OK, (request) => {
    for (const name of ['SdkAppid', 'ClientIP', 'OptPlatform']) request.url.searchParams.delete(name);
    request.body = '{}';
  }),
};

function fault(does: string, reply: Expected & { needsToken?: true }, apply: Fault['apply']): Fault {
  return { does, ...reply, apply };
}

function append(url: URL, name: string, value: string) {
  url.searchParams.append(name, value);
  url.searchParams.sort();
}

function changePayload(request: VendorRequest, change: (payload: Payload) => void) {
  const payload = JSON.parse(request.body);
  change(payload);
  request.body = JSON.stringify(payload);
}

function demandField(payload: Payload, field: string, name: string) {
  if (Object.hasOwn(payload, field)) return;
  throw new UsageError(`--fault ${name}: the callback has no ${field} to spoil, choose another example`);
}
