import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';
import type { components } from '../../generated/admin.ts';

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

/** @throws {BadRequest} unless encodeCursor made it from values of these types; numbers are safe integers */
export function decodeCursor<Types extends readonly ('string' | 'number')[]>(
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
    !types.every((type, index) =>
      type === 'number' ? Number.isSafeInteger(position[index]) : typeof position[index] === type,
    )
  ) {
    throw new BadRequest(
      `query.cursor (${JSON.stringify(cursor.slice(0, 60))}) is not a nextCursor of this list: leave it out to start anew`,
    );
  }
  return position as ReturnType<typeof decodeCursor<Types>>;
}
