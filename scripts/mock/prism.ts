import { createInstance, getHttpOperationsFromSpec, type IHttpConfig, type IHttpRequest } from '@stoplight/prism-http';
import { pino } from 'pino';
import { payloadReader } from '../../src/callback/normalize.ts';
import { Failure } from '../command-line.ts';
import type { Contract } from './options.ts';
import {
  commandOfBody,
  commandOfUrl,
  describeRequest,
  describeResponse,
  parseBody,
  queryOf,
  type Reply,
  type Request,
  type Violation,
} from './violation.ts';

/** The mock's reply: JSON, one of the contract's examples. */
export interface MockReply {
  status: number;
  body: unknown;
  violations: Violation[];
}

/** The reply that Prefer asks for, whatever the request. */
export interface Preferred {
  code: number;
  exampleKey?: string;
}

export interface Prism {
  mock(request: Request, preferred?: Preferred): Promise<MockReply>;
  check(request: Request, reply: Reply): Promise<{ request: Violation[]; response: Violation[] }>;
}

type Operations = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>;

/**
 * Prism on a bundled contract. Uses its library instead of its server, which parses and rewrites what it forwards,
 * answers other paths and methods and non-JSON bodies with its own errors, and refuses a Content-Type that the receiver
 * accepts.
 *
 * @throws {Failure} if Prism accepts what the contract forbids: it silently skips every schema that it cannot compile
 */
export async function openPrism(contract: Contract, { signed }: { signed: boolean }): Promise<Prism> {
  const everyOperation = await operationsOf(contract);
  const ofCommand = new Map<string, Operations>();
  const readPayload = payloadReader(contract);
  // Prism logs at its own level.
  const logger = pino({ level: 'silent', customLevels: { success: 31 } }) as never;
  const validating = {
    isProxy: false,
    errors: false,
    checkSecurity: signed,
    validateRequest: true,
    validateResponse: true,
    upstreamProxy: undefined,
    mock: { dynamic: false },
  } as const;

  const prism: Prism = { mock, check };
  await demandRefusals(prism);
  return prism;

  async function mock(request: Request, preferred?: Preferred): Promise<MockReply> {
    const input = inputOf({ ...request, contentType: 'application/json' });
    const config: IHttpConfig = preferred
      ? { ...validating, checkSecurity: false, validateRequest: false, mock: { dynamic: false, ...preferred } }
      : validating;
    const result = await createInstance(config, { logger }).request(input, await operationsFor(input))();
    if (result._tag === 'Right') {
      const { output, validations } = result.right;
      const violations = describeRequest(validations.input, request, contract);
      return { status: output.statusCode, body: output.body, violations };
    }
    const error = result.left as Error & { status?: number };
    const refused = async (code: number, violation: Violation): Promise<MockReply> => ({
      ...(await mock({ ...request, method: 'POST', url: '/' }, { code })),
      violations: [violation],
    });
    if (error.status === 405 || error.name.includes('NO_PATH_MATCHED')) {
      return refused(error.status ?? 404, unroutable(request, input.url.path));
    }
    if (!preferred || (preferred.code === 400 && !preferred.exampleKey)) throw error;
    const operations = await operationsFor(input);
    const { responses = [] } =
      operations.find(({ method, path }) => method === input.method && path === input.url.path) ?? {};
    const { code, exampleKey } = preferred;
    const examples = responses
      .find((response) => response.code === String(code))
      ?.contents?.flatMap((content) => content.examples?.map(({ key }) => key) ?? []);
    return refused(400, {
      place: 'header.Prefer',
      value: exampleKey && examples ? exampleKey : code,
      rule: examples
        ? `is no example of a ${code} here, which has ${examples.join(', ')}`
        : `is no status of the contract, which has ${responses.map((response) => response.code).join(', ')} here`,
    });
  }

  async function check(request: Request, reply: Reply) {
    const input = inputOf(request);
    const { validations } = await checkInput(input, reply, validating);
    if (!validations.input.some(({ message }) => message === 'Selected route not found')) {
      return {
        request: describeRequest(validations.input, request, contract),
        response: describeResponse(validations.output, reply),
      };
    }
    // POST / declares the replies to other paths and methods.
    const aside = { ...validating, checkSecurity: false, validateRequest: false };
    const other = await checkInput({ ...input, method: 'post', url: { path: '/' } }, reply, aside);
    return {
      request: [unroutable(request, input.url.path)],
      response: describeResponse(other.validations.output, reply),
    };
  }

  async function checkInput(input: IHttpRequest, reply: Reply, config: Omit<IHttpConfig, 'isProxy' | 'upstream'>) {
    const output = {
      statusCode: reply.status,
      headers: reply.contentType === undefined ? {} : { 'content-type': mediaType(reply.contentType) },
      body: parseBody(reply.body).value,
    };
    const instance = createInstance(
      { ...config, isProxy: true, upstream: new URL('http://127.0.0.1') },
      { logger, forward: () => () => async () => ({ _tag: 'Right', right: output }) },
    );
    const result = await instance.request(input, await operationsFor(input))();
    if (result._tag === 'Left') throw result.left;
    return result.right;
  }

  function unroutable({ method }: Request, path: string): Violation {
    const methods = Object.keys(contract.paths[path] ?? {})
      .join(', ')
      .toUpperCase();
    if (methods) return { place: 'method', value: method, rule: `is not served at ${path}, which takes ${methods}` };
    return { place: 'path', value: path, rule: 'is not in the contract' };
  }

  /** The request with its body as the receiver reads it, so that both accept the same bodies. */
  function inputOf({ method, url, contentType, body }: Request): IHttpRequest {
    const { pathname } = new URL(`http://127.0.0.1${url.startsWith('/') ? url : '/'}`);
    // The contract declares a body for POST only; a body of another method is not a violation.
    const sent = method === 'POST' ? body : Buffer.alloc(0);
    return {
      method: method.toLowerCase() as IHttpRequest['method'],
      url: { path: pathname, query: { ...queryOf(url) } as Record<string, string | string[]> },
      // Without a length, as with chunks, Prism ignores the media type.
      headers: {
        'content-length': String(sent.length),
        ...(contentType === undefined ? {} : { 'content-type': mediaType(contentType) }),
      },
      body: readPayload(commandOfBody(body) || commandOfUrl(url), parseBody(sent).value),
    };
  }

  /** Narrowed to the command if the contract has it: otherwise Prism reports the fields of every command. */
  async function operationsFor({ body }: IHttpRequest): Promise<Operations> {
    const command = (body as { CallbackCommand?: unknown } | null | undefined)?.CallbackCommand;
    if (typeof command !== 'string' || !contract.components?.schemas?.[command]?.['x-kind']) return everyOperation;
    const known = ofCommand.get(command) ?? (await operationsOf(contract, command));
    ofCommand.set(command, known);
    return known;
  }
}

