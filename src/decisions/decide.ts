import type { OpenAPIBackend } from 'openapi-backend';
import type { Logger } from 'pino';
import type { Callback } from '../callback/callback.ts';
import type { Decision } from '../store/store.ts';
import { type AskApp, createEndpoint } from './endpoint.ts';
import { checkReplies } from './reply-check.ts';
import { ALLOW, type BeforeCommand, type Help, type ReplyTo, type Rules, reject } from './rule.ts';

interface Needs {
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
 * Decides a before-callback within so many milliseconds, whatever its rule does; null for any other.
 * A rule that never gives the event loop back is beyond help.
 */
export type Decide = (callback: Callback, milliseconds: number) => Promise<Decided | null>;

/** A Decide by these rules. */
export function createDecide({ config, rules, contract, log, metrics }: Needs): Decide {
  const check = checkReplies(contract, Object.keys(rules) as BeforeCommand[]);
  const askApp: AskApp | null =
    config.decisionUrl === null ? null : createEndpoint({ url: config.decisionUrl, check, log, metrics });
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

  function isBefore(callback: Callback): callback is Callback<BeforeCommand> {
    return Object.hasOwn(rules, callback.command);
  }

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
        asked = askApp ? await askApp(callback, tooLate.signal) : ALLOW;
        return asked;
      },
    };
    try {
      // Callback and rule belong together by the command, which the compiler cannot see here.
      const rule = rules[callback.command] as (callback: Callback, help: Help) => ReplyTo | Promise<ReplyTo>;
      const reply = check(callback.command, await before(tooLate.signal, rule(callback, help)));
      // What cannot be written as JSON must fail here, where there is another answer.
      const source: Decision['source'] = askApp && reply === asked ? 'endpoint' : 'rule';
      return { reply, text: JSON.stringify(reply), source };
    } finally {
      clearTimeout(timer);
    }
  }
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
