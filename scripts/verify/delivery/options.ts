import { COMMANDS } from '../../../generated/commands.ts';
import { nearestTo } from '../../../src/callback/nearest.ts';
import { invocation } from '../../../src/invocation.ts';
import {
  columns,
  environmentOf,
  type Given,
  type Io,
  type OptionRows,
  readArguments,
  UsageError,
  wholeNumber,
} from '../../command-line.ts';
import { chosenOutput, readSeconds } from '../options.ts';

/** Where deliveries are sent, and how they are signed. */
export interface Options {
  url: string;
  secret: string;
  sdkAppId: number;
  timeoutSeconds: number;
}

const rows: OptionRows = [
  ['--delivery', 'these checks'],
  ['--url URL', "the endpoint's URL (DELIVERY_URL)"],
  ['--secret S', 'the secret that it has, whsec_… (the first of DELIVERY_SECRET)'],
  [
    '--commands LIST',
    'the commands that it takes, with commas; Group.* are all but before-commands (DELIVERY_COMMANDS,',
  ],
  ['', 'else all but before-commands)'],
  ['--sdk-app-id N', "the app's SDKAppID (SDK_APP_ID, else 1400000000)"],
  ['--timeout S', 'seconds within which an answer has to come (15, as the receiver waits)'],
  ['--only GROUP', 'only these checks, app say; or those whose names contain a text; as often as needed'],
  ['--strict', 'a SHOULD that is not met fails too'],
  ['--json', 'print the results as one JSON document'],
  ['--junit', 'print the results as JUnit XML; a SHOULD that is not met counts as skipped, unless --strict'],
  ['--list', 'list the checks, send nothing'],
  ['--help', 'show this text'],
];

const FAMILY = /^([A-Za-z0-9]+)\.\*$/;
const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/** Reads the arguments; their defaults are the receiver's own environment variables. */
export function readDeliveryOptions(args: string[], io: Io) {
  const tooMany = " is no option: the endpoint's URL is given by --url, its secret by --secret, see --help";
  const given = readArguments(args, { help: helpText(), tooMany });
  const environment = environmentOf(io);
  return {
    commands: readCommands(given, environment),
    only: given.all('only'),
    strict: given.flags.has('strict'),
    output: chosenOutput(given),
    /** Further settings for sending, which a list of the checks does not need. */
    target: () => readTarget(given, environment),
  };
}

function readTarget(given: Given, environment: NodeJS.ProcessEnv): Options {
  const url = given.text('url') ?? environment.DELIVERY_URL;
  if (!url) throw new UsageError('the URL is missing: give that of the endpoint by --url, or set DELIVERY_URL');
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    const name = given.text('url') ? '--url' : 'DELIVERY_URL';
    throw new UsageError(`${name}: expected a URL such as https://example.com/deliveries`);
  }
  return {
    url: new URL(url).href,
    secret: readSecret(given, environment),
    sdkAppId:
      given.text('sdk-app-id') === undefined
        ? wholeNumber('SDK_APP_ID', environment.SDK_APP_ID || '1400000000', 999_999_999_999_999)
        : given.number('sdk-app-id', 0, 999_999_999_999_999),
    timeoutSeconds: readSeconds(given.text('timeout') ?? '15'),
  };
}

function readSecret(given: Given, environment: NodeJS.ProcessEnv): string {
  const [secret = ''] = (given.text('secret') ?? environment.DELIVERY_SECRET ?? '').split(',').map((one) => one.trim());
  if (secret === '') {
    throw new UsageError('the secret is missing: give that of the endpoint by --secret, or set DELIVERY_SECRET');
  }
  const bytes = Buffer.from(SECRET.exec(secret)?.[1] ?? '', 'base64').length;
  if (bytes < 24 || bytes > 64) {
    const name = given.text('secret') ? '--secret' : 'DELIVERY_SECRET';
    throw new UsageError(`${name}: expected whsec_ and then the Base64 of 24 to 64 bytes`);
  }
  return secret;
}

/** The commands whose events are sent. */
function readCommands(given: Given, environment: NodeJS.ProcessEnv): string[] {
  const option = given.text('commands');
  const names = Object.entries(COMMANDS);
  const others = names.filter(([, { kind }]) => kind !== 'before').map(([name]) => name);
  const list = option ?? (environment.DELIVERY_COMMANDS || undefined);
  if (list === undefined) return others;
  return list.split(',').flatMap((text) => {
    const name = text.trim();
    const family = FAMILY.exec(name)?.[1];
    const found = family ? others.filter((one) => one.startsWith(`${family}.`)) : [name];
    if (found.length > 0 && found.every((one) => Object.hasOwn(COMMANDS, one))) return found;
    const [near] = nearestTo(
      name,
      names.map(([one]) => one),
    );
    const remedy = near ? `did you mean ${near}?` : 'docs/commands.md lists them';
    throw new UsageError(`${option ? '--commands' : 'DELIVERY_COMMANDS'}: the contract has no ${name}: ${remedy}`);
  });
}

function helpText(): string {
  return `Usage: ${invocation('verify', '--delivery --url URL --secret SECRET [options]')}

Tests an endpoint that takes what the receiver delivers, in whatever language it is written: sends signed events of
every command, repeats, events with what is new, and requests that it has to refuse. The endpoint needs no preparation,
but it receives events of groups that do not exist: use one whose data may be thrown away.

Each check is a MUST or a SHOULD. A MUST that is not met loses events, delays them, or takes forged ones.

Options (defaults in brackets; variables are also read from .env in the working directory)
${columns(rows)}

Only what can be seen from outside is judged. The answers do not show whether an event was stored before it was
answered, whether a repeat changed anything, and whether signatures are compared in constant time.

Exit status: 0 every MUST is met (with --strict every SHOULD too), 1 some is not, 2 wrong usage, or the endpoint
cannot be reached.`;
}
