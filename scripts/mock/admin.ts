import { type RequestListener, STATUS_CODES } from 'node:http';
import { createInstance, getHttpOperationsFromSpec, type IHttpConfig, type IHttpRequest } from '@stoplight/prism-http';
import { pino } from 'pino';
import { readBody, SenderGone } from '../../src/receiver/body.ts';
import { readPreference } from './mock-listener.ts';
import type { Contract } from './options.ts';
import { parseBody } from './violation.ts';

/** The limit of the admin listener. */
const MAX_BODY_BYTES = 65_536;
const BODY_MS = 10_000;

interface Answer {
  status: number;
  type: string;
  body: string;
  /** The problem of the request. */
  reason: string;
}

/** Prism in place of the admin listener: answers with the examples of the read API, and prints one line per request. */
export function createAdminMock(contract: Contract, print: (line: string) => void): RequestListener {
  // Prism logs at its own level.
  const logger = pino({ level: 'silent', customLevels: { success: 31 } }) as never;
  const loading = getHttpOperationsFromSpec(contract);

  return async (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const { pathname, searchParams } = new URL(`http://127.0.0.1${url.startsWith('/') ? url : '/'}`);
    let answer: Answer;
    try {
      const body = await readBody(request, MAX_BODY_BYTES, BODY_MS);
      const input: IHttpRequest = {
        // Like the listener, treats HEAD as GET; Node.js omits the body.
        method: (method === 'HEAD' ? 'get' : method.toLowerCase()) as IHttpRequest['method'],
        url: { path: pathname, query: Object.fromEntries(searchParams) },
        headers: {
          'content-length': String(body.length),
          ...(headers['content-type'] && { 'content-type': headers['content-type'] }),
          ...(headers.accept && { accept: headers.accept }),
        },
        body: parseBody(body).value,
      };
      answer = await ask(input, readPreference(request));
    } catch (error) {
      if (error instanceof SenderGone) return;
      answer = problem(400, (error as Error).message);
    }
    response.writeHead(answer.status, { 'Content-Type': answer.type });
    response.end(answer.body);
    print([new Date().toISOString(), answer.status, `${method} ${url}`, answer.reason].filter(Boolean).join('  '));
  };

  async function ask(input: IHttpRequest, preferred: ReturnType<typeof readPreference>): Promise<Answer> {
    const config: IHttpConfig = {
      isProxy: false,
      errors: false,
      // Like a listener without a password.
      checkSecurity: false,
      validateRequest: preferred === undefined,
      validateResponse: false,
      upstreamProxy: undefined,
      mock: { dynamic: false, ...preferred },
    };
    const result = await createInstance(config, { logger }).request(input, await loading)();
    if (result._tag === 'Left') {
      const { status = 404, message } = result.left as Error & { status?: number };
      return problem(status, message);
    }
    const { output, validations } = result.right;
    const faults = validations.input.map(({ path = [], message }) => `${path.join('.')} ${message}`.trim());
    if (faults.length > 0) return problem(400, faults.join('; '));
    const type = output.headers?.['Content-type'] ?? output.headers?.['content-type'] ?? 'text/plain';
    const body = typeof output.body === 'string' ? output.body : JSON.stringify(output.body ?? '');
    return { status: output.statusCode, type, body, reason: preferred ? 'as Prefer asks' : '' };
  }
}

/** A problem document in the listener's form (RFC 9457). */
function problem(status: number, detail: string): Answer {
  const body = JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail });
  return { status, type: 'application/problem+json; charset=utf-8', body, reason: detail };
}
