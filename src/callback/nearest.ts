/** The name that was probably meant, or null: a third of its letters may differ. Case and punctuation do not count. */
export function nearestTo(given: string, names: readonly string[]): string | null {
  const written = plain(given);
  const [best] = names
    .map((name) => ({ name, distance: distanceOf(written, plain(name)) }))
    .sort((one, other) => one.distance - other.distance);
  return best && best.distance <= Math.max(1, plain(best.name).length / 3) ? best.name : null;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Levenshtein's: how many letters to insert, delete or change. */
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
