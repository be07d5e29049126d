import { COMMANDS, factsOf } from '../../generated/commands.ts';
import type { Callback } from '../callback/callback.ts';
import { shown } from '../callback/contract.ts';
import type { DecidedCommand, ReplyTo, VerdictOn } from './verdicts.ts';

export interface Help<C extends DecidedCommand = DecidedCommand> {
  /**
   * Asks the app's endpoint (DECISION_URL) and returns its reply in the vendor's form; allows if none is set. Rejects
   * without a usable answer within 1.5 s: if a rule does not catch that, DECISION_FALLBACK decides.
   */
  askApp(): Promise<ReplyTo<C>>;
  /** Aborted once it is too late for a decision. */
  signal: AbortSignal;
}

/** The result of a rule: a verdict that the command has, or the vendor's own reply to it. */
type Given<C extends DecidedCommand> = VerdictOn<C> | ReplyTo<C>;

/**
 * Decides a before-callback, or answers one that asks for data. If it throws, is late or breaks the contract,
 * DECISION_FALLBACK applies.
 */
export type Rule<C extends DecidedCommand> = (callback: Callback<C>, help: Help<C>) => Given<C> | Promise<Given<C>>;

export type Rules = { [C in DecidedCommand]?: Rule<C> };

/** A rule that cannot be registered. */
export class RuleError extends Error {
  override name = 'RuleError';
}

/** Registers the app's rule for a command. @throws {RuleError} if the command takes no decision, or has a rule */
export type RegisterRule = <C extends DecidedCommand>(command: C, rule: Rule<C>) => void;

/** The app's rules, by command. A command without a rule is decided by `askApp()`. */
export function ruleBook(): { rules: Rules; decide: RegisterRule } {
  const rules: Rules = {};
  return {
    rules,
    decide(command, rule) {
      const facts = factsOf(command);
      if (!facts?.decision) {
        const fact = facts ? 'is told after the fact' : 'is not in the contract';
        throw new RuleError(`${shown(command)} ${fact}: a rule decides one of ${DECIDED_COMMANDS.join(', ')}`);
      }
      if (typeof rule !== 'function')
        throw new RuleError(`The rule for ${command} is ${shown(rule)}: expected a function of the callback`);
      if (Object.hasOwn(rules, command))
        throw new RuleError(`${command} has a rule already: decide everything about a command in one rule`);
      Object.assign(rules, { [command]: rule });
    },
  };
}

const DECIDED_COMMANDS = Object.keys(COMMANDS).filter((command) => factsOf(command)?.decision);
