import type { RequestListener } from 'node:http';
import { createInstance, getHttpOperationsFromSpec, type IHttpConfig } from '@stoplight/prism-http';
import { pino } from 'pino';
import { readBody, SenderGone } from '../../src/receiver/body.ts';
import { Failure } from '../command-line.ts';
import { readPreference } from './mock-listener.ts';
import type { Contract } from './options.ts';
import type { Preferred } from './prism.ts';
import { describeBody, describeHeaders, parseBody, type Violation, violationText } from './violation.ts';

/** Far above the largest delivery: a callback of 262,144 bytes and its attributes. */
const MAX_BODY_BYTES = 4_194_304;
const BODY_MS = 10_000;

interface Request {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}
interface Answer {
  status: number;
  headers: Record<string, string>;
  violations: Violation[];
}
export type Endpoint = (request: Request, preferred?: Preferred) => Promise<Answer>;

/**
 * Plays a team's endpoint with Prism, on the contract of deliveries.
 *
 * @throws {Failure} if Prism accepts what the contract forbids: it silently skips every schema that it cannot compile
 */
export async function openEndpoint(contract: Contract): Promise<Endpoint> {
  const ofType = new Map<string, ReturnType<typeof getHttpOperationsFromSpec>>();
  // Prism logs at its own level.
  const logger = pino({ level: 'silent', customLevels: { success: 31 } }) as never;

  const endpoint: Endpoint = async ({ method, path, headers, body }, preferred) => {
    const config: IHttpConfig = {
      isProxy: false,
      errors: false,
      checkSecurity: false,
      validateRequest: true,
      validateResponse: true,
      upstreamProxy: undefined,
      mock: { dynamic: false, ...preferred },
    };
    const { value } = parseBody(body);
    const input = { method: method.toLowerCase() as 'post', url: { path, query: {} }, headers, body: value };
    const result = await createInstance(config, { logger }).request(input, await operationsFor(value))();
    if (result._tag === 'Left') {
      const refused = (status: number, violation: Violation) => ({ status, headers: {}, violations: [violation] });
      if (path !== '/') return refused(404, { place: 'path', value: path, rule: 'is not in the contract' });
      if (method === 'POST') throw result.left;
      return refused(405, { place: 'method', value: method, rule: 'is not served at /, which takes POST' });
    }
    const { output, validations } = result.right;
    const [inHeaders, inBody] = [describeHeaders(validations.input, headers), describeBody(validations.input, body)];
    return { status: output.statusCode, headers: output.headers ?? {}, violations: [...inHeaders, ...inBody] };
  };

  const canary = { method: 'POST', path: '/', headers: { 'content-length': '8' }, body: Buffer.from('"canary"') };
  const places = (await endpoint(canary)).violations.map(({ place }) => place);
  if (places.includes('body') && places.includes('header.webhook-id')) return endpoint;
  throw new Failure('Prism does not check events, as it cannot compile their schema: see openapi/delivery.yaml');

  /** Narrowed to the type if the contract has it: otherwise Prism reports the fields of every command. */
  function operationsFor(event: unknown) {
    const type = typeOf(event);
    const isKnown = contract.components?.schemas?.[type]?.properties?.type?.const === type;
    const name = isKnown ? type : 'UnknownEvent';
    const operations = ofType.get(name) ?? getHttpOperationsFromSpec(narrowed(contract, name));
    ofType.set(name, operations);
    return operations;
  }
}

/** Empty without a type. */
function typeOf(event: unknown): string {
  const type = (event as { type?: unknown } | null | undefined)?.type;
  return typeof type === 'string' ? type : '';
}

function narrowed(contract: Contract, name: string): Contract {
  const copy = structuredClone(contract);
  for (const media of Object.values(copy.paths['/']?.post?.requestBody?.content ?? {})) {
    media.schema = { $ref: `#/components/schemas/${name}` };
  }
  return copy;
}

/** Answers according to the contract, and prints one line per request. */
export function createEndpoint(endpoint: Endpoint, print: (line: string) => void): RequestListener {
  return async (request, response) => {
    const { method = 'GET', url = '/' } = request;
    const [path = ''] = url.split('?', 1);
    let answer: Answer;
    let type = '';
    try {
      const body = await readBody(request, MAX_BODY_BYTES, BODY_MS);
      type = typeOf(parseBody(body).value);
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      // Without a length, as with chunks, Prism ignores the media type.
      headers.push(['content-length', String(body.length)]);
      answer = await endpoint({ method, path, headers: Object.fromEntries(headers), body }, readPreference(request));
    } catch (error) {
      if (error instanceof SenderGone) return;
      answer = { status: 400, headers: {}, violations: [{ place: 'request', rule: (error as Error).message }] };
    }
    const reason = answer.violations.map(violationText).join('; ');
    response.writeHead(answer.status, { ...answer.headers, 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(reason && `${reason}\n`);
    const seen = [new Date().toISOString(), answer.status, `${method} ${path}`, type, reason];
    print(seen.filter(Boolean).join('  '));
  };
}
