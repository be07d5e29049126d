import { createHash } from 'node:crypto';
import callbackDocument from '../../generated/callback.json' with { type: 'json' };

export const CREATED = 'Group.CallbackAfterCreateGroup';
export const APP = '1400000000';

/** Every example payload of the contract, by its name. */
export const examples = Object.fromEntries(
  Object.entries(callbackDocument.paths['/'].post.requestBody.content['application/json'].examples).map(
    ([name, { value }]) => [name, value as Payload],
  ),
) as Record<string, Payload>;

// Not every body names its command, but the name of its example does.
export { commandOf } from '../../scripts/simulator/examples.ts';

export type Payload = Record<string, unknown> & { CallbackCommand: string };

let groups = 0;
/** A valid callback with a new group; `change` replaces fields, undefined removes them. */
export function payload(change: Record<string, unknown> = {}): Payload {
  groups += 1;
  const base = { ...(examples[CREATED] as Payload), GroupId: `@TGS#TEST${groups}`, EventTime: Date.now() + groups };
  return JSON.parse(JSON.stringify({ ...base, ...change }));
}

/** The same for any command: the example of that name with another event time. */
export function payloadOf(example: string, change: Record<string, unknown> = {}): Payload {
  groups += 1;
  return JSON.parse(JSON.stringify({ ...examples[example], EventTime: Date.now() + groups, ...change }));
}

type Parameters = Record<string, string | readonly string[] | undefined>;

/** The path and query of a callback as the vendor sends it; `change` replaces parameters, undefined removes them. */
export function pathOf(change: Parameters = {}, path = '/'): string {
  const parameters: Parameters = {
    CallbackCommand: CREATED,
    ClientIP: '203.0.113.7',
    OptPlatform: 'iOS',
    SdkAppid: APP,
    contenttype: 'json',
    ...change,
  };
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(parameters))
    for (const value of [values ?? []].flat()) query.append(name, value);
  return `${path}?${query}`;
}

export function post(body: unknown): RequestInit {
  return {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body:
      typeof body === 'string' || body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
  };
}

/** Signed like the vendor's, independently of the receiver's code. */
export function signed(token: string, requestTime: number | string): { Sign: string; RequestTime: string } {
  const RequestTime = String(requestTime);
  return { RequestTime, Sign: createHash('sha256').update(`${token}${RequestTime}`, 'utf8').digest('hex') };
}
