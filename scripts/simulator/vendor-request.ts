import { createHash } from 'node:crypto';
import { factsOf } from '../../generated/commands.ts';

export interface VendorRequest {
  method: string;
  url: URL;
  body: string;
}

export interface Sender {
  url: string;
  sdkAppId: number;
  /** Without one the request is not signed. */
  token: string | undefined;
}

/** The request that the vendor sends for a body: parameters in alphabetical order, signed now where there is a token. */
export function vendorRequest(command: string, body: string, { url: callbackUrl, sdkAppId, token }: Sender) {
  const url = new URL(callbackUrl);
  url.searchParams.set('CallbackCommand', command);
  // `Push.*` has no client either; the contract does not describe it.
  if (factsOf(command)?.clientParameters ?? !command.startsWith('Push.')) {
    url.searchParams.set('ClientIP', '127.0.0.1');
    url.searchParams.set('OptPlatform', 'RESTAPI');
  }
  url.searchParams.set('SdkAppid', String(sdkAppId));
  url.searchParams.set('contenttype', 'json');
  if (token) sign(url, token, unixSeconds());
  url.searchParams.sort();
  return { method: 'POST', url, body } satisfies VendorRequest;
}

/** Signs as the vendor does. The signature covers the time (Unix seconds) only, neither the parameters nor the body. */
export function sign(url: URL, token: string, requestTime: number) {
  url.searchParams.set('RequestTime', String(requestTime));
  url.searchParams.set('Sign', createHash('sha256').update(`${token}${requestTime}`).digest('hex'));
}

export function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
