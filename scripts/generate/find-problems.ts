import { Ajv2020, type AnySchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** The parts of a bundled and validated document that `generate` reads. */
export interface Document {
  paths: Record<string, { post?: Operation }>;
  components?: { schemas?: Record<string, AnySchemaObject> };
}
interface Operation {
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
}
type Content = Record<string, { schema?: AnySchemaObject; examples?: Record<string, Example> }>;
interface Example {
  summary: string;
  value: unknown;
}

/** Compiles every schema and holds every example against its own; a response without an example is a problem too. */
export function findProblems({ paths, components }: Document, path: string): string[] {
  // Strict, so that a misspelt keyword does not pass for an annotation.
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allErrors: true,
    discriminator: true,
  });
  addFormats.default(ajv).addVocabulary(['components', 'example', 'externalDocs']);
  const problems: string[] = [];

  const compile = (schema: AnySchemaObject, place: string): ValidateFunction | undefined => {
    try {
      return ajv.compile({ components, ...schema });
    } catch (error) {
      problems.push(`${place}: ${(error as Error).message}`);
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
    ([name, schema]) => !compile(schema, `${path} at #/components/schemas/${name}`),
  );
  if (broken.length > 0) {
    // What refers to a broken schema only repeats its problem, unless they refer to each other.
    const refersToBroken = (schema: AnySchemaObject) =>
      broken.some(([name]) => JSON.stringify(schema).includes(`"#/components/schemas/${name}"`));
    const roots = problems.filter((_, index) => !refersToBroken(broken[index]?.[1] ?? {}));
    return roots.length > 0 ? roots : problems;
  }

  for (const [pointer, node] of walk({ paths, components })) {
    const place = `${path} at ${pointer}`;
    if (isObject(node.schema)) {
      const validate = compile(node.schema, `${place}/schema`);
      if ('example' in node) hold(node.example, `${place}/example`, validate);
      for (const [name, example] of Object.entries((node.examples ?? {}) as Record<string, Example>)) {
        const command = /^(.*)\.reply(\.|$)/.exec(name)?.[1];
        const own = command && components?.schemas?.[`${command}.Reply`];
        // What another command may be answered is no example for this one.
        hold(example.value, `openapi/examples/${folderOf(name)}/${name}.json`, own ? compile(own, place) : validate);
      }
    } else if (Array.isArray(node.examples)) {
      const validate = compile(node, place);
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

/** Every object of a document with its JSON pointer, except those inside of examples and constants. */
function* walk(value: unknown, pointer = '#'): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  if (isObject(value)) yield [pointer, value];
  for (const [key, child] of Object.entries(value)) {
    if (['example', 'examples', 'default', 'const', 'enum'].includes(key)) continue;
    yield* walk(child, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
}

/** The folder of an example within openapi/examples/. */
function folderOf(name: string): string {
  return name.startsWith('reply.') ? 'replies' : name.slice(0, name.indexOf('.'));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
