import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { invocation } from '../../src/invocation.ts';
import { columns, type OptionRows, readArguments, UsageError } from '../command-line.ts';

/** The parts of a bundled contract that are used here. */
export interface Contract {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, { 'x-kind'?: string; properties?: { type?: { const?: string } } }> };
}
interface Operation {
  parameters?: { name: string }[];
  requestBody?: {
    content: Record<
      string,
      { schema: { $ref?: string; oneOf?: { $ref: string }[] }; examples?: Record<string, { value: object }> }
    >;
  };
  responses?: Record<string, { content?: Record<string, { schema?: { anyOf?: object[] }; examples?: object }> }>;
}

const rows: OptionRows = [
  ['--port N', 'port to listen on (4010); 0 takes any free one'],
  ['--host HOST', 'address to listen on (127.0.0.1); 0.0.0.0 takes requests of other machines'],
  ['--proxy URL', 'instead of answering, forward every request to this callback URL, and its reply back, both byte'],
  ['', 'for byte, and print each violation of the contract in one line:'],
  ['', 'time, request or response, command, place (value), rule'],
  ['--signed', 'refuse callbacks without Sign (in --proxy: report them), as a receiver with a token does'],
  ['--strict', 'refuse commands that the contract does not describe, instead of OK as the receiver'],
  ['--admin', 'be the admin listener instead: answers the read API with the examples of generated/admin.json'],
  ['--delivery', 'be the endpoint of a team instead, that events are delivered to: each one is held against'],
  ['', 'generated/delivery.json, and what it forbids gets 422 and the reason'],
  ['--rest', "be the vendor's REST API instead, from which a back-fill reads the groups"],
  ['--groups N', 'with --rest: how many groups there are (1000); they are computed, none is held in memory'],
  ['--contract FILE', 'another bundled contract'],
  ['--help', 'show this text'],
];

const help = `Usage: ${invocation('mock', '[options]')}

Answers callbacks as the contract (generated/callback.json) says, by Prism. Nothing is stored.
Replies are the contract's examples; a callback that the contract forbids gets 400 and the reason. It prints one line
a request. The header "Prefer: code=401" asks for that reply, whatever is sent; so with every status of the contract.
"Prefer: code=401, example=reply.401.expired" chooses among the examples of a status.

${columns(rows)}

The mock differs from the receiver in what no schema says: it does not know the token, so it accepts any Sign; it
accepts every SdkAppid, and refuses a missing one with 400 instead of 403; it refuses the console's probe; it does not
compare the commands of URL and body; and it ignores the case of query parameter names. To a command that the contract
does not describe it answers OK, with the header Callback-Outcome: unknown, as the receiver does.

Exit status: 0 ended by a signal, 1 it could not start or --proxy found a violation, 2 wrong usage.`;

export function readOptions(args: string[]) {
  const tooMany = ': nothing but options is expected, such as --port 4010; see --help';
  const given = readArguments(args, { help, tooMany });
  const delivery = given.flags.has('delivery');
  const signed = given.flags.has('signed');
  const upstream = readUpstream(given.text('proxy'));
  const rest = given.flags.has('rest');
  const admin = given.flags.has('admin');
  const strict = given.flags.has('strict');
  // The mock that is asked for, and what only the mock of callbacks knows, or another mock.
  const mock = (rest && 'rest') || (delivery && 'delivery') || (admin && 'admin');
  const other =
    (signed && 'signed') ||
    (upstream && 'proxy') ||
    (strict && 'strict') ||
    [delivery && 'delivery', admin && 'admin'].find((one) => one && one !== mock);
  if (mock && other) throw new UsageError(`--${other}: is not for the mock of --${mock}: leave one of them out`);
  if (upstream && strict)
    throw new UsageError('--strict: is not for --proxy, which answers nothing: leave one of them out');
  if (given.text('groups') !== undefined && !rest) throw new UsageError('--groups: is for --rest only: add --rest');
  return {
    delivery,
    rest,
    admin,
    strict,
    host: readHost(given.text('host') ?? '127.0.0.1'),
    groups: given.number('groups', 1000, 10_000_000),
    port: readPort(given.text('port') ?? '4010'),
    /** The callback URL of the endpoint whose traffic is checked; undefined: the mock itself answers. */
    upstream,
    signed,
    contract:
      given.text('contract') ??
      new URL(`../../generated/${mock === 'delivery' || mock === 'admin' ? mock : 'callback'}.json`, import.meta.url),
  };
}

function readHost(text: string): string {
  if (isIP(text) !== 0 || /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(text)) return text;
  throw new UsageError(`--host: "${text}", expected an address or a name, such as 0.0.0.0`);
}

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`--port: "${text}", expected a whole number from 0 to 65535`);
}

function readUpstream(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
    const url = new URL(text);
    // The sender's query and headers are forwarded unchanged, so others cannot be added.
    if (!url.search && !url.hash && !url.username && !url.password) return url;
  }
  throw new UsageError(
    `--proxy: "${text}", expected the callback URL of an endpoint, without query and password, such as http://127.0.0.1:3000/`,
  );
}

/** @throws {UsageError} if the file is not a contract bundled by `npm run generate` */
export function readContract(file: string | URL, media = 'application/json'): Contract {
  return readBundled(file, media === 'application/json' ? 'callback' : 'delivery', (contract) => {
    if (!contract.paths['/']?.post?.requestBody?.content[media]?.examples) throw new Error('POST / has no examples');
  });
}

/** @throws {UsageError} when the file is no contract of the read API that was bundled by `npm run generate` */
export function readAdminContract(file: string | URL): Contract {
  return readBundled(file, 'admin', (contract) => {
    if (!contract.paths?.['/api/groups']?.get) throw new Error('it has no GET /api/groups');
  });
}

function readBundled(file: string | URL, name: string, demand: (contract: Contract) => void): Contract {
  const generated = `generated/${name}.json`;
  try {
    const contract = JSON.parse(readFileSync(file, 'utf8'));
    demand(contract);
    return contract;
  } catch (cause) {
    throw new UsageError(
      `${typeof file === 'string' ? `--contract: "${file}"` : generated} is not a bundled contract (${(cause as Error).message}): npm run generate makes ${generated}`,
      { cause },
    );
  }
}
