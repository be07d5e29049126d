import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type Document, type Handler, OpenAPIBackend, type Operation, ValidationContext } from 'openapi-backend';
import { FORMATS, filled, OTHER_RULES, PATTERNS, REASONS, RULES, SHOWN_VALUES, TYPES } from './rule-words.ts';

type Handlers = Record<string, Handler>;

/** Cache of compiled validators by document: a process may have several receivers, and compiling takes 50 ms. */
const COMPILED = {
  coercing: new WeakMap<object, OpenAPIBackend['validator']>(),
  exact: new WeakMap<object, OpenAPIBackend['validator']>(),
};

/**
 * Opens a bundled OpenAPI document (from `generated/`, validated when it was generated) for routing and validation.
 * Compiles every validator: in quick mode openapi-backend compiles on the first request, but a schema that does not
 * compile must stop the start instead of letting callbacks through.
 *
 * @param coerceQuery convert numbers and booleans in queries, and fill in the contract's defaults. The validators then
 *   modify their input, so this is not for callbacks. Bodies are never converted.
 * @throws if a schema does not compile
 */
export async function openContract(
  document: object,
  {
    operations = {},
    security = {},
    coerceQuery = false,
  }: { operations?: Handlers; security?: Handlers; coerceQuery?: boolean } = {},
): Promise<OpenAPIBackend> {
  const compiled = coerceQuery ? COMPILED.coercing : COMPILED.exact;
  const validator = compiled.get(document);
  const api = new OpenAPIBackend({
    definition: withoutProse(document) as Document,
    validate: validator === undefined,
    // openapi-backend checks documents against OpenAPI 3.0 only.
    quick: true,
    // Otherwise a request passes if its failure handler is missing.
    strict: true,
    coerceTypes: coerceQuery,
    // openapi-backend pairs 3.1 documents with Ajv's draft-07 class, and always coerces parameters.
    customizeAjv: (_draft07, options, context) =>
      openAjv({
        ...(options as Options),
        useDefaults: coerceQuery,
        ...((!coerceQuery || context === ValidationContext.RequestBody) && { coerceTypes: false }),
        // Callbacks are validated up to the first violation; `violationsOf` finds the others.
        ...(!coerceQuery && { allErrors: false }),
      }),
    handlers: operations,
    securityHandlers: security,
  });
  await api.init();
  if (validator) {
    api.validator = validator;
    api.validate = true;
    return api;
  }
  for (const operation of api.router.getOperations()) {
    const operationId = operationIdOf(operation);
    try {
      api.validator.getRequestValidatorsForOperation(operationId);
    } catch (error) {
      throw new Error(`A schema of ${operationId} does not compile: ${(error as Error).message}`, { cause: error });
    }
  }
  compiled.set(document, api.validator);
  return api;
}

function openAjv(options: Options): Ajv2020 {
  return addFormats.default(
    new Ajv2020({
      strict: false,
      // The document was checked against the meta-schema when it was generated; compiling the meta-schema takes 100 ms.
      validateSchema: false,
      allErrors: true,
      verbose: true,
      discriminator: true,
      // Optimized code is no faster here, and optimizing takes a third of the time to the first callback.
      code: { optimize: false },
      ...options,
    }),
  );
}

const EXHAUSTIVE = new WeakMap<ValidateFunction, ValidateFunction>();
/** Limit of the items of each list, and fields of each object, that are examined for violations after the first one. */
const MOST_EXAMINED = 20;

/**
 * The violation that a validator found before it stopped, and others at the beginning of each list. Not all: a body of
 * 250 KB can violate the contract 80,000 times, and describing every violation would delay the replies to others.
 */
export function violationsOf(validate: ValidateFunction, data: unknown): ErrorObject[] {
  const first = validate.errors ?? [];
  let exhaustive = EXHAUSTIVE.get(validate);
  if (!exhaustive) {
    exhaustive = openAjv({}).compile(validate.schema as object);
    EXHAUSTIVE.set(validate, exhaustive);
  }
  return withoutOtherForms(exhaustive(beginningOf(data)) ? first : [...(exhaustive.errors ?? []), ...first]);
}

