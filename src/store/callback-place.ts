import { rowIdOf } from './rows.ts';

/** A place in a list of callbacks: a callback's id, preceded by its time of receipt if the list is in that order. */
export function placeIn(place: string): { receivedAt: number; id: number } {
  const [id = '', receivedAt = ''] = place.split(' ').reverse();
  return { receivedAt: rowIdOf(receivedAt) ?? 0, id: rowIdOf(id) ?? 0 };
}

export function isPlace(text: string): boolean {
  return /^(\d{1,16} )?\d{1,16}$/.test(text);
}

/** Undefined without a place. */
export function idIn(place: string | undefined): number | undefined {
  return place === undefined ? undefined : placeIn(place).id;
}

/** The place of a callback, valid in lists of either order. */
export function placeOfCallback({ id, receivedAt }: { id: string; receivedAt: string }): string {
  return `${Date.parse(receivedAt)} ${id}`;
}
