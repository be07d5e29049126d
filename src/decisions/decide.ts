import type { OpenAPIBackend } from 'openapi-backend';
import { COMMANDS, factsOf } from '../../generated/commands.ts';
import type { Callback } from '../callback/callback.ts';
import { compileSchemas, describeViolations } from '../callback/contract.ts';
import type { Logger } from '../callback/logger.ts';
import { mayHoldContent } from '../callback/redaction.ts';
import type { Decision } from '../store/store.ts';
import { type AskApp, createEndpoint } from './endpoint.ts';
import { ALLOW, type BeforeCommand, type Help, type ReplyTo, type Rules, reject } from './rules.ts';

export interface DecideOptions {
  config: { decisionUrl: string | null; decisionFallback: 'allow' | 'reject' };
  rules: Rules;
  contract: OpenAPIBackend;
  log: Logger;
  /** Must return at once. */
  metrics: {
    decided(command: BeforeCommand, decision: Decision): void;
    breaker(state: 'open' | 'closed'): void;
  };
}

export interface Decided {
  /** The reply's body, in JSON. */
  reply: string;
  decision: Decision;
}

/**
 * Decides a before-callback within a deadline in milliseconds, whatever its rule does; null for any other callback.
 * The deadline does not hold for a rule that blocks the event loop.
 */
export type Decide = (callback: Callback, milliseconds: number) => Promise<Decided | null>;

export function createDecide({ config, rules, contract, log, metrics }: DecideOptions): Decide {
  const check = checkReplies(contract);
  const askEndpoint: AskApp | null =
    config.decisionUrl === null ? null : createEndpoint({ url: config.decisionUrl, fieldsOf, check, log, metrics });
  const fallback = config.decisionFallback === 'allow' ? ALLOW : reject('No decision could be made');

  return async (callback, milliseconds) => {
    if (!isBefore(callback)) return null;
    const started = performance.now();
    let answer: { reply: ReplyTo; text: string; source: Decision['source'] };
    try {
      answer = await answerOf(callback, milliseconds);
    } catch (error) {
      log.warn({ err: error, command: callback.command }, 'no decision was made: the fallback answers');
      answer = { reply: fallback, text: JSON.stringify(fallback), source: 'fallback' };
    }
    const { reply, text, source } = answer;
    const decision: Decision = {
      action: actionOf(reply),
      errorCode: reply.ErrorCode,
      errorInfo: reply.ErrorInfo,
      refusedMembers: ('RefusedMembers_Account' in reply && reply.RefusedMembers_Account) || [],
      source,
      milliseconds: Math.round((performance.now() - started) * 10) / 10,
    };
    metrics.decided(callback.command, decision);
    return { reply: text, decision };
  };

  async function answerOf(callback: Callback<BeforeCommand>, milliseconds: number) {
    const tooLate = new AbortController();
    const timer = setTimeout(
      () => tooLate.abort(new Error(`the rule did not answer within ${Math.round(milliseconds)} ms`)),
      Math.max(0, milliseconds),
    );
    let asked: ReplyTo | undefined;
    const help: Help = {
      signal: tooLate.signal,
      async askApp() {
        asked = askEndpoint ? await askEndpoint(callback, tooLate.signal) : ALLOW;
        return asked;
      },
    };
    try {
      // Callback and rule belong together by the command, which the compiler cannot see here.
      const rule = rules[callback.command] as
        | ((callback: Callback, help: Help) => ReplyTo | Promise<ReplyTo>)
        | undefined;
      const answered = rule ? rule(callback, help) : help.askApp();
      const reply = check(callback.command, await before(tooLate.signal, answered));
      const source: Decision['source'] = askEndpoint && reply === asked ? 'endpoint' : 'rule';
      // A reply that cannot be written as JSON must fail here, where the fallback still answers.
      return { reply, text: JSON.stringify(reply), source };
    } finally {
      clearTimeout(timer);
    }
  }

  function fieldsOf(command: BeforeCommand): string[] {
    const { schemas } = (contract.definition as { components?: { schemas?: Record<string, object> } }).components ?? {};
    return Object.keys((schemas?.[`${command}.Reply`] as { properties?: object } | undefined)?.properties ?? {});
  }

  function isBefore(callback: Callback): callback is Callback<BeforeCommand> {
    return factsOf(callback.command)?.kind === 'before';
  }
}

/** Returns a reply that the contract allows to that command; throws on any other, naming what it breaks. */
export type CheckReply = (command: BeforeCommand, reply: unknown) => ReplyTo;

/** The schemas are compiled for the first reply: the start does not wait for them. */
function checkReplies(contract: OpenAPIBackend): CheckReply {
  let validators: ReturnType<typeof compileSchemas> | undefined;

  return (command, reply) => {
    validators ??= compileSchemas(
      contract,
      Object.keys(COMMANDS)
        .filter((name) => factsOf(name)?.kind === 'before')
        .map((name) => `${name}.Reply`),
    );
    const validate = validators.get(`${command}.Reply`);
    if (!validate?.(reply)) {
      throw new Error(`the reply breaks the contract: ${describeViolations(validate?.errors ?? [], mayHoldContent)}`);
    }
    return reply as ReplyTo;
  };
}

/** @throws the signal's reason when it aborts first */
async function before<Result>(signal: AbortSignal, work: Result | Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function actionOf(reply: ReplyTo): Decision['action'] {
  if (reply.ErrorCode === 2) return 'drop';
  if (reply.ErrorCode !== 0) return 'reject';
  return 'MsgBody' in reply || 'CloudCustomData' in reply ? 'replace' : 'allow';
}
