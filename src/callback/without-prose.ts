const PROSE = ['title', 'description', 'summary', 'example', 'examples', 'externalDocs'];

/**
 * A document of OpenAPI without what only people read. Compiled with it, every validator carries it along, which takes
 * longer than all the rest of the compiling.
 */
export function withoutProse<D extends object>(document: D): D {
  return strip(document, false) as D;
}

/** @param named whether the keys are names of fields, as below `properties`: there `title` is a field. */
function strip(node: unknown, named: boolean): unknown {
  if (Array.isArray(node)) return node.map((item) => strip(item, false));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => named || !PROSE.includes(key))
      .map(([key, value]) => [
        key,
        ['const', 'enum', 'default'].includes(key) && !named ? value : strip(value, NAMING.includes(key) && !named),
      ]),
  );
}

const NAMING = ['properties', 'patternProperties', 'schemas', 'responses', 'parameters', 'securitySchemes', 'headers'];
