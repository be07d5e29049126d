/**
 * JSON with a line for each value. The tokens stay as they came: JSON.parse and back would round large numbers and lose
 * what comes twice.
 *
 * @returns null for what is not JSON
 */
export function prettyJson(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  // Of valid JSON these are all the tokens; white space falls away.
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs) ?? [];
  let depth = 0;
  let out = '';
  tokens.forEach((token, index) => {
    const before = tokens[index - 1] ?? '';
    const line = () => `\n${'  '.repeat(depth)}`;
    if (token === '}' || token === ']') {
      depth -= 1;
      out += before === '{' || before === '[' ? token : line() + token;
      return;
    }
    if (before === ',' || before === '{' || before === '[') out += line();
    out += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth += 1;
  });
  return out;
}
