import callbackDocument from '../../../generated/callback.json' with { type: 'json' };
import { brokenIn } from '../../simulator/reply-contract.ts';
import type { Reply } from '../../simulator/send.ts';
import type { Check, Demand, Rule } from '../check.ts';
import type { Gathered } from '../conversation.ts';
import { type Body, excerpt } from '../judge.ts';
import { rules } from '../rules.ts';

const declared = Object.keys(callbackDocument.paths['/'].post.responses).map(Number);

/** What holds for every reply of the run is judged once, over all of them. */
export const replyChecks: Check[] = [
  replyCheck('replies/json', 'every reply with 200', rules.replyIsJson, 'a JSON object', is200, notJson),
  replyCheck(
    'replies/fields',
    'every JSON reply with 200',
    rules.replyFields,
    'these three fields',
    isJson200,
    badFields,
  ),
  replyCheck(
    'replies/contract',
    'every reply with a status that the contract declares',
    rules.replyContract,
    'a body as its schema has it',
    // What the two above name is not named again.
    (reply) => declared.includes(reply.status) && !(is200(reply) && (notJson(reply) || badFields(reply))),
    againstContract,
  ),
  replyCheck(
    'replies/content-type',
    'every reply with a status that the contract declares',
    rules.replyMediaType,
    'Content-Type: application/json',
    ({ status }) => declared.includes(status),
    ({ contentType }) => {
      if (/^application\/json\s*(;|$)/i.test(contentType ?? '')) return undefined;
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
      const wrong = all.flatMap((entry: Gathered) => {
        const found = fault(entry.reply, entry.command);
        return found ? [`${found} (${entry.check})`] : [];
      });
      if (all.length === 0) return { skipped: 'no such reply came' };
      if (wrong.length === 0) return { got: `${all.length} of ${all.length}` };
      return { got: `${wrong.length} of ${all.length} otherwise, the first: ${wrong[0]}`, broken: demand };
    },
  };
}

function is200({ status }: Reply): boolean {
  return status === 200;
}

function isJson200(reply: Reply): boolean {
  return is200(reply) && !notJson(reply);
}

function notJson({ body }: Reply): string | undefined {
  const value = parse(body);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined;
  if (typeof value === 'string' && parse(value) !== undefined) return `JSON encoded twice: ${excerpt(body)}`;
  return body ? excerpt(body) : 'an empty body';
}

function badFields({ body }: Reply): string | undefined {
  const { ActionStatus, ErrorCode, ErrorInfo } = parse(body) as Body;
  const fine =
    (ActionStatus === 'OK' || ActionStatus === 'FAIL') && Number.isInteger(ErrorCode) && typeof ErrorInfo === 'string';
  return fine ? undefined : excerpt(body);
}

function againstContract({ status, body }: Reply, command: string | undefined): string | undefined {
  const value = parse(body);
  if (value === undefined) return `${status} ${body ? excerpt(body) : 'with an empty body'}`;
  const broken = brokenIn(status, command, value);
  return broken && `${status} ${excerpt(body)}, where ${broken}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
