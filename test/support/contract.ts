import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

interface Document {
  components?: { schemas?: object };
  paths: Record<string, Record<string, { operationId?: string; tags?: string[]; responses: Record<string, Answer> }>>;
}
interface Answer {
  $ref?: string;
  content?: Record<string, { schema: object }>;
}
export interface Reply {
  status: number;
  headers: Headers;
  text: string;
}

/**
 * Matches replies to a bundled contract. A request that no operation serves is matched to `fallback`, which declares
 * the replies to other paths and methods.
 */
export class ContractMatcher {
  /** `<operationId> <status>` of every reply that was matched. */
  readonly seen = new Set<string>();
  readonly #document: Document;
  readonly #fallback: string;
  readonly #ajv: Ajv2020;
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(document: object, fallback: string) {
    this.#document = document as Document;
    this.#fallback = fallback;
    this.#ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true, discriminator: true }));
    this.#ajv.addSchema({ $id: 'contract', ...document });
  }

  /** Every `<operationId> <status>` that the contract declares. */
  get declared(): string[] {
    return this.#operations().flatMap(({ id, operation }) =>
      Object.keys(operation.responses).map((status) => `${id} ${status}`),
    );
  }

  /** Those of `declared` whose operation has the tag. */
  declaredWith(tag: string): string[] {
    const ids = new Set(
      this.#operations()
        .filter(({ operation }) => operation.tags?.includes(tag))
        .map(({ id }) => id),
    );
    return this.declared.filter((reply) => ids.has(reply.split(' ')[0]));
  }

  /**
   * @param url path and query; a single command in it determines the allowed 200 replies
   * @throws if the contract lacks the reply's status or media type, or forbids its body
   */
  match(method: string, url: string, { status, headers, text }: Reply): void {
    const [path = '', query = ''] = url.split('?', 2);
    const commands = new URLSearchParams(query).getAll('CallbackCommand');
    const command = method === 'POST' && status === 200 && commands.length === 1 ? commands[0] : undefined;
    const operations = this.#operations();
    const here = operations.filter((one) => new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
    const found =
      here.find((one) => one.method === method) ??
      here.find(({ operation }) => status in operation.responses) ??
      operations.find(({ id }) => id === this.#fallback);
    const where = `${method} ${path} answered ${status}`;
    const answer = found?.operation.responses[status];
    if (!found || !answer) throw new Error(`${where}, which ${found?.id} lacks in the contract`);
    const type = headers.get('content-type')?.split(';')[0] ?? '';
    const [media, pointer] = this.#mediaOf(answer, type, [
      'paths',
      found.path,
      found.method.toLowerCase(),
      'responses',
      String(status),
    ]);
    // A 304 has no body; which file it means was said by the reply before.
    if (!media && status !== 304)
      throw new Error(`${where} as ${JSON.stringify(type)}, which ${found.id} lacks in the contract`);
    if (/[/+]json$/.test(type)) {
      const validate = this.#validatorOf(command === undefined ? pointer : this.#narrowed(pointer, command));
      if (!validate(JSON.parse(text)))
        throw new Error(`${where}, against the contract: ${this.#ajv.errorsText(validate.errors)}\n${text}`);
    }
    // A method that a path lacks is refused by all of its operations in the same way.
    const alike = here.some((one) => one.method === method) ? [] : here;
    for (const { id } of [found, ...alike]) this.seen.add(`${id} ${status}`);
  }

  /** The allowed 200 replies to this command: its own reply, or the one for every command. */
  #narrowed(pointer: string, command: string): string {
    const own = `${command}.Reply`;
    const hasOwn = Object.hasOwn(this.#document.components?.schemas ?? {}, own);
    return hasOwn ? `contract#/components/schemas/${own}` : `${pointer}/anyOf/0`;
  }

  /** @throws if the contract's schema of that name forbids the value */
  matchSchema(name: string, value: unknown): void {
    const validate = this.#validatorOf(`contract#/components/schemas/${name}`);
    if (!validate(value)) throw new Error(`not a ${name}: ${this.#ajv.errorsText(validate.errors)}`);
  }

  #operations() {
    return Object.entries(this.#document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        id: operation.operationId,
        path,
        method: method.toUpperCase(),
        operation,
      })),
    );
  }

  #mediaOf(answer: Answer, type: string, place: string[]): [object | undefined, string] {
    let [found, at] = [answer, place];
    if (answer.$ref) {
      at = answer.$ref
        .slice(2)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
      found = at.reduce(
        (node, key) => (node as unknown as Record<string, Answer>)[key] as Answer,
        this.#document as unknown as Answer,
      );
    }
    const pointer = [...at, 'content', type, 'schema'].map((part) =>
      encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')),
    );
    return [found.content?.[type], `contract#/${pointer.join('/')}`];
  }

  #validatorOf(pointer: string): ValidateFunction {
    const known = this.#validators.get(pointer) ?? this.#ajv.compile({ $ref: pointer });
    this.#validators.set(pointer, known);
    return known;
  }
}
