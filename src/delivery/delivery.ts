import type { components } from '../../generated/callback.ts';
import type { COMMANDS, Command } from '../../generated/commands.ts';
import type { Subject } from '../callback/subject.ts';
import type { GroupSnapshot, SNAPSHOT } from '../groups/snapshot.ts';
import type { Group } from '../groups/view.ts';
import type { Decision } from '../store/store.ts';

export type { Subject };

type Schemas = components['schemas'];

export interface DeliveredFields {
  /**
   * Stays the same over attempts and restarts: `<8 hex digits of the store>-<id of the stored callback>`; of an item of a
   * batch `…-<index>`.
   */
  id: string;
  /** The body's bytes as received, or the item's, without the content of a message where that is not kept. */
  raw: Buffer;
  /** Null where the contract names none: such a callback waits for no other. */
  subject: Subject | null;
  /** The group that the callback names as it is now; null where there is none. */
  group: Group | null;
  /** The event time; the arrival where there is none that is believable. */
  happenedAt: Date;
  receivedAt: Date;
  clientIp: string | null;
  optPlatform: string | null;
  /** How a before-callback was answered; null for every other callback. */
  decision: Decision | null;
  /** 1 for the first attempt. Attempts that a restart interrupts are not counted. */
  attempt: number;
  /** It comes after newer callbacks of its subject: a retried dead letter, or one that was sent by hand. */
  late: boolean;
  /** Aborted when the attempt has timed out, or the process no longer runs the consumer. */
  signal: AbortSignal;
}

/** The body of a command; of a batch, such as `Push.OfflinePush`, one of its items. */
export type PayloadOf<C extends Command> = (typeof COMMANDS)[C]['batch'] extends `/${infer List}`
  ? Extract<ItemIn<Schemas[C], List>, { CallbackCommand: C }>
  : Schemas[C];
type ItemIn<Body, List extends string> = Body extends Record<List, readonly (infer Item)[]> ? Item : never;

/** A callback as a handler gets it: valid by the contract, its payload read leniently and handed strictly. */
export type DeliveredCallback<C extends Command = Command> = {
  [Name in C]: DeliveredFields & { command: Name; payload: PayloadOf<Name> };
}[C];

/** Exists in types alone. A comparison with a literal rules out the value of an enum; it does not rule out a branded string. */
declare enum AnyOtherCommand {
  name = 'any other command',
}

/** A string: comparing `command` with one of the contract excludes it, so that the payload is typed. */
export type UnknownCommand = AnyOtherCommand;

/** A callback that the contract does not describe. Only handlers of `'*'` get it. */
export interface UnknownCallback extends DeliveredFields {
  command: UnknownCommand;
  payload: unknown;
}

/**
 * A group as the vendor's REST API had it at `happenedAt`: what a back-fill stored, as the mirror was not like it. Only
 * handlers of `'*'` that ask for snapshots get it.
 */
export interface DeliveredSnapshot extends DeliveredFields {
  command: typeof SNAPSHOT;
  payload: GroupSnapshot;
}

export type Handler<Delivered> = (callback: Delivered) => unknown;

export interface HandlerOptions {
  /** Handlers of one consumer run as one delivery, in order of registration. */
  consumer?: string;
  /** Counts only when the consumer is first seen. */
  from?: 'now' | 'beginning' | Date;
  /** Deliveries of the consumer at once; of one subject there is one at most. */
  concurrency?: number;
  /** After it `signal` is aborted, and the attempt has failed. */
  timeoutSeconds?: number;
}

/** Options of a handler of `'*'` that gets the snapshots of a back-fill as well, in the order of its group's callbacks. */
export interface SnapshotOptions extends HandlerOptions {
  include: 'snapshots';
}

export interface On {
  <C extends Command>(command: C, handler: Handler<DeliveredCallback<C>>, options?: HandlerOptions): void;
  (
    command: '*',
    handler: Handler<DeliveredCallback | UnknownCallback | DeliveredSnapshot>,
    options: SnapshotOptions,
  ): void;
  (command: '*', handler: Handler<DeliveredCallback | UnknownCallback>, options?: HandlerOptions): void;
}

/** Commands of the contract, of a family without its before-callbacks (`Group.*`), or `*` for all but before-callbacks. */
export type WebhookCommands = readonly (Command | `${string}.*` | '*')[];

export interface DeliverToOptions {
  /** `whsec_…`, by which the endpoint checks signatures; several while rotating, each of which signs. */
  secret: string | readonly string[];
  /** `*` by default. Families and `*` include commands that the contract does not describe. */
  commands?: WebhookCommands | undefined;
  /** The consumer's name, `webhook` by default. */
  consumer?: string | undefined;
  /** Counts only when the consumer is first seen; `now` by default. */
  from?: 'now' | 'beginning' | Date | undefined;
}

/** @param url `https://USER:PASSWORD@HOST/PATH`; user and password become HTTP Basic */
export type DeliverTo = (url: string | URL, options: DeliverToOptions) => void;

/** Thrown by a handler: the delivery is given up at once, and is shown as dead. */
export class UnrecoverableError extends Error {
  override name = 'UnrecoverableError';
}

/** A registration that cannot be carried out: the text names what was given, and what to do. */
export class RegistrationError extends Error {
  override name = 'RegistrationError';
}