const COMMAND_FIELD = '/CallbackCommand';

/** An item of a batch has the form of its command: mismatches with the forms of other commands explain nothing. */
function withoutOtherForms(errors: ErrorObject[]): ErrorObject[] {
  const unmatched = new Set(errors.flatMap(({ instancePath, keyword }) => (keyword === 'anyOf' ? instancePath : [])));
  const isOfForms = ({ instancePath, keyword }: ErrorObject) =>
    unmatched.has(keyword === 'anyOf' ? instancePath : instancePath.slice(0, -COMMAND_FIELD.length)) &&
    (keyword === 'anyOf' || instancePath.endsWith(COMMAND_FIELD));
  const others = errors.filter((error) => !isOfForms(error));
  return others.some(({ instancePath }) => [...unmatched].some((place) => instancePath.startsWith(place)))
    ? others
    : errors;
}

function beginningOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, MOST_EXAMINED).map(beginningOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, beginningOf(field)]));
}

/**
 * @throws if an operation, a security scheme or a kind of failure has no handler: an omission must not let requests
 *   through
 */
export function requireHandlers(api: OpenAPIBackend): void {
  const schemes = Object.keys((api.definition as Document).components?.securitySchemes ?? {});
  const missing = [
    ...['validationFail', 'unauthorizedHandler', 'notFound', 'methodNotAllowed'].filter((name) => !api.handlers[name]),
    ...api.router
      .getOperations()
      .map(operationIdOf)
      .filter((id) => !api.handlers[id]),
    ...schemes.filter((name) => !api.securityHandlers[name]),
  ];
  if (missing.length > 0)
    throw new Error(`The contract names what nobody handles: ${missing.join(', ')}. Register it.`);
}

/**
 * Compiles schemas of the document by name. The validators do not modify their input.
 * @throws if a schema is missing or does not compile
 */
export function compileSchemas<Name extends string>(
  { definition }: OpenAPIBackend,
  names: readonly Name[],
): ReadonlyMap<Name, ValidateFunction> {
  const ajv = openAjv({ discriminator: false });
  const { schemas } = (definition as Document).components ?? {};
  return new Map(
    names.map((name) => {
      const schema = schemas?.[name];
      if (!schema) throw new Error(`The contract has no schema ${name}; add it.`);
      return [name, ajv.compile(schema)];
    }),
  );
}

function operationIdOf({ operationId, method, path }: Operation): string {
  if (!operationId) throw new Error(`${method.toUpperCase()} ${path} has no operationId in the contract; give it one.`);
  return operationId;
}

const SHOWN_VIOLATIONS = 5;
const SHOWN_CHARACTERS = 60;

/**
 * Describes violations as place, value and rule: `body.GroupId (5) must be a string`. Lists and objects are shown by
 * kind only, so that no member list appears in an error text.
 *
 * @param hides whether the value at a place must not be shown either
 */
export function describeViolations(
  errors: readonly ErrorObject[],
  hides: (place: string) => boolean = () => false,
): string {
  // A body with many small faults has as many errors; describing all would take longer than reading the body.
  const described = errors.slice(0, 10 * SHOWN_VIOLATIONS);
  const choices = described.filter((error) => numbersIn(error) !== null).map(({ schemaPath }) => `${schemaPath}/`);
  const sentences = [
    ...new Set(
      described
        .filter(({ schemaPath }) => !choices.some((choice) => schemaPath.startsWith(choice)))
        .map((error) => describeViolation(error, hides)),
    ),
  ];
  const more = sentences.length - SHOWN_VIOLATIONS;
  return (
    sentences.slice(0, SHOWN_VIOLATIONS).join('; ') + (more > 0 ? `; ${filled(REASONS.more.en, { count: more })}` : '')
  );
}

