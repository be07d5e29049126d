import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import type { AnySchemaObject } from 'ajv/dist/2020.js';
import { commandsOf, type Document, familiesOf, familyOf, type Operation } from './commands.ts';
import { EVENT_MEDIA } from './delivery.ts';
import { withoutWords } from './sentences.ts';

/** The one thing that Redoc loads from elsewhere; an empty image takes its place. */
const LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const EMPTY_IMAGE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='0' height='0'/%3E";

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", sans-serif';
const CODE_FONT = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

const OPTIONS = {
  // Relative: beside index.html on disk, and /openapi.yaml of the admin listener.
  downloadUrls: [{ title: 'openapi.yaml', url: 'openapi.yaml' }],
  hideHostname: true,
  nativeScrollbars: true,
  pathInMiddlePanel: false,
  schemasExpansionLevel: 'all',
  showObjectSchemaExamples: true,
  jsonSamplesExpandLevel: 3,
  theme: {
    colors: { primary: { main: '#0b57a4' } },
    // The contrast that WCAG AA demands, also on the grey of lists in lists.
    schema: { typeNameColor: '#333', typeTitleColor: '#333' },
    typography: {
      fontSize: '16px',
      lineHeight: '1.55',
      fontFamily: FONT,
      headings: { fontFamily: FONT, fontWeight: '600' },
      code: { fontFamily: CODE_FONT, fontSize: '13px', color: '#8a1f11' },
    },
    sidebar: { width: '280px' },
  },
};

const STYLE = `
body { margin: 0; }
noscript { display: block; margin: 2rem; font-family: ${FONT}; }
#reference [data-section-id^="section/"] table { font-size: 15px; }
#reference td[kind^="additional"] div { color: #595959; }
#reference p.zh { color: #595959; }
@media (max-width: 600px) {
  #reference [data-section-id^="section/"] :is(td, th) { padding: 6px 8px; }
}
`;

/**
 * Runs in the page, for what Redoc omits: an element that scrolls must be reachable by keyboard, and the label of a menu
 * entry must not hide the entries inside it.
 */
const ON_RENDERED = `() => {
  for (const wide of document.querySelectorAll('pre, table')) wide.tabIndex = 0;
  for (const entry of document.querySelectorAll('[role=menuitem]')) entry.removeAttribute('aria-label');
}`;

/** In reading order. */
const CHAPTERS = ['console.md', 'signing.md', 'guarantees.md', 'deliveries.md'];

/**
 * The reference of the callback contract as one HTML page that needs no other file, served or opened from disk. It holds
 * its own Content-Security-Policy, which lets it load nothing.
 *
 * @param delivered the contract of what is delivered, a section of its own
 * @param root the folder with `openapi/guide/`
 * @throws when a contract, the guide or the renderer is not as expected
 */
export function buildReference(
  contract: Document,
  delivered: Document,
  { root, notice }: { root: string; notice: string },
): string {
  const document = inScript(withDelivery(documentForReaders(contract, join(root, 'openapi/guide')), delivered));
  const scripts = [
    readRenderer(),
    `Redoc.init(${document}, ${inScript(OPTIONS)}, document.getElementById('reference'), ${ON_RENDERED});`,
  ];
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`).join(' ')}`,
    // Redoc creates its styles at run time: they have no known hash.
    "style-src 'unsafe-inline'",
    'img-src data:',
    // Redoc makes the worker of its search from a blob.
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<!-- ${notice} -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tencent Chat callbacks: reference</title>
<style>${STYLE}</style>
</head>
<body>
<noscript>This page needs JavaScript. The contract itself is <a href="openapi.yaml">openapi.yaml</a>.</noscript>
<main id="reference"></main>
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
}

function readRenderer(): string {
  const path = createRequire(import.meta.url).resolve('redoc/bundles/redoc.standalone.js');
  const text = readFileSync(path, 'utf8');
  if (!text.includes(LOGO)) throw new Error(`${path} no longer loads ${LOGO}: remove what replaces it`);
  return text.replaceAll(LOGO, EMPTY_IMAGE).replaceAll('</script', '<\\/script');
}

/** JSON that cannot end the script element that holds it. */
function inScript(value: object): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/**
 * The contract with each command as a webhook of its own (its fields, its examples, its replies) instead of an
 * alternative in the one body of POST /, and with the guide in front.
 */
function documentForReaders(contract: Document, guide: string): ForReaders {
  const post = contract.paths['/']?.post;
  const body = post?.requestBody?.content['application/json'];
  const commands = commandsOf(contract);
  if (!post || !body || commands.length === 0)
    throw new Error('The contract has no oneOf of commands in the body of POST /');
  const { schemas } = contract.components;
  const tagOf = (command: string) => `${familyOf(command)} ${schemas[command]?.['x-kind'] ?? 'after'}`;
  const webhooks = commands.map((command) => {
    const operation = {
      operationId: command,
      tags: [tagOf(command)],
      summary: schemas[command]?.title ?? command,
      description: [`\`${command}\``, inChinese(schemas[command]), schemas[command]?.description]
        .filter(Boolean)
        .join('\n\n'),
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { $ref: `#/components/schemas/${command}` },
            examples: only(body.examples, (name) => name === command || name.startsWith(`${command}.with-`)),
          },
        },
      },
      responses: { 200: replyTo(command, contract, post) },
    };
    return [command, { post: operation }];
  });
  const tags = new Set(commands.map(tagOf));
  const groups = familiesOf(contract).flatMap(({ family, about }) => [
    {
      name: `${family} before`,
      'x-displayName': `${family} commands, before`,
      description: `${about} Sent before something happens: the reply decides whether it does.`.trim(),
    },
    {
      name: `${family} answer`,
      'x-displayName': `${family} commands, answered`,
      description: `${about} Sent to ask for data: the reply carries it.`.trim(),
    },
    {
      name: `${family} after`,
      'x-displayName': `${family} commands, after`,
      description: `${about} Sent after something happened: the reply changes nothing in the chat.`.trim(),
    },
  ]);
  // The description links to the vendor's page already.
  const { externalDocs: _, ...rest } = contract;
  const chapters = CHAPTERS.map((name) => chapter(guide, name));
  return {
    ...rest,
    components: withoutWords(contract).components,
    info: { ...contract.info, description: [contract.info.description, ...chapters].join('\n\n') },
    tags: [
      { name: 'callbacks', 'x-displayName': 'Every callback', description: 'What all commands have in common.' },
      ...groups.filter(({ name }) => tags.has(name)),
      { name: 'health', 'x-displayName': 'Health', description: 'What a load balancer or supervisor calls.' },
    ],
    paths: {
      ...contract.paths,
      '/': { post: { ...post, requestBody: bodyOfAny(commands), responses: withNamedReplies(post.responses) } },
    },
    webhooks: Object.fromEntries(webhooks),
  };
}

