import { readFileSync } from 'node:fs';
import { readArguments } from '../simulator/read-arguments.ts';
import { UsageError } from '../simulator/usage-error.ts';

export interface Options {
  /** 0: any free one. */
  port: number;
  /** The callback URL of the endpoint whose traffic is checked; undefined: be the endpoint. */
  upstream: URL | undefined;
  /** Whether a callback must carry Sign, as where the receiver has a token. */
  signed: boolean;
  /** A bundled contract. */
  contract: string | URL;
}

/** The parts of a bundled contract that are read here. */
export interface Contract {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, { 'x-kind'?: string }> };
}
interface Operation {
  parameters?: { name: string }[];
  requestBody?: {
    content: Record<string, { schema: { oneOf?: { $ref: string }[] }; examples?: Record<string, { value: object }> }>;
  };
  responses?: Record<string, { content?: Record<string, { schema?: { anyOf?: object[] }; examples?: object }> }>;
}

export const helpText = `Usage: npm run mock -- [options]

Answers callbacks as the contract (generated/callback.json) says, by Prism, on this machine only. Nothing is stored.
Replies are the contract's examples; a callback that the contract forbids gets 400 and the reason. It prints one line
a request. With the header "Prefer: code=401" it gives that reply, whatever is sent; so with every status of the
contract. "Prefer: code=401, example=reply.401.expired" chooses among the examples of a status.

  --port N         port to listen on (4010); 0 takes any free one
  --proxy URL      instead of answering, pass every request on to this callback URL, and its reply back, both byte for
                   byte, and print each violation of the contract in one line:
                   time, request or response, command, place (value), rule
  --signed         refuse callbacks without Sign (in --proxy: report them), as a receiver with a token does
  --contract FILE  another bundled contract
  --help           this text

In what the mock differs from the receiver, because no schema says it: it does not know the token, so any Sign will do;
it takes every SdkAppid, and refuses a missing one with 400 instead of 403; it refuses commands that the contract does
not describe (the receiver keeps them) and the console's probe; it does not compare the commands of URL and body; the
names of query parameters are good in upper and lower case.

Exit status: 0 ended by a signal, 1 it could not start or --proxy found a violation, 2 wrong usage.`;

export function readOptions(args: string[]): Options | 'help' {
  const read = readArguments(args, { values: ['port', 'proxy', 'contract'], flags: ['signed'] });
  if (read === 'help') return 'help';
  const given = new Map(read.values);
  if (read.positionals[0] !== undefined) {
    throw new UsageError(`"${read.positionals[0]}": nothing but options is expected, such as --port 4010; see --help`);
  }
  return {
    port: readPort(given.get('port') ?? '4010'),
    upstream: readUpstream(given.get('proxy')),
    signed: read.flags.has('signed'),
    contract: given.get('contract') ?? new URL('../../generated/callback.json', import.meta.url),
  };
}

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`--port: "${text}", expected a whole number from 0 to 65535`);
}

function readUpstream(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
    const url = new URL(text);
    // The sender's query is passed on as it is, and its headers too: there is no place for another.
    if (!url.search && !url.hash && !url.username && !url.password) return url;
  }
  throw new UsageError(
    `--proxy: "${text}", expected the callback URL of an endpoint, without query and password, such as http://127.0.0.1:3000/`,
  );
}

/** @throws {UsageError} when the file is no contract that was bundled by `npm run generate` */
export function readContract(file: string | URL): Contract {
  try {
    const contract = JSON.parse(readFileSync(file, 'utf8'));
    if (contract.paths['/'].post.requestBody.content['application/json'].examples) return contract;
    throw new Error('POST / has no examples');
  } catch (cause) {
    const name = typeof file === 'string' ? `--contract: "${file}"` : 'generated/callback.json';
    throw new UsageError(
      `${name} is not a bundled contract (${(cause as Error).message}): npm run generate makes generated/callback.json`,
      { cause },
    );
  }
}
