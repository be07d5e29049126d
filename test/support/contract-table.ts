import callbackDocument from '../../generated/callback.json' with { type: 'json' };
import { factsOf } from '../../generated/commands.ts';
import { CREATED, commandOf, examples, type Payload, pathOf, post } from './vendor.ts';

/** HTTP status and ErrorCode. */
export type Outcome = readonly [number, number];

export const ACCEPTED: Outcome = [200, 0];
export const REFUSED: Outcome = [400, 10100];

export interface Row {
  name: string;
  path: string;
  init: RequestInit;
  /** Sent to a receiver with a token. */
  toTokenHolder?: true;
  /** The answer of both; if absent, they only have to agree on accepting or refusing. */
  both?: Outcome;
  /** The answer of each if they may differ, with the reason. */
  differ?: { receiver: Outcome; mock: Outcome; why: string };
}

type Change = (value: unknown) => unknown;

const changes: Record<string, Change> = {
  removed: () => undefined,
  retyped: () => true,
  nulled: () => null,
  emptied: (value) => (typeof value === 'string' ? '' : typeof value === 'number' ? 0 : Array.isArray(value) ? [] : {}),
};

/** Every example unchanged, and each field of a command changed, one at a time, in the first example that has it. */
export function exampleRows(): Row[] {
  const changedBefore = new Set<string>();
  const isNew = (command: string, keys: string[]) => {
    const place = [command, ...keys].join('/');
    return !changedBefore.has(place) && changedBefore.add(place);
  };
  return Object.entries(examples).flatMap(([name, example]) => [
    row(name, example, accepted(commandOf(name)), commandOf(name)),
    ...fieldsOf(example).flatMap((keys) =>
      !isNew(commandOf(name), keys)
        ? []
        : Object.entries(changes).map(([what, change]) => {
            const field = fieldOf(commandOf(name), keys);
            const refused = field && (what === 'retyped' ? !field.takesBoolean : field.required && what !== 'emptied');
            const title = `${name}, ${keys.join('.')} ${what}`;
            const payload = changed(example, keys, change);
            if (JSON.stringify(payload) === '{}')
              return row(title, payload, differ(ACCEPTED, refused ? REFUSED : ACCEPTED, PROBE), commandOf(name));
            // Whether an empty value is accepted depends on the field, except for the command that asks for data.
            const isAnswer = factsOf(commandOf(name))?.kind === 'answer' && keys[0] !== 'CallbackCommand';
            const isSaid = !field || what !== 'emptied' || isAnswer;
            const taken = isSaid ? accepted(commandOf(name)) : {};
            return row(title, payload, refused ? { both: REFUSED } : taken, commandOf(name));
          }),
    ),
  ]);
}

/** The answers of both to an accepted callback. */
function accepted(command: string): Partial<Row> {
  const why = 'without a rule the receiver has no data for a chatbot, and the mock has those of the example';
  return factsOf(command)?.kind === 'answer' ? differ([200, 1], ACCEPTED, why) : { both: ACCEPTED };
}

const example = examples[CREATED] as Payload;
const signedLike = { Sign: 'f'.repeat(64), RequestTime: '1669872112' };
const PROBE = 'the console’s probe is no callback, so no schema describes it';
const NO_TOKEN = 'the mock has no token: it takes any Sign, or none';
const NO_APP =
  'the mock is nobody’s app, so no SDKAppID is another one’s; what the contract says of its form, it refuses as such';

