import {
  FORMATS,
  filled,
  OTHER_RULES,
  PATTERNS,
  REASONS,
  RULES,
  SHOWN_VALUES,
  TYPES,
  type Wording,
} from '../../callback/rule-words.ts';
import { DELIVERY_PROBLEMS, PROBLEMS } from './strings/zh-problems.ts';

/*
 * Translates the receiver's English texts to Chinese: reasons are stored, and problems are sent, in one language for
 * logs, senders and programs. A text is recognized by its form, and its values are carried over.
 */

/** The form of a value in a reason; a long one is truncated. */
const VALUE = String.raw`"(?:[^"\\]|\\.)*\\?(?:"|…)|-?[\d.e+]+|true|false|null|a list|an object|missing|not shown`;
/** The forms of placeholders, by name; others match anything. */
const PARTS: Readonly<Record<string, string>> = {
  value: VALUE,
  url: VALUE,
  body: VALUE,
  types: `(?:${alternatives(TYPES)})(?: or (?:${alternatives(TYPES)}))*`,
  numbers: String.raw`\d+(?:(?:, or |, | to )\d+)*`,
  count: String.raw`\d+`,
  limit: String.raw`-?[\d.e+]+`,
  levels: String.raw`\d+`,
};

interface Form {
  pattern: RegExp;
  /** The names of its capture groups, in order. */
  names: string[];
  zh: string;
}

const RULE_FORMS = [RULES, OTHER_RULES, PATTERNS, FORMATS]
  .flatMap((words) => Object.values(words))
  // `must be {value}` matches nearly all others, so it comes last.
  .toSorted((one, other) => specificity(other) - specificity(one))
  .map(({ en, zh }) => formOf(en, zh, '(?<place>\\S+?)(?: \\((?<shown>VALUE)\\))? ', '(?=; |$)'));
const REASON_FORMS = Object.values(REASONS).map(({ en, zh }) => formOf(en, zh, '', '(?=; |$)'));
const TEXT_FORMS = [...PROBLEMS, ...DELIVERY_PROBLEMS].map(([en, zh]) => formOf(en, zh, '', '$'));

/** Translates a reason, a problem or a delivery error; null if its form is not known. */
export function inChinese(text: string): string | null {
  return reasonInChinese(text) ?? textInChinese(text);
}

function textInChinese(text: string): string | null {
  for (const { pattern, names, zh } of TEXT_FORMS) {
    pattern.lastIndex = 0;
    const found = pattern.exec(text);
    if (!found) continue;
    const values = Object.fromEntries(names.map((name) => [name, found.groups?.[name] ?? '']));
    if (values.what !== undefined) values.what = textInChinese(values.what) ?? values.what;
    return filled(zh, values);
  }
  return null;
}

/** The sentences of a reason, each translated by its rule. */
function reasonInChinese(text: string): string | null {
  const sentences: string[] = [];
  for (let at = 0; at < text.length; at += '; '.length) {
    const sentence = sentenceAt(text, at);
    if (!sentence) return null;
    sentences.push(sentence.zh);
    at = sentence.end;
  }
  return sentences.length === 0 ? null : sentences.join('；');
}

function sentenceAt(text: string, start: number): { zh: string; end: number } | null {
  for (const { pattern, names, zh } of [...RULE_FORMS, ...REASON_FORMS]) {
    pattern.lastIndex = start;
    const { groups } = pattern.exec(text) ?? {};
    if (!groups) continue;
    const end = pattern.lastIndex;
    const rule = filled(zh, Object.fromEntries(names.map((name) => [name, valueInChinese(name, groups[name] ?? '')])));
    const { place, shown } = groups;
    if (place === undefined) return { zh: rule, end };
    const value = shown === undefined ? '' : `（${valueInChinese('shown', shown)}）`;
    return { zh: `${place}${value || ' '}${rule.trimStart()}`, end };
  }
  return null;
}

function valueInChinese(name: string, value: string): string {
  const word = (english: string) => Object.values(TYPES).find(({ en }) => en === english)?.zh ?? english;
  if (name === 'types') return value.split(' or ').map(word).join('或');
  if (name === 'numbers') return value.replaceAll(', or ', ' 或 ').replaceAll(' to ', ' 到 ').replaceAll(', ', '、');
  if (name === 'values') return value.replaceAll(', ', '、');
  return Object.values(SHOWN_VALUES).find(({ en }) => en === value)?.zh ?? value;
}

function formOf(en: string, zh: string, before: string, after: string): Form {
  const names: string[] = [];
  const body = en
    .split(/\{(\w+)\}/)
    .map((part, index) => {
      if (index % 2 === 0) return escaped(part);
      names.push(part);
      return `(?<${part}>${PARTS[part] ?? '.+?'})`;
    })
    .join('');
  return { pattern: new RegExp(`${before.replace('VALUE', VALUE)}${body}${after}`, 'sy'), names, zh };
}

function specificity({ en }: Wording): number {
  return en.replace('{value}', '').length;
}

function alternatives(words: Readonly<Record<string, Wording>>): string {
  return Object.values(words)
    .map(({ en }) => escaped(en))
    .join('|');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
