import { COMMANDS, factsOf } from '../../generated/commands.ts';
import { shown } from '../callback/contract.ts';
import { nearestTo } from '../callback/nearest.ts';
import { SNAPSHOT } from '../groups/snapshot.ts';
import {
  type DeliveredCallback,
  type Handler,
  type HandlerOptions,
  RegistrationError,
  type SnapshotOptions,
} from './delivery.ts';
import { isReadSnapshot } from './read.ts';
import type { Delivery, Target } from './target.ts';

export const DEFAULT_CONSUMER = 'handlers';
const DEFAULTS = { from: 'now', concurrency: 16, timeoutSeconds: 30 } as const;
/** Delay after each failed attempt; after the fifth, the delivery is dead. */
const SCHEDULE_MS = [1_000, 5_000, 30_000, 300_000];
const NAME = /^[A-Za-z0-9._-]{1,80}$/;
/** Names of consumers that are not handlers. */
const RESERVED = ['webhook', 'stream'];
const MOST_CONCURRENT = 1_000;
const LONGEST_TIMEOUT_SECONDS = 3_600;
const SHOWN_NAMES = 3;

/** The command is compared at run time. */
export type AnyHandler = Handler<DeliveredCallback>;

/** All options that a handler may be registered with. */
export type AnyOptions = HandlerOptions & Partial<SnapshotOptions>;

type Options = Omit<HandlerOptions, 'consumer'>;

/** The handlers of one consumer. */
export class HandlersOf implements Target {
  readonly schedule: readonly number[];
  needsGroup = false;
  readonly #name: string;
  readonly #handlers: { command: string; handler: AnyHandler; includesSnapshots: boolean }[] = [];
  readonly #options: Options = {};
  wants: readonly string[] = [];
  includesUnknown = false;
  includesSnapshots = false;

  constructor(name: string, schedule: readonly number[] = SCHEDULE_MS) {
    this.#name = name;
    this.schedule = schedule;
  }

