import { readArguments } from '../simulator/read-arguments.ts';
import { readMaxBodyBytes, readSdkAppId, readToken, readUrl, wholeNumber } from '../simulator/settings.ts';
import { UsageError } from '../simulator/usage-error.ts';

export interface Options {
  url: string;
  sdkAppId: number;
  token: string | undefined;
  maxBodyBytes: number;
  /** What a reply has to keep to. */
  timeoutSeconds: number;
  /** Checks under way at once, at most. */
  concurrency: number;
  only: string[];
  strict: boolean;
  output: 'text' | 'json' | 'junit' | 'list';
}

/** What each option is for, in the order of the help: `[option and value, text]`. */
export const optionTexts: [string, string][] = [
  ['--url URL', 'the callback URL (http://127.0.0.1:3000/, with PORT and CALLBACK_PATH)'],
  ['--sdk-app-id N', "the app's SDKAppID, which the endpoint takes for its own (SDK_APP_ID, else 1400000000)"],
  ['--token T', 'authentication token of the endpoint (the first of CALLBACK_TOKEN, else unsigned)'],
  ['--max-body-bytes N', "the endpoint's limit: one byte more is too much (MAX_BODY_BYTES, else 262144)"],
  ['--timeout S', 'seconds within which a reply has to come (2, as the vendor waits)'],
  ['--concurrency N', 'checks under way at once, at most (24)'],
  ['--only TEXT', 'only checks whose name contains TEXT, as often as needed'],
  ['--strict', 'a SHOULD that is not met fails too'],
  ['--json', 'the results as one JSON document on stdout'],
  ['--junit', 'the results as JUnit XML on stdout; a SHOULD that is not met counts as skipped, unless --strict'],
  ['--list', 'list the checks, send nothing'],
  ['--help', 'this text'],
];

const values = ['url', 'sdk-app-id', 'token', 'max-body-bytes', 'timeout', 'concurrency', 'only'];
const outputs = ['json', 'junit', 'list'] as const;

/** Reads the arguments; what they leave open comes from the receiver's own environment variables. */
export function readOptions(args: string[], environment: NodeJS.ProcessEnv): Options | 'help' {
  const read = readArguments(args, { values, flags: ['strict', ...outputs] });
  if (read === 'help') return 'help';
  if (read.positionals[0] !== undefined) {
    throw new UsageError(`"${read.positionals[0]}" is no option: the callback URL is given by --url, see --help`);
  }
  const given = new Map(read.values);
  const chosen = outputs.filter((name) => read.flags.has(name));
  if (chosen.length > 1) throw new UsageError(`--${chosen.join(' and --')}: one at a time`);
  const givenMaxBody = given.get('max-body-bytes');
  const maxBodyBytes =
    givenMaxBody === undefined
      ? readMaxBodyBytes(environment)
      : wholeNumber('--max-body-bytes', givenMaxBody, 1_073_741_824);
  if (maxBodyBytes < 1024) throw new UsageError(`--max-body-bytes: ${maxBodyBytes}, expected at least 1024`);
  return {
    url: readUrl(given.get('url'), environment),
    sdkAppId: readSdkAppId(given.get('sdk-app-id'), environment),
    token: readToken(given.get('token'), environment),
    maxBodyBytes,
    timeoutSeconds: readSeconds(given.get('timeout') ?? '2'),
    concurrency: wholeNumber('--concurrency', given.get('concurrency') ?? '24', 64),
    only: read.values.filter(([name]) => name === 'only').map(([, value]) => value),
    strict: read.flags.has('strict'),
    output: chosen[0] ?? 'text',
  };
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds >= 0.1 && seconds <= 30) return seconds;
  throw new UsageError(`--timeout: "${text}", expected seconds from 0.1 to 30, such as 2 or 0.5`);
}
