import type { IncomingMessage, ServerResponse } from 'node:http';
import { pino } from 'pino';
import { createApp } from './app.ts';
import type { Logger } from './callback/logger.ts';
import type { RegisterRule } from './decisions/rules.ts';
import type { ALLOW, answer, DROP, refuse, reject, replace } from './decisions/verdicts.ts';
import type { DeliverTo, On, UnrecoverableError } from './delivery/delivery.ts';
import { type ReceiverOptions, readOptions } from './options.ts';
import type { Health } from './store/store.ts';

export { AdminUnguarded } from './app.ts';
export type { Callback, Command } from './callback/callback.ts';
export { signatureOf as sign } from './callback/signature.ts';
export { ConfigError } from './config.ts';
export { type Help, type Rule, RuleError } from './decisions/rules.ts';
export {
  ALLOW,
  answer,
  type BeforeCommand,
  type DecidedCommand,
  DROP,
  type ReplyTo,
  refuse,
  reject,
  replace,
  type Verdict,
} from './decisions/verdicts.ts';
export {
  type DeliveredCallback,
  type DeliveredSnapshot,
  type DeliverTo,
  type DeliverToOptions,
  type Handler,
  type HandlerOptions,
  type On,
  RegistrationError,
  type SnapshotOptions,
  type Subject,
  type UnknownCallback,
  UnrecoverableError,
} from './delivery/delivery.ts';
export type { GroupSnapshot, SnapshotGroup, SnapshotMember } from './groups/snapshot.ts';
export type { Group } from './groups/view.ts';
export { DatabaseUnusable } from './store/spool.ts';
export type { Health, Logger, ReceiverOptions };

/** Emitted when the receiver can no longer take callbacks: exit, so that the process is restarted. */
type OnFatal = (event: 'fatal', listener: (error: Error) => void) => void;

/** Receives the callbacks of one app of Tencent Chat. Mount it into a server of yours. */
export interface Receiver {
  /**
   * Runs a handler for each callback of a command, once it is stored: at least once, retried until it succeeds, in
   * order within each group. `'*'` gets every callback, unknown commands included. May be called at any time.
   * @throws {RegistrationError} for an unknown command or invalid options
   */
  on: On & OnFatal;
  /**
   * Posts each callback to an endpoint, once it is stored: as a CloudEvent, signed according to Standard Webhooks, at
   * least once, in order within each group. Retries for 27 hours. Each of several endpoints needs its own consumer
   * name. The option `deliveryUrl` is a shorthand with the default name.
   * @throws {RegistrationError} with every problem of the URL and the options, or if the name is taken
   */
  deliverTo: DeliverTo;
  /**
   * Answers a before-callback, or a callback that asks for data, within 1.6 s of its arrival. Replaces the option
   * `decisionUrl` for this command.
   * @throws {RuleError} for a command that takes no decision, or that already has a rule
   */
  decide: RegisterRule;
  /**
   * Takes a callback at any path: in Express, Connect and `node:http`, before or after a body parser that keeps the
   * bytes (`request.rawBody`, or a Buffer or string in `request.body`). Answers every request, as the contract says,
   * within 2 s; never rejects, and never calls `next`.
   */
  handler: (request: IncomingMessage, response: ServerResponse, next?: unknown) => Promise<void>;
  /** The same for servers with the Fetch API. Never rejects. */
  fetch: (request: Request) => Promise<Response>;
  /**
   * The admin page, the read API, the live stream, metrics and the reference, relative to the mount. If your framework
   * does not strip the mount from `request.url`, strip it, and redirect the mount itself to `<mount>/`.
   * @throws {AdminUnguarded} on access without the option `adminPassword` or `adminAuth: 'mine'`
   */
  readonly admin: (request: IncomingMessage, response: ServerResponse, next?: unknown) => void;
  /** Whether callbacks can be taken; for a readiness check. */
  health(): Promise<Health>;
  /** Answers the requests in flight, lets running handlers finish, then closes the store. New callbacks get 503. */
  close(): Promise<void>;
}

/** The default export of the module that HANDLERS names. Such a module needs to import nothing but types. */
export type Handlers = (receiver: Receiver, tools: HandlerTools) => unknown;

export interface HandlerTools {
  ALLOW: typeof ALLOW;
  DROP: typeof DROP;
  reject: typeof reject;
  replace: typeof replace;
  refuse: typeof refuse;
  answer: typeof answer;
  UnrecoverableError: typeof UnrecoverableError;
}

/**
 * Opens the store and creates a receiver. It opens no port itself. A process may have several; each keeps the process
 * alive until it is closed.
 * @throws {ConfigError} with every invalid option
 * @throws {DatabaseUnusable} with the reason; if PostgreSQL is only away, callbacks are spooled until it is back
 */
export async function createReceiver(options: ReceiverOptions): Promise<Receiver> {
  const config = readOptions(options);
  const log = config.log ?? pino({ level: config.logLevel });
  if (config.tokens.length === 0) {
    const remedy = 'switch authentication on in the console, and give the option tokens';
    log.warn({ sdkAppId: config.sdkAppId }, `unsigned callbacks are taken: ${remedy}`);
  }
  return (await createApp(config, { log })).receiver;
}
