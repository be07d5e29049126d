import type { OpenAPIBackend } from 'openapi-backend';
import { COMMANDS, factsOf } from '../../generated/commands.ts';
import type { Callback } from '../callback/callback.ts';
import { compileSchemas, describeViolations } from '../callback/contract.ts';
import type { Logger } from '../callback/logger.ts';
import { mayHoldContent } from '../callback/redaction.ts';
import type { Decision } from '../store/store.ts';
import { type AskApp, createEndpoint } from './endpoint.ts';
import { complete, fallbackOn, readDecision, replyOf, silenceOn } from './reply-of.ts';
import type { Help, Rules } from './rules.ts';
import { type DecidedCommand, isVerdict, type ReplyTo } from './verdicts.ts';

export interface DecideOptions {
  config: { decisionUrl: string | null; decisionFallback: 'allow' | 'reject' };
  rules: Rules;
  contract: OpenAPIBackend;
  log: Logger;
  /** Must return at once. */
  metrics: {
    decided(command: DecidedCommand, decision: Decision): void;
    breaker(state: 'open' | 'closed'): void;
  };
}

export interface Decided {
  /** The reply's body, in JSON. */
  reply: string;
  decision: Decision;
}

/**
 * Decides a before-callback, or answers one that asks for data, within a deadline in milliseconds, whatever its rule
 * does; null for any other callback. A rule that blocks the event loop can miss the deadline.
 */
export type Decide = (callback: Callback, milliseconds: number) => Promise<Decided | null>;

export function createDecide({ config, rules, contract, log, metrics }: DecideOptions): Decide {
  const check = checkReplies(contract);
  const askEndpoint: AskApp | null =
    config.decisionUrl === null ? null : createEndpoint({ url: config.decisionUrl, fieldsOf, check, log, metrics });

  return async (callback, milliseconds) => {
    if (!isDecided(callback)) return null;
    const started = performance.now();
    const { command, payload } = callback;
    let answer: { reply: ReplyTo; text: string; source: Decision['source'] };
    try {
      answer = await answerOf(callback, milliseconds);
    } catch (error) {
      log.warn({ err: error, command }, 'no decision was made: the fallback answers');
      const reply = replyOf(command, fallbackOn(command, config.decisionFallback), payload) as ReplyTo;
      answer = { reply, text: JSON.stringify(reply), source: 'fallback' };
    }
    const { reply, text, source } = answer;
    const decision: Decision = {
      ...readDecision(command, reply),
      source,
      milliseconds: Math.round((performance.now() - started) * 10) / 10,
    };
    metrics.decided(command, decision);
    return { reply: text, decision };
  };

  async function answerOf(callback: Callback<DecidedCommand>, milliseconds: number) {
    const { command, payload } = callback;
    const tooLate = new AbortController();
    const timer = setTimeout(
      () => tooLate.abort(new Error(`the rule did not answer within ${Math.round(milliseconds)} ms`)),
      Math.max(0, milliseconds),
    );
    let asked: ReplyTo | undefined;
    const help: Help = {
      signal: tooLate.signal,
      async askApp() {
        asked = askEndpoint
          ? await askEndpoint(callback, tooLate.signal)
          : (replyOf(command, silenceOn(command), payload) as ReplyTo);
        return asked;
      },
    };
    try {
      // Callback and rule match by the command, which the compiler cannot see here.
      const rule = rules[command] as ((callback: Callback, help: Help) => unknown) | undefined;
      const given = await before(tooLate.signal, rule ? rule(callback, help) : help.askApp());
      const said = isVerdict(given) ? replyOf(command, given, payload) : complete(command, given, payload);
      const reply = check(command, said);
      const source: Decision['source'] = askEndpoint && given === asked ? 'endpoint' : 'rule';
      // A reply that cannot be serialized must fail here, where the fallback still answers.
      return { reply, text: JSON.stringify(reply), source };
    } finally {
      clearTimeout(timer);
    }
  }

  function fieldsOf(command: DecidedCommand): string[] {
    const { schemas } = (contract.definition as { components?: { schemas?: Record<string, object> } }).components ?? {};
    return Object.keys((schemas?.[`${command}.Reply`] as { properties?: object } | undefined)?.properties ?? {});
  }

  function isDecided(callback: Callback): callback is Callback<DecidedCommand> {
    return Boolean(factsOf(callback.command)?.decision);
  }
}

/** Returns a reply that the contract allows for the command; throws on any other, naming the violation. */
export type CheckReply = (command: DecidedCommand, reply: unknown) => ReplyTo;

/** The schemas are compiled on the first reply, not at the start. */
function checkReplies(contract: OpenAPIBackend): CheckReply {
  let validators: ReturnType<typeof compileSchemas> | undefined;

  return (command, reply) => {
    validators ??= compileSchemas(
      contract,
      Object.keys(COMMANDS)
        .filter((name) => factsOf(name)?.decision)
        .map((name) => `${name}.Reply`),
    );
    const validate = validators.get(`${command}.Reply`);
    if (!validate?.(reply)) {
      throw new Error(`the reply breaks the contract: ${describeViolations(validate?.errors ?? [], mayHoldContent)}`);
    }
    return reply as ReplyTo;
  };
}

/** @throws the signal's reason if it aborts first */
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
