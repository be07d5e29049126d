type Node = Record<string, unknown> | undefined;

/** Steps followed by a name or an index. */
const NAMED = /^(paths|parameters|tags|responses|content|oneOf|anyOf|allOf|properties)$/;

/**
 * A JSON pointer into an OpenAPI document in words: `#/paths/~1/post/parameters/0/schema` is `POST / parameter
 * SdkAppid`. Follows `$ref`, like the pointers of a resolved document.
 */
export function placeOf(pointer: string, document: object): string {
  const steps = stepsOf(pointer);
  const words: string[] = [];
  let node = document as Node;
  let inSchema = false;
  while (steps.length > 0) {
    const step = steps.shift() as string;
    // A reference with siblings.
    if (step === '$ref') {
      node = resolve(node, document);
      continue;
    }
    const isOperation = step === 'paths' && steps.length > 1 && steps[1] !== 'parameters';
    const [name, method] = steps.splice(0, isOperation ? 2 : NAMED.test(step) ? 1 : 0);
    for (const key of [step, name, method]) if (key !== undefined) node = resolve(node, document)?.[key] as Node;
    if (step === 'items' || (step === 'properties' && name !== undefined)) {
      // A path of fields is one word: body Group.CallbackAfterCreateGroup.MemberList[].Member_Account
      const parent = inSchema ? words.pop() : '';
      const separator = step === 'properties' && parent ? '.' : '';
      words.push(`${parent}${separator}${name ?? '[]'}`);
      inSchema = true;
    } else words.push(wordFor(step));

    function wordFor(step: string): string {
      if (step === 'requestBody') return 'body';
      if (step === 'schema') return '';
      if (name === undefined) return step;
      if (step === 'paths') return method === undefined ? name : `${method.toUpperCase()} ${name}`;
      if (step === 'parameters' || step === 'tags') {
        return `${step.slice(0, -1)} ${resolve(node, document)?.name ?? name}`;
      }
      if (step === 'responses') return `reply ${name}`;
      if (step === 'content') return /\bjson$/.test(name) && steps.length > 0 ? '' : name;
      const ref = node?.$ref;
      // A list within a list of alternatives: the inner alternative is the place.
      if (ref === undefined && node?.oneOf) return '';
      inSchema = typeof ref === 'string';
      return typeof ref === 'string' ? ref.slice(ref.lastIndexOf('/') + 1) : `${step} ${name}`;
    }
  }
  return words.filter(Boolean).join(' ') || 'the document';
}

function stepsOf(pointer: string): string[] {
  const steps = pointer.replace(/^#\/?/, '').split('/');
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function resolve(node: Node, document: object): Node {
  const ref = node?.$ref;
  if (typeof ref !== 'string') return node;
  const target = stepsOf(ref).reduce((parent, step) => resolve(parent, document)?.[step] as Node, document as Node);
  return resolve(target, document);
}
