import { familyOf } from '../simulator/examples.ts';
import { type Expected, expectedText, parseJson } from '../simulator/reply.ts';
import type { Outcome, Reply, Sendable } from '../simulator/send.ts';
import type { Conversation } from './conversation.ts';
import { type Rule, refusalRule } from './rules.ts';

export interface Demand {
  rule: Rule;
  expected: string;
}

export interface Finding {
  got: string;
  /** The most serious demand that was not met. */
  broken?: Demand | undefined;
}

/** The description of a check in a report. */
export interface CheckHead {
  /** `<group>/<what>`, unique. */
  name: string;
  what: string;
  /** The command that it is about, if it is a single one. */
  command?: string;
  /** Most serious first. */
  demands: readonly [Demand, ...Demand[]];
  /** Applies only to an endpoint with a token. */
  needsToken?: true;
}

/** Checks that are abandoned together after time-outs: those of a family, or those with the same `<group>`. */
export function sectionOf({ name, command }: Pick<CheckHead, 'name' | 'command'>): string {
  return command === undefined ? name.slice(0, name.indexOf('/')) : familyOf(command);
}

/**
 * The checks of one stage run concurrently, the stages one after another: hostile requests must not disturb the checks
 * of an endpoint in its normal state, and the replies are judged once all are gathered. Commands come first: the other
 * checks use an example that the endpoint accepts.
 */
export const stages = ['commands', 'callbacks', 'load', 'hostile', 'aftermath', 'replies'] as const;

export interface Check extends CheckHead {
  stage: (typeof stages)[number];
  /** Sends its requests sequentially; such checks start first, so that a run does not end with them. */
  inTurn?: true;
  find(conversation: Conversation): Promise<Finding | { skipped: string }>;
}

export interface Result {
  check: CheckHead;
  /** `unchecked`: not sent, because others of its section timed out. */
  status: 'passed' | 'failed' | 'skipped' | 'unchecked';
  /** The demand that was not met, or else the first one. */
  demand: Demand;
  /** The outcome, or why the check was not made. */
  got: string;
  milliseconds: number;
}

type Settings = Partial<Pick<Check, 'inTurn' | 'needsToken'>>;

/** Moves checks, which by default belong to the stage of callbacks, to another stage. */
export function inStage(stage: Check['stage'], checks: Check[]): Check[] {
  return checks.map((check) => ({ ...check, stage }));
}

/** Moves checks to the stage of commands, as checks of one command. */
export function ofCommand(command: string, checks: Check[]): Check[] {
  return checks.map((check) => ({ ...check, stage: 'commands', command }));
}

/** The expected reply to an accepted callback. */
export const IN_TIME = '200, not FAIL, in time';

/** A check that every request is accepted; sent concurrently, or sequentially with `inTurn`. */
export function accepts(
  name: string,
  what: string,
  rule: Rule,
  requestsOf: (conversation: Conversation) => Sendable | Sendable[] | Promise<Sendable>,
  settings: Settings = {},
): Check {
  const demand: Demand = { rule, expected: IN_TIME };
  return {
    name,
    what,
    stage: 'callbacks',
    ...settings,
    demands: [demand],
    async find(conversation) {
      const { timeoutSeconds } = conversation.options;
      const requests = [await requestsOf(conversation)].flat();
      const outcomes: Outcome[] = [];
      if (settings.inTurn) {
        for (const request of requests) {
          const outcome = await conversation.send(request);
          outcomes.push(outcome);
          if (!isAccepted(outcome, timeoutSeconds)) break;
        }
      } else outcomes.push(...(await Promise.all(requests.map((one) => conversation.send(one)))));
      return acceptance(outcomes, timeoutSeconds, demand);
    },
  };
}

/** A check that a request is refused according to the contract; with `must`, the vendor requires the refusal. */
export function refuses(
  name: string,
  what: string,
  { status, errorCode, needsToken }: Expected & { needsToken?: true },
  requestOf: (conversation: Conversation) => Sendable,
  must?: Rule,
): Check {
  const should: Demand = { rule: refusalRule(status), expected: expectedText({ status, errorCode }) };
  const refused: Demand | undefined = must && { rule: must, expected: `a refusal (${should.expected})` };
  return {
    name,
    what,
    stage: 'callbacks',
    ...(needsToken && { needsToken }),
    demands: refused ? [refused, should] : [should],
    async find(conversation) {
      const outcome = await conversation.send(requestOf(conversation));
      const broken = isTaken(outcome) ? (refused ?? should) : should;
      return {
        got: outcomeText(outcome, conversation.options.timeoutSeconds),
        broken: isRefusal(outcome, status, errorCode) ? undefined : broken,
      };
    },
  };
}

