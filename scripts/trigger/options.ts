import { type Expected, type Fault, faultless, faults } from '../simulator/faults.ts';
import type { Edit } from '../simulator/payload.ts';
import { readArguments } from '../simulator/read-arguments.ts';
import { readMaxBodyBytes, readSdkAppId, readToken, readUrl, wholeNumber } from '../simulator/settings.ts';
import { UsageError } from '../simulator/usage-error.ts';

export interface Options {
  /** As given: a command or an example. */
  example: string | undefined;
  /** As given by --command. */
  command: string | undefined;
  list: boolean;
  url: string;
  sdkAppId: number;
  token: string | undefined;
  edits: Edit[];
  count: number;
  repeat: number;
  concurrency: number;
  /** Requests a second, undefined = as fast as they are answered. */
  rate: number | undefined;
  fault: Fault | undefined;
  faultName: string | undefined;
  /** What the reply has to be: that of the fault, where there is one. */
  expected: Expected;
  maxBodyBytes: number;
}

/** What each option is for, in the order of the help: `[option and value, text]`. */
export const optionTexts: [string, string][] = [
  ['--url URL', 'the callback URL (http://127.0.0.1:3000/, with PORT and CALLBACK_PATH)'],
  ['--sdk-app-id N', "the app's SDKAppID (SDK_APP_ID, else 1400000000)"],
  ['--token T', 'authentication token to sign with (the first of CALLBACK_TOKEN, else unsigned)'],
  ['--set PATH=VALUE', 'change or add a field, as often as needed: --set Name=Tea,'],
  ['', '--set MemberList.0.Member_Account=zoe. VALUE is JSON where it can be, otherwise'],
  ['', 'text; text that looks like a number goes in double quotes: --set \'GroupId="7"\''],
  ['--unset PATH', 'remove a field, as often as needed'],
  ['--count N', 'callbacks to send, each a group and a time of its own unless set (1)'],
  ['--repeat N', 'how often each of them is sent, with the same body (1)'],
  ['--rate N/s', 'requests a second (as fast as they are answered)'],
  ['--concurrency N', 'requests under way at once, at most (16)'],
  ['--fault FAULT', 'send something wrong or unusual, see below'],
  ['--command NAME', 'the command whose callback is sent; an example that is named too is one of its own'],
  ['--list', 'every command and example, or those of --command; nothing is sent'],
  ['--help', 'this text'],
];

const values = [
  'command',
  'url',
  'sdk-app-id',
  'token',
  'set',
  'unset',
  'count',
  'repeat',
  'rate',
  'concurrency',
  'fault',
];

/** Reads the arguments; what they leave open comes from the receiver's own environment variables. */
export function readOptions(args: string[], environment: NodeJS.ProcessEnv): Options | 'help' {
  const read = readArguments(args, { values, flags: ['list'] });
  if (read === 'help') return 'help';
  const { positionals } = read;
  const given = new Map(read.values);
  const edits: Edit[] = [];
  for (const [name, value] of read.values) {
    if (name === 'set') edits.push(readSet(value));
    if (name === 'unset') edits.push({ path: value, remove: true });
  }
  if (positionals.length > 1) {
    throw new UsageError(
      `one command or example at a time, not ${positionals.map((name) => `"${name}"`).join(' and ')}`,
    );
  }
  const faultName = given.get('fault');
  const fault = readFault(faultName);
  const token = readToken(given.get('token'), environment);
  if (fault?.needsToken && !token) {
    throw new UsageError(
      `--fault ${faultName}: only a receiver with a token refuses it, so name that token by --token or CALLBACK_TOKEN`,
    );
  }
  const rate = given.get('rate');
  return {
    example: positionals[0],
    command: given.get('command'),
    list: read.flags.has('list'),
    url: readUrl(given.get('url'), environment),
    sdkAppId: readSdkAppId(given.get('sdk-app-id'), environment),
    token,
    edits,
    count: wholeNumber('--count', given.get('count') ?? '1', 1_000_000_000),
    repeat: wholeNumber('--repeat', given.get('repeat') ?? '1', 1_000_000),
    concurrency: wholeNumber('--concurrency', given.get('concurrency') ?? '16', 10_000),
    rate: rate === undefined ? undefined : readRate(rate),
    fault,
    faultName,
    expected: fault ?? faultless,
    maxBodyBytes: readMaxBodyBytes(environment),
  };
}

function readSet(text: string): Edit {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`--set: "${text}", expected PATH=VALUE such as Name=Tea`);
  const value = text.slice(equals + 1);
  const path = text.slice(0, equals);
  try {
    return { path, value: JSON.parse(value) };
  } catch {
    return { path, value };
  }
}

function readFault(name: string | undefined): Fault | undefined {
  if (name === undefined) return undefined;
  if (Object.hasOwn(faults, name)) return faults[name];
  throw new UsageError(`--fault: "${name}", expected one of ${Object.keys(faults).join(', ')}`);
}

function readRate(text: string): number {
  const rate = Number(/^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text)?.[1]);
  if (rate >= 0.01 && rate <= 1_000_000) return rate;
  throw new UsageError(`--rate: "${text}", expected requests a second from 0.01 to 1,000,000, such as 100/s`);
}
