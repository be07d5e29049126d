import type { IncomingMessage, RequestListener } from 'node:http';
import {
  BodyTooLarge,
  BodyTooSlow,
  decodeBody,
  encodingOf,
  readBody,
  SenderGone,
  UnknownEncoding,
} from '../../src/receiver/body.ts';
import { OUTCOME_HEADER } from '../../src/receiver/reply.ts';
import type { MockReply, Preferred, Prism } from './prism.ts';
import { commandIn, commandOfUrl, parseBody, violationText } from './violation.ts';

// The limits of a receiver with default settings.
const MAX_BODY_BYTES = 262_144;
const BODY_MS = 1_500;

interface Answers {
  print: (line: string) => void;
  /** Whether the contract describes a command. Of others the receiver keeps any JSON. */
  describes: (command: string) => boolean;
  /** Whether commands that it does not describe are refused. */
  strict: boolean;
}

/** Answers according to the contract, and prints one line per request. */
export function createMock(prism: Prism, { print, describes, strict }: Answers): RequestListener {
  return async (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    let body: Buffer = Buffer.alloc(0);
    let reply: MockReply;
    let reason = '';
    let outcome = '';
    try {
      const encoding = encodingOf(request);
      body = await readBody(request, MAX_BODY_BYTES, BODY_MS);
      // A body that does not match its encoding is not JSON either.
      body = await decodeBody(body, encoding, MAX_BODY_BYTES);
      const asked = { method, url, contentType: headers['content-type'], body };
      const preferred = readPreference(request);
      reply = await prism.mock(asked, preferred);
      const command = commandOfUrl(url);
      if (!strict && !preferred && command && !describes(command) && isOfBodyAlone(reply, body)) {
        reply = await prism.mock(asked, { code: 200, exampleKey: 'reply.200' });
        outcome = 'unknown';
      }
      reason = reply.violations.map(violationText).join('; ') || outcome;
      // The ErrorInfo of the example describes another request.
      if (reply.violations.length > 0) reply.body = { ...(reply.body as object), ErrorInfo: reason };
      else if (preferred) reason = 'as Prefer asks';
    } catch (error) {
      if (error instanceof SenderGone) return;
      reply = await prism.mock({ method: 'POST', url: '/', contentType: undefined, body }, replyTo(error));
      reason =
        error instanceof UnknownEncoding ? `header.Content-Encoding is ${error.message}` : (error as Error).message;
    }
    const text = JSON.stringify(reply.body);
    response.writeHead(reply.status, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      ...(outcome && { [OUTCOME_HEADER]: outcome }),
    });
    response.end(text);
    const [path] = url.split('?', 1);
    const columns = [new Date().toISOString(), reply.status, `${method} ${path}`, commandIn(url, body), reason];
    print(columns.filter(Boolean).join('  '));
  };
}

/** Whether nothing but the schema of a command, which an unknown one does not have, forbids the request. */
function isOfBodyAlone({ violations }: MockReply, body: Buffer): boolean {
  return parseBody(body).problem === undefined && violations.every(({ place }) => /^body\b/.test(place));
}

function replyTo(error: unknown): Preferred {
  if (error instanceof UnknownEncoding) return { code: 415 };
  if (error instanceof BodyTooSlow) return { code: 400, exampleKey: 'reply.400.too-slow' };
  return { code: error instanceof BodyTooLarge ? 413 : 503 };
}

/** `Prefer: code=401, example=reply.401.expired` (RFC 7240) asks for a reply. */
export function readPreference({ headers }: IncomingMessage): Preferred | undefined {
  const prefer = String(headers.prefer ?? '');
  const code = /(?:^|[\s,;])code="?(\d{1,9})"?(?:$|[\s,;])/i.exec(prefer)?.[1];
  const exampleKey = /(?:^|[\s,;])example="?([^\s,;"]+)/i.exec(prefer)?.[1];
  return code === undefined ? undefined : { code: Number(code), ...(exampleKey ? { exampleKey } : {}) };
}