/**
 * A check that requests of one command are refused according to the contract, sent sequentially. An endpoint that does
 * not describe the command accepts all of them, which is correct too.
 */
export function refusesOrKnowsNot(
  name: string,
  what: string,
  { status, errorCode }: Expected,
  requestsOf: (conversation: Conversation) => [what: string, request: Sendable][],
): Check {
  const demand: Demand = {
    rule: refusalRule(status),
    expected: `each refused, ${expectedText({ status, errorCode })}, or each taken as of an unknown command`,
  };
  return {
    name,
    what,
    stage: 'callbacks',
    demands: [demand],
    async find(conversation) {
      const { timeoutSeconds } = conversation.options;
      const started = performance.now();
      let refused = 0;
      let taken = 0;
      for (const [what, request] of requestsOf(conversation)) {
        const outcome = await conversation.send(request);
        const [wasTaken, wasRefused] = [isTaken(outcome), isRefusal(outcome, status, errorCode)];
        if (wasTaken) taken++;
        if (wasRefused) refused++;
        if ((refused > 0 && taken > 0) || (!wasTaken && !wasRefused)) {
          return { got: `${what}: ${outcomeText(outcome, timeoutSeconds)}`, broken: demand };
        }
        // Limits the duration against an endpoint that is slow, but within the time limit.
        if (performance.now() - started > timeoutSeconds * 1000) break;
      }
      return { got: taken > 0 ? `${taken} times taken, as of an unknown command` : `${refused} times refused` };
    },
  };
}

/** The finding if every outcome has to be an acceptance. */
export function acceptance(outcomes: Outcome[], timeoutSeconds: number, demand: Demand): Finding {
  const wrong = outcomes.filter((outcome) => !isAccepted(outcome, timeoutSeconds));
  const [first] = wrong.length > 0 ? wrong : outcomes;
  const text = first ? outcomeText(first, timeoutSeconds) : 'nothing';
  if (wrong.length === 0) return { got: outcomes.length > 1 ? `${outcomes.length} times ${text}` : text };
  const got = outcomes.length > 1 ? `${wrong.length} of ${outcomes.length} not accepted, the first: ${text}` : text;
  return { got, broken: demand };
}

/** Whether the vendor can read the reply as an acceptance. Other checks judge the rest of the body. */
function isTaken(outcome: Outcome): outcome is Reply {
  return 'status' in outcome && outcome.status === 200 && looseBody(outcome.body)?.ActionStatus !== 'FAIL';
}

/** Whether the vendor can read the reply as an acceptance within the time limit. */
export function isAccepted(outcome: Outcome, timeoutSeconds: number): outcome is Reply {
  return isTaken(outcome) && outcome.milliseconds <= timeoutSeconds * 1000;
}

function isRefusal(outcome: Outcome, status: number, errorCode: number): boolean {
  if (!('status' in outcome) || outcome.status !== status) return false;
  const body = looseBody(outcome.body);
  return body?.ActionStatus === 'FAIL' && body.ErrorCode === errorCode;
}

/** An outcome in a few words: `400 FAIL 10100 (body.Name is required)`. */
export function outcomeText(outcome: Outcome, timeoutSeconds: number): string {
  if ('failure' in outcome) return outcome.unreachable ? 'no connection' : outcome.failure;
  const { status, body: text, milliseconds } = outcome;
  const body = looseBody(text);
  const fields = body ? [body.ActionStatus, body.ErrorCode].filter((field) => field !== undefined) : [];
  const words = [status, ...fields].map((word) => excerpt(word)).join(' ');
  const info = body?.ErrorInfo ? ` (${excerpt(body.ErrorInfo)})` : '';
  const other = fields.length > 0 ? '' : text ? `, body: ${excerpt(text)}` : ', no body';
  const late = milliseconds > timeoutSeconds * 1000;
  return words + info + other + (late ? `, after ${(milliseconds / 1000).toFixed(2)} s` : '');
}

interface Body {
  ActionStatus?: unknown;
  ErrorCode?: unknown;
  ErrorInfo?: unknown;
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON object of a body, even if it was encoded twice. */
function looseBody(text: string): Body | undefined {
  const once = parseJson(text);
  const value = typeof once === 'string' ? parseJson(once) : once;
  return isObject(value) ? value : undefined;
}

/** The beginning of a text, or of a value as JSON, in one line. */
export function excerpt(value: unknown): string {
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\s+/g, ' ');
  return text.length > 90 ? `${text.slice(0, 90)}…` : text;
}
