import type { Outcome, Sendable } from '../simulator/send.ts';
import type { Check, Demand, Finding, Rule } from './check.ts';
import type { Conversation } from './conversation.ts';
import { isAccepted, isRefusal, outcomeText } from './judge.ts';
import { refusalRule } from './rules.ts';

type Base = Pick<Check, 'name' | 'what'> & Partial<Pick<Check, 'stage' | 'inTurn' | 'needsToken'>>;

/** What an accepted callback's reply has to be. */
export const inTime = '200, not FAIL, in time';

/** A check that every request is accepted; they are sent at once, or each after the reply to the one before. */
export function accepts(
  base: Base & {
    rule: Rule;
    requests(conversation: Conversation): Sendable | Sendable[] | Promise<Sendable>;
  },
): Check {
  const demand: Demand = { rule: base.rule, expected: inTime };
  return {
    stage: 'callbacks',
    ...base,
    demands: [demand],
    async find(conversation) {
      const { timeoutSeconds } = conversation.options;
      const requests = [await base.requests(conversation)].flat();
      const outcomes: Outcome[] = [];
      if (base.inTurn) {
        for (const request of requests) {
          const outcome = await conversation.send(request);
          outcomes.push(outcome);
          if (!isAccepted(outcome, timeoutSeconds)) break;
        }
      } else {
        outcomes.push(...(await Promise.all(requests.map((request) => conversation.send(request)))));
      }
      return acceptance(outcomes, timeoutSeconds, demand);
    },
  };
}

/** A check that a request is refused as the contract says; with `must`, the vendor demands that it is refused at all. */
export function refuses(
  base: Base & {
    must?: Rule;
    status: number;
    errorCode: number;
    request(conversation: Conversation): Sendable;
  },
): Check {
  const { status, errorCode, must } = base;
  const should: Demand = { rule: refusalRule(status), expected: `${status} FAIL ${errorCode}` };
  const refused: Demand | undefined = must && { rule: must, expected: `a refusal (${should.expected})` };
  return {
    stage: 'callbacks',
    ...base,
    demands: refused ? [refused, should] : [should],
    async find(conversation) {
      const { timeoutSeconds } = conversation.options;
      const outcome = await conversation.send(base.request(conversation));
      let broken: Demand | undefined;
      if (!isRefusal(outcome, status, errorCode)) {
        broken = refused && isAccepted(outcome, Number.POSITIVE_INFINITY) ? refused : should;
      }
      return { got: outcomeText(outcome, timeoutSeconds), broken };
    },
  };
}

/**
 * A check that requests of one command are refused as the contract says, each after the reply to the one before. An
 * endpoint that does not describe the command takes them all, and is right too.
 */
export function refusesOrKnowsNot(
  base: Base & {
    status: number;
    errorCode: number;
    requests(conversation: Conversation): [what: string, request: Sendable][];
  },
): Check {
  const { status, errorCode } = base;
  const demand: Demand = {
    rule: refusalRule(status),
    expected: `each refused, ${status} FAIL ${errorCode}, or each taken as of an unknown command`,
  };
  return {
    stage: 'callbacks',
    inTurn: true,
    ...base,
    demands: [demand],
    async find(conversation) {
      const { timeoutSeconds } = conversation.options;
      const started = performance.now();
      let refused = 0;
      let taken = 0;
      for (const [what, request] of base.requests(conversation)) {
        const outcome = await conversation.send(request);
        const isTaken = isAccepted(outcome, Number.POSITIVE_INFINITY);
        if (isTaken) taken++;
        const isRefused = isRefusal(outcome, status, errorCode);
        if (isRefused) refused++;
        if ((refused > 0 && taken > 0) || (!isTaken && !isRefused)) {
          return { got: `${what}: ${outcomeText(outcome, timeoutSeconds)}`, broken: demand };
        }
        // An endpoint that takes its time must not make the run a long one.
        if (performance.now() - started > timeoutSeconds * 1000) break;
      }
      return { got: taken > 0 ? `${taken} times taken, as of an unknown command` : `${refused} times refused` };
    },
  };
}

/** What is found where every outcome has to be an acceptance. */
export function acceptance(outcomes: Outcome[], timeoutSeconds: number, demand: Demand): Finding {
  const wrong = outcomes.filter((outcome) => !isAccepted(outcome, timeoutSeconds));
  const [first] = wrong.length > 0 ? wrong : outcomes;
  const text = first ? outcomeText(first, timeoutSeconds) : 'nothing';
  if (wrong.length === 0) return { got: outcomes.length > 1 ? `${outcomes.length} times ${text}` : text };
  const got = outcomes.length > 1 ? `${wrong.length} of ${outcomes.length} not accepted, the first: ${text}` : text;
  return { got, broken: demand };
}
