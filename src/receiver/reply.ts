import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { components } from '../../generated/callback.ts';

type Reply = components['schemas']['Reply'];

/** Why a request is refused -> HTTP status and ErrorCode of the contract. */
const REFUSALS = {
  'against the contract': [400, 10100],
  'malformed HTTP': [400, 10100],
  'too slow': [400, 10100],
  'headers too large': [431, 10100],
  'commands differ': [400, 10101],
  'not the vendor': [401, 10102],
  'not our app': [403, 10103],
  'no such path': [404, 10104],
  'no such method': [405, 10104],
  'body too large': [413, 10105],
  'store unavailable': [503, 10106],
} as const satisfies Record<string, readonly [number, number]>;

export type RefusalKind = keyof typeof REFUSALS;

/** A request that gets no OK. `message` becomes the reply's ErrorInfo, so it must be fit for the outside. */
export class Refusal extends Error {
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

const JSON_TYPE = 'application/json; charset=utf-8';
const OK = JSON.stringify({ ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 } satisfies Reply);

export function replyOk(response: ServerResponse): void {
  send(response, 200, OK);
}

/** A decision: what an Ajv of the contract has let pass, in JSON. */
export function replyDecided(response: ServerResponse, reply: string): void {
  send(response, 200, reply);
}

/**
 * After some refusals the rest of the request is not worth waiting for: the connection ends.
 * @returns the HTTP status
 */
export function replyRefusal(response: ServerResponse, refusal: Refusal): number {
  const { status, body } = bodyOf(refusal);
  if (refusal.kind === 'too slow' || refusal.kind === 'malformed HTTP') response.shouldKeepAlive = false;
  send(response, status, body);
  return status;
}

export function replyJson(response: ServerResponse, status: number, body: object): void {
  send(response, status, JSON.stringify(body));
}

/** The same on a bare connection, for what is not HTTP enough to have a response. Ends the connection. */
export function rawRefusal(refusal: Refusal): string {
  const { status, body } = bodyOf(refusal);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`;
  return head + body;
}

function bodyOf({ kind, message }: Refusal): { status: number; body: string } {
  const [status, errorCode] = REFUSALS[kind];
  const reply: Reply = { ActionStatus: 'FAIL', ErrorInfo: message, ErrorCode: errorCode };
  return { status, body: JSON.stringify(reply) };
}

/** Node sends text in one piece with the headers, bytes in a second one. */
function send(response: ServerResponse, status: number, body: string): void {
  // A request may end in its middle while another end of it is being judged: the first reply stands.
  if (response.headersSent) return;
  response.writeHead(status, { 'Content-Type': JSON_TYPE, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
