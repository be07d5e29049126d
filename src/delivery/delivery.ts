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
   * Stable across attempts and restarts: `<8 hex digits of the store>-<id of the stored callback>`, with `-<index>`
   * appended for an item of a batch.
   */
  id: string;
  /** The bytes of the body, or of the item, as received; without message content where that is not kept. */
  raw: Buffer;
  /** Null if the contract names none: such a callback does not wait for others. */
  subject: Subject | null;
  /** The present state of the group that the callback names; null if there is none. */
  group: Group | null;
  /** The event time; the time of arrival if the callback has no plausible event time. */
  happenedAt: Date;
  receivedAt: Date;
  clientIp: string | null;
  optPlatform: string | null;
  /** The answer to a before-callback; null for all other callbacks. */
  decision: Decision | null;
  /** 1 for the first attempt. Attempts interrupted by a restart are not counted. */
  attempt: number;
  /** Set if it comes after newer callbacks of its subject: a retried dead letter, or a callback sent by hand. */
  late: boolean;
  /** Aborted when the attempt times out, or when the process stops running the consumer. */
  signal: AbortSignal;
}

/** The body of a command; for a batch, such as `Push.OfflinePush`, one of its items. */
export type PayloadOf<C extends Command> = (typeof COMMANDS)[C]['batch'] extends `/${infer List}`
  ? Extract<ItemIn<Schemas[C], List>, { CallbackCommand: C }>
  : Schemas[C];
type ItemIn<Body, List extends string> = Body extends Record<List, readonly (infer Item)[]> ? Item : never;

/** A callback as a handler receives it: valid by the contract, its payload read leniently and normalized strictly. */
export type DeliveredCallback<C extends Command = Command> = {
  [Name in C]: DeliveredFields & { command: Name; payload: PayloadOf<Name> };
}[C];

/** Exists in types only. Comparing with a literal narrows an enum away, but not a branded string. */
declare enum AnyOtherCommand {
  name = 'any other command',
}

/** A string at run time. Comparing `command` with a command of the contract excludes it, which types the payload. */
export type UnknownCommand = AnyOtherCommand;

/** A callback that the contract does not describe. Only handlers of `'*'` receive it. */
export interface UnknownCallback extends DeliveredFields {
  command: UnknownCommand;
  payload: unknown;
}

/**
 * A group as the vendor's REST API returned it at `happenedAt`, stored by a back-fill because the mirror differed. Only
 * handlers of `'*'` that ask for snapshots receive it.
 */
export interface DeliveredSnapshot extends DeliveredFields {
  command: typeof SNAPSHOT;
  payload: GroupSnapshot;
}

export type Handler<Delivered> = (callback: Delivered) => unknown;

export interface HandlerOptions {
  /** Handlers of one consumer run as one delivery, in order of registration. */
  consumer?: string;
  /** Applies only when the consumer is first seen. */
  from?: 'now' | 'beginning' | Date;
  /** Concurrent deliveries of the consumer. Deliveries of one subject never overlap. */
  concurrency?: number;
  /** Time-out of an attempt: `signal` is aborted, and the attempt fails. */
  timeoutSeconds?: number;
}

/**
 * Options of a handler of `'*'` that also receives the snapshots of a back-fill, in order with the callbacks of their
 * group.
 */
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

/** Commands of the contract, families without their before-callbacks (`Group.*`), or `*`: all but before-callbacks. */
export type WebhookCommands = readonly (Command | `${string}.*` | '*')[];

export interface DeliverToOptions {
  /** The secrets that sign, `whsec_…`: one, or several while rotating, each of which adds a signature. */
  secret: string | readonly string[];
  /** Default: `*`. Families and `*` include commands that the contract does not describe. */
  commands?: WebhookCommands | undefined;
  /** The consumer's name. Default: `webhook`. */
  consumer?: string | undefined;
  /** Applies only when the consumer is first seen. Default: `now`. */
  from?: 'now' | 'beginning' | Date | undefined;
}

/** @param url `https://USER:PASSWORD@HOST/PATH`; user and password become HTTP Basic */
export type DeliverTo = (url: string | URL, options: DeliverToOptions) => void;

/** Thrown by a handler to give the delivery up at once: it becomes a dead letter. */
export class UnrecoverableError extends Error {
  override name = 'UnrecoverableError';
}

/** A registration that cannot be carried out. The text names the given value and the remedy. */
export class RegistrationError extends Error {
  override name = 'RegistrationError';
}