/** Each query parameter removed and spoiled, unknown values, and conditions that a schema cannot express. */
export const otherRows: Row[] = [
  query('every parameter', {}, { both: ACCEPTED }),
  query('CallbackCommand removed', { CallbackCommand: undefined }, { both: REFUSED }),
  query('contenttype removed', { contenttype: undefined }, { both: ACCEPTED }),
  query('ClientIP removed', { ClientIP: undefined }, { both: ACCEPTED }),
  query('OptPlatform removed', { OptPlatform: undefined }, { both: ACCEPTED }),
  query('RequestTime removed', { RequestTime: undefined }, { both: ACCEPTED }),
  query('Sign removed', { Sign: undefined }, { both: ACCEPTED }),
  query('every parameter that may be missing removed', optional(undefined), { both: ACCEPTED }),
  query('every parameter that may be missing emptied', { ...optional(''), RequestTime: undefined }, { both: ACCEPTED }),
  query(
    'CallbackCommand emptied',
    { CallbackCommand: '' },
    differ([400, 10101], REFUSED, 'both refuse; the receiver compares URL and body first'),
  ),
  query(
    'RequestTime emptied',
    { RequestTime: '' },
    differ(REFUSED, ACCEPTED, 'Prism takes an empty parameter for an absent one'),
  ),
  ...['otherParameters', 'query', 'requestBody', '$ref'].map((name) =>
    query(`an extra parameter named ${name}`, { [name]: '1' }, { both: ACCEPTED }),
  ),
  ...['&', '?', '?b=2&', '?b=2?', '&a=1&'].map((between) => ({
    ...query(`a callback URL with a query of its own, continued by ${between}`, {}, { both: ACCEPTED }),
    path: `/?a=1${between}${pathOf(signedLike).slice(2)}`,
  })),
  query('RequestTime that is no number', { RequestTime: '1e9' }, { both: REFUSED }),
  query('CallbackCommand twice', { CallbackCommand: [CREATED, CREATED] }, { both: REFUSED }),
  query('OptPlatform twice', { OptPlatform: ['iOS', 'Web'] }, { both: REFUSED }),
  query('RequestTime twice', { RequestTime: ['1', '2'] }, { both: REFUSED }),
  query('an extra parameter', { RequestID: '5f0c2a0e' }, { both: ACCEPTED }),
  query('an extra parameter twice', { RequestID: ['a', 'b'] }, { both: ACCEPTED }),
  query('extra parameters with names that languages know', names(), { both: ACCEPTED }),
  query('SdkAppid removed', { SdkAppid: undefined }, differ([403, 10103], REFUSED, NO_APP)),
  query('SdkAppid emptied', { SdkAppid: '' }, differ([403, 10103], REFUSED, NO_APP)),
  query('SdkAppid that is no number', { SdkAppid: 'x' }, differ([403, 10103], REFUSED, NO_APP)),
  query('SdkAppid twice', { SdkAppid: ['1400000000', '1'] }, differ([403, 10103], REFUSED, NO_APP)),
  query('SdkAppid of another app', { SdkAppid: '1400000001' }, differ([403, 10103], ACCEPTED, NO_APP)),
  query(
    'SdkAppid in lower case',
    { SdkAppid: undefined, sdkappid: '1400000000' },
    differ([403, 10103], ACCEPTED, 'Prism takes the names of parameters in upper and lower case'),
  ),
  { ...query('a wrong Sign', {}, differ([401, 10102], ACCEPTED, NO_TOKEN)), toTokenHolder: true },
  { ...query('unsigned', { Sign: undefined }, differ([401, 10102], ACCEPTED, NO_TOKEN)), toTokenHolder: true },
  {
    ...query('a RequestTime that is no number, signed', { RequestTime: 'x' }, differ([401, 10102], REFUSED, NO_TOKEN)),
    toTokenHolder: true,
  },
  query(
    'an unknown command in the URL',
    { CallbackCommand: 'Group.CallbackAfterSomethingNew' },
    differ([400, 10101], ACCEPTED, 'no schema compares the URL with the body'),
  ),
  row(
    'an unknown command in the body',
    { ...example, CallbackCommand: 'Group.CallbackAfterSomethingNew' },
    differ([400, 10101], REFUSED, 'no schema compares the URL with the body'),
    CREATED,
  ),
  row('an unknown command', { ...example, CallbackCommand: 'Group.CallbackAfterSomethingNew' }, { both: ACCEPTED }),
  row('an extra field', { ...example, SomethingNew: { Since: 'today' } }, { both: ACCEPTED }),
  row('an extra field within', { ...example, MemberList: [{ Member_Account: 'a', Role: 'x' }] }, { both: ACCEPTED }),
  row('extra fields with names that languages know', { ...example, ...names() }, { both: ACCEPTED }),
  row('an extra field, nested 500 deep', { ...example, Deep: deep() }, { both: REFUSED }),
  row('GroupId that is not ASCII', { ...example, GroupId: '组' }, { both: REFUSED }),
  row('EventTime below 0', { ...example, EventTime: -1 }, { both: REFUSED }),
  row('EventTime with a fraction', { ...example, EventTime: 1.5 }, { both: REFUSED }),
  row('EventTime of 16 digits', { ...example, EventTime: 1e15 }, { both: REFUSED }),
  row('EventTime that is no number', { ...example, EventTime: '12:00' }, { both: REFUSED }),
  row('every wrong thing at once', { CallbackCommand: CREATED, Name: 5, MemberList: [{}] }, { both: REFUSED }),
  ...['null', 'true', '7', '"text"', '[]', '[{}]', '{"CallbackCommand"', 'no JSON'].map((text) =>
    raw(`the body ${JSON.stringify(text)}`, text, { both: REFUSED }),
  ),
  raw('a body that is not UTF-8', Buffer.from(JSON.stringify(example).replace('leckie', 'é'), 'latin1'), {
    both: REFUSED,
  }),
  raw('a byte order mark in front', `\uFEFF${JSON.stringify(example)}`, { both: ACCEPTED }),
  raw('a lone surrogate', JSON.stringify(example).replace('leckie', '\\ud800'), { both: ACCEPTED }),
  raw('white space around', `\n ${JSON.stringify(example, null, 4)}\n`, { both: ACCEPTED }),
  raw('a field twice, the last one right', JSON.stringify(example).replace('{', '{"Name":7,'), { both: ACCEPTED }),
  raw('the body {}', '{}', differ(ACCEPTED, REFUSED, PROBE)),
  raw('no body', '', differ(ACCEPTED, REFUSED, PROBE)),
  raw('a body over the limit', `${JSON.stringify(example)}${' '.repeat(262_144)}`, { both: [413, 10105] }),
  { ...row('Content-Type text/plain', example, { both: ACCEPTED }), init: typed('text/plain') },
  { ...row('Content-Type of a form', example, { both: ACCEPTED }), init: typed('application/x-www-form-urlencoded') },
  { ...row('a Content-Type that is none', example, { both: ACCEPTED }), init: typed('json') },
  { ...row('another method', example, { both: [405, 10104] }), init: { ...post(example), method: 'PUT' } },
  { ...row('another path', example, { both: [404, 10104] }), path: pathOf({}, '/elsewhere') },
];

