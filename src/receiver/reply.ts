import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { components } from '../../generated/callback.ts';
import { PLAIN_OK } from '../store/activity.ts';

type Reply = components['schemas']['Reply'];

/** The contract's HTTP status and ErrorCode for each kind of refusal. */
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
  'unknown encoding': [415, 10107],
  'body consumed': [500, 10108],
  'store unavailable': [503, 10106],
} as const satisfies Record<string, readonly [number, number]>;

export type RefusalKind = keyof typeof REFUSALS;

/** A request that is not answered with OK. `message` becomes the reply's ErrorInfo, so the sender may see it. */
export class Refusal extends Error {
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * `unknown` for a command that this process's contract does not describe. The vendor ignores the header; `trigger`
 * learns from it that the receiver has to be restarted.
 */
export const OUTCOME_HEADER = 'Callback-Outcome';

const JSON_TYPE = 'application/json; charset=utf-8';

export function replyOk(response: ServerResponse, outcome?: 'unknown'): void {
  if (outcome) response.setHeader(OUTCOME_HEADER, outcome);
  send(response, 200, PLAIN_OK);
}

/** Replies with a decision: JSON that the contract's validator has accepted. */
export function replyDecided(response: ServerResponse, reply: string): void {
  send(response, 200, reply);
}

/**
 * Replies with a refusal. After some kinds the rest of the request cannot be read, so the connection ends.
 * @returns the reply that was sent
 */
export function replyRefusal(response: ServerResponse, refusal: Refusal): { status: number; body: string } {
  const { status, body } = bodyOf(refusal);
  if (refusal.kind === 'too slow' || refusal.kind === 'malformed HTTP') response.shouldKeepAlive = false;
  send(response, status, body);
  return { status, body };
}

export function replyJson(response: ServerResponse, status: number, body: object): void {
  send(response, status, JSON.stringify(body));
}

/**
 * A refusal as bytes for a bare connection on which no HTTP request could be parsed. Announces the end of the
 * connection.
 */
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

/** Sends text: Node sends it in one packet with the headers, but a Buffer in a second one. */
function send(response: ServerResponse, status: number, body: string): void {
  // A request can break while it is being judged: the first reply counts.
  if (response.headersSent) return;
  response.writeHead(status, { 'Content-Type': JSON_TYPE, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
