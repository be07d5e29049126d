/** The keys that hold prose for readers, translated by `x-zh` beside them. */
export const PROSE = ['title', 'summary', 'description', 'x-displayName'];

/** The keys that hold data or another document's words, unless they are names, for instance below `properties`. */
const DATA = ['value', 'example', 'default', 'const', 'enum', 'externalDocs'];
const NAMING = ['properties', 'patternProperties', 'schemas', 'responses', 'securitySchemes', 'headers', 'content'];

type Node = Record<string, unknown>;

/** The parts of a node that may hold prose: key -> part, and whether the keys of the part are names. */
function partsOf(node: Node, named: boolean): [key: string, part: unknown, named: boolean][] {
  return Object.entries(node).flatMap(([key, part]) => {
    if (!named && (DATA.includes(key) || key === 'x-zh')) return [];
    return [[key, part, !named && NAMING.includes(key)] as [string, unknown, boolean]];
  });
}

/**
 * The document without the `x-zh` beside its prose.
 *
 * @param keeps whether the Chinese at a JSON pointer stays
 */
export function withoutChinese<D>(document: D, keeps: (pointer: string) => boolean = () => false): D {
  const strip = (value: unknown, pointer: string, named: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => strip(item, `${pointer}/${index}`, false));
    if (typeof value !== 'object' || value === null) return value;
    const { ...stripped } = value as Node;
    if (!named && !keeps(pointer)) delete stripped['x-zh'];
    for (const [key, part, names] of partsOf(value as Node, named)) {
      stripped[key] = strip(part, `${pointer}/${key}`, names);
    }
    return stripped;
  };
  return strip(document, '', false) as D;
}

/** The prose of a document that lacks a Chinese version, as `place: the beginning of the English`. */
export function findUntranslated(document: object): string[] {
  const missing: string[] = [];
  const visit = (value: unknown, pointer: string, named: boolean): void => {
    if (Array.isArray(value)) value.forEach((item, index) => void visit(item, `${pointer}/${index}`, false));
    else if (typeof value === 'object' && value !== null) {
      const node = value as Node;
      const { 'x-zh': chinese = {} } = node as { 'x-zh'?: Node };
      for (const key of named ? [] : PROSE) {
        const english = node[key];
        if (typeof english !== 'string' || english === '' || chinese[key]) continue;
        missing.push(`${pointer}/${key}: ${JSON.stringify(english.slice(0, 60))}`);
      }
      for (const [key, part, names] of partsOf(node, named)) {
        visit(part, `${pointer}/${key.replaceAll('/', '~1')}`, names);
      }
    }
  };
  visit(document, '#', false);
  return missing;
}

/** The document with its prose in Chinese. A description without a translation stays English, and is marked as such. */
export function inChinese<D>(document: D): D {
  const translate = (value: unknown, named: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => translate(item, false));
    if (typeof value !== 'object' || value === null) return value;
    const { ...node } = value as Node;
    for (const [key, part, names] of partsOf(value as Node, named)) node[key] = translate(part, names);
    if (named) return node;
    const { 'x-zh': chinese = {}, ...rest } = node as Node & { 'x-zh'?: Node };
    for (const key of PROSE) {
      if (chinese[key]) rest[key] = chinese[key];
      else if (key === 'description' && typeof rest[key] === 'string')
        rest[key] = `<div lang="en">\n\n${rest[key]}\n\n</div>`;
    }
    return rest;
  };
  return translate(document, false) as D;
}
