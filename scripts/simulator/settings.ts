import { UsageError } from './usage-error.ts';

// What the vendor has to know of the receiver, from options or else from the receiver's own environment variables.

/** Adds what `.env` of the working directory has to `process.env`, which goes before it. */
export function loadEnvironmentFile() {
  try {
    process.loadEnvFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new UsageError(`.env: ${(error as Error).message}`);
  }
}

/** `--url`, else the receiver on this machine. */
export function readUrl(given: string | undefined, environment: NodeJS.ProcessEnv): string {
  const name = given === undefined ? 'PORT and CALLBACK_PATH' : '--url';
  const path = environment.CALLBACK_PATH || '/';
  const text = given ?? `http://127.0.0.1:${environment.PORT || '3000'}${path}`;
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return new URL(text).href;
  throw new UsageError(`${name}: "${text}", expected a URL such as http://127.0.0.1:3000/`);
}

/** `--sdk-app-id`, else SDK_APP_ID, else that of the demo. */
export function readSdkAppId(given: string | undefined, environment: NodeJS.ProcessEnv): number {
  return wholeNumber(
    given === undefined ? 'SDK_APP_ID' : '--sdk-app-id',
    given ?? (environment.SDK_APP_ID || '1400000000'),
    999_999_999_999_999,
  );
}

/** `--token`, else the first of CALLBACK_TOKEN, else none. */
export function readToken(given: string | undefined, environment: NodeJS.ProcessEnv): string | undefined {
  return given ?? (environment.CALLBACK_TOKEN?.split(',')[0]?.trim() || undefined);
}

/** MAX_BODY_BYTES, which no request but an oversized one may exceed. */
export function readMaxBodyBytes(environment: NodeJS.ProcessEnv): number {
  return wholeNumber('MAX_BODY_BYTES', environment.MAX_BODY_BYTES || '262144', 1_073_741_824);
}

export function wholeNumber(name: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  throw new UsageError(`${name}: "${text}", expected a whole number from 1 to ${most.toLocaleString('en-US')}`);
}
