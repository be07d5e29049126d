import { isUtf8 } from 'node:buffer';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { OpenAPIBackend } from 'openapi-backend';
import { factsOf } from '../../generated/commands.ts';
import { type Callback, eventTimeOf, fieldOf, onlyOne, textFieldOf, toCallback } from '../callback/callback.ts';
import { describeViolations, shown } from '../callback/contract.ts';
import { onceKeyOf } from '../callback/idempotency-key.ts';
import { isNestedDeeper, MOST_LEVELS } from '../callback/json.ts';
import { isRejectedForWhatIsGone, mayHoldContent, withoutContent } from '../callback/redaction.ts';
import { parseQuery, type Query } from '../callback/signature.ts';
import { changeOf } from '../groups/meanings.ts';
import type { Judged, ReceivedCallback } from '../store/store.ts';
import type { RefusalKind } from './reply.ts';

/** A callback as it came, with what became of it. */
export interface Judgement {
  callback: ReceivedCallback;
  /** The same as the contract types it, in full; null where it is not accepted. */
  accepted: Callback | null;
  /** How the sender is refused; null when it is told OK. */
  refusal: RefusalKind | null;
}

/**
 * Judges a callback of the authenticated sender, from its bytes; the same on arrival and on every retry.
 * @param parameters those of its query, where they were parsed before; nobody may read them afterwards
 */
export type JudgeCallback = (received: Judged, parameters?: Query) => Judgement;

/**
 * A JudgeCallback by this contract (as opened from `generated/callback.json`).
 * @param keepMessages false: what is to be kept of a message is its envelope
 */
export function judgeBy(
  contract: OpenAPIBackend,
  sdkAppId: number,
  { keepMessages = true }: { keepMessages?: boolean } = {},
): JudgeCallback {
  const [validateBody, validateParameters] = contract.validator.getRequestValidatorsForOperation('receiveCallback') as [
    ValidateFunction,
    ValidateFunction,
  ];

  return (
    { arrival, query: queryString, body, receivedAt, onceKey, decision = null, rejectedFor },
    query = parseQuery(queryString),
  ) => {
    const tooDeep = isNestedDeeper(body, MOST_LEVELS);
    const payload = tooDeep ? undefined : parseJson(body);
    const commandInUrl = onlyOne(query.CallbackCommand);
    const commandInBody = textFieldOf(payload, 'CallbackCommand');
    const command = commandInUrl ?? commandInBody ?? '';
    // Two equal bodies without an event time may be two events.
    const tellsRepeats = (fieldOf(payload, 'EventTime') ?? null) !== null;
    const base = {
      arrival,
      query: queryString,
      body: keepMessages ? body : withoutContent(body, { payload, command }),
      onceKey: onceKeyOf({ onceKey, tellsRepeats, body, arrival }),
      receivedAt,
      command,
      groupId: textFieldOf(payload, 'GroupId'),
      eventTime: eventTimeOf(payload),
      tellsRepeats,
      reason: null,
      decision,
      change: null,
    };
    const reject = (refusal: RefusalKind, reason: string): Judgement => ({
      callback: { ...base, status: 'rejected', reason },
      accepted: null,
      refusal,
    });
    const describe = (errors: ErrorObject[] | null | undefined) =>
      describeViolations(errors ?? [], keepMessages ? undefined : mayHoldContent);

    if (tooDeep) return reject('against the contract', `body is nested deeper than ${MOST_LEVELS} levels`);
    if (payload === undefined) return reject('against the contract', 'body is not JSON in UTF-8');
    if (commandInUrl !== null && commandInBody !== null && commandInUrl !== commandInBody) {
      return reject(
        'commands differ',
        `CallbackCommand is ${shown(commandInUrl)} in the URL and ${shown(commandInBody)} in the body`,
      );
    }
    if (rejectedFor && isRejectedForWhatIsGone(payload, rejectedFor))
      return reject('against the contract', rejectedFor);
    // The validator coerces what it is given, so it gets the query last and nothing reads it afterwards but callback.ts.
    const parts = { query, requestBody: payload };
    if (!validateParameters(parts)) {
      return reject('against the contract', describe(validateParameters.errors));
    }
    if (!factsOf(command))
      return {
        callback: { ...base, status: 'unknown', reason: `the contract does not describe ${shown(command)}` },
        accepted: null,
        refusal: null,
      };
    if (!validateBody(parts)) return reject('against the contract', describe(validateBody.errors));

    const callback = toCallback(payload as Parameters<typeof toCallback>[0], {
      query,
      sdkAppId,
      receivedAt,
    });
    return {
      callback: { ...base, status: 'accepted', change: changeOf(callback, base.onceKey) },
      accepted: callback,
      refusal: null,
    };
  };
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
