import type { ErrorObject, ValidateFunction } from 'ajv';
import type { OpenAPIBackend } from 'openapi-backend';
import { factsOf } from '../../generated/commands.ts';
import { type Callback, eventTimeOf, fieldOf, onlyOne, textFieldOf, toCallback } from '../callback/callback.ts';
import { describeViolations, shown } from '../callback/contract.ts';
import { idempotencyKeyOf } from '../callback/idempotency-key.ts';
import { parseJson } from '../callback/json.ts';
import { isAboutContent, mayHoldContent, withoutContent } from '../callback/redaction.ts';
import { parseQuery, type Query } from '../callback/signature.ts';
import { changeOf } from '../groups/meanings.ts';
import type { ReceivedCallback, UnjudgedCallback } from '../store/store.ts';
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
 * @param parameters those of its query, where the caller has parsed them
 */
export type JudgeCallback = (received: UnjudgedCallback, parameters?: Query) => Judgement;

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
    {
      arrival,
      query: queryString,
      body,
      receivedAt,
      idempotencyKey,
      decision = null,
      rejectedForRemovedContent = null,
    },
    query = parseQuery(queryString),
  ) => {
    const { value: payload, problem } = parseJson(body);
    const commandInUrl = onlyOne(query.CallbackCommand);
    const commandInBody = textFieldOf(payload, 'CallbackCommand');
    const command = commandInUrl ?? commandInBody ?? '';
    const carriesEventTime = (fieldOf(payload, 'EventTime') ?? null) !== null;
    const base = {
      arrival,
      query: queryString,
      body: keepMessages ? body : withoutContent(body, { payload, command }),
      idempotencyKey: idempotencyKey ?? idempotencyKeyOf(body, { carriesEventTime, arrival }),
      receivedAt,
      command,
      groupId: textFieldOf(payload, 'GroupId'),
      eventTime: eventTimeOf(payload),
      reason: null,
      decision,
      change: null,
    };
    const reject = (refusal: RefusalKind, reason: string, contentRemoved = false): Judgement => ({
      callback: { ...base, status: 'rejected', reason, contentRemoved },
      accepted: null,
      refusal,
    });
    const describe = (errors: ErrorObject[] | null | undefined) =>
      describeViolations(errors ?? [], keepMessages ? undefined : mayHoldContent);

    if (problem !== undefined) return reject('against the contract', `body ${problem}`);
    if (commandInUrl !== null && commandInBody !== null && commandInUrl !== commandInBody) {
      return reject(
        'commands differ',
        `CallbackCommand is ${shown(commandInUrl)} in the URL and ${shown(commandInBody)} in the body`,
      );
    }
    if (rejectedForRemovedContent !== null) {
      return reject('against the contract', rejectedForRemovedContent, true);
    }
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
    if (!validateBody(parts)) {
      const contentRemoved = base.body !== body && isAboutContent(validateBody.errors ?? []);
      return reject('against the contract', describe(validateBody.errors), contentRemoved);
    }

    const callback = toCallback(payload as Parameters<typeof toCallback>[0], {
      query,
      sdkAppId,
      receivedAt,
    });
    return {
      callback: { ...base, status: 'accepted', change: changeOf(callback, base.idempotencyKey) },
      accepted: callback,
      refusal: null,
    };
  };
}
