import { basename } from 'node:path';
import type { AnySchemaObject } from 'ajv/dist/2020.js';
import { commandsOf, type Document, itemFormOf } from './commands.ts';

type Schemas = Record<string, AnySchemaObject>;

/** As src/callback/normalize.ts reads them. */
const DIGITS = { integer: '^(-?[0-9]{1,20})?$', number: '^(-?[0-9]{1,20}(\\.[0-9]{1,20})?)?$' } as const;

/**
 * The published document: the schemas of callbacks accept every form that is read leniently. The same rules apply to
 * every schema reachable from a callback's body:
 *
 * - an optional field also accepts null, and `CallbackCommand` is optional;
 * - an integer or a number also accepts a string of digits, or an empty one, a flag also a boolean;
 * - a body without `CallbackCommand` may be that of any command, so `anyOf` replaces the discriminated `oneOf`.
 *
 * Replies stay strict: a schema shared with callbacks is published twice, as `<Name>` and `<Name>.Received`.
 */
export function toWire(document: Document): Document {
  const wire = structuredClone(document);
  const { schemas } = wire.components;
  const commands = commandsOf(document);
  const items = commands.flatMap((command) => itemFormOf(command, document) ?? []);
  const inCallbacks = reachable(commands, schemas);
  const elsewhere = reachable(
    [...inReplies(document), ...Object.keys(schemas).filter((name) => !inCallbacks.has(name))],
    schemas,
  );
  const isRelaxed = (name: string) =>
    JSON.stringify(relax(schemas[name] ?? {}, (same) => same)) !== JSON.stringify(schemas[name]);
  const isTwofold = (name: string) => elsewhere.has(name) && [...reachable([name], schemas)].some(isRelaxed);
  const nameOf = (name: string) => (isTwofold(name) ? `${name}.Received` : name);

  const entries = Object.entries(schemas).flatMap(([name, schema]) => {
    if (!inCallbacks.has(name)) return [[name, schema] as const];
    const relaxed = [...commands, ...items].includes(name) ? relaxBody(schema, nameOf) : relax(schema, nameOf);
    const received = [nameOf(name), relaxed] as const;
    return isTwofold(name) ? [[name, schema] as const, received] : [received];
  });
  wire.components.schemas = Object.fromEntries(entries);
  const body = wire.paths['/']?.post?.requestBody?.content['application/json'];
  if (body) body.schema = { type: 'object', anyOf: commands.map(($ref) => ({ $ref: `#/components/schemas/${$ref}` })) };
  return wire;
}

/** The document for generating types: a field that is read leniently has one type, that of the normalized payload. */
export function toPayloads(document: Document): Document {
  return JSON.parse(JSON.stringify(document), (_key, value) => {
    const types = value?.type;
    if (!Array.isArray(types) || !types.some((type) => type in DIGITS)) return value;
    return { ...value, type: types.filter((type) => type !== 'string') };
  });
}

/** The body of a command, or an item of a batch, which need not name the command. */
export function relaxBody(schema: AnySchemaObject, nameOf: (name: string) => string): AnySchemaObject {
  const relaxed = relax(schema, nameOf);
  if (!relaxed.properties.CallbackCommand) return relaxed;
  relaxed.properties.CallbackCommand = orNull(relaxed.properties.CallbackCommand);
  relaxed.required = relaxed.required.filter((field: string) => field !== 'CallbackCommand');
  return relaxed;
}

export function relax(schema: AnySchemaObject, nameOf: (name: string) => string): AnySchemaObject {
  const { $ref, type, properties, required = [], items, anyOf } = schema;
  if ($ref) return { ...schema, $ref: `#/components/schemas/${nameOf(basename($ref))}` };
  const relaxed: AnySchemaObject = { ...schema };
  const digits = typeof type === 'string' ? DIGITS[type as keyof typeof DIGITS] : undefined;
  if (digits) Object.assign(relaxed, { type: [type, 'string'], pattern: digits });
  if (schema['x-flag']) Object.assign(relaxed, { type: [type, 'string', 'boolean'], pattern: '^[01]?$' });
  if (items) relaxed.items = relax(items, nameOf);
  // The forms of an item; forms without `$ref` are left unchanged.
  if (anyOf) relaxed.anyOf = anyOf.map((form: AnySchemaObject) => (form.$ref ? relax(form, nameOf) : form));
  if (properties) {
    relaxed.properties = Object.fromEntries(
      Object.entries(properties as Schemas).map(([name, field]) => {
        const read = relax(field, nameOf);
        return [name, required.includes(name) ? read : orNull(read)];
      }),
    );
  }
  return relaxed;
}

/** The schema, extended by null. */
function orNull(schema: AnySchemaObject): AnySchemaObject {
  const { $ref, type, const: constant, ...rest } = schema;
  if ($ref) return { ...rest, anyOf: [{ $ref }, { type: 'null' }] };
  if (schema.anyOf) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  if (!type) return schema;
  const values = constant === undefined ? {} : { enum: [constant, null] };
  return { ...rest, type: [type, 'null'].flat(), ...values };
}

/** The given schemas, and all schemas reachable from them. */
export function reachable(names: Iterable<string>, schemas: Schemas): Set<string> {
  const found = new Set<string>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    queue.push(...referencesIn(schemas[name]));
  }
  return found;
}

function inReplies({ paths }: Document): string[] {
  return Object.values(paths).flatMap((methods) =>
    Object.values(methods).flatMap((operation) => referencesIn(operation?.responses)),
  );
}

function referencesIn(node: unknown): string[] {
  const found = JSON.stringify(node ?? null).matchAll(/"#\/components\/schemas\/([^"/]+)"/g);
  return [...found].map(([, name = '']) => name);
}
