import type { Context } from 'openapi-backend';
import type { operations } from '../../generated/admin.ts';
import type { CallbackFilter } from '../store/store.ts';
import { BadRequest, NotFound } from './problem.ts';

type QueryOf<Id extends keyof operations> = NonNullable<operations[Id]['parameters']['query']>;
type BodyOf<Id extends keyof operations> = NonNullable<operations[Id]['requestBody']>['content']['application/json'];

/** The validated query of an operation. Numbers and booleans are still text, because the validator coerces a copy. */
export function queryOf<Id extends keyof operations>(_operation: Id, { request }: Context): QueryOf<Id> {
  return request.query as unknown as QueryOf<Id>;
}

/** The validated JSON body of an operation. */
export function bodyOf<Id extends keyof operations>(_operation: Id, { request }: Context): BodyOf<Id> {
  return request.requestBody as BodyOf<Id>;
}

/** The callbacks that a query selects. */
export function callbackFilterOf(query: Partial<QueryOf<'listCallbacks'>>): CallbackFilter {
  const { command, family, status, groupId, account, repeated, since, until } = query;
  return {
    command,
    family,
    status,
    groupId,
    account,
    repeated: String(repeated) === 'true',
    since: timeOf('query.since', since),
    until: timeOf('query.until', until),
  };
}

/** @throws {BadRequest} for an RFC 3339 time that Date cannot parse: the leap second 23:59:60 */
export function timeOf<Text extends string | undefined>(
  name: string,
  text: Text,
): Text extends string ? Date : undefined;
export function timeOf(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new BadRequest(`${name} (${JSON.stringify(text)}) is not a time that can be read: leave leap seconds out`);
}

export function pathParameter({ request }: Context, name: string): string {
  return String(request.params[name]);
}

/** @throws {NotFound} for an id beyond 2^53, which no callback reaches and no number can hold */
export function possibleCallbackId(id: string): string {
  if (!Number.isSafeInteger(Number(id))) throw new NotFound(missingCallback(id.slice(0, 60)));
  return id;
}

export function missingCallback(id: string): string {
  return `No callback has the id ${id}`;
}
