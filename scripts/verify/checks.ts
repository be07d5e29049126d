import callbackDocument from '../../generated/callback.json' with { type: 'json' };
import { UsageError } from '../command-line.ts';
import type { Examples } from '../simulator/examples.ts';
import { isJsonType, parseJson, violationIn } from '../simulator/reply.ts';
import type { Reply } from '../simulator/send.ts';
import { type Check, type Demand, excerpt, isObject } from './check.ts';
import { acceptedChecks } from './checks/accepted.ts';
import { connectionChecks, hostileChecks } from './checks/connections.ts';
import { refusedChecks } from './checks/refused.ts';
import { type Rule, rules } from './rules.ts';

/** Every check of the contract, those of a group next to each other. */
export function allChecks(examples: Examples): Check[] {
  return [
    ...acceptedChecks(examples),
    ...refusedChecks(examples),
    ...connectionChecks,
    ...hostileChecks,
    ...replyChecks,
  ];
}

/** The checks whose names contain one of the given texts; all where none is given. */
export function selectChecks<C extends { name: string }>(checks: C[], only: string[]): C[] {
  if (only.length === 0) return checks;
  const contains = ({ name }: C, part: string) => name.toLowerCase().includes(part.toLowerCase());
  for (const part of only) {
    if (checks.some((check) => contains(check, part))) continue;
    throw new UsageError(`--only: no check's name contains "${part}", see --list`);
  }
  return checks.filter((check) => only.some((part) => contains(check, part)));
}

/** 500 is this receiver's own, for a mistake in mounting it. From another endpoint it says that this one broke. */
const declared = Object.keys(callbackDocument.paths['/'].post.responses)
  .map(Number)
  .filter((status) => status !== 500);
const is200 = ({ status }: Reply) => status === 200;
const isDeclared = ({ status }: Reply) => declared.includes(status);

/** What holds for every reply is judged once, over all replies of the run. */
const replyChecks: Check[] = [
  replyCheck('replies/json', 'every reply with 200', rules.replyIsJson, 'a JSON object', is200, notJson),
  replyCheck(
    'replies/fields',
    'every JSON reply with 200',
    rules.replyFields,
    'these three fields',
    (reply) => is200(reply) && !notJson(reply),
    badFields,
  ),
  replyCheck(
    'replies/contract',
    'every reply with a status that the contract declares',
    rules.replyContract,
    'a body as its schema has it',
    // A finding of the two checks above is not repeated here.
    (reply) => isDeclared(reply) && !(is200(reply) && (notJson(reply) || badFields(reply))),
    againstContract,
  ),
  replyCheck(
    'replies/content-type',
    'every reply with a status that the contract declares',
    rules.replyMediaType,
    'Content-Type: application/json',
    isDeclared,
    ({ contentType }) => {
      if (isJsonType(contentType)) return undefined;
      return contentType === undefined ? 'no Content-Type' : `Content-Type: ${contentType}`;
    },
  ),
];

function replyCheck(
  name: string,
  what: string,
  rule: Rule,
  expected: string,
  concerns: (reply: Reply) => boolean,
  fault: (reply: Reply, command: string | undefined) => string | undefined,
): Check {
  const demand: Demand = { rule, expected };
  return {
    name,
    what,
    stage: 'replies',
    demands: [demand],
    async find({ gathered }) {
      const all = gathered.filter(({ reply }) => concerns(reply));
      const wrong = all.flatMap(({ reply, command, check }) => {
        const found = fault(reply, command);
        return found ? [`${found} (${check})`] : [];
      });
      if (all.length === 0) return { skipped: 'no such reply came' };
      if (wrong.length === 0) return { got: `${all.length} of ${all.length}` };
      return { got: `${wrong.length} of ${all.length} otherwise, the first: ${wrong[0]}`, broken: demand };
    },
  };
}

function notJson({ body }: Reply): string | undefined {
  const value = parseJson(body);
  if (isObject(value)) return undefined;
  if (typeof value === 'string' && parseJson(value) !== undefined) return `JSON encoded twice: ${excerpt(body)}`;
  return body ? excerpt(body) : 'an empty body';
}

function badFields({ body }: Reply): string | undefined {
  const value = parseJson(body);
  const { ActionStatus, ErrorCode, ErrorInfo } = isObject(value) ? value : {};
  const fine =
    (ActionStatus === 'OK' || ActionStatus === 'FAIL') && Number.isInteger(ErrorCode) && typeof ErrorInfo === 'string';
  return fine ? undefined : excerpt(body);
}

function againstContract({ status, body }: Reply, command: string | undefined): string | undefined {
  const value = parseJson(body);
  if (value === undefined) return `${status} ${body ? excerpt(body) : 'with an empty body'}`;
  const violation = violationIn(status, command, value);
  return violation && `${status} ${excerpt(body)}, where ${violation}`;
}
