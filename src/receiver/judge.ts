import type { ErrorObject, ValidateFunction } from 'ajv';
import type { OpenAPIBackend } from 'openapi-backend';
import { factsOf } from '../../generated/commands.ts';
import { accountsNamedBy } from '../accounts/named.ts';
import { registersOf } from '../accounts/registers.ts';
import {
  type Callback,
  eventTimeOf,
  idempotencyKeyOf,
  identifiesEvent,
  isInFuture,
  onlyOne,
  textFieldOf,
  toCallback,
} from '../callback/callback.ts';
import { describeViolations, shown, violationsOf } from '../callback/contract.ts';
import { parseJson } from '../callback/json.ts';
import { payloadReader } from '../callback/normalize.ts';
import { isAboutContent, mayHoldContent, withoutContent } from '../callback/redaction.ts';
import { filled, REASONS } from '../callback/rule-words.ts';
import { parseQuery, type Query } from '../callback/signature.ts';
import { changeOf } from '../groups/meanings.ts';
import type { ReceivedCallback, UnjudgedCallback } from '../store/store.ts';
import type { RefusalKind } from './reply.ts';

/** A callback as received, with the verdict on it. */
export interface Judgement {
  callback: ReceivedCallback;
  /** The callback as the contract types it; null if it is not accepted. */
  accepted: Callback | null;
  /** The kind of refusal; null if the reply is OK. */
  refusal: RefusalKind | null;
  /** Why the event time of an accepted callback differs from its literal value. */
  eventTimeCorrected?: 'seconds' | 'future' | undefined;
}

/**
 * Judges a callback of the authenticated sender from its bytes; the verdict is the same on arrival and on every retry.
 * @param parameters its parsed query, if the caller has it
 */
export type JudgeCallback = (received: UnjudgedCallback, parameters?: Query) => Judgement;

/**
 * Creates a JudgeCallback for this contract (as opened from `generated/callback.json`).
 * @param keepMessages false: only the envelope of a message is kept
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
  const readPayload = payloadReader(contract.definition);
  const parameterNames = namesOfParameters(contract);

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
    const { value: parsed, problem } = parseJson(body);
    const commandInUrl = onlyOne(query.CallbackCommand);
    const commandInBody = textFieldOf(parsed, 'CallbackCommand');
    const command = commandInUrl ?? commandInBody ?? '';
    const payload = readPayload(command, parsed);
    const facts = factsOf(command);
    const carriesEventTime = identifiesEvent(payload, facts);
    const eventTime = eventTimeOf(payload, facts);
    const base = {
      arrival,
      query: queryString,
      body: keepMessages ? body : withoutContent(body, { payload: parsed, command }),
      idempotencyKey: idempotencyKey ?? idempotencyKeyOf(body, { carriesEventTime, arrival }),
      receivedAt,
      command,
      groupId: textFieldOf(payload, 'GroupId'),
      eventTime: eventTime?.at ?? null,
      reason: null,
      decision,
      change: null,
    };
    const reject = (refusal: RefusalKind, reason: string, contentRemoved = false): Judgement => ({
      callback: { ...base, status: 'rejected', reason, contentRemoved },
      accepted: null,
      refusal,
    });
    const describe = (errors: readonly ErrorObject[]) =>
      describeViolations(errors, keepMessages ? undefined : mayHoldContent);

    if (problem !== undefined) return reject('against the contract', `body ${problem}`);
    if (commandInUrl !== null && commandInBody !== null && commandInUrl !== commandInBody) {
      return reject(
        'commands differ',
        filled(REASONS.commandsDiffer.en, { url: shown(commandInUrl), body: shown(commandInBody) }),
      );
    }
    if (rejectedForRemovedContent !== null) {
      return reject('against the contract', rejectedForRemovedContent, true);
    }
    // Only the parameters that the contract describes: others may come, even repeated.
    const described = Object.fromEntries(
      parameterNames.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]])),
    );
    const parts = { query: described, requestBody: payload };
    if (!validateParameters(parts)) {
      return reject('against the contract', describe(violationsOf(validateParameters, parts)));
    }
    if (!facts)
      return {
        callback: { ...base, status: 'unknown', reason: filled(REASONS.undescribed.en, { value: shown(command) }) },
        accepted: null,
        refusal: null,
      };
    if (!validateBody(parts)) {
      const violations = violationsOf(validateBody, parts);
      const contentRemoved = base.body !== body && isAboutContent(violations);
      return reject('against the contract', describe(violations), contentRemoved);
    }

    const callback = toCallback(payload as Parameters<typeof toCallback>[0], {
      query,
      sdkAppId,
      receivedAt,
      eventTime,
    });
    const registers = registersOf(callback, base.idempotencyKey);
    return {
      callback: {
        ...base,
        status: 'accepted',
        change: changeOf(callback, base.idempotencyKey),
        registers,
        accounts: accountsNamedBy(command, payload, registers),
      },
      accepted: callback,
      refusal: null,
      eventTimeCorrected: eventTime && isInFuture(eventTime, receivedAt) ? 'future' : eventTime?.corrected,
    };
  };
}

function namesOfParameters({ definition }: OpenAPIBackend): string[] {
  const { parameters = [] } = definition.paths?.['/']?.post ?? {};
  return parameters.flatMap((parameter) => ('name' in parameter ? parameter.name : []));
}
