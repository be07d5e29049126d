import { Ajv2020 } from 'ajv/dist/2020.js';
import type { DecisionForm } from '../../generated/commands.ts';
import { fieldAt, type Schemas } from './pointers.ts';

const KEY = 'x-decision';
/** The keys of a reply that describe how it expresses a decision. */
export const REPLY_KEYS = [KEY];

const REMEDY =
  'say { refusal: code }, and, where there is such a thing, drop: code, replaces: [fields], data: field, ' +
  'or targets: JSON pointer in the callback with refused: field or results: field';
const code = { type: 'integer' };
const field = { type: 'string', pattern: '^[^/]+$' };
const FORM = {
  type: 'object',
  required: ['refusal'],
  additionalProperties: false,
  properties: {
    refusal: code,
    drop: code,
    replaces: { type: 'array', items: field, minItems: 1 },
    data: field,
    targets: { type: 'string', pattern: '^/.' },
    refused: field,
    results: field,
  },
  oneOf: [
    { required: ['targets', 'refused'] },
    { required: ['targets', 'results'] },
    { not: { anyOf: ['targets', 'refused', 'results'].map((name) => ({ required: [name] })) } },
  ],
};
/** The fields of an entry in `results`, as the vendor names them. */
const RESULT_FIELDS = ['To_Account', 'ResultCode', 'ResultInfo'];
const ajv = new Ajv2020({ strict: false });

/** How a decision about the command is expressed; null if the reply decides nothing. */
export function decisionFormOf(command: string, schemas: Schemas): DecisionForm | null {
  return schemas[`${command}.Reply`]?.[KEY] ?? null;
}

/** Problems with the decision form of the reply to a command. */
export function findFormProblems(command: string, schemas: Schemas): string[] {
  const reply = schemas[`${command}.Reply`];
  if (!reply) return [];
  const form: DecisionForm | undefined = reply[KEY];
  if (form === undefined) return [`has no ${KEY}: ${REMEDY}`];
  if (!ajv.validate(FORM, form)) return [`${KEY} is ${JSON.stringify(form)}: ${REMEDY}`];

  const { refusal, drop, targets, results } = form;
  const fields = [form.replaces ?? [], form.data ?? [], form.refused ?? [], results ?? []].flat();
  const places = [
    ...fields.map((name) => `/${name}`),
    ...(results ? RESULT_FIELDS.map((f) => `/${results}/*/${f}`) : []),
  ];
  const problems = places
    .filter((place) => !fieldAt(place, reply, schemas))
    .map((place) => `${KEY} needs ${place}, which its schema does not have: describe the field, or name another`);
  if (targets && !fieldAt(targets, schemas[command] ?? {}, schemas)) {
    problems.push(`${KEY} points to ${targets}, which the callback does not have: point to the accounts in ${command}`);
  }
  if (problems.length > 0) return problems;
  const place = results ? `/${results}/*/ResultCode` : '/ErrorCode';
  const codes: [string, number | undefined, string][] = [
    ['refusal', refusal, place],
    ['drop', drop, '/ErrorCode'],
  ];
  return codes
    .filter(([, value, at]) => value !== undefined && !ajv.validate(fieldAt(at, reply, schemas) ?? {}, value))
    .map(
      ([name, value, at]) => `${KEY} has ${name}: ${value}, which its ${at} does not allow: name a code that it allows`,
    );
}