  /** The commands that handlers name, each once. */
  get named(): string[] {
    return [...new Set(this.#handlers.map(({ command }) => command))].filter((command) => command !== '*');
  }

  get concurrency(): number {
    return this.#options.concurrency ?? DEFAULTS.concurrency;
  }

  get timeoutMs(): number {
    return (this.#options.timeoutSeconds ?? DEFAULTS.timeoutSeconds) * 1000;
  }

  get from(): NonNullable<HandlerOptions['from']> {
    return this.#options.from ?? DEFAULTS.from;
  }

  /**
   * @param isRegistered whether the consumer is stored already, so that `from` no longer applies
   * @throws {RegistrationError} if an option differs from the one given before; then nothing is added
   */
  add(
    command: string,
    handler: AnyHandler,
    { include, ...options }: Omit<AnyOptions, 'consumer'>,
    isRegistered: boolean,
  ): void {
    const known: Options = isRegistered ? { ...this.#options, from: this.from } : this.#options;
    for (const name of ['from', 'concurrency', 'timeoutSeconds'] as const) {
      const [given, before] = [options[name], known[name]];
      if (given === undefined || before === undefined || Number(given) === Number(before) || given === before) continue;
      throw new RegistrationError(
        `${name} ${textOf(given)} of the consumer ${shown(this.#name)} was ${textOf(before)} for an earlier handler: give both the same, or one of them another consumer`,
      );
    }
    Object.assign(this.#options, known, options);
    const includesSnapshots = include === 'snapshots';
    this.#handlers.push({ command, handler, includesSnapshots });
    this.includesSnapshots ||= includesSnapshots;
    this.needsGroup ||= mayUseGroup(handler);
    const isAfter = (name: string) => factsOf(name)?.kind !== 'before';
    this.includesUnknown ||= command === '*';
    const added = command === '*' ? Object.keys(COMMANDS).filter(isAfter) : [command];
    this.wants = [...new Set([...this.wants, ...added])];
  }

  /** In order of registration. Only handlers that name a before-callback receive it. */
  async deliver({ unknown, ...delivery }: Delivery, signal: AbortSignal): Promise<void> {
    const { command } = delivery;
    const isForAll = unknown || factsOf(command)?.kind !== 'before';
    const takes = (name: string) => (name === '*' ? isForAll : !unknown && name === command);
    const isSnapshot = isReadSnapshot({ command, unknown });
    // A sender used this command. A handler of snapshots would take the callback for one.
    const isForged = unknown && command === SNAPSHOT;
    // The compiler does not see that command and payload belong together.
    const callback = { ...delivery, signal } as DeliveredCallback;
    for (const { command, handler, includesSnapshots } of this.#handlers)
      if (isSnapshot ? includesSnapshots : takes(command) && !(isForged && includesSnapshots)) await handler(callback);
  }
}

/** A parameter that is destructured without a rest, as in `({ payload, id }) =>`; $1 lists the fields. */
const DESTRUCTURED = /^(?:async\s*)?(?:function\s*\w*\s*)?\(\s*\{([^{}.[]*)\}\s*\)/;

/**
 * Whether a handler may use `group`, judged by its source, as test runners find the fixtures of a test. Reading the
 * group costs as much as the rest of a delivery: it is skipped if the handler destructures the callback without naming
 * it.
 */
export function mayUseGroup(handler: AnyHandler): boolean {
  const source = Function.prototype.toString.call(handler);
  const [, fields = 'group'] = DESTRUCTURED.exec(source) ?? [];
  return /\bgroup\b/.test(fields) || /\barguments\b/.test(source);
}

/**
 * Adds a handler to its consumer, as `on` does.
 * @param isRegistered whether a known consumer is stored already, so that `from` no longer applies
 * @param isTaken whether a consumer of another kind has the name
 * @throws {RegistrationError} with problem and remedy; then nothing is added
 */
export function addHandler(
  handlers: Map<string, HandlersOf>,
  [command, handler, options]: [command: unknown, handler: unknown, options: AnyOptions],
  {
    schedule,
    isRegistered,
    isTaken = () => false,
  }: {
    schedule?: readonly number[] | undefined;
    isRegistered: (consumer: string) => boolean;
    isTaken?: (consumer: string) => boolean;
  },
): { name: string; target: HandlersOf; isNew: boolean } {
  checkRegistration(command, handler, options);
  const { consumer: name = DEFAULT_CONSUMER, ...others } = options;
  if (isTaken(name)) throw new RegistrationError(`consumer ${shown(name)} is a webhook: give handlers another name`);
  const known = handlers.get(name);
  const target = known ?? new HandlersOf(name, schedule);
  target.add(command as string, handler as AnyHandler, others, known !== undefined && isRegistered(name));
  handlers.set(name, target);
  return { name, target, isNew: known === undefined };
}

/**
 * Checks the arguments of `on`.
 * @throws {RegistrationError} with problem and remedy
 */
export function checkRegistration(command: unknown, handler: unknown, options: AnyOptions): void {
  if (typeof command !== 'string' || (command !== '*' && !factsOf(command))) {
    throw new RegistrationError(`${shown(command)} is not a command of the contract: ${remedyFor(command)}`);
  }
  if (typeof handler !== 'function') {
    throw new RegistrationError(`The handler of ${command} is ${shown(handler)}: give a function`);
  }
  const problem = problemOf(options, command);
  if (problem !== null) throw new RegistrationError(`${problem} (handler of ${command})`);
}

function problemOf(options: AnyOptions, command: string): string | null {
  const { consumer, from, concurrency, timeoutSeconds, include, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return `${shown(unknown)} is not an option: there are consumer, from, concurrency, timeoutSeconds and include`;
  const problem = problemOfName(consumer, RESERVED) ?? problemOfFrom(from);
  if (problem !== null) return problem;
  if (concurrency !== undefined && !isIn(concurrency, MOST_CONCURRENT, Number.isInteger))
    return `concurrency is ${shown(concurrency)}: give a whole number from 1 to ${MOST_CONCURRENT}`;
  if (timeoutSeconds !== undefined && !isIn(timeoutSeconds, LONGEST_TIMEOUT_SECONDS, Number.isFinite))
    return `timeoutSeconds is ${shown(timeoutSeconds)}: give a number from 1 to ${LONGEST_TIMEOUT_SECONDS}`;
  if (include !== undefined && include !== 'snapshots')
    return `include is ${shown(include)}: give 'snapshots', or leave it out`;
  if (include !== undefined && command !== '*')
    return `include is ${shown(include)}, and snapshots are of no command of the contract: give '*' as the command, or leave it out`;
  return null;
}

/** @param reserved names that are taken */
export function problemOfName(consumer: unknown, reserved: readonly string[]): string | null {
  if (consumer === undefined) return null;
  if (typeof consumer !== 'string' || !NAME.test(consumer))
    return `consumer ${shown(consumer)} is not a name: give 1 to 80 letters, digits, dots, hyphens or underscores`;
  return reserved.includes(consumer)
    ? `consumer ${shown(consumer)} is a name of the receiver's own: give another`
    : null;
}

export function problemOfFrom(from: unknown): string | null {
  if (from === undefined || from === 'now' || from === 'beginning' || isTime(from)) return null;
  return `from is ${textOf(from)}: give 'now', 'beginning' or a Date`;
}

function isTime(from: unknown): boolean {
  return from instanceof Date && !Number.isNaN(from.getTime());
}

function isIn(value: unknown, most: number, isNumber: (value: unknown) => boolean): boolean {
  return isNumber(value) && (value as number) >= 1 && (value as number) <= most;
}

function textOf(value: unknown): string {
  return isTime(value) ? (value as Date).toISOString() : shown(value);
}

function remedyFor(command: unknown): string {
  const near = typeof command === 'string' ? nearestTo(command, Object.keys(COMMANDS)).slice(0, SHOWN_NAMES) : [];
  return near.length > 0 ? `did you mean ${near.join(' or ')}?` : "give one of docs/commands.md, or '*' for all";
}
