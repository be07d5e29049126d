import type { components } from '../../generated/callback.ts';
import type { BeforeCommand, COMMANDS, DecidedCommand, DecisionForm } from '../../generated/commands.ts';

export type { BeforeCommand, DecidedCommand };

type Schemas = components['schemas'];

/** The vendor's own reply to a command, as the contract allows it. */
export type ReplyTo<C extends DecidedCommand = DecidedCommand> = { [Name in C]: Schemas[`${Name}.Reply`] }[C];

/** The decision of a rule, independent of the command; src/decisions/reply-of.ts expresses it for the command. */
export type Verdict = Allowance | Dropping | Rejection | Replacement | Refusal | Answer;

interface Allowance {
  readonly verdict: 'allow';
}
interface Dropping {
  readonly verdict: 'drop';
}
interface Rejection {
  readonly verdict: 'reject';
  readonly info: string;
  readonly code: number;
}
interface Replacement {
  readonly verdict: 'replace';
  readonly changed: Changed;
}
interface Refusal {
  readonly verdict: 'refuse';
  readonly accounts: readonly string[];
}
interface Answer {
  readonly verdict: 'answer';
  readonly data: string;
}

type Changed = Pick<Schemas['C2C.CallbackBeforeSendMsg.Reply'], 'MsgBody' | 'CloudCustomData'>;
type FormOf<C extends DecidedCommand> = (typeof COMMANDS)[C]['decision'];
/** A verdict, if the command's form of decision has a field for it. */
type Where<Form, Field extends keyof DecisionForm, Said> = Form extends { readonly [Name in Field]: unknown }
  ? Said
  : never;

/** The verdicts that a command has. */
export type VerdictOn<C extends DecidedCommand> = {
  [Name in C]:
    | Rejection
    | (FormOf<Name> extends { readonly data: string } ? Answer : Allowance)
    | Where<FormOf<Name>, 'drop', Dropping>
    | Where<FormOf<Name>, 'replaces', Replacement>
    | Where<FormOf<Name>, 'targets', Refusal>;
}[C];

/** Allows the operation. */
export const ALLOW: Allowance = { verdict: 'allow' };

/** Drops a message without notifying its sender. Messages only. */
export const DROP: Dropping = { verdict: 'drop' };

/** The code of a plain refusal, which each command expresses with a code of its own. */
export const PLAIN = 1;

/**
 * Refuses the operation, for all of its targets.
 * @param info shown to the client if the code is one of the app's own
 * @param code 1 (the vendor's own code for a refusal), or a code of the app's own: 10100 to 10200 for groups, 120001 to
 *   130000 for one-to-one messages and official accounts, 38000 to 39000 for friends
 */
export function reject(info = '', code: number = PLAIN): Rejection {
  return { verdict: 'reject', info, code };
}

/** Sends the message with another body, or with other custom data. Messages only. */
export function replace(changed: Changed): Replacement {
  return { verdict: 'replace', changed };
}

/** Allows the operation except for some accounts. Invitations, subscriptions and friends only. */
export function refuse(accounts: readonly string[]): Refusal {
  return { verdict: 'refuse', accounts: [...new Set(accounts)] };
}

/**
 * Answers with data. Only for commands that ask for it.
 * @param data a string, or a value to be serialized as JSON
 */
export function answer(data: unknown): Answer {
  return { verdict: 'answer', data: typeof data === 'string' ? data : JSON.stringify(data) };
}

export function isVerdict(value: unknown): value is Verdict {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'verdict');
}
