import { hash } from 'node:crypto';
import type { components } from '../../generated/callback.ts';
import type { Command, CommandFacts } from '../../generated/commands.ts';
import type { Query } from './signature.ts';

// The vendor's irregular times, parameters and names are normalized in this file and nowhere else.

export type { Command };

type Schemas = components['schemas'];

/** A callback that is valid under the contract, with its payload as `normalize.ts` reads it. */
export type Callback<C extends Command = Command> = {
  [Name in C]: {
    command: Name;
    payload: Schemas[Name];
    sdkAppId: number;
    /** As the callback states it, plausible or not; null if it has none. */
    eventTime: EventTime | null;
    /** The event time by the vendor's clock, or the time of arrival if there is no plausible event time. */
    happenedAt: Date;
    receivedAt: Date;
    clientIp: string | null;
    optPlatform: string | null;
  };
}[C];

export function toCallback(
  payload: Schemas[Command],
  {
    query,
    sdkAppId,
    receivedAt,
    eventTime,
  }: { query: Query; sdkAppId: number; receivedAt: Date; eventTime: EventTime | null },
): Callback {
  return {
    command: payload.CallbackCommand,
    payload,
    sdkAppId,
    eventTime,
    happenedAt: eventTime && !isInFuture(eventTime, receivedAt) ? eventTime.at : receivedAt,
    receivedAt,
    clientIp: onlyOne(query.ClientIP),
    optPlatform: onlyOne(query.OptPlatform),
    // The compiler cannot see that command and payload belong together.
  } as Callback;
}

/** The last moment of the year 9999: later times have no RFC 3339 form. */
const LAST_TIME = 253_402_300_799_999;
/**
 * The start of 1971. A smaller EventTime is in seconds: in milliseconds it would be a time before the vendor existed.
 */
const FIRST_MILLISECONDS = 31_536_000_000;
/** Clocks differ by seconds. An event time further in the future would block all changes of its group until then. */
const FUTURE_TOLERANCE_MS = 5 * 60_000;

export interface EventTime {
  at: Date;
  /** Why it differs from the literal value. */
  corrected?: 'seconds';
}

/**
 * The event time in the field and unit that the contract defines for the command: an integer, or digits. Milliseconds
 * that would be a time before the vendor existed are read as seconds. Null if there is none, or a date cannot hold it.
 * @param facts the contract's facts about the command; undefined for an undescribed command
 */
export function eventTimeOf(payload: unknown, facts: Pick<CommandFacts, 'eventTime'> | undefined): EventTime | null {
  const field = eventTimeField(payload, facts);
  const usable = typeof field === 'number' || (typeof field === 'string' && /^\d{1,14}$/.test(field));
  const inSeconds = facts?.eventTime?.unit === 'seconds';
  const time = Number(field) * (inSeconds ? 1000 : 1);
  if (!usable || time < 0 || time > LAST_TIME) return null;
  if (!inSeconds && time > 0 && time < FIRST_MILLISECONDS) return { at: new Date(time * 1000), corrected: 'seconds' };
  return { at: new Date(time) };
}

/** Whether an equal body is a duplicate: if it has an event time, or the field that the contract names instead. */
export function identifiesEvent(
  payload: unknown,
  facts: Pick<CommandFacts, 'eventTime' | 'idempotency'> | undefined,
): boolean {
  const { idempotency = null } = facts ?? {};
  return (
    isPresent(eventTimeField(payload, facts)) || (idempotency !== null && isPresent(valueAt(payload, idempotency)))
  );
}

/** Undescribed commands, and those without an event time in the contract, may have one in the usual field. */
function eventTimeField(payload: unknown, facts: Pick<CommandFacts, 'eventTime'> | undefined): unknown {
  return valueAt(payload, facts?.eventTime?.from ?? '/EventTime');
}

/**
 * The value at a JSON pointer, undefined if there is none; `*` is the first item. The contract's pointers need no
 * escapes.
 */
export function valueAt(payload: unknown, pointer: string): unknown {
  return pointer
    .slice(1)
    .split('/')
    .reduce((value, name) => {
      if (name !== '*') return fieldOf(value, name);
      return Array.isArray(value) ? value[0] : undefined;
    }, payload);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** An event time more than 5 minutes after the arrival is not plausible. */
export function isInFuture({ at }: EventTime, receivedAt: Date): boolean {
  return at.getTime() - receivedAt.getTime() > FUTURE_TOLERANCE_MS;
}

/** Whether it is a JSON object: neither a list nor null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of a payload that may be any JSON; undefined if it is missing. */
export function fieldOf(payload: unknown, name: string): unknown {
  return typeof payload === 'object' && payload !== null && Object.hasOwn(payload, name)
    ? (payload as Record<string, unknown>)[name]
    : undefined;
}

/** The field as a non-empty string, or null. */
export function textFieldOf(payload: unknown, name: string): string | null {
  const value = fieldOf(payload, name);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The value of a query parameter that occurs exactly once; otherwise null. */
export function onlyOne(parameter: string | string[] | undefined): string | null {
  return typeof parameter === 'string' ? parameter : null;
}

/** The vendor renamed two group types, and sends both names. */
const GROUP_TYPE_ALIASES: Readonly<Record<string, string>> = {
  Private: 'Work',
  Work: 'Private',
  ChatRoom: 'Meeting',
  Meeting: 'ChatRoom',
};

/** The name in the current documentation, for either name. */
export function presentNameOfGroupType(type: string): string {
  return type === 'Private' || type === 'ChatRoom' ? (GROUP_TYPE_ALIASES[type] as string) : type;
}

/** Every name under which groups of this type are stored. */
export function namesOfGroupType(type: string): string[] {
  const alias = GROUP_TYPE_ALIASES[type];
  return alias ? [type, alias] : [type];
}

/**
 * The idempotency key: two callbacks with equal keys are duplicates. A body with an event time identifies its event;
 * without one, two equal bodies may be two events, so each arrival is a callback of its own.
 */
export function idempotencyKeyOf(
  body: Uint8Array,
  { carriesEventTime, arrival }: { carriesEventTime: boolean; arrival: string },
): Buffer {
  return hash('sha256', carriesEventTime ? body : arrival, 'buffer');
}
