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
    /** The event time by the vendor's clock; the arrival where the callback has none. */
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
    happenedAt: eventTimeOf(payload) ?? receivedAt,
    receivedAt,
    clientIp: onlyOne(query.ClientIP),
    optPlatform: onlyOne(query.OptPlatform),
    // The compiler does not see that command and payload belong together.
  } as Callback;
}

/** The last moment of the year 9999: later ones have no RFC 3339 form. */
const LAST_TIME = 253_402_300_799_999;

/** EventTime is an integer or digits, in milliseconds, or absent. Null for anything else. */
export function eventTimeOf(payload: unknown): Date | null {
  const time = fieldOf(payload, 'EventTime');
  const usable = typeof time === 'number' || (typeof time === 'string' && /^\d{1,14}$/.test(time));
  return usable && Number(time) >= 0 && Number(time) <= LAST_TIME ? new Date(Number(time)) : null;
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
