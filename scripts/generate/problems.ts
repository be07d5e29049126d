import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { commandOf } from '../simulator/examples.ts';
import { COMMAND_KEYS, FIELD_KEYS } from './command-problems.ts';
import type { Document, Media } from './commands.ts';
import { REPLY_KEYS } from './decision-forms.ts';
import { examplePath } from './examples.ts';

/** Names the document in references to its schemas. */
const DOCUMENT = 'document';

/**
 * Compiles every schema and validates every example against its own. A response without an example is a problem, and so
 * is a reference into another schema: some code generators cannot follow it.
 */
export function findProblems(document: Document, path: string): string[] {
  const { paths, components } = document;
  // Strict, so that a misspelt keyword is not taken for an annotation.
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allErrors: true,
    discriminator: true,
    // Compiled for a single use: optimizing takes longer than running.
    code: { optimize: false },
  });
  addFormats
    .default(ajv)
    .addVocabulary(['components', 'paths', 'example', 'externalDocs', ...COMMAND_KEYS, ...FIELD_KEYS, ...REPLY_KEYS]);
  const problems: string[] = [];

  // Once, so that what schemas refer to is compiled once. Inside of the document they keep their references.
  ajv.addSchema({ $id: DOCUMENT, paths, components });
  const compile = (schema: AnySchemaObject, pointer: string): ValidateFunction | undefined => {
    try {
      // The document is no schema: adding it has not checked the schemas in it.
      ajv.validateSchema(schema, true);
      return ajv.compile({ $ref: `${DOCUMENT}#${pointer.slice(1).split('/').map(encodeURIComponent).join('/')}` });
    } catch (error) {
      problems.push(`${path} at ${pointer}: ${(error as Error).message.replace(` from id ${DOCUMENT}`, '')}`);
      return;
    }
  };
  const hold = (value: unknown, place: string, validate: ValidateFunction | undefined): void => {
    if (!validate || validate(value)) return;
    for (const { instancePath, message, keyword } of validate.errors ?? []) {
      problems.push(`${place}: ${instancePath || '/'} ${message} (rule: ${keyword})`);
    }
  };

  const broken = Object.entries(components?.schemas ?? {}).filter(
    ([name, schema]) => !compile(schema, `#/components/schemas/${name}`),
  );
  if (broken.length > 0) {
    // Schemas that refer to a broken one only repeat its problem, unless they refer to each other.
    const refersToBroken = (schema: AnySchemaObject) =>
      broken.some(([name]) => JSON.stringify(schema).includes(`"#/components/schemas/${name}"`));
    const roots = problems.filter((_, index) => !refersToBroken(broken[index]?.[1] ?? {}));
    return roots.length > 0 ? roots : problems;
  }

  for (const [pointer, node] of walk({ paths, components })) {
    const place = `${path} at ${pointer}`;
    if (typeof node.$ref === 'string' && !/^#\/components\/\w+\/[^/]+$/.test(node.$ref)) {
      problems.push(
        `${place}: its $ref leads into ${node.$ref}; give that part a name among the components, and use it`,
      );
    }
    if (isObject(node.schema)) {
      const validate = compile(node.schema, `${pointer}/schema`);
      if ('example' in node) hold(node.example, `${place}/example`, validate);
      for (const [name, example] of Object.entries((node.examples ?? {}) as NonNullable<Media['examples']>)) {
        const command = /^(.*)\.reply(\.|$)/.exec(name)?.[1];
        const ownName = command ? `${command}.Reply` : commandOf(name);
        const own = components?.schemas?.[ownName];
        // A body or reply of another command is no example for this one.
        hold(example.value, examplePath(name), own ? compile(own, `#/components/schemas/${ownName}`) : validate);
      }
    } else if (Array.isArray(node.examples)) {
      const validate = compile(node, pointer);
      node.examples.forEach((value, i) => void hold(value, `${place}/examples/${i}`, validate));
    }
    if (/\/responses\/[^/]+\/content\/[^/]+$/.test(pointer) && !('example' in node) && !('examples' in node)) {
      problems.push(
        `${place}: the response has no example; add one beside its schema, or as openapi/examples/replies/reply.<status>.json`,
      );
    }
  }
  return problems;
}

/** Every object of a document with its JSON pointer, except inside examples and constants. */
function* walk(value: unknown, pointer = '#'): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  if (isObject(value)) yield [pointer, value];
  for (const [key, child] of Object.entries(value)) {
    if (['example', 'examples', 'default', 'const', 'enum'].includes(key)) continue;
    yield* walk(child, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
