import { FORMATS, filled, OTHER_RULES, PATTERNS, RULES, TYPES } from '../../src/callback/rule-words.ts';

/** Rewords messages of Prism's validator as the receiver words them. Other messages stay as they are. */
export function inWords(message: string): string {
  const [, types] = /^must be ((?:string|number|integer|boolean|array|object|null)(?:,\w+)*)$/.exec(message) ?? [];
  if (types)
    return filled(RULES.type.en, {
      types: types
        .split(',')
        .map((type) => TYPES[type]?.en ?? type)
        .join(' or '),
    });
  for (const [pattern, word] of WORDS) {
    const found = pattern.exec(message);
    if (found) return word(found[1] ?? '');
  }
  return message;
}

const WORDS: readonly [RegExp, (value: string) => string][] = [
  [/^must match pattern "(.*)"$/s, (pattern) => PATTERNS[pattern]?.en ?? filled(RULES.pattern.en, { pattern })],
  [/^must match format "(.*)"$/, (format) => FORMATS[format]?.en ?? filled(RULES.format.en, { format })],
  [/^must be equal to one of the allowed values: (.*)$/s, (values) => filled(RULES.enum.en, { values })],
  [/^must NOT have fewer than 1 characters$/, () => OTHER_RULES.notEmpty.en],
  [/^must NOT have fewer than (\d+) characters$/, (count) => filled(RULES.minLength.en, { count })],
  [/^must NOT have more than (\d+) characters$/, (count) => filled(RULES.maxLength.en, { count })],
  [/^must be >= (.+)$/, (limit) => filled(RULES.minimum.en, { limit })],
  [/^must be <= (.+)$/, (limit) => filled(RULES.maximum.en, { limit })],
];
