import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { AnySchemaObject } from 'ajv/dist/2020.js';
import type { CommandFacts } from '../../generated/commands.ts';
import { decisionFormOf } from './decision-forms.ts';

/** The parts of a bundled and validated document that `generate` reads. */
export interface Document {
  info: {
    title: string;
    version: string;
    description?: string;
    'x-zh'?: { title?: string; description?: string | undefined };
  };
  externalDocs?: object;
  'x-zh'?: { 'x-families'?: Record<string, string> };
  /** A sentence for each family of callbacks. */
  'x-families'?: Record<string, string>;
  paths: Record<string, { post?: Operation }>;
  components: { schemas: Record<string, AnySchemaObject>; headers?: object; securitySchemes?: object };
}
export interface Operation {
  description?: string;
  requestBody?: { required?: boolean; description?: string; content: Record<string, Media> };
  responses: Record<string, { description?: string; 'x-zh'?: object; content?: Record<string, Media> }>;
}
export interface Media {
  example?: unknown;
  schema?: AnySchemaObject;
  examples?: Record<string, { summary: string; value: unknown }>;
}

export const CALLBACK = 'openapi/callback.yaml';

/** The commands of the callback contract, in the order of the request body's schema. */
export function commandsOf({ paths }: Document): string[] {
  const { schema } = paths['/']?.post?.requestBody?.content['application/json'] ?? {};
  return listedIn(schema);
}

/** A list of commands, or a choice between such a list and others. */
function listedIn({ oneOf, anyOf, $ref }: AnySchemaObject = {}): string[] {
  return $ref ? [basename($ref)] : (oneOf ?? anyOf ?? []).flatMap(listedIn);
}

/**
 * The contract for bodies whose command has been filled in from the URL: every command has `CallbackCommand`, so that
 * all form one discriminated list.
 */
export function toNamed(document: Document): Document {
  const named = structuredClone(document);
  const commands = commandsOf(document);
  for (const command of commands) {
    const schema = named.components.schemas[command];
    if (!schema || namesItself(schema)) continue;
    const CallbackCommand = { type: 'string', const: command, description: 'The command, by the URL.' };
    schema.required = ['CallbackCommand', ...(schema.required ?? [])];
    schema.properties = { CallbackCommand, ...schema.properties };
  }
  const body = named.paths['/']?.post?.requestBody?.content['application/json'];
  if (body)
    body.schema = {
      type: 'object',
      required: ['CallbackCommand'],
      discriminator: { propertyName: 'CallbackCommand' },
      oneOf: commands.map((command) => ({ $ref: `#/components/schemas/${command}` })),
    };
  return named;
}

/** Whether bodies of a command contain `CallbackCommand`. */
export function namesItself(schema: AnySchemaObject): boolean {
  return schema['x-command-in-body'] !== false;
}

/** Such as `Group` for `Group.CallbackAfterCreateGroup`: the folder of its files. */
export function familyOf(command: string): string {
  return command.slice(0, command.indexOf('.'));
}

/** The families of commands, in the order of their first command. */
export function familiesOf(
  document: Document,
): { family: string; about: string; aboutZh: string; commands: string[] }[] {
  const families = Object.groupBy(commandsOf(document), familyOf);
  return Object.entries(families).map(([family, commands = []]) => ({
    family,
    about: document['x-families']?.[family] ?? '',
    aboutZh: document['x-zh']?.['x-families']?.[family] ?? '',
    commands,
  }));
}

/** Paths of the files in a folder and its subfolders, without hidden ones; empty if the folder does not exist. */
export function list(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * `callback.yaml` with its lists of commands, replies and fields updated from the folders. Listed commands keep their
 * place, new ones are appended.
 */
export function writeLists(yaml: string, root: string): string {
  const [commands, replies, fields] = ['callbacks', 'replies', 'fields'].map((folder) =>
    list(join(root, 'openapi', folder))
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => ({ name: basename(file, '.yaml'), file: `${folder}/${file}` })),
  ) as [Named[], Named[], Named[]];
  const isNameless = ({ file }: Named) =>
    /^x-command-in-body: false$/m.test(readFileSync(join(root, 'openapi', file), 'utf8'));
  const placeOf = ({ name }: Named) => {
    const place = yaml.indexOf(`#/components/schemas/${name}"`);
    return place < 0 ? yaml.length : place;
  };
  for (const named of [commands, replies]) named.sort((a, b) => placeOf(a) - placeOf(b));
  const own = replies.map(({ name, file }) => ({ name: `${name}.Reply`, file }));

  const reference = ({ name }: Named) => [`- $ref: "#/components/schemas/${name}"`];
  const lists: Record<string, string[]> = {
    bodies: commands.filter((command) => !isNameless(command)).flatMap(reference),
    nameless: commands.filter(isNameless).flatMap(reference),
    replies: own.flatMap(reference),
    schemas: [...commands, ...own, ...fields].flatMap(({ name, file }) => [`${name}:`, `  $ref: ${file}`]),
  };
  return Object.entries(lists).reduce(
    (text, [name, lines]) => fillRegion(text, CALLBACK, [`# <${name}>`, `# </${name}>`], lines),
    yaml,
  );
}
interface Named {
  name: string;
  file: string;
}

/** The URL parameters about the acting client. */
export const CLIENT_PARAMETERS = ['ClientIP', 'OptPlatform'] as const;

