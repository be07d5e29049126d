import { join } from 'node:path';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import {
  CALLBACK,
  CLIENT_PARAMETERS,
  commandsOf,
  type Document,
  familiesOf,
  familyOf,
  itemFormOf,
  list,
  namesItself,
} from './commands.ts';
import { findFormProblems } from './decision-forms.ts';
import { fieldAt } from './pointers.ts';
import { findWordProblems, WORD_KEYS } from './sentences.ts';

const pointer = { type: 'string', pattern: '^/.' };
const pointers = { type: 'array', items: pointer };
const object = (properties: Record<string, object>) => ({
  type: 'object',
  required: Object.keys(properties),
  additionalProperties: false,
  properties,
});
const nothing = object({ kind: { const: 'none' }, from: { maxItems: 0 } });
const something = object({
  kind: { enum: ['group', 'account', 'pair', 'official'] },
  from: { ...pointers, minItems: 1 },
});
const time = object({ from: pointer, unit: { enum: ['milliseconds', 'seconds'] } });
/** The keys that describe a command, each with the remedy for a wrong value. */
const KEYS: Record<string, { optional?: true; schema: AnySchemaObject; remedy: string }> = {
  'x-kind': { schema: { enum: ['before', 'after', 'answer'] }, remedy: 'say before, after or answer' },
  'x-subject': {
    schema: { anyOf: [nothing, something] },
    remedy: 'say { kind: group, account, pair or official, from: [JSON pointers] }, or { kind: none, from: [] }',
  },
  'x-accounts': { schema: pointers, remedy: 'list the JSON pointers of its accounts, or say [] where it has none' },
  'x-event-time': {
    schema: { anyOf: [{ const: 'none' }, time] },
    remedy: 'say { from: JSON pointer, unit: milliseconds or seconds }, or none',
  },
  'x-idempotency': { optional: true, schema: pointer, remedy: 'name one field by a JSON pointer' },
  'x-carries-message': { optional: true, schema: pointers, remedy: 'list the JSON pointers of its content' },
  'x-batch': { optional: true, schema: pointer, remedy: 'name the list of its items by a JSON pointer' },
  'x-command-in-body': { optional: true, schema: { const: false }, remedy: 'say false, or leave it out' },
  'x-client-parameters': {
    optional: true,
    schema: { anyOf: [{ const: false }, { enum: CLIENT_PARAMETERS.map((name) => [name]) }] },
    remedy: `say false, list the only one that is sent of ${CLIENT_PARAMETERS.join(' and ')}, or leave it out`,
  },
  ...WORD_KEYS,
};
export const COMMAND_KEYS = Object.keys(KEYS);
/** The keys that describe how a field is read, see src/callback/normalize.ts. */
export const FIELD_KEYS = ['x-flag', 'x-same-as'];
const ajv = new Ajv2020({ strict: false });

/** @returns problems with the names and the x- keys of the commands, as `file: key, value, remedy` */
export function findCommandProblems(document: Document, root: string): string[] {
  const { schemas } = document.components;
  const commands = commandsOf(document);
  const files = new Set(
    ['callbacks', 'replies'].flatMap((at) => list(join(root, 'openapi', at)).map((f) => `${at}/${f}`)),
  );
  const ofCommands = commands.flatMap((command) => {
    const schema = schemas[command] ?? {};
    const constant = schema.properties?.CallbackCommand?.const;
    const expected = namesItself(schema) ? command : undefined;
    if (constant !== expected) {
      const found = constant === undefined ? 'no constant' : `the constant ${constant}`;
      return [
        `${CALLBACK} at #/components/schemas/${command}: its CallbackCommand is ${found}; ` +
          'name the schema exactly as the command',
      ];
    }
    const [path, reply] = ['callbacks', 'replies'].map((at) => `${at}/${familyOf(command)}/${command}.yaml`) as [
      string,
      string,
    ];
    const decides = schema['x-kind'] === 'before' || schema['x-kind'] === 'answer';
    const problems: string[] = [];
    for (const [key, { optional, schema: rule, remedy }] of Object.entries(KEYS)) {
      const value: unknown = schema[key];
      if (value === undefined && !optional) problems.push(`has no ${key}: ${remedy}`);
      if (value === undefined) continue;
      if (!ajv.validate(rule, value)) problems.push(`${key} is ${JSON.stringify(value)}: ${remedy}`);
      for (const place of pointersIn(value).filter((place) => !fieldAt(place, schema, schemas))) {
        problems.push(
          `${key} points to ${place}, which its schema does not have: describe the field, or point to another`,
        );
      }
    }
    if (Object.keys(WORD_KEYS).every((key) => ajv.validate(KEYS[key]?.schema ?? {}, schema[key]))) {
      problems.push(...findWordProblems(schema, (place) => fieldAt(place, schema, schemas) !== undefined));
    }
    problems.push(...findBatchProblems(command, schema, schemas));
    if (!files.has(path)) problems.push(`lies elsewhere: move it to openapi/${path}`);
    if (decides && !schemas[`${command}.Reply`]) {
      problems.push(`x-kind is ${schema['x-kind']}, and it has no reply: describe that in openapi/${reply}`);
    }
    if (!decides && schemas[`${command}.Reply`]) {
      problems.push(
        `has a reply in openapi/${reply}, and x-kind is not before or answer: change the one or remove the other`,
      );
    }
    return [
      ...problems.map((problem) => `openapi/${path}: ${problem}`),
      ...(decides ? findFormProblems(command, schemas).map((problem) => `openapi/${reply}: ${problem}`) : []),
    ];
  });
  const ofReplies = Object.keys(schemas)
    .filter((name) => name.endsWith('.Reply') && !commands.includes(name.replace(/\.Reply$/, '')))
    .map((name) => `${CALLBACK} at #/components/schemas/${name}: no command has this reply; name it after one`);
  const ofFamilies = familiesOf(document).flatMap(({ family, about, aboutZh }) => [
    ...(about ? [] : [`${CALLBACK}: x-families lacks ${family}; say in a sentence what its callbacks are about`]),
    ...(aboutZh
      ? []
      : [`${CALLBACK}: x-families in x-zh lacks ${family}; say in Chinese what its callbacks are about`]),
  ]);
  return [...ofCommands, ...ofReplies, ...ofFamilies];
}

/** For a batch, the other keys describe its items. */
function findBatchProblems(command: string, schema: AnySchemaObject, schemas: Document['components']['schemas']) {
  const batch = schema['x-batch'];
  if (typeof batch !== 'string') return [];
  const problems = COMMAND_KEYS.filter((key) => key !== 'x-batch').flatMap((key) =>
    pointersIn(schema[key])
      .filter((place) => !place.startsWith(`${batch}/*/`))
      .map((place) => `${key} points to ${place}: begin it with ${batch}/*/, as each item is delivered by itself`),
  );
  if (itemFormOf(command, { components: { schemas } }) === null)
    problems.push(
      `x-batch is ${JSON.stringify(batch)}, where no form of an item has the command: list one among its anyOf`,
    );
  return problems;
}

function pointersIn(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('/') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(pointersIn) : [];
}
