/** The vendor refuses: ErrorCode and ErrorInfo. */
export class RestError extends Error {
  readonly code: number;

  constructor(code: number, info: string) {
    super(info);
    this.code = code;
  }
}

// TypeScript does not know these of ECMAScript 2026.
const { parse, rawJSON } = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { source: string }) => unknown): unknown;
  rawJSON(text: string): object;
};

export { rawJSON };

/** A number of JSON as it was written. */
class Digits {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A request's body, or an object in it, strictly read: another type than the vendor's is a bad parameter. */
export class Body {
  readonly #fields: Record<string, unknown>;

  constructor(fields: Record<string, unknown>) {
    this.#fields = fields;
  }

  static parse(text: string): Body {
    try {
      const value = parse(text, (_key, value, { source }) => (typeof value === 'number' ? new Digits(source) : value));
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return new Body(value as Record<string, unknown>);
    } catch {
      // Refused below.
    }
    throw new RestError(60003, 'the body is not a JSON object');
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  text(name: string): string | undefined {
    return this.#value(name, 'a string', (value) => (typeof value === 'string' ? value : undefined));
  }

  texts(name: string, most = 10_000): string[] | undefined {
    const wanted = `a list of 1 to ${most} strings`;
    return this.#value(name, wanted, (value) => {
      const isList = Array.isArray(value) && value.length >= 1 && value.length <= most;
      return isList && value.every((one) => typeof one === 'string') ? value : undefined;
    });
  }

  integer(name: string, least: number, most: number): number | undefined {
    return this.#value(name, `a number from ${least} to ${most}`, (value) => {
      const number = value instanceof Digits && /^\d+$/.test(value.text) ? Number(value.text) : -1;
      return number >= least && number <= most ? number : undefined;
    });
  }

  /** Of a whole number beyond 2^53. */
  digits(name: string): string | undefined {
    return this.#value(name, 'an unsigned number of 64 bits', (value) =>
      value instanceof Digits && /^\d+$/.test(value.text) ? value.text : undefined,
    );
  }

  object(name: string): Body | undefined {
    return this.#value(name, 'an object', (value) => {
      const isObject =
        typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Digits);
      return isObject ? new Body(value as Record<string, unknown>) : undefined;
    });
  }

  #value<Value>(name: string, wanted: string, read: (value: unknown) => Value | undefined): Value | undefined {
    if (!this.has(name)) return undefined;
    const value = read(this.#fields[name]);
    if (value === undefined) throw new RestError(10004, `${name} is not ${wanted}`);
    return value;
  }
}