function describeViolation(error: ErrorObject, hides: (place: string) => boolean): string {
  const { instancePath, keyword, params, data } = error;
  const place = instancePath
    .slice(1)
    .replace(/^requestBody/, 'body')
    .replaceAll('/', '.')
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
  const within = (name: string) => (place === '' ? name : `${place}.${name}`);
  if (keyword === 'required') return `${within(params.missingProperty)} ${OTHER_RULES.required.en}`;
  if (keyword === 'additionalProperties') return `${within(params.additionalProperty)} ${OTHER_RULES.additional.en}`;
  if (keyword === 'discriminator') {
    const { tag, tagValue } = params;
    if (tagValue === undefined) return `${within(tag)} ${OTHER_RULES.required.en}`;
    const rule = typeof tagValue === 'string' ? OTHER_RULES.undescribedTag.en : ruleOfTypes('string');
    return `${within(tag)} (${shown(tagValue)}) ${rule}`;
  }
  const value = hides(place) ? SHOWN_VALUES.hidden.en : shown(data);
  return `${place === '' ? value : `${place} (${value})`} ${ruleIn(error)}`;
}

/** The rule that was violated, in words. */
function ruleIn(error: ErrorObject): string {
  const { keyword, params, schema } = error;
  const numbers = numbersIn(error);
  if (numbers !== null) return filled(OTHER_RULES.numbers.en, { numbers });
  if (keyword === 'type') return ruleOfTypes(schema as string | string[]);
  if (keyword === 'pattern' && PATTERNS[params.pattern]) return PATTERNS[params.pattern]?.en ?? '';
  if (keyword === 'format' && FORMATS[params.format]) return FORMATS[params.format]?.en ?? '';
  if (keyword === 'minLength' && params.limit === 1) return OTHER_RULES.notEmpty.en;
  const values = keyword === 'not' ? (schema as { enum?: unknown[] }).enum : params.allowedValues;
  if (!Object.hasOwn(RULES, keyword) || (keyword === 'not' && !values))
    return filled(OTHER_RULES.unworded.en, { keyword });
  const { limit, multipleOf } = params;
  return filled(RULES[keyword as keyof typeof RULES].en, {
    ...{
      value: shown(params.allowedValue),
      values: values?.join(', '),
      pattern: params.pattern,
      format: params.format,
    },
    ...{ count: limit, limit, factor: multipleOf },
  });
}

function ruleOfTypes(types: string | string[]): string {
  return filled(RULES.type.en, {
    types: [types]
      .flat()
      .map((type) => TYPES[type]?.en ?? type)
      .join(' or '),
  });
}

/** The numbers and ranges that a choice allows: `0, 1, or 10100 to 10200`. Null for any other violation. */
function numbersIn({ keyword, schema }: ErrorObject): string | null {
  if (keyword === 'const') return typeof schema === 'number' ? String(schema) : null;
  if (keyword !== 'anyOf') return null;
  const forms = schema as { enum?: unknown[]; minimum?: number; maximum?: number }[];
  const texts = forms.map(({ enum: values, minimum, maximum }) => {
    if (values) return values.join(', ');
    return minimum === undefined || maximum === undefined ? null : `${minimum} to ${maximum}`;
  });
  return texts.includes(null) ? null : texts.join(', or ');
}

/** A value in an error text, cut to 60 characters. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return SHOWN_VALUES.list.en;
  if (typeof value === 'object' && value !== null) return SHOWN_VALUES.object.en;
  const text = JSON.stringify(value) ?? SHOWN_VALUES.missing.en;
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

const PROSE = ['title', 'description', 'summary', 'example', 'examples', 'externalDocs'];

/**
 * The document without titles, descriptions and examples. With `verbose`, every compiled validator holds a copy of its
 * schema, and copying the prose took longer than the rest of the compilation.
 */
function withoutProse<D extends object>(document: D): D {
  return strip(document, false) as D;
}

/** @param named whether the keys are names, as in `properties`, where `title` is a field */
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
