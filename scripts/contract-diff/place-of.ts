type Node = Record<string, unknown> | undefined;

/**
 * A JSON pointer of an OpenAPI document in words: `#/paths/~1/post/parameters/0/schema` is `POST / parameter SdkAppid`.
 * Steps into what `$ref` names are followed, as in the pointers of a resolved document.
 */
export function placeOf(pointer: string, document: object): string {
  const steps = pointer
    .replace(/^#\/?/, '')
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const words: string[] = [];
  let node = document as Node;
  let inSchema = false;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as string;
    const next = (): string => steps[++i] ?? '';
    const into = (key: string): Node => {
      node = resolve(node, document)?.[key] as Node;
      return node;
    };
    // A reference with words of its own beside it.
    if (step === '$ref') {
      node = resolve(node, document);
      continue;
    }
    into(step);
    if (step === 'paths' && i + 2 < steps.length && steps[i + 2] !== 'parameters') {
      const path = next();
      into(path);
      const method = next();
      into(method);
      words.push(`${method.toUpperCase()} ${path}`);
    } else if (step === 'paths' && i + 1 < steps.length) {
      words.push(next());
      into(words.at(-1) as string);
    } else if ((step === 'parameters' || step === 'tags') && i + 1 < steps.length) {
      const index = next();
      words.push(`${step.slice(0, -1)} ${resolve(into(index), document)?.name ?? index}`);
    } else if (step === 'requestBody') {
      words.push('body');
    } else if (step === 'responses' && i + 1 < steps.length) {
      const status = next();
      into(status);
      words.push(`reply ${status}`);
    } else if (step === 'content' && i + 1 < steps.length) {
      const type = next();
      into(type);
      if (type !== 'application/json' || i + 1 === steps.length) words.push(type);
    } else if (/^(oneOf|anyOf|allOf)$/.test(step) && i + 1 < steps.length) {
      const index = next();
      const ref = into(index)?.$ref;
      inSchema = typeof ref === 'string';
      words.push(typeof ref === 'string' ? ref.slice(ref.lastIndexOf('/') + 1) : `${step} ${index}`);
    } else if (step === 'properties' && i + 1 < steps.length) {
      const name = next();
      into(name);
      // A path of fields is one word: body Group.CallbackAfterCreateGroup.MemberList[].Member_Account
      const parent = inSchema ? (words.pop() as string) : '';
      words.push(parent ? `${parent}.${name}` : name);
      inSchema = true;
    } else if (step === 'items') {
      words.push(inSchema ? `${words.pop()}[]` : '[]');
      inSchema = true;
    } else if (step !== 'schema') {
      words.push(step);
    }
  }
  return words.filter(Boolean).join(' ') || 'the document';
}

function resolve(node: Node, document: object): Node {
  const ref = node?.$ref;
  if (typeof ref !== 'string') return node;
  const steps = ref.replace(/^#\//, '').split('/');
  const target = steps.reduce<Node>(
    (parent, step) => resolve(parent, document)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')] as Node,
    document as Node,
  );
  return resolve(target, document);
}