/** The title and the description in Chinese, where there are any: a paragraph of its own, in the language that it is in. */
function inChinese(schema: AnySchemaObject | undefined): string {
  const { title, description } = schema?.['x-zh'] ?? {};
  return title ? `<p lang="zh-Hans" class="zh"><strong>${title}</strong> ${description}</p>` : '';
}

interface ForReaders extends Document {
  tags: object[];
  webhooks: object;
}

/** With the event that is delivered, whose `data` is described where its command is. */
function withDelivery(document: ForReaders, { info, paths, components }: Document): object {
  const operation = paths['/']?.post;
  const media = operation?.requestBody?.content[EVENT_MEDIA];
  const { Attributes } = components.schemas;
  if (!operation || !media || !Attributes) throw new Error('The contract of deliveries has no POST / of events');
  const properties = {
    ...Attributes.properties,
    type: { type: 'string', description: 'The command, as in `Group.CallbackAfterCreateGroup`.' },
    data: { type: 'object', description: 'The body of the callback as received: see the command.' },
  };
  const schema = { ...Attributes, required: [...Attributes.required, 'type', 'data'], properties };
  const [created, ...others] = Object.entries(media.examples ?? {});
  const decided = others.find(([, { value }]) => (value as { decision?: string }).decision);
  const examples = Object.fromEntries(
    [created, decided, others.at(-1)].flatMap((example) => (example ? [example] : [])),
  );
  const requestBody = { ...operation.requestBody, content: { [EVENT_MEDIA]: { schema, examples } } };
  const tag = { name: 'delivery', 'x-displayName': info.title, description: info.description };
  return {
    ...document,
    tags: [...document.tags.slice(0, -1), tag, ...document.tags.slice(-1)],
    webhooks: { ...document.webhooks, delivery: { post: { ...operation, requestBody } } },
    components: {
      ...document.components,
      headers: components.headers,
      securitySchemes: { ...document.components.securitySchemes, ...components.securitySchemes },
    },
  };
}

/** The reply that a command gets, with the examples of that reply alone. */
function replyTo(command: string, { components }: Document, { responses }: Operation): object {
  const any = responses[200];
  const media = any?.content?.['application/json'];
  // The first alternative is the reply that suits any command.
  const [plain] = media?.schema?.anyOf ?? [];
  if (!any || !media || !plain) throw new Error('The contract has no anyOf of replies in POST / 200');
  const own = `${command}.Reply` in components.schemas;
  const start = own ? `${command}.reply` : 'reply.200';
  return {
    description: own ? 'The decision.' : any.description,
    content: {
      'application/json': {
        schema: own ? { $ref: `#/components/schemas/${command}.Reply` } : plain,
        examples: only(media.examples, (name) => name === start || name.startsWith(`${start}.`)),
      },
    },
  };
}

/**
 * The responses to any command. Redoc finds a chosen example by its summary, and the replies to two commands may have one
 * summary, so each names its command.
 */
function withNamedReplies(responses: Operation['responses']): Operation['responses'] {
  const named = structuredClone(responses);
  const examples = named[200]?.content?.['application/json']?.examples ?? {};
  for (const [name, example] of Object.entries(examples)) {
    const [, command] = /^(.+)\.reply(\.|$)/.exec(name) ?? [];
    if (command) example.summary = `${command}: ${example.summary}`;
  }
  return named;
}

function only(examples: object = {}, isWanted: (name: string) => boolean): object {
  return Object.fromEntries(Object.entries(examples).filter(([name]) => isWanted(name)));
}

function bodyOfAny(commands: string[]): NonNullable<Operation['requestBody']> {
  const entries = commands.map((command) => `- [\`${command}\`](#operation/${command})`);
  const CallbackCommand = {
    type: 'string',
    description: 'The command, as in the query. Commands that are not described here are kept and answered OK.',
    examples: commands.slice(0, 1),
  };
  return {
    required: true,
    description: `Compact UTF-8 JSON. Its fields depend on the command. These are described:\n\n${entries.join('\n')}`,
    content: {
      'application/json': {
        schema: { type: 'object', required: ['CallbackCommand'], properties: { CallbackCommand } },
        example: { CallbackCommand: commands[0] },
      },
    },
  };
}

/** A chapter of the guide. A line `{{path}}` in it stands for that file, as a block of code. */
function chapter(guide: string, name: string): string {
  return readFileSync(join(guide, name), 'utf8').replace(/^\{\{(.+)\}\}$/gm, (_line, path: string) => {
    const text = readFileSync(join(guide, path), 'utf8').trimEnd();
    return `\`\`\`${extname(path).slice(1)}\n${text}\n\`\`\``;
  });
}
