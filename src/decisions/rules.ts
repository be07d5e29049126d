import type { components } from '../../generated/callback.ts';
import { type BeforeCommand, COMMANDS, factsOf } from '../../generated/commands.ts';
import type { Callback } from '../callback/callback.ts';
import { shown } from '../callback/contract.ts';

type Schemas = components['schemas'];

export type { BeforeCommand };

/** The replies that the contract allows to a before-command. */
export type ReplyTo<C extends BeforeCommand = BeforeCommand> = { [Name in C]: Schemas[`${Name}.Reply`] }[C];

export interface Help<C extends BeforeCommand = BeforeCommand> {
  /**
   * Asks the app's endpoint (DECISION_URL); allows where none is set. Rejects without a usable answer within 1.5 s: a
   * rule that does not catch that leaves the decision to DECISION_FALLBACK.
   */
  askApp(): Promise<ReplyTo<C>>;
  /** Aborted when it is too late for a decision. */
  signal: AbortSignal;
}

/** Decides a before-callback. If it throws, is late or breaks the contract, DECISION_FALLBACK is the answer. */
export type Rule<C extends BeforeCommand> = (callback: Callback<C>, help: Help<C>) => ReplyTo<C> | Promise<ReplyTo<C>>;

export type Rules = { [C in BeforeCommand]?: Rule<C> };

/** Lets it happen. */
export const ALLOW = { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' } as const;

/** Drops a message without telling its sender. Only for messages. */
export const DROP = { ActionStatus: 'OK', ErrorCode: 2, ErrorInfo: '' } as const;

/**
 * Refuses it.
 * @param errorInfo shown to the client, where the code is one of the app's own
 * @param errorCode 1 (the client gets the vendor's error 10016), or a code of the app's own, 10100 to 10200
 */
export function reject(errorInfo = '', errorCode = 1): { ActionStatus: 'OK'; ErrorCode: number; ErrorInfo: string } {
  return { ActionStatus: 'OK', ErrorCode: errorCode, ErrorInfo: errorInfo };
}

type MessageReply = Schemas['Group.CallbackBeforeSendMsg.Reply'];
type InvitationReply = Schemas['Group.CallbackBeforeInviteJoinGroup.Reply'];

/** Sends the message with another body, or with other data attached to it. Only for messages. */
export function replace(changed: Pick<MessageReply, 'MsgBody' | 'CloudCustomData'>): MessageReply {
  return { ...ALLOW, ...changed };
}

/** Lets an invitation happen without some of the accounts. Only for invitations. */
export function refuse(accounts: readonly string[]): InvitationReply {
  return { ...ALLOW, RefusedMembers_Account: [...accounts] };
}

/** A rule that cannot be registered. */
export class RuleError extends Error {
  override name = 'RuleError';
}

/** Registers the app's rule for a before-command. @throws {RuleError} for another command, or where it has one */
export type RegisterRule = <C extends BeforeCommand>(command: C, rule: Rule<C>) => void;

/** The app's own rules, by command. A before-command without one is decided by `askApp()`. */
export function ruleBook(): { rules: Rules; decide: RegisterRule } {
  const rules: Rules = {};
  return {
    rules,
    decide(command, rule) {
      const kind = factsOf(command)?.kind;
      if (kind !== 'before') {
        const fact = kind ? 'is told after the fact' : 'is not in the contract';
        throw new RuleError(`${shown(command)} ${fact}: a rule decides one of ${BEFORE_COMMANDS.join(', ')}`);
      }
      if (typeof rule !== 'function')
        throw new RuleError(`The rule for ${command} is ${shown(rule)}: expected a function of the callback`);
      if (Object.hasOwn(rules, command))
        throw new RuleError(`${command} has a rule already: decide everything about a command in one rule`);
      Object.assign(rules, { [command]: rule });
    },
  };
}

const BEFORE_COMMANDS = Object.keys(COMMANDS).filter((command) => factsOf(command)?.kind === 'before');
