/**
 * The names that were probably meant, the nearest first: up to a third of the letters may differ. Case and punctuation
 * are ignored.
 */
export function nearestTo(given: string, names: readonly string[]): string[] {
  const written = plain(given);
  return names
    .map((name) => ({ name, distance: distanceOf(written, plain(name)) }))
    .filter(({ name, distance }) => distance <= Math.max(1, plain(name).length / 3))
    .sort((one, other) => one.distance - other.distance)
    .map(({ name }) => name);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Levenshtein distance: the number of letters to insert, delete or change. */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j += 1) {
      const changed = (row[j] as number) + (one[i] === other[j] ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[other.length] as number;
}
