import type { AnySchemaObject } from 'ajv/dist/2020.js';
import type { Form } from '../../generated/sentences.ts';
import { withoutChinese } from './chinese.ts';

const text = { type: 'string', minLength: 1 };
const value = { type: ['string', 'integer'] };
const conditions = {
  type: 'object',
  minProperties: 1,
  additionalProperties: { anyOf: [value, { type: 'array', items: value, minItems: 1 }] },
};
const form = {
  label: text,
  text,
  when: conditions,
  unless: conditions,
  changes: { type: 'array', items: text, minItems: 1 },
};
const object = (required: string[], properties: object) => ({
  type: 'object',
  required,
  additionalProperties: false,
  properties,
});

/** The keys of a command that hold its words, each with the remedy for a wrong value. */
export const WORD_KEYS: Record<string, { schema: AnySchemaObject; remedy: string }> = {
  'x-sentence': {
    schema: object(['label', 'text'], {
      label: text,
      text,
      variants: { type: 'array', minItems: 1, items: object(['text'], form) },
    }),
    remedy: 'say { label, text, variants } for the page, where a variant is { when, unless, changes, label, text }',
  },
  'x-zh': {
    schema: object(['title', 'description', 'label', 'text'], {
      title: text,
      description: text,
      label: text,
      text,
      variants: { type: 'array', minItems: 1, items: object(['text'], { label: text, text }) },
    }),
    remedy:
      'say { title, description, label, text, variants } in Chinese, a variant { label, text } for each in English',
  },
};

interface Variant extends Omit<Form, 'label' | 'text'> {
  label?: string;
  text: string;
}
interface Words {
  label: string;
  text: string;
  variants?: Variant[];
}

/**
 * @param schema of a command, with words as `WORD_KEYS` require
 * @param hasField whether a JSON pointer leads to a described field
 * @returns problems with the words, as `key, value, remedy`
 */
export function findWordProblems(schema: AnySchemaObject, hasField: (pointer: string) => boolean): string[] {
  const { 'x-sentence': en, 'x-zh': zh } = schema as { 'x-sentence': Words; 'x-zh': Words };
  const [english, chinese] = [en, zh].map(formsIn) as [Variant[], Variant[]];
  const fields = english.flatMap(({ text, when, unless, changes = [] }) => [
    ...placeholdersIn(text).map((one) => [`names {${one}}`, one.split('|')] as const),
    ...Object.keys({ ...when, ...unless }).map((one) => [`asks for ${one}`, [one]] as const),
    ...changes.map((one) => [`lists changes of ${one}`, [one]] as const),
  ]);
  const problems = fields
    .filter(([, places]) => !places.every((place) => hasField(`/${place.replaceAll(/\/\d+(?=\/|$)/g, '/*')}`)))
    .map(
      ([says]) => `x-sentence ${says}, which its schema does not have: name a field, such as Name or MemberList/*/Name`,
    );
  const optional = placeholdersIn(en.text).filter((one) => !(schema.required ?? []).includes(one.split('/')[0]));
  problems.push(
    ...optional.map(
      (one) =>
        `x-sentence names {${one}} in its text, which may be absent: name it in a variant, and say less in the text`,
    ),
  );
  if (chinese.length !== english.length) {
    const [wanted, given] = [english, chinese].map(({ length }) => length - 1);
    return [...problems, `x-zh has ${given} variants, x-sentence ${wanted}: say each in both, in the same order`];
  }
  const differing = english.flatMap(({ text }, index) => {
    const other = chinese[index]?.text ?? '';
    const [named, inChinese] = [text, other].map((one) => placeholdersIn(one).sort().join(', '));
    return named === inChinese ? [] : `x-zh says "${other}", x-sentence "${text}": name the same fields in both`;
  });
  return [...problems, ...differing];
}

/** The variants in order, then the sentence itself. */
function formsIn({ label, text, variants = [] }: Words): Variant[] {
  return [...variants, { label, text }];
}

function placeholdersIn(text: string): string[] {
  return [...text.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
}

/** The text of `generated/sentences.ts`. */
export function writeSentences(commands: string[], schemas: Record<string, AnySchemaObject>): string {
  const entries = commands.map((command) => {
    const { 'x-sentence': en, 'x-zh': zh } = schemas[command] as Record<string, Words>;
    if (!en || !zh) throw new Error(`${command} has no words`);
    const chinese = formsIn(zh);
    const forms = formsIn(en).map(({ label, text, ...conditions }, index) => {
      const other = chinese[index];
      const form = {
        ...conditions,
        label: { en: label ?? en.label, zh: other?.label ?? zh.label },
        text: { en: text, zh: other?.text },
      };
      return `    ${JSON.stringify(form)},\n`;
    });
    return `  '${command}': [\n${forms.join('')}  ],\n`;
  });
  return `${TYPES}
/** What the page says of each command. The first form that fits counts, the last one always fits. */
export const SENTENCES = {
${entries.join('')}} satisfies Record<Command, readonly Form[]>;
`;
}

const TYPES = `
import type { Command } from './commands.ts';

export interface InBoth {
  en: string;
  zh: string;
}

/** By fields, as pointers without the first slash. */
export type Conditions = Record<string, string | number | readonly (string | number)[]>;

/**
 * A sentence. It fits where the fields of \`when\` have the values, those of \`unless\` have others, each placeholder of its
 * text has a value, and there is one of its changes.
 */
export interface Form {
  when?: Conditions;
  unless?: Conditions;
  /** Fields, or lists of pairs of name and value, that are told below the sentence. */
  changes?: readonly string[];
  label: InBoth;
  /** \`{Name}\` is a placeholder for a field, \`{One|Other}\` for the first that has a value. */
  text: InBoth;
}
`;

/** The document without the words of its commands and without Chinese, which only the page and the reference need. */
export function withoutWords<Document extends { components: { schemas: Record<string, AnySchemaObject> } }>(
  document: Document,
): Document {
  const plain = withoutChinese(document);
  const schemas = Object.entries(plain.components.schemas).map(([name, schema]) => {
    const { 'x-sentence': _, ...rest } = schema;
    return [name, rest];
  });
  return { ...plain, components: { ...plain.components, schemas: Object.fromEntries(schemas) } };
}

/** The document with the words of its commands alone: what the published contract says in Chinese. */
export function withWordsOfCommands<Document>(document: Document, commands: string[]): Document {
  const places = new Set(commands.map((command) => `/components/schemas/${command}`));
  return withoutChinese(document, (place) => places.has(place));
}
