/** The axis ends at this multiple of the value that nearly all minutes stay below. */
const HEADROOM = 1.5;
/** A maximum below this multiple is not an outlier, and the axis includes it. */
const OUTLIER = 3;
const SHARE = 0.95;
const ENDS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/**
 * The end of a linear axis, chosen so that a few outliers do not flatten the rest.
 * @param values the highest at each place
 * @returns null if all values fit
 */
export function axisLimit(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((one, other) => one - other);
  const usual = sorted[Math.ceil(sorted.length * SHARE) - 1] ?? 0;
  const highest = sorted.at(-1) ?? 0;
  return usual > 0 && highest > usual * OUTLIER ? roundUp(usual * HEADROOM) : null;
}

/** Rounds up to a number that suits the end of an axis. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return (ENDS.find((end) => end * unit >= value) ?? 10) * unit;
}
