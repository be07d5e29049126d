import type { Context } from 'openapi-backend';
import type { operations } from '../../generated/admin.ts';
import { NotFound } from './problem.ts';

type QueryOf<Id extends keyof operations> = NonNullable<operations[Id]['parameters']['query']>;
type BodyOf<Id extends keyof operations> = NonNullable<operations[Id]['requestBody']>['content']['application/json'];

/** The query of an operation, validated. Numbers and booleans are still text: the validator coerces a copy. */
export function queryOf<Id extends keyof operations>(_operation: Id, { request }: Context): QueryOf<Id> {
  return request.query as unknown as QueryOf<Id>;
}

/** The JSON body of an operation, validated. */
export function bodyOf<Id extends keyof operations>(_operation: Id, { request }: Context): BodyOf<Id> {
  return request.requestBody as BodyOf<Id>;
}

export function pathParameter({ request }: Context, name: string): string {
  return String(request.params[name]);
}

/** @throws {NotFound} for an id beyond 2^53, which no callback reaches and no number holds */
export function possibleCallbackId(id: string): string {
  if (!Number.isSafeInteger(Number(id))) throw new NotFound(missingCallback(id.slice(0, 60)));
  return id;
}

export function missingCallback(id: string): string {
  return `No callback has the id ${id}`;
}
