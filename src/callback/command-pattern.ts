/** Whether a command filter is a pattern, such as `*creategroup*`, rather than a full command. */
export function isPattern(command: string): boolean {
  return command.includes('*');
}

/**
 * Whether a command equals the filter or matches its pattern: `*` stands for any text, and ASCII letters match in
 * either case.
 */
export function isNamedBy(filter: string, command: string): boolean {
  if (!isPattern(filter)) return command === filter;
  const [first = '', ...rest] = textsOf(lower(filter));
  const last = rest.pop() ?? '';
  const whole = lower(command);
  if (whole.length < first.length + last.length || !whole.startsWith(first) || !whole.endsWith(last)) return false;
  let at = first.length;
  for (const text of rest) {
    const found = whole.indexOf(text, at);
    if (found < 0) return false;
    at = found + text.length;
  }
  return at <= whole.length - last.length;
}

/** The filter as a pattern for SQL's LIKE, with a backslash as the escape character. */
export function likePatternOf(filter: string): string {
  return textsOf(filter)
    .map((text) => text.replace(/[\\%_]/g, '\\$&'))
    .join('%');
}

/** The texts before, between and after the asterisks. */
function textsOf(filter: string): string[] {
  return filter.split(/\*+/);
}

/** The databases ignore case for ASCII letters only. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
