import type { components } from '../../generated/callback.ts';
import type { BeforeCommand } from '../../generated/commands.ts';
import type { Callback } from '../callback/callback.ts';

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

/** Lets it happen. With `MsgBody`, `CloudCustomData` or `RefusedMembers_Account` beside it, changed. */
export const ALLOW = { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' } as const;

/** Drops a message without telling its sender. Only for messages. */
export const DROP = { ActionStatus: 'OK', ErrorCode: 2, ErrorInfo: '' } as const;

/** @param errorCode 1 (the client gets the vendor's error 10016), or a code of the app's own, 10100 to 10200, told with the info */
export function reject(errorInfo: string, errorCode = 1): { ActionStatus: 'OK'; ErrorCode: number; ErrorInfo: string } {
  return { ActionStatus: 'OK', ErrorCode: errorCode, ErrorInfo: errorInfo };
}

/** The app's own rules, by command. A before-command without one is decided by `askApp()`. */
export const RULES: Rules = {};
