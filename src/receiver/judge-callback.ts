import { isUtf8 } from 'node:buffer';
import type { ValidateFunction } from 'ajv';
import type { OpenAPIBackend } from 'openapi-backend';
import { describeViolations, shown } from '../contract.ts';
import { changeOf } from '../groups/change.ts';
import type { ReceivedCallback } from '../store/store.ts';
import { type Command, eventTimeOf, fieldOf, onlyOne, textFieldOf, toCallback } from './callback.ts';
import { isNestedDeeper } from './nesting.ts';
import type { RefusalKind } from './reply.ts';
import { parseQuery } from './sender.ts';

/** A callback as it came, with what became of it. */
export interface Judgement {
  callback: ReceivedCallback;
  /** How the sender is refused; null when it is told OK. */
  refusal: RefusalKind | null;
}

/** Judges a callback of the authenticated sender, from its bytes; the same on arrival and on every retry. */
export type JudgeCallback = (
  received: Pick<ReceivedCallback, 'arrival' | 'query' | 'body' | 'receivedAt'>,
) => Judgement;

/** The vendor nests some five deep. Whoever walks a payload must not meet one that is deeper than the stack. */
const MOST_LEVELS = 100;

/** A JudgeCallback by this contract (as opened from `generated/callback.json`). */
export function judgeBy(contract: OpenAPIBackend, sdkAppId: number): JudgeCallback {
  const [validateBody, validateParameters] = contract.validator.getRequestValidatorsForOperation('receiveCallback') as [
    ValidateFunction,
    ValidateFunction,
  ];
  const commands = commandsOf(contract);

  return ({ arrival, query: queryString, body, receivedAt }) => {
    const query = parseQuery(queryString);
    const tooDeep = isNestedDeeper(body, MOST_LEVELS);
    const payload = tooDeep ? undefined : parseJson(body);
    const commandInUrl = onlyOne(query.CallbackCommand);
    const commandInBody = textFieldOf(payload, 'CallbackCommand');
    const command = commandInUrl ?? commandInBody ?? '';
    const base = {
      arrival,
      query: queryString,
      body,
      receivedAt,
      command,
      groupId: textFieldOf(payload, 'GroupId'),
      eventTime: eventTimeOf(payload),
      // Two equal bodies without an event time may be two events.
      tellsRepeats: (fieldOf(payload, 'EventTime') ?? null) !== null,
      reason: null,
      group: null,
    };
    const reject = (refusal: RefusalKind, reason: string): Judgement => ({
      callback: { ...base, status: 'rejected', reason },
      refusal,
    });

    if (tooDeep) return reject('against the contract', `body is nested deeper than ${MOST_LEVELS} levels`);
    if (payload === undefined) return reject('against the contract', 'body is not JSON in UTF-8');
    if (commandInUrl !== null && commandInBody !== null && commandInUrl !== commandInBody) {
      return reject(
        'commands differ',
        `CallbackCommand is ${shown(commandInUrl)} in the URL and ${shown(commandInBody)} in the body`,
      );
    }
    // The validator coerces what it is given, so it gets the query last and nothing reads it afterwards but callback.ts.
    const parts = { query, requestBody: payload };
    if (!validateParameters(parts)) {
      return reject('against the contract', describeViolations(validateParameters.errors ?? []));
    }
    if (!commands.has(command))
      return {
        callback: { ...base, status: 'unknown', reason: `the contract does not describe ${shown(command)}` },
        refusal: null,
      };
    if (!validateBody(parts)) return reject('against the contract', describeViolations(validateBody.errors ?? []));

    const callback = toCallback(payload as Parameters<typeof toCallback>[0], {
      query,
      sdkAppId,
      receivedAt,
    });
    return { callback: { ...base, status: 'accepted', group: changeOf(callback) }, refusal: null };
  };
}

/** The commands that the contract's request body is one of. */
export function commandsOf(contract: OpenAPIBackend): ReadonlySet<string> {
  const operation = contract.router.getOperation('receiveCallback') as {
    requestBody?: {
      content?: {
        'application/json'?: { schema?: { oneOf?: { properties: { CallbackCommand: { const: Command } } }[] } };
      };
    };
  };
  const schemas = operation?.requestBody?.content?.['application/json']?.schema?.oneOf ?? [];
  return new Set(schemas.map(({ properties }) => properties.CallbackCommand.const));
}

/** JSON is UTF-8 (RFC 8259); undefined for anything else, which no JSON text yields. */
function parseJson(body: Uint8Array): unknown {
  if (!isUtf8(body)) return undefined;
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  } catch {
    return undefined;
  }
}
