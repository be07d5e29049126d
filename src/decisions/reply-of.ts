import { COMMANDS, type DecidedCommand, type DecisionForm } from '../../generated/commands.ts';
import { fieldOf, textFieldOf } from '../callback/callback.ts';
import type { Decision } from '../store/store.ts';
import { ALLOW, PLAIN, type ReplyTo, reject, type Verdict } from './verdicts.ts';

// Each family expresses decisions differently: `x-decision` in the contract tells how. Only this file uses it.

/** What is in every reply, and all that is in most. */
export const OK = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 } as const;

/** The result for one target, in replies that have results. */
interface Result {
  To_Account: string;
  ResultCode: number;
  ResultInfo: string;
}

export function formOf(command: DecidedCommand): DecisionForm {
  return COMMANDS[command].decision;
}

/** The verdict without a rule or endpoint: allow; a request for data gets no answer. */
export function silenceOn(command: DecidedCommand): Verdict {
  return formOf(command).data === undefined ? ALLOW : reject();
}

/** The verdict if a decision has failed. */
export function fallbackOn(command: DecidedCommand, fallback: 'allow' | 'reject'): Verdict {
  const isAllowed = fallback === 'allow' && formOf(command).data === undefined;
  return isAllowed ? ALLOW : reject('No decision could be made');
}

/**
 * The reply that expresses a verdict on a callback.
 * @throws if the command has no such verdict
 */
export function replyOf(command: DecidedCommand, said: Verdict, payload: unknown): unknown {
  const { refusal, drop, replaces, data, targets, refused, results } = formOf(command);
  switch (said.verdict) {
    case 'allow':
      if (data !== undefined) break;
      return results === undefined ? OK : withResults([]);
    case 'reject': {
      const code = said.code === PLAIN ? refusal : said.code;
      if (code === 0 || code === drop)
        throw new Error(`reject has the code ${code}, which refuses nothing: leave it out`);
      if (results !== undefined) return withResults(accounts(), code, said.info);
      return { ...OK, ErrorCode: code, ErrorInfo: said.info, ...(data !== undefined && { [data]: '' }) };
    }
    case 'refuse':
      if (results !== undefined) return withResults(said.accounts.map(String), refusal);
      if (refused === undefined) break;
      return { ...OK, [refused]: said.accounts.map(String) };
    case 'drop':
      if (drop === undefined) break;
      return { ...OK, ErrorCode: drop };
    case 'replace':
      if (replaces === undefined) break;
      return { ...OK, ...said.changed };
    case 'answer':
      if (data === undefined) break;
      return { ...OK, [data]: said.data };
  }
  throw new Error(`${command} has no "${said.verdict}": docs/decisions.md lists what a rule may return`);

  function accounts(): string[] {
    return targets === undefined ? [] : accountsAt(payload, targets);
  }

  function withResults(refusals: readonly string[], ResultCode = 0, ResultInfo = ''): unknown {
    const given = refusals.map((To_Account): Result => ({ To_Account, ResultCode, ResultInfo }));
    return complete(command, { ...OK, [results as string]: given }, payload);
  }
}

/**
 * Completes the vendor's own reply with one result per target: a target that it omits is allowed, one that it names
 * twice is refused if either result refuses it. A reply with a code but no results, or with unreadable ones, has
 * decided nothing and stays as it is: the contract rejects both.
 */
export function complete(command: DecidedCommand, reply: unknown, payload: unknown): unknown {
  const { targets, results } = formOf(command);
  if (targets === undefined || results === undefined) return reply;
  const given = fieldOf(reply, results) ?? (fieldOf(reply, 'ErrorCode') === 0 ? [] : undefined);
  if (!Array.isArray(given) || !given.every((result) => textFieldOf(result, 'To_Account') !== null)) return reply;
  const found = new Map<string, Result>();
  for (const result of given as Result[]) {
    const known = found.get(result.To_Account);
    if (!known || known.ResultCode === 0) found.set(result.To_Account, result);
  }
  const all = accountsAt(payload, targets).map(
    (To_Account) => found.get(To_Account) ?? { To_Account, ResultCode: 0, ResultInfo: '' },
  );
  return { ...(reply as object), [results]: all };
}

/** What a valid reply decides, as it is recorded. */
export function readDecision(
  command: DecidedCommand,
  reply: ReplyTo,
): Pick<Decision, 'action' | 'errorCode' | 'errorInfo' | 'refusedMembers'> {
  const { drop, replaces = [], data, refused, results } = formOf(command);
  const { ErrorCode: errorCode, ErrorInfo: errorInfo } = reply;
  if (results !== undefined) {
    const all = fieldOf(reply, results) as Result[];
    const refusals = all.filter(({ ResultCode }) => ResultCode !== 0);
    const refusedMembers = refusals.map(({ To_Account }) => To_Account);
    const [first] = refusals;
    if (!first || refusals.length < all.length) return { action: 'allow', errorCode, errorInfo, refusedMembers };
    return { action: 'reject', errorCode: first.ResultCode, errorInfo: first.ResultInfo, refusedMembers };
  }
  const refusedMembers = refused === undefined ? [] : ((fieldOf(reply, refused) as string[] | undefined) ?? []);
  return { action: action(), errorCode, errorInfo, refusedMembers };

  function action(): Decision['action'] {
    if (errorCode !== 0) return errorCode === drop ? 'drop' : 'reject';
    if (data !== undefined) return 'answer';
    return replaces.some((name) => Object.hasOwn(reply, name)) ? 'replace' : 'allow';
  }
}

/** The accounts that a pointer leads to, each once, in order. */
function accountsAt(payload: unknown, pointer: string): string[] {
  const found = pointer
    .slice(1)
    .split('/')
    .reduce<unknown[]>(
      (values, step) =>
        values.flatMap((value) => (step === '*' ? (Array.isArray(value) ? value : []) : [fieldOf(value, step)])),
      [payload],
    );
  return [...new Set(found.filter((value) => typeof value === 'string'))];
}
