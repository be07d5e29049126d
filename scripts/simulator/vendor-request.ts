import { type VendorApp, vendorUrl } from '../../src/callback/vendor-url.ts';
import { type Given, type OptionRows, UsageError, wholeNumber } from '../command-line.ts';

export interface VendorRequest {
  method: string;
  url: URL;
  body: string;
}

export const RECEIVER_OPTIONS: OptionRows = [
  ['--url URL', 'the callback URL (http://127.0.0.1:3000/, with PORT and CALLBACK_PATH)'],
  ['--sdk-app-id N', "the app's SDKAppID (SDK_APP_ID, else 1400000000)"],
  ['--token T', 'authentication token to sign with (the first of CALLBACK_TOKEN, else unsigned)'],
];

/** Reads the options above and `--max-body-bytes`; their defaults are the receiver's own environment variables. */
export function readReceiver(given: Given, environment: NodeJS.ProcessEnv): VendorApp & { maxBodyBytes: number } {
  const path = environment.CALLBACK_PATH || '/';
  const url = given.text('url') ?? `http://127.0.0.1:${environment.PORT || '3000'}${path}`;
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    const name = given.text('url') ? '--url' : 'PORT and CALLBACK_PATH';
    throw new UsageError(`${name}: "${url}", expected a URL such as http://127.0.0.1:3000/`);
  }
  const number = (option: string, variable: string, fallback: string, most: number) =>
    given.text(option) === undefined
      ? wholeNumber(variable, environment[variable] || fallback, most)
      : given.number(option, 0, most);
  return {
    url: new URL(url).href,
    sdkAppId: number('sdk-app-id', 'SDK_APP_ID', '1400000000', 999_999_999_999_999),
    token: given.text('token') ?? (environment.CALLBACK_TOKEN?.split(',')[0]?.trim() || undefined),
    maxBodyBytes: number('max-body-bytes', 'MAX_BODY_BYTES', '262144', 1_073_741_824),
  };
}

/** What to try if a correct callback was refused. */
export function remedyFor(status: number, { url, sdkAppId, token }: VendorApp): string | undefined {
  if (status === 401 && token) return 'It has another token, or the clocks are more than 60 s apart.';
  if (status === 401) return 'It takes signed callbacks only: give its token by --token.';
  if (status === 403) return `It serves another app than ${sdkAppId}: give its SDKAppID by --sdk-app-id.`;
  if (status !== 404) return undefined;
  return `Its callback URL has another path than ${new URL(url).pathname}: give it by --url or CALLBACK_PATH.`;
}

/** The request that the vendor sends for a body. */
export function vendorRequest(command: string, body: string, app: VendorApp): VendorRequest {
  return { method: 'POST', url: vendorUrl(command, app), body };
}
