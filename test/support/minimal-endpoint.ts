import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';

export const APP = '1400000000';
export const TOKEN = 'sesame';
export const COMMAND = 'Group.CallbackAfterCreateGroup';
const MOST_BYTES = 262_144;

export interface Request {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  socket: Socket;
}

export interface Answer {
  status: number;
  body: string;
  headers?: Record<string, string>;
  /** Closes the connection after the answer, without announcing it. */
  hangsUp?: true;
}

/** A minimal correct endpoint, independent of the receiver's code; `token` undefined = accepts unsigned callbacks. */
export function minimalEndpoint(token: string | undefined): (request: Request) => Answer {
  return ({ method, path, query, body }) => {
    if (path !== '/') return refuse(404, 10104);
    if (method !== 'POST') return refuse(405, 10104);
    const app = query.getAll('SdkAppid');
    if (app.length > 0 && app.join() !== APP) return refuse(403, 10103);
    if (token !== undefined && !isSigned(query, token)) return refuse(401, 10102);
    if (body.length > MOST_BYTES) return refuse(413, 10105);
    if (/^\s*(\{\s*\})?\s*$/.test(body.toString())) return ok();
    if (app.length === 0) return refuse(403, 10103);
    const commands = query.getAll('CallbackCommand');
    const payload = parse(body);
    if (!payload || commands.length !== 1 || query.getAll('ClientIP').length > 1) return refuse(400, 10100);
    const { CallbackCommand: inBody = commands[0] } = payload;
    if (typeof inBody === 'string' && inBody !== commands[0]) return refuse(400, 10101);
    if (commands[0] !== COMMAND) return reply(200, { ...OK, ...extra(commands[0], payload) });
    const required = ['CallbackCommand', 'GroupId', 'Operator_Account', 'Type', 'Name'];
    return required.every((field) => typeof payload[field] === 'string') ? ok() : refuse(400, 10100);
  };
}

const OK = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };

export function ok(): Answer {
  return reply(200, OK);
}

/** Additional fields of the replies to friend requests and to chatbots. */
function extra(command: string | undefined, payload: Record<string, unknown>): object {
  if (command === 'Chatbot.OnC2CSignalMessage') return { RspData: 'pong' };
  if (!command?.startsWith('Sns.CallbackPrev')) return {};
  const friends = payload.FriendItem ?? payload.ResponseFriendItem;
  const accounts = Array.isArray(friends) ? friends.map(({ To_Account }) => To_Account) : [];
  return { ResultItem: accounts.map((To_Account) => ({ To_Account, ResultCode: 0, ResultInfo: '' })) };
}

export function refuse(status: number, errorCode: number): Answer {
  return reply(status, { ActionStatus: 'FAIL', ErrorInfo: 'refused', ErrorCode: errorCode });
}

export function reply(status: number, body: object): Answer {
  return { status, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
}

/** The JSON object of a body; undefined for anything else. */
export function parse(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function signature(requestTime: string): string {
  return createHash('sha256').update(`${TOKEN}${requestTime}`).digest('hex');
}

function isSigned(query: URLSearchParams, token: string): boolean {
  const [signs, times] = [query.getAll('Sign'), query.getAll('RequestTime')];
  const time = times[0] ?? '';
  const sign = createHash('sha256').update(`${token}${time}`).digest('hex');
  return times.length === 1 && signs.join() === sign && Math.abs(Date.now() / 1000 - Number(time)) <= 61;
}
