import type { components } from '../../generated/callback.ts';
import type { Command } from '../../generated/commands.ts';
import type { Query } from './signature.ts';

// The vendor's irregular times, parameters and names are normalized in this file and nowhere else.

export type { Command };

type Schemas = components['schemas'];

/** A callback that is valid by the contract. */
export type Callback<C extends Command = Command> = {
  [Name in C]: {
    command: Name;
    payload: Schemas[Name];
    sdkAppId: number;
    /** The event time by the vendor's clock; the arrival where the callback has none that is believable. */
    happenedAt: Date;
    receivedAt: Date;
    clientIp: string | null;
    optPlatform: string | null;
  };
}[C];

export function toCallback(
  payload: Schemas[Command],
  { query, sdkAppId, receivedAt }: { query: Query; sdkAppId: number; receivedAt: Date },
): Callback {
  return {
    command: payload.CallbackCommand,
    payload,
    sdkAppId,
    happenedAt: happenedAt(eventTimeOf(payload), receivedAt),
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

/** EventTime is an integer or digits, in milliseconds (seen: in seconds), or absent. Null for anything else. */
export function eventTimeOf(payload: unknown): EventTime | null {
  const field = fieldOf(payload, 'EventTime');
  const usable = typeof field === 'number' || (typeof field === 'string' && /^\d{1,14}$/.test(field));
  const time = Number(field);
  if (!usable || time < 0 || time > LAST_TIME) return null;
  if (time > 0 && time < FIRST_MILLISECONDS) return { at: new Date(time * 1000), corrected: 'seconds' };
  return { at: new Date(time) };
}

/** When a callback happened: its event time if that is believable, otherwise its arrival. */
export function happenedAt(eventTime: EventTime | null, receivedAt: Date): Date {
  return eventTime && !isInFuture(eventTime, receivedAt) ? eventTime.at : receivedAt;
}

/** An event time more than 5 minutes ahead of the arrival is not believed. */
export function isInFuture({ at }: EventTime, receivedAt: Date): boolean {
  return at.getTime() - receivedAt.getTime() > FUTURE_TOLERANCE_MS;
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

/** Every name under which groups of this type are stored. */
export function namesOfGroupType(type: string): string[] {
  const alias = GROUP_TYPE_ALIASES[type];
  return alias ? [type, alias] : [type];
}