function row(name: string, payload: unknown, expected: Partial<Row>, command?: string): Row {
  const inUrl = command ?? (payload as Payload).CallbackCommand;
  return { name, path: pathOf({ CallbackCommand: inUrl }), init: post(payload), ...expected };
}

function query(name: string, change: Parameters<typeof pathOf>[0], expected: Partial<Row>): Row {
  return { name, path: pathOf({ ...signedLike, ...change }), init: post(example), ...expected };
}

function raw(name: string, body: string | Buffer, expected: Partial<Row>): Row {
  return { name, path: pathOf(), init: post(body), ...expected };
}

function differ(receiver: Outcome, mock: Outcome, why: string): Partial<Row> {
  return { differ: { receiver, mock, why } };
}

function typed(contentType: string): RequestInit {
  return { ...post(example), headers: { 'Content-Type': contentType } };
}

function optional(value: string | undefined) {
  const parameters = ['contenttype', 'ClientIP', 'OptPlatform', 'RequestTime', 'Sign'];
  return Object.fromEntries(parameters.map((name) => [name, value]));
}

function names(): Record<string, string> {
  return JSON.parse('{"__proto__": "1", "constructor": "1", "toString": "1", "a[b]": "1"}');
}

function deep(): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < 500; level++) value = { value };
  return value;
}

/** The keys that lead to each field; in a list, only its first item. */
function fieldsOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? Object.keys(value).slice(0, 1) : Object.keys(value);
  return keys.flatMap((key) => [
    ...(Array.isArray(value) ? [] : [[key]]),
    ...fieldsOf((value as Record<string, unknown>)[key]).map((rest) => [key, ...rest]),
  ]);
}

function changed(payload: Payload, keys: string[], change: Change): unknown {
  const copy = structuredClone(payload);
  const last = keys.at(-1) as string;
  const parent = keys.slice(0, -1).reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], copy);
  (parent as Record<string, unknown>)[last] = change((parent as Record<string, unknown>)[last]);
  return copy;
}

interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: string;
  'x-flag'?: boolean;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

/** The contract's description of a field, if any. */
function fieldOf(command: string, keys: string[]): { required: boolean; takesBoolean: boolean } | undefined {
  const schemas = callbackDocument.components.schemas as unknown as Record<string, Schema>;
  const resolved = (schema: Schema | undefined) =>
    schema?.$ref ? schemas[schema.$ref.replace('#/components/schemas/', '')] : schema;
  /** For an item of a batch, only the form of the command itself. */
  const formsOf = ({ anyOf = [] }: Schema = {}) => {
    const forms = anyOf.flatMap((form) => resolved(form) ?? []);
    const own = forms.filter(({ properties = {} }) => properties.CallbackCommand?.const === command);
    return own.length > 0 ? own : forms;
  };
  let schema: Schema | undefined = schemas[command];
  let required = false;
  for (const key of keys) {
    schema = resolved(schema);
    // If there are several forms, the one that has the field.
    schema = formsOf(schema).find(({ properties = {} }) => Object.hasOwn(properties, key)) ?? schema;
    if (schema?.items) {
      schema = schema.items;
    } else {
      // The URL alone may name the command.
      required = key !== 'CallbackCommand' && (schema?.required?.includes(key) ?? false);
      schema = schema?.properties?.[key];
    }
  }
  const { type, anyOf, 'x-flag': flag = false } = resolved(schema) ?? {};
  return schema && { required, takesBoolean: flag || (type === undefined && anyOf === undefined) };
}
