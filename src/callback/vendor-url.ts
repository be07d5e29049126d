import { factsOf } from '../../generated/commands.ts';
import { signatureOf } from './signature.ts';

/** The app as the vendor knows it. */
export interface VendorApp {
  /** The callback URL. */
  url: string;
  sdkAppId: number;
  /** Undefined: the request is not signed. */
  token: string | undefined;
}

/** The values that the vendor sends if the app's backend caused the event by the REST API. */
const CLIENT = { ClientIP: '127.0.0.1', OptPlatform: 'RESTAPI' };

/**
 * The URL to which the vendor posts a callback: parameters in alphabetical order, signed with the current time if there
 * is a token.
 */
export function vendorUrl(command: string, { url: callbackUrl, sdkAppId, token }: VendorApp): URL {
  const url = new URL(callbackUrl);
  url.searchParams.set('CallbackCommand', command);
  const { clientParameters = ['ClientIP', 'OptPlatform'] as const } = factsOf(command) ?? {};
  for (const name of clientParameters) url.searchParams.set(name, CLIENT[name]);
  url.searchParams.set('SdkAppid', String(sdkAppId));
  url.searchParams.set('contenttype', 'json');
  if (token) signUrl(url, token, unixSeconds());
  url.searchParams.sort();
  return url;
}

/**
 * Signs as the vendor does. The signature covers only the time (Unix seconds), neither the other parameters nor the
 * body.
 */
export function signUrl(url: URL, token: string, requestTime: number): void {
  url.searchParams.set('RequestTime', String(requestTime));
  url.searchParams.set('Sign', signatureOf(token, String(requestTime)));
}

export function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