/** The contract narrowed to the callback and the replies of a command, or to the replies for any command. */
async function operationsOf(contract: Contract, command?: string): Promise<Operations> {
  const copy = structuredClone(contract);
  const post = copy.paths['/']?.post;
  const schema = post?.requestBody?.content['application/json']?.schema;
  if (command && schema) schema.oneOf = [{ $ref: `#/components/schemas/${command}` }];
  const reply = post?.responses?.[200]?.content?.['application/json'];
  const own = `${command}.Reply`;
  const decides = own in (copy.components?.schemas ?? {});
  // The first alternative is the reply for any command.
  const [plain] = reply?.schema?.anyOf ?? [];
  if (reply && plain) reply.schema = decides ? { $ref: `#/components/schemas/${own}` } : plain;
  if (reply?.examples && command) {
    const start = decides ? `${command}.reply` : 'reply.200';
    const examples = Object.entries(reply.examples).filter(([name]) => name === start || name.startsWith(`${start}.`));
    reply.examples = Object.fromEntries(examples);
  }
  return getHttpOperationsFromSpec(copy);
}

/** Prism throws on an invalid media type. */
function mediaType(contentType: string): string {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/.test(type) ? type : 'not-a-media/type';
}

async function demandRefusals(prism: Prism): Promise<void> {
  const canary = { contentType: 'application/json', body: Buffer.from('"canary"') };
  const found = await prism.check({ ...canary, method: 'POST', url: '/' }, { ...canary, status: 200 });
  const skipped = [
    found.request.some(({ place }) => place.startsWith('query.')) ? [] : 'query',
    found.request.some(({ place }) => place === 'body') ? [] : 'request body',
    found.response.some(({ place }) => place === 'body') ? [] : 'response body',
  ].flat();
  if (skipped.length === 0) return;
  throw new Failure(
    `Prism does not check the ${skipped.join(' and the ')} of POST /, as it cannot compile the schema: keep ` +
      'jsonSchemaDialect https://json-schema.org/draft/2020-12/schema in openapi/callback.yaml, and keywords that it knows',
  );
}
