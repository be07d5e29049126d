import { hash } from 'node:crypto';
import type { components } from '../../generated/callback.ts';
import type { Command, CommandFacts } from '../../generated/commands.ts';
import type { Query } from './signature.ts';

// The vendor's irregular times, parameters and names are normalized in this file and nowhere else.

export type { Command };

type Schemas = components['schemas'];

/** A callback that is valid by the contract, its payload as `normalize.ts` reads it. */
export type Callback<C extends Command = Command> = {
  [Name in C]: {
    command: Name;
    payload: Schemas[Name];
    sdkAppId: number;
    /** As the callback states it, believable or not; null where it has none. */
    eventTime: EventTime | null;
    /** The event time by the vendor's clock; the arrival where the callback has none that is believable. */
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
    // The compiler does not see that command and payload belong together.
  } as Callback;
}

/** The last moment of the year 9999: later ones have no RFC 3339 form. */
const LAST_TIME = 253_402_300_799_999;
/** The start of 1971. A smaller EventTime is in seconds: in milliseconds it would be a time before the vendor existed. */
const FIRST_MILLISECONDS = 31_536_000_000;
/** Clocks differ by seconds. Further ahead of the arrival, an event time would freeze its group until then. */
const FUTURE_TOLERANCE_MS = 5 * 60_000;

export interface EventTime {
  at: Date;
  /** Why it is not what the callback says literally. */
  corrected?: 'seconds';
}

/**
 * The event time in the field and unit that the contract gives the command: an integer, or digits. Milliseconds that would
 * be a time before the vendor existed are read as seconds. Null where there is none, or none that a date can hold.
 * @param facts what the contract says of the command, undefined where it does not describe it
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

/**
 * Whether an equal body is the same callback: it has an event time, or the field that the contract names in its place.
 */
export function identifiesEvent(
  payload: unknown,
  facts: Pick<CommandFacts, 'eventTime' | 'idempotency'> | undefined,
): boolean {
  const { idempotency = null } = facts ?? {};
  return (
    isPresent(eventTimeField(payload, facts)) || (idempotency !== null && isPresent(valueAt(payload, idempotency)))
  );
}

/** Undescribed commands, and those without an event time by the contract, may have one where most have it. */
function eventTimeField(payload: unknown, facts: Pick<CommandFacts, 'eventTime'> | undefined): unknown {
  return valueAt(payload, facts?.eventTime?.from ?? '/EventTime');
}

/** The value at a JSON pointer, undefined where there is none; `*` is the first item. The contract's pointers need no escapes. */
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

/** An event time more than 5 minutes ahead of the arrival is not believed. */
export function isInFuture({ at }: EventTime, receivedAt: Date): boolean {
  return at.getTime() - receivedAt.getTime() > FUTURE_TOLERANCE_MS;
}

/** Whether it is a JSON object: no list, and not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of a payload that may be any JSON; undefined where it is missing. */
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

/** The value of a query parameter that is given exactly once; otherwise null. */
export function onlyOne(parameter: string | string[] | undefined): string | null {
  return typeof parameter === 'string' ? parameter : null;
}

/** The vendor renamed two group types and sends either name. */
const GROUP_TYPE_ALIASES: Readonly<Record<string, string>> = {
  Private: 'Work',
  Work: 'Private',
  ChatRoom: 'Meeting',
  Meeting: 'ChatRoom',
};

/** The name of today's documentation, whichever of both is given. */
export function presentNameOfGroupType(type: string): string {
  return type === 'Private' || type === 'ChatRoom' ? (GROUP_TYPE_ALIASES[type] as string) : type;
}

/** Every name under which groups of this type are stored. */
export function namesOfGroupType(type: string): string[] {
  const alias = GROUP_TYPE_ALIASES[type];
  return alias ? [type, alias] : [type];
}

/**
 * Tells duplicates: two callbacks with equal keys are one. A body with an event time identifies its event; without one,
 * two equal bodies may be two events, so each arrival is a callback of its own.
 */
export function idempotencyKeyOf(
  body: Uint8Array,
  { carriesEventTime, arrival }: { carriesEventTime: boolean; arrival: string },
): Buffer {
  return hash('sha256', carriesEventTime ? body : arrival, 'buffer');
}
