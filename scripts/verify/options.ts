import { invocation } from '../../src/invocation.ts';
import {
  columns,
  environmentOf,
  type Given,
  type Io,
  type OptionRows,
  readArguments,
  UsageError,
} from '../command-line.ts';
import { RECEIVER_OPTIONS, readReceiver } from '../simulator/vendor-request.ts';

export type Options = ReturnType<typeof readOptions>;

const rows: OptionRows = [
  ['--url URL', 'the callback URL of the endpoint; there is no default, because it receives real callbacks'],
  ...RECEIVER_OPTIONS.filter(([option]) => option !== '--url URL'),
  ['--max-body-bytes N', "the endpoint's limit: one byte more is too much (MAX_BODY_BYTES, else 262144)"],
  ['--timeout S', 'seconds within which a reply has to come (2, as the vendor waits)'],
  ['--concurrency N', 'concurrent checks, at most (24)'],
  ['--family NAME', 'only callbacks of this family, such as C2C; as often as needed, or with commas (all)'],
  ['--only GROUP', 'only these checks, app say; or those whose names contain a text; as often as needed'],
  ['--strict', 'a SHOULD that is not met fails too'],
  ['--json', 'print the results as one JSON document'],
  ['--junit', 'print the results as JUnit XML; a SHOULD that is not met counts as skipped, unless --strict'],
  ['--list', 'list the checks, send nothing'],
  ['--delivery', 'test an endpoint that takes what the receiver delivers instead; --delivery --help has its options'],
  ['--help', 'show this text'],
];

const outputs = ['json', 'junit', 'list'] as const;

/** Reads the arguments; their defaults are the receiver's own environment variables. */
export function readOptions(args: string[], io: Io, checkCount: number) {
  const tooMany = ' is no option: the callback URL is given by --url, see --help';
  const given = readArguments(args, { help: helpText(checkCount), tooMany });
  const output = chosenOutput(given);
  const receiver = readReceiver(given, environmentOf(io));
  if (receiver.maxBodyBytes < 1024) {
    throw new UsageError(`--max-body-bytes: ${receiver.maxBodyBytes}, expected at least 1024`);
  }
  return {
    ...receiver,
    /** Whether `--url` was given: otherwise, `url` is a default. */
    hasUrl: given.text('url') !== undefined,
    timeoutSeconds: readSeconds(given.text('timeout') ?? '2'),
    concurrency: given.number('concurrency', 24, 64),
    families: given.all('family').flatMap((names) => names.split(',').map((name) => name.trim())),
    only: given.all('only'),
    strict: given.flags.has('strict'),
    output,
  };
}

/** The output format of the results, or of the list. */
export function chosenOutput(given: Given): (typeof outputs)[number] | 'text' {
  const chosen = outputs.filter((name) => given.flags.has(name));
  if (chosen.length > 1) throw new UsageError(`--${chosen.join(' and --')}: one at a time`);
  return chosen[0] ?? 'text';
}

export function readSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds >= 0.1 && seconds <= 30) return seconds;
  throw new UsageError(`--timeout: "${text}", expected seconds from 0.1 to 30, such as 2 or 0.5`);
}

function helpText(count: number): string {
  return `Usage: ${invocation('verify', '--url URL [options]')}

Tests a callback endpoint, in whatever language it is written, against the contract: plays Tencent Chat in ${count}
checks and judges the replies. The endpoint needs no preparation, but it receives real callbacks of groups that do not
exist: use one whose data may be thrown away.

Each check is a MUST or a SHOULD. MUST is what the vendor documents, or what its traffic is known to carry: it answers
every such callback with HTTP 200 and JSON within 2 s, and refuses other apps and, with a token, other senders. SHOULD
is what this project's contract adds, such as the exact status and ErrorCode of a refusal.

Options (defaults in brackets; variables are also read from .env in the working directory)
${columns(rows)}

Only what can be seen from outside is judged. The replies do not show whether a callback was stored before it was
answered, whether a duplicate changed anything, whether Sign is compared in constant time, and whether a refused
callback is kept.

Checks of one family, or of one subject such as sign, end after three in a row that were not answered in time: the rest
is not made, and the endpoint does not conform.

Exit status: 0 every MUST is met (with --strict every SHOULD too), 1 some is not, or some check was not made, 2 wrong
usage, or the endpoint cannot be reached.`;
}
