import { isObject } from '../../../src/callback/callback.ts';

/** A refusal of the vendor: ErrorCode and ErrorInfo. */
export class RestError extends Error {
  readonly code: number;

  constructor(code: number, info: string) {
    super(info);
    this.code = code;
  }
}

// TypeScript lacks these functions of ECMAScript 2026.
const { parse, rawJSON } = JSON as unknown as {
  parse(text: string, reviver: (key: string, value: unknown, context: { source: string }) => void): unknown;
  rawJSON(text: string): object;
};

export { rawJSON };

/** A request's body, or an object in it, read strictly: a type other than the vendor's is a bad parameter. */
export class Body {
  readonly #fields: Record<string, unknown>;
  readonly #text: string;

  /** @param text source of the body; '' for an object in a body */
  constructor(fields: Record<string, unknown>, text = '') {
    this.#fields = fields;
    this.#text = text;
  }

  static parse(text: string): Body {
    try {
      const value = JSON.parse(text);
      if (isObject(value)) return new Body(value, text);
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
    const isIn = (value: unknown): value is number => Number.isInteger(value) && least <= (value as number);
    return this.#value(name, `a number from ${least} to ${most}`, (value) =>
      isIn(value) && value <= most ? value : undefined,
    );
  }

  /** The digits of an integer that may exceed 2^53. */
  digits(name: string): string | undefined {
    return this.#value(name, 'an unsigned number of 64 bits', (value) => {
      let digits = '';
      if (typeof value === 'number') {
        parse(this.#text, (key, _value, { source }) => {
          if (key === name) digits = source;
        });
      }
      return /^\d+$/.test(digits) ? digits : undefined;
    });
  }

  object(name: string): Body | undefined {
    return this.#value(name, 'an object', (value) => (isObject(value) ? new Body(value) : undefined));
  }

  #value<Value>(name: string, wanted: string, read: (value: unknown) => Value | undefined): Value | undefined {
    if (!this.has(name)) return undefined;
    const value = read(this.#fields[name]);
    if (value === undefined) throw new RestError(10004, `${name} is not ${wanted}`);
    return value;
  }
}