/** The name of the schema of a command's item in a batch; null if the command is not a batch. */
export function itemFormOf(command: string, { components: { schemas } }: Pick<Document, 'components'>): string | null {
  const schema = schemas[command];
  const batch = schema?.['x-batch'];
  if (typeof batch !== 'string') return null;
  const forms: { $ref?: string }[] = schema?.properties?.[batch.slice(1)]?.items?.anyOf ?? [];
  const names = forms.flatMap(({ $ref }) => ($ref === undefined ? [] : basename($ref)));
  return names.find((name) => schemas[name]?.properties?.CallbackCommand?.const === command) ?? null;
}

/** The values of a command's x- keys. */
export function factsIn(document: Document, command: string): CommandFacts {
  const schema = document.components.schemas[command] ?? {};
  return {
    family: familyOf(command),
    kind: schema['x-kind'],
    title: schema.title ?? command,
    subject: schema['x-subject'],
    accounts: schema['x-accounts'],
    eventTime: schema['x-event-time'] === 'none' ? null : schema['x-event-time'],
    idempotency: schema['x-idempotency'] ?? null,
    carriesMessage: schema['x-carries-message'] ?? [],
    decision: decisionFormOf(command, document.components.schemas),
    batch: schema['x-batch'] ?? null,
    clientParameters: (schema['x-client-parameters'] ?? CLIENT_PARAMETERS) || [],
  };
}

/** The text of `generated/commands.ts`. */
export function writeCommands(document: Document): string {
  const entries = commandsOf(document).map((command) => {
    const lines = Object.entries(factsIn(document, command)).map(
      ([name, value]) => `    ${name}: ${JSON.stringify(value)},\n`,
    );
    return `  '${command}': {\n${lines.join('')}  },\n`;
  });
  const families = familiesOf(document).map(({ family }) => `'${family}'`);
  return `${TYPES}
/** The commands that the contract describes, in its order. */
export const COMMANDS = {
${entries.join('')}} as const satisfies Record<string, CommandFacts>;

export type Command = keyof typeof COMMANDS;

/** In the order of their first commands. */
export const FAMILIES = [${families.join(', ')}] as const;

/** Those of the contract, and that of the snapshots, which are records of ours. */
export const KNOWN_FAMILIES = [...FAMILIES, 'Backfill'] as const;

/** Whether a command is of a family. \`other\` is every family that is not known. */
export function isOfFamily(command: string, family: string): boolean {
  if (family !== 'other') return command.startsWith(\`\${family}.\`);
  return !KNOWN_FAMILIES.some((known) => isOfFamily(command, known));
}

/** The commands that ask before something happens. */
export type BeforeCommand = {
  [C in Command]: (typeof COMMANDS)[C]['kind'] extends 'before' ? C : never;
}[Command];

/** The commands whose reply decides or answers: before-commands, and those that ask for data. */
export type DecidedCommand = {
  [C in Command]: (typeof COMMANDS)[C]['decision'] extends null ? never : C;
}[Command];

/** The facts of a command; undefined where the contract does not describe it. */
export function factsOf(command: string): CommandFacts | undefined {
  return Object.hasOwn(COMMANDS, command) ? COMMANDS[command as Command] : undefined;
}
`;
}

const TYPES = `
/** What the contract says of a command by the x- keys of its file. Pointers are JSON pointers; \`*\` is every item. */
export interface CommandFacts {
  family: string;
  /** \`before\`: the reply decides; \`answer\`: the reply must carry data. */
  kind: 'before' | 'after' | 'answer';
  title: string;
  subject: { kind: 'group' | 'account' | 'pair' | 'official' | 'none'; from: readonly string[] };
  accounts: readonly string[];
  eventTime: { from: string; unit: 'milliseconds' | 'seconds' } | null;
  /** A field whose presence makes an equal body a repeat, where there is no event time. */
  idempotency: string | null;
  /** What is removed of it where messages are not kept. */
  carriesMessage: readonly string[];
  /** How its reply says a decision; null where it decides nothing. */
  decision: DecisionForm | null;
  /** JSON pointer of the list, where one request carries several callbacks (a batch): each is delivered by itself. */
  batch: string | null;
  /** What its URL says of the client. */
  clientParameters: readonly ('ClientIP' | 'OptPlatform')[];
}

/** How a reply says a decision, by its \`x-decision\`. */
export interface DecisionForm {
  /** The code of a refusal without a code of the app's own. */
  refusal: number;
  /** The code that drops a message without telling its sender. */
  drop?: number;
  /** The fields of the reply that put something in place of what was sent. */
  replaces?: readonly string[];
  /** The field of the reply that carries an answer. */
  data?: string;
  /** JSON pointer of the accounts in the callback that can be refused one by one. */
  targets?: string;
  /** The field of the reply that lists the targets that are refused. */
  refused?: string;
  /** The field of the reply that has a result for each target, which alone decides. */
  results?: string;
}
`;

/**
 * Replaces the lines between two marks, indented like the first mark.
 *
 * @throws if the text has no such marks
 */
export function fillRegion(text: string, path: string, [start, end]: [string, string], lines: string[]): string {
  const region = new RegExp(`^( *)(${start}.*\n)[^]*?( *${end})`, 'm');
  if (!region.test(text))
    throw new Error(`${path}: has no lines ${start} and ${end}; what is generated goes between them`);
  return text.replace(region, (_, indent: string, first: string, last: string) =>
    [indent, first, ...lines.map((line) => `${line && indent + line}\n`), last].join(''),
  );
}
