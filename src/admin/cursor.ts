import { BadRequest } from './problem.ts';

/** An opaque cursor of the read API for a place in a list. */
export function encodeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws {BadRequest} unless it is a cursor that encodeCursor made of values of these types; numbers are whole */
export function decodeCursor<Types extends readonly ('string' | 'number')[]>(
  cursor: string,
  ...types: Types
): { -readonly [Index in keyof Types]: Types[Index] extends 'number' ? number : string } {
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    place = undefined;
  }
  if (
    !Array.isArray(place) ||
    place.length !== types.length ||
    !types.every((type, index) =>
      type === 'number' ? Number.isSafeInteger(place[index]) : typeof place[index] === type,
    )
  ) {
    throw new BadRequest(
      `query.cursor (${JSON.stringify(cursor.slice(0, 60))}) is not a nextCursor of this list: leave it out to start anew`,
    );
  }
  return place as ReturnType<typeof decodeCursor<Types>>;
}
