/** The lines of a receiver's log that tell of a failure of its own (level error and up). */
export function faultsInLog(lines: readonly string[]): string[] {
  const errors = lines.filter((line) => /^\{"level":[56]0,/.test(line)).map((line) => line.slice(0, 600));
  return [...new Set(errors.map((line) => line.replace(/"time":\d+,/, '')))].map((line) => `the log has ${line}`);
}
