import { isObject } from './callback.ts';

/**
 * Reads a callback's body leniently: returns the payload as the contract means it, for the contract's validator to
 * judge. What it cannot read stays as it is.
 *
 * - `null` in an optional field counts as an absent field, and so does an empty text in an optional number.
 * - Digits in a string count as a number if the contract says integer or number. Beyond 2^53 the number is the nearest
 *   one, as for the same digits without quotes; the stored body keeps every digit.
 * - `true` and `false` count as 1 and 0 in a field that the contract marks as a flag (`x-flag`).
 * - An empty field beside its filled namesake (`x-same-as`) counts as absent.
 * - A body without a command gets that of its URL, and so does an item of a batch.
 *
 * `npm run generate` writes the same rules into the published document, see scripts/generate/wire.ts.
 */
export type ReadPayload = (command: string, body: unknown) => unknown;

/** The parts of a schema that determine how a value is read. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  /** The forms of a batch item, distinguished by their commands. Values with other alternatives are not changed. */
  anyOf?: Schema[];
  const?: string;
  'x-flag'?: boolean;
  'x-same-as'?: string;
}

/** Returns its input if nothing in it has to change. Never modifies its input. */
type Read = (value: unknown) => unknown;

/** Up to 20 digits, as many as 64 bits need. */
const INTEGER = /^-?\d{1,20}$/;
const NUMBER = /^-?\d{1,20}(\.\d{1,20})?$/;

/** @param document the bundled contract; each command is compiled when it is first read */
export function payloadReader(document: object): ReadPayload {
  const { schemas = {} } = (document as { components?: { schemas?: Record<string, Schema> } }).components ?? {};
  const compiled = new Map<string, Read | null>();

  return (command, body) => {
    if (!isObject(body)) return body;
    const named = (body.CallbackCommand ?? null) === null ? withCommand(body, command) : body;
    if (!Object.hasOwn(schemas, command)) return named;
    let read = compiled.get(command);
    if (read === undefined) {
      read = compile(schemas[command], { schemas, command });
      compiled.set(command, read);
    }
    return read ? read(named) : named;
  };
}

/** Puts the command first, as the vendor does: the order of a payload's fields matters for its hash. */
function withCommand(body: Record<string, unknown>, command: string): Record<string, unknown> {
  const named: Record<string, unknown> = { CallbackCommand: command, ...body };
  named.CallbackCommand = command;
  return named;
}

interface Context {
  schemas: Record<string, Schema>;
  /** The command in the URL. */
  command: string;
}

/** Null if every value stays as it is. */
function compile(given: Schema | undefined, context: Context): Read | null {
  const schema = resolved(given, context);
  if (schema?.anyOf) return compileForms(schema.anyOf, context);
  if (schema?.['x-flag']) return readFlag;
  const types = [schema?.type ?? []].flat();
  if (types.includes('integer')) return readDigits(INTEGER);
  if (types.includes('number')) return readDigits(NUMBER);
  if (schema?.items) {
    const readItem = compile(schema.items, context);
    return readItem && ((value) => (Array.isArray(value) ? mapped(value, readItem) : value));
  }
  return schema?.properties ? compileObject(schema, context) : null;
}

function resolved(schema: Schema | undefined, { schemas }: Context): Schema | undefined {
  return schema?.$ref === undefined ? schema : schemas[schema.$ref.replace('#/components/schemas/', '')];
}

/** Null if commands do not distinguish the alternatives. */
function compileForms(forms: readonly Schema[], context: Context): Read | null {
  const reads = new Map<unknown, Read | null>();
  for (const form of forms) {
    const constant = resolved(form, context)?.properties?.CallbackCommand?.const;
    if (constant !== undefined) reads.set(constant, compile(form, context));
  }
  if (reads.size === 0) return null;
  return (value) => {
    if (!isObject(value)) return value;
    const named = (value.CallbackCommand ?? null) === null ? withCommand(value, context.command) : value;
    return reads.get(named.CallbackCommand)?.(named) ?? named;
  };
}

interface Field {
  name: string;
  optional: boolean;
  isNumber: boolean;
  read: Read | null;
  /** The field of which this one is an alias. */
  sameAs: string | undefined;
}

function compileObject({ properties = {}, required = [] }: Schema, context: Context): Read | null {
  const fields = Object.entries(properties)
    .map(([name, schema]): Field => {
      const optional = !required.includes(name);
      const isNumber = [resolved(schema, context)?.type].flat().some((type) => type === 'integer' || type === 'number');
      return { name, optional, isNumber, read: compile(schema, context), sameAs: schema['x-same-as'] };
    })
    .filter(({ optional, read }) => optional || read);
  if (fields.length === 0) return null;

  return (value) => {
    if (!isObject(value)) return value;
    let copy: Record<string, unknown> | null = null;
    for (const { name, optional, isNumber, read, sameAs } of fields) {
      if (!Object.hasOwn(value, name)) continue;
      const found = value[name];
      const isAbsent = optional && (found === null || (found === '' && isNumber));
      const meant = isAbsent ? undefined : read ? read(found) : found;
      if (meant !== found) {
        copy ??= { ...value };
        if (meant === undefined) delete copy[name];
        else copy[name] = meant;
      }
      if (sameAs !== undefined && value[sameAs] === '' && typeof meant === 'string' && meant !== '') {
        copy ??= { ...value };
        delete copy[sameAs];
      }
    }
    return copy ?? value;
  };
}

function readDigits(digits: RegExp): Read {
  return (value) => (typeof value === 'string' && digits.test(value) ? Number(value) : value);
}

function readFlag(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value);
  return value === '0' || value === '1' ? Number(value) : value;
}

function mapped(list: readonly unknown[], read: Read): readonly unknown[] {
  let copy: unknown[] | null = null;
  for (const [index, item] of list.entries()) {
    const meant = read(item);
    if (meant === item) continue;
    copy ??= [...list];
    copy[index] = meant;
  }
  return copy ?? list;
}
