import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';
import type { components } from '../../generated/admin.ts';
import { isPlace } from '../store/callback-place.ts';

/** A parameter passes the contract's schema, but is still invalid. */
export class BadRequest extends Error {}

/** The request names something that cannot exist. */
export class NotFound extends Error {}

/** Answers with a problem document (RFC 9457). `detail` is sent to the client. */
export function replyProblem(response: Response, status: number, detail: string): void {
  const problem: components['schemas']['Problem'] = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
  };
  response.status(status).type('application/problem+json').send(JSON.stringify(problem));
}

/** Encodes a position in a list as an opaque cursor of the read API. */
export function encodeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The types of values in a cursor: numbers are safe integers, places those of a list of callbacks. */
const IS_OF_TYPE = {
  string: (value: unknown) => typeof value === 'string',
  number: (value: unknown) => Number.isSafeInteger(value),
  place: (value: unknown) => typeof value === 'string' && isPlace(value),
};

/** @throws {BadRequest} unless encodeCursor made it from values of these types */
export function decodeCursor<Types extends readonly (keyof typeof IS_OF_TYPE)[]>(
  cursor: string,
  ...types: Types
): { -readonly [Index in keyof Types]: Types[Index] extends 'number' ? number : string } {
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    position = undefined;
  }
  if (
    !Array.isArray(position) ||
    position.length !== types.length ||
    !types.every((type, index) => IS_OF_TYPE[type](position[index]))
  ) {
    throw new BadRequest(
      `query.cursor (${JSON.stringify(cursor.slice(0, 60))}) is not a nextCursor of this list: leave it out to start anew`,
    );
  }
  return position as ReturnType<typeof decodeCursor<Types>>;
}
