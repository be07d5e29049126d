import { factsOf } from '../../generated/commands.ts';
import { eventTimeOf, toCallback } from '../callback/callback.ts';
import { parseJson } from '../callback/json.ts';
import { payloadReader } from '../callback/normalize.ts';
import { parseQuery } from '../callback/signature.ts';
import { type Subject, subjectOf } from '../callback/subject.ts';
import type { LoggedCallback } from '../store/consumers.ts';
import type { Delivery, Selection } from './target.ts';

/** A stored callback, read for its delivery. */
export interface ReadCallback {
  callbackId: string;
  command: string;
  subject: Subject | null;
  /** What it counts in memory. */
  bytes: number;
  /** All of a delivery that does not change from attempt to attempt; what is wrong where the body cannot be read. */
  content: Omit<Delivery, 'group' | 'attempt' | 'late'> | { problem: string };
}

export type ReadLogged = (logged: LoggedCallback & { body: Uint8Array }) => ReadCallback;

/**
 * Reads stored callbacks as the receiver read them on arrival.
 * @param document the bundled callback contract
 */
export function callbackReader(
  document: object,
  { sdkAppId, storeId }: { sdkAppId: number; storeId: string },
): ReadLogged {
  const readPayload = payloadReader(document);

  return ({ id: callbackId, command, status, body, query: queryString, receivedAt, decision }) => {
    const { value, problem } = parseJson(body);
    const payload = readPayload(command, value);
    const facts = status === 'accepted' ? factsOf(command) : undefined;
    const subject = facts ? subjectOf(facts.subject, payload) : null;
    const read = { callbackId, command, subject, bytes: body.byteLength };
    if (problem !== undefined) return { ...read, content: { problem: `the stored body ${problem}` } };
    if (facts && (typeof payload !== 'object' || payload === null))
      return { ...read, content: { problem: 'the stored body is not a JSON object' } };
    const { happenedAt, clientIp, optPlatform } = toCallback(
      (typeof payload === 'object' && payload !== null ? payload : {}) as Parameters<typeof toCallback>[0],
      {
        query: parseQuery(queryString),
        sdkAppId,
        receivedAt,
        eventTime: eventTimeOf(payload, facts),
      },
    );
    return {
      ...read,
      content: {
        id: `${storeId}-${callbackId}`,
        command,
        payload,
        unknown: !facts,
        raw: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
        subject,
        happenedAt,
        receivedAt,
        clientIp,
        optPlatform,
        decision,
      },
    };
  };
}

/** Whether a callback of the log is delivered to a target, so that its body has been read. */
export function isDelivered(
  logged: LoggedCallback,
  { wants, includesUnknown }: Pick<Selection, 'wants' | 'includesUnknown'>,
): logged is LoggedCallback & { body: Uint8Array } {
  if (logged.ignored || logged.body === null) return false;
  const facts = factsOf(logged.command);
  if (logged.status !== 'accepted' || !facts)
    return Array.isArray(includesUnknown)
      ? includesUnknown.includes(familyOf(logged.command))
      : includesUnknown === true;
  return wants ? wants.includes(logged.command) : facts.kind !== 'before';
}

/** The commands of which the log is read with bodies; null for all. */
export function commandsToRead({ wants, includesUnknown }: Pick<Selection, 'wants' | 'includesUnknown'>) {
  const isAnyUnknown = Array.isArray(includesUnknown) ? includesUnknown.length > 0 : includesUnknown;
  return isAnyUnknown ? null : wants;
}

/** The family of a command, described or not: `Group` of `Group.CallbackAfterCreateGroup`. */
export function familyOf(command: string): string {
  return command.split('.', 1)[0] ?? '';
}
