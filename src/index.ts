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

/** The receiver can take no more callbacks, whatever happens: end the process, so that it starts again. */
type OnFatal = (event: 'fatal', listener: (error: Error) => void) => void;

/** Receives the callbacks of one app of Tencent Chat, mounted into a server of yours. */
export interface Receiver {
  /**
   * Runs a handler for each callback of a command, once it is stored: at least once, retried until it succeeds, in order
   * for each group. `'*'` gets every callback, unknown commands included. May be called at any time.
   * @throws {RegistrationError} for an unknown command, or options that cannot be used
   */
  on: On & OnFatal;
  /**
   * Posts each callback to an endpoint, once it is stored: as a CloudEvent, signed by Standard Webhooks, at least once, in
   * order for each group. Retried for 27 hours. Several endpoints need consumers of different names; the option
   * `deliveryUrl` is the same with the default name.
   * @throws {RegistrationError} with everything that is wrong with the URL and the options, or for a name that is taken
   */
  deliverTo: DeliverTo;
  /**
   * Answers a before-callback, or one that asks for data, in place of the option `decisionUrl`, within 1.6 s of its
   * arrival.
   * @throws {RuleError} for a command that asks nothing, or one that has a rule
   */
  decide: RegisterRule;
  /**
   * Takes a callback, at whatever path it is mounted: in Express, Connect and `node:http`, before or after a body parser
   * that keeps the bytes (`request.rawBody`, or a Buffer or string in `request.body`). Answers every request, by the
   * contract, within 2 s; never rejects, and never calls `next`.
   */
  handler: (request: IncomingMessage, response: ServerResponse, next?: unknown) => Promise<void>;
  /** The same for servers that speak the Fetch API. Never rejects. */
  fetch: (request: Request) => Promise<Response>;
  /**
   * The page for operators, the read API, the live stream, metrics and the reference, relative to where it is mounted.
   * Strip the mount from `request.url` where your framework does not, and redirect the mount itself to `<mount>/`.
   * @throws {AdminUnguarded} when it is read without the option `adminPassword`, or `adminAuth: 'mine'`
   */
  readonly admin: (request: IncomingMessage, response: ServerResponse, next?: unknown) => void;
  /** Whether callbacks can be taken, for a readiness check. */
  health(): Promise<Health>;
  /** Answers what is in flight, lets handlers that run finish, then closes the store. From then on, callbacks get 503. */
  close(): Promise<void>;
}

/** What the module that HANDLERS names exports by default, so that it need import nothing but types. */
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
 * Opens the store and makes a receiver, which listens to nothing itself. A process may have several, and each keeps it
 * alive until it is closed.
 * @throws {ConfigError} with every option that cannot be used
 * @throws {DatabaseUnusable} that says why; a PostgreSQL that is only away is waited for
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
