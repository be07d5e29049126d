import callbackDocument from '../../generated/callback.json' with { type: 'json' };
import { UsageError } from '../command-line.ts';
import { commandOf, type Example, type Examples, familyOf } from '../simulator/examples.ts';
import { hasOwnReply, isJsonType, parseJson, violationIn } from '../simulator/reply.ts';
import type { Reply } from '../simulator/send.ts';
import { type Check, type Demand, excerpt, isObject, ofCommand, sectionOf } from './check.ts';
import { acceptedChecks, exampleCheck } from './checks/accepted.ts';
import { connectionChecks, hostileChecks } from './checks/connections.ts';
import { refusedChecks, violationChecks } from './checks/refused.ts';
import { decisionRule, type Rule, rules } from './rules.ts';

/** All checks of the contract, grouped by section: the families first, then the general ones. */
export function allChecks(examples: Examples): Check[] {
  const commands = Map.groupBy(Object.entries(examples), ([key]) => commandOf(key));
  const checks = [
    ...[...commands].flatMap(([command, ofThis], index) => commandChecks(command, ofThis, index === 0)),
    ...acceptedChecks,
    ...refusedChecks,
    ...connectionChecks,
    ...hostileChecks,
    ...replyChecks,
    ...[...commands.keys()].filter(hasOwnReply).map(decisionCheck),
  ];
  return [...Map.groupBy(checks, sectionOf).values()].flat();
}

/** @param isDescribed whether every endpoint describes the command: then each violation is a separate check */
function commandChecks(command: string, examples: [key: string, Example][], isDescribed: boolean): Check[] {
  const accepted = examples.map(([key, example]) => exampleCheck(key, example));
  const [[, plain] = ['', { value: {} }]] = examples;
  return ofCommand(command, [...accepted, ...violationChecks(command, plain.value, isDescribed)]);
}

/** The examples of the named families; all without names. */
export function selectFamilies(examples: Examples, names: string[]): Examples {
  if (names.length === 0) return examples;
  const known = [...new Set(Object.keys(examples).map(familyOf))];
  const wanted = names.map((name) => {
    const family = known.find((one) => one.toLowerCase() === name.toLowerCase());
    if (family === undefined) throw new UsageError(`--family: "${name}", expected ${known.join(', ')}`);
    return family;
  });
  return Object.fromEntries(Object.entries(examples).filter(([key]) => wanted.includes(familyOf(key))));
}

/** The checks of the given groups, such as `app`; for a text that is not a group, those whose names contain it. */
export function selectChecks<C extends { name: string }>(checks: C[], only: string[]): C[] {
  if (only.length === 0) return checks;
  const groups = [...new Set(checks.map(groupOf))];
  const isMeant = (check: C, part: string) =>
    groups.includes(part.toLowerCase())
      ? groupOf(check) === part.toLowerCase()
      : check.name.toLowerCase().includes(part.toLowerCase());
  for (const part of only) {
    if (checks.some((check) => isMeant(check, part))) continue;
    const expected = `expected a group, ${groups.join(', ')}, or a part of a check's name, see --list`;
    throw new UsageError(`--only: "${part}", ${expected}`);
  }
  return checks.filter((check) => only.some((part) => isMeant(check, part)));
}

function groupOf({ name }: { name: string }): string {
  return name.slice(0, name.indexOf('/'));
}

/** 500 is specific to this receiver, for a mistake in mounting it. From another endpoint, it is a crash. */
const declared = Object.keys(callbackDocument.paths['/'].post.responses)
  .map(Number)
  .filter((status) => status !== 500);
const is200 = ({ status }: Reply) => status === 200;
const isDeclared = ({ status }: Reply) => declared.includes(status);

// A finding of the checks of all replies is not repeated by the checks of the contract.
const isReadable = (reply: Reply) => isDeclared(reply) && !(is200(reply) && (notJson(reply) || badFields(reply)));
const isDecision = (reply: Reply, command: string | undefined) =>
  is200(reply) && command !== undefined && hasOwnReply(command);
const AS_DESCRIBED = 'a body as its schema has it';

/** A check that every reply to a command that decides, or carries data, is one that the command allows. */
function decisionCheck(command: string): Check {
  const isOfThis = (reply: Reply, other: string | undefined) => other === command && isDecision(reply, other);
  return replyCheck(
    `replies/${command}`,
    `every reply with 200 to ${command}`,
    decisionRule(command),
    AS_DESCRIBED,
    (reply, other) => isReadable(reply) && isOfThis(reply, other),
    againstContract,
  );
}

/** General rules for replies are judged once, over all replies of the run. */
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
    'every reply with a status that the contract declares, but those to the commands below',
    rules.replyContract,
    AS_DESCRIBED,
    (reply, command) => isReadable(reply) && !isDecision(reply, command),
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
  concerns: (reply: Reply, command: string | undefined) => boolean,
  fault: (reply: Reply, command: string | undefined) => string | undefined,
): Check {
  const demand: Demand = { rule, expected };
  return {
    name,
    what,
    stage: 'replies',
    demands: [demand],
    async find({ gathered }) {
      const all = gathered.filter(({ reply, command }) => concerns(reply, command));
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
