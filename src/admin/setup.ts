import { randomBytes } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { json } from 'node:stream/consumers';
import type { components, operations } from '../../generated/admin.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { signatureOf } from '../callback/signature.ts';
import { invocation } from '../invocation.ts';

export type TestResult = operations['sendTestCallback']['responses'][200]['content']['application/json'];

/** The default target of `trigger`. */
const DEFAULT_CALLBACK_URL = 'http://127.0.0.1:3000/';
const ANSWER_MS = 5_000;

/**
 * The receiver's settings for the page, without secrets.
 * @param callbackUrl where the program listens; null if an app has mounted the receiver, and only the app knows the URL
 */
export function aboutThis(
  config: { sdkAppId: number; demo: boolean; tokens: readonly string[]; databaseUrl: string },
  callbackUrl: string | null,
): Omit<components['schemas']['About'], 'backfill'> {
  return {
    sdkAppId: config.sdkAppId,
    version: packageJson.version,
    callbackUrl,
    demo: config.demo,
    signed: config.tokens.length > 0,
    database: config.databaseUrl.startsWith('sqlite:') ? 'sqlite' : 'postgres',
    triggerCommand: triggerCommandFor(callbackUrl),
  };
}

function triggerCommandFor(callbackUrl: string | null): string {
  const url = callbackUrl ?? '<callback URL>';
  return invocation('trigger', url === DEFAULT_CALLBACK_URL ? '' : `--url ${url}`);
}

/** Sends a callback, given its query and body. Rejects if there is no answer. */
export type SendCallback = (query: URLSearchParams, body: string) => Promise<{ status: number; reply: unknown }>;

/**
 * Sends the creation of a group as the vendor would.
 * @param token null: unsigned
 * @throws if there is no answer, or the contract does not describe the answer
 */
export async function sendTestCallback(
  send: SendCallback,
  { sdkAppId, token }: { sdkAppId: number; token: string | null },
): Promise<TestResult> {
  const groupId = `@TGS#TEST${randomBytes(4).toString('hex').toUpperCase()}`;
  const command = 'Group.CallbackAfterCreateGroup';
  const query = new URLSearchParams({
    CallbackCommand: command,
    ClientIP: '127.0.0.1',
    OptPlatform: 'RESTAPI',
    SdkAppid: String(sdkAppId),
    contenttype: 'json',
    ...(token !== null && signed(token)),
  });
  const body = JSON.stringify({
    CallbackCommand: command,
    EventTime: Date.now(),
    GroupId: groupId,
    MemberList: [{ Member_Account: 'alice' }, { Member_Account: 'bob' }],
    Name: 'Test group',
    Operator_Account: 'administrator',
    Owner_Account: 'alice',
    Type: 'Public',
  });
  const { status, reply } = await send(query, body);
  return { status, reply: reply as TestResult['reply'], groupId };
}

/**
 * Sends over the network.
 * @param callbackUrl of the public listener, as seen from this machine
 */
export function overTheNetwork(callbackUrl: string): SendCallback {
  const url = new URL(callbackUrl);
  return (query, body) =>
    new Promise((resolve, reject) => {
      url.search = query.toString();
      const request = url.protocol === 'https:' ? requestHttps : requestHttp;
      const sending = request(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
        signal: AbortSignal.timeout(ANSWER_MS),
        agent: false,
        // This process calls itself, under a name that need not be in its certificate.
        rejectUnauthorized: false,
      });
      sending.on('error', (error: NodeJS.ErrnoException) =>
        // For a time-out, Node only reports that the operation was aborted.
        reject(error.name === 'AbortError' ? new Error(`no answer within ${ANSWER_MS / 1000} s`) : error),
      );
      sending.on('response', (response) => {
        json(response).then((reply) => resolve({ status: response.statusCode ?? 0, reply }), reject);
      });
      sending.end(body);
    });
}

function signed(token: string): { RequestTime: string; Sign: string } {
  const RequestTime = String(Math.floor(Date.now() / 1000));
  return { RequestTime, Sign: signatureOf(token, RequestTime) };
}
