import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parse } from 'yaml';
import { findUntranslated } from './chinese.ts';
import { commandsOf, type Document, familiesOf, familyOf, type Operation } from './commands.ts';
import { EVENT_MEDIA } from './delivery.ts';
import { writePage } from './reference-page.ts';

const OPTIONS = {
  // Relative: next to index.html on disk, and /openapi.yaml of the admin listener.
  downloadUrls: [{ title: 'openapi.yaml', url: 'openapi.yaml' }],
  hideHostname: true,
  nativeScrollbars: true,
  pathInMiddlePanel: false,
  schemasExpansionLevel: 'all',
  showObjectSchemaExamples: true,
  jsonSamplesExpandLevel: 3,
};

/** In reading order. Their files are `<name>.md` and `<name>.zh.md`. */
const CHAPTERS = ['console', 'signing', 'guarantees', 'deliveries'];

/**
 * The reference of the callback contract, in English and Chinese, as one self-contained HTML page, served or opened
 * from disk.
 *
 * @param delivered the contract of deliveries, a separate section
 * @param root the folder with `openapi/guide/`
 * @returns the page, and its texts without a Chinese version
 * @throws if a contract, the guide or the renderer is not as expected
 */
export async function buildReference(
  contract: Document,
  delivered: Document,
  { root, notice }: { root: string; notice: string },
): Promise<{ html: string; untranslated: string[] }> {
  const document = withDelivery(documentForReaders(contract, join(root, 'openapi')), delivered);
  const html = await writePage({ document, options: OPTIONS, chapters: CHAPTERS, notice });
  const missing = CHAPTERS.map((name) => `openapi/guide/${name}.zh.md`).filter((path) => !existsSync(join(root, path)));
  return { html, untranslated: [...findUntranslated(document), ...missing] };
}

/**
 * The contract with each command as a separate webhook (with its fields, examples and replies) instead of an
 * alternative in the body of POST /, preceded by the guide.
 */
function documentForReaders(contract: Document, openapi: string): ForReaders {
  const post = contract.paths['/']?.post;
  const body = post?.requestBody?.content['application/json'];
  const commands = commandsOf(contract);
  if (!post || !body || commands.length === 0)
    throw new Error('The contract has no oneOf of commands in the body of POST /');
  const { schemas } = contract.components;
  const named = namesInChinese(openapi);
  const tagOf = (command: string) => `${familyOf(command)} ${schemas[command]?.['x-kind'] ?? 'after'}`;
  const webhooks = commands.map((command) => {
    const { title = command, description, 'x-zh': chinese = {} } = schemas[command] ?? {};
    const operation = {
      operationId: command,
      tags: [tagOf(command)],
      summary: title,
      description: paragraphs(`\`${command}\``, description),
      'x-zh': {
        summary: chinese.title,
        description: chinese.description && paragraphs(`\`${command}\``, chinese.description),
      },
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { $ref: `#/components/schemas/${command}` },
            examples: named(only(body.examples, (name) => name === command || name.startsWith(`${command}.with-`))),
          },
        },
      },
      responses: { 200: replyTo(command, contract, post, named) },
    };
    return [command, { post: operation }];
  });
  const tags = new Set(commands.map(tagOf));
  const groups = familiesOf(contract).flatMap(({ family, about, aboutZh }) =>
    KINDS.map(({ kind, english, chinese }) => ({
      name: `${family} ${kind}`,
      'x-displayName': `${family} commands, ${english.name}`,
      description: `${about} ${english.says}`.trim(),
      'x-zh': {
        'x-displayName': `${family}：${chinese.name}`,
        description: aboutZh && `${aboutZh}${chinese.says}`,
      },
    })),
  );
  // The description already links to the vendor's page.
  const { externalDocs: _, ...rest } = contract;
  const { 'x-zh': info, ...english } = contract.info;
  return {
    ...rest,
    components: { ...contract.components, schemas: proseOnly(schemas) },
    info: {
      ...english,
      description: paragraphs(english.description, ...chapters(openapi, 'en')),
      'x-zh': {
        ...info,
        description: info?.description && paragraphs(info.description, ...chapters(openapi, 'zh')),
      },
    },
    tags: [
      tag('callbacks', ['Every callback', 'What all commands have in common.'], ['所有回调', '所有命令的共同部分。']),
      ...groups.filter(({ name }) => tags.has(name)),
      tag(
        'health',
        ['Health', 'What a load balancer or supervisor calls.'],
        ['健康检查', '由负载均衡或进程管理工具调用。'],
      ),
    ],
    paths: {
      ...contract.paths,
      '/': { post: { ...post, requestBody: bodyOfAny(commands), responses: withNamedReplies(post.responses, named) } },
    },
    webhooks: Object.fromEntries(webhooks),
  };
}

const KINDS = [
  {
    kind: 'before',
    english: { name: 'before', says: 'Sent before something happens: the reply decides whether it does.' },
    chinese: { name: '事前回调', says: '在事情发生之前发送：由应答决定是否进行。' },
  },
  {
    kind: 'answer',
    english: { name: 'answered', says: 'Sent to ask for data: the reply carries it.' },
    chinese: { name: '请求数据', says: '为请求数据而发送：由应答返回数据。' },
  },
  {
    kind: 'after',
    english: { name: 'after', says: 'Sent after something happened: the reply changes nothing in the chat.' },
    chinese: { name: '事后回调', says: '在事情发生之后发送：应答不影响聊天中的结果。' },
  },
];

/** The schemas without the sentences for the page. */
function proseOnly(schemas: Document['components']['schemas']): Document['components']['schemas'] {
  const plain = Object.entries(schemas).map(([name, { 'x-sentence': sentence, 'x-zh': chinese, ...rest }]) => {
    const { title, description } = chinese ?? {};
    return [name, { ...rest, ...(chinese && { 'x-zh': sentence ? { title, description } : chinese }) }];
  });
  return Object.fromEntries(plain);
}

function tag(name: string, english: [string, string], chinese: [string, string]) {
  const [title, says] = chinese;
  return {
    name,
    'x-displayName': english[0],
    description: english[1],
    'x-zh': { 'x-displayName': title, description: says },
  };
}

function paragraphs(...texts: (string | undefined)[]): string {
  return texts.filter(Boolean).join('\n\n');
}

type Examples = Record<string, { summary: string; value: unknown; 'x-zh'?: { summary: string | undefined } }>;
/** Adds Chinese summaries to examples. */
type Named = (examples: Examples) => Examples;

function namesInChinese(openapi: string): Named {
  const path = join(openapi, 'examples.zh.yaml');
  // A folder with only the contract may have no Chinese.
  const names: Record<string, string> = existsSync(path) ? parse(readFileSync(path, 'utf8')) : {};
  return (examples) =>
    Object.fromEntries(
      Object.entries(examples).map(([name, example]) => {
        // The summary of a plain example is the name of its command or reply.
        const summary = example.summary === name ? name : names[example.summary];
        return [name, { ...example, 'x-zh': { summary } }];
      }),
    );
}

interface ForReaders extends Document {
  tags: object[];
  webhooks: object;
}

/** Adds the delivered event, whose `data` is described with each command. */
function withDelivery(document: ForReaders, { info, paths, components }: Document): object {
  const operation = paths['/']?.post;
  const media = operation?.requestBody?.content[EVENT_MEDIA];
  const { Attributes } = components.schemas;
  if (!operation || !media || !Attributes) throw new Error('The contract of deliveries has no POST / of events');
  const properties = {
    ...Attributes.properties,
    type: {
      type: 'string',
      ...says(
        'The command, as in `Group.CallbackAfterCreateGroup`.',
        '回调命令，例如 `Group.CallbackAfterCreateGroup`。',
      ),
    },
    data: {
      type: 'object',
      ...says('The body of the callback as received: see the command.', '收到的回调请求体：见各命令。'),
    },
  };
  const schema = { ...Attributes, required: [...Attributes.required, 'type', 'data'], properties };
  const [created, ...others] = Object.entries(media.examples ?? {});
  const decided = others.find(([, { value }]) => (value as { decision?: string }).decision);
  const examples = Object.fromEntries(
    [created, decided, others.at(-1)].flatMap((example) => {
      if (!example) return [];
      const [command, shown] = example;
      const summary = document.components.schemas[command]?.['x-zh']?.title ?? '其他任何命令';
      return [[command, { ...shown, 'x-zh': { summary } }]];
    }),
  );
  const requestBody = { ...operation.requestBody, content: { [EVENT_MEDIA]: { schema, examples } } };
  const { title, description } = info['x-zh'] ?? {};
  const ofDelivery = {
    name: 'delivery',
    'x-displayName': info.title,
    description: info.description,
    'x-zh': { 'x-displayName': title, description },
  };
  return {
    ...document,
    tags: [...document.tags.slice(0, -1), ofDelivery, ...document.tags.slice(-1)],
    webhooks: { ...document.webhooks, delivery: { post: { ...operation, requestBody } } },
    components: {
      ...document.components,
      headers: components.headers,
      securitySchemes: { ...document.components.securitySchemes, ...components.securitySchemes },
    },
  };
}

/** The reply to a command, with its examples only. */
function replyTo(command: string, { components }: Document, { responses }: Operation, named: Named): object {
  const any = responses[200];
  const media = any?.content?.['application/json'];
  // The first alternative is the reply for any command.
  const [plain] = media?.schema?.anyOf ?? [];
  if (!any || !media || !plain) throw new Error('The contract has no anyOf of replies in POST / 200');
  const own = `${command}.Reply` in components.schemas;
  const start = own ? `${command}.reply` : 'reply.200';
  return {
    ...(own ? says('The decision.', '决定。') : { description: any.description, 'x-zh': any['x-zh'] }),
    content: {
      'application/json': {
        schema: own ? { $ref: `#/components/schemas/${command}.Reply` } : plain,
        examples: named(only(media.examples, (name) => name === start || name.startsWith(`${start}.`))),
      },
    },
  };
}

/**
 * The responses to any command. Redoc finds a chosen example by its summary, and replies to two commands may share one,
 * so each summary names its command.
 */
function withNamedReplies(responses: Operation['responses'], named: Named): Operation['responses'] {
  const replies = structuredClone(responses);
  for (const media of Object.values(replies).map(({ content }) => content?.['application/json'])) {
    if (media?.examples) media.examples = named(media.examples);
  }
  const examples: Examples = replies[200]?.content?.['application/json']?.examples ?? {};
  for (const [name, example] of Object.entries(examples)) {
    const [, command] = /^(.+)\.reply(\.|$)/.exec(name) ?? [];
    const chinese = example['x-zh']?.summary;
    if (!command) continue;
    example.summary = `${command}: ${example.summary}`;
    example['x-zh'] = { summary: chinese && `${command}：${chinese}` };
  }
  return replies;
}

function only(examples: Examples = {}, isWanted: (name: string) => boolean): Examples {
  return Object.fromEntries(Object.entries(examples).filter(([name]) => isWanted(name)));
}

function bodyOfAny(commands: string[]): NonNullable<Operation['requestBody']> {
  const entries = commands.map((command) => `- [\`${command}\`](#operation/${command})`);
  const CallbackCommand = {
    type: 'string',
    ...says(
      'The command, as in the query. Commands that are not described here are kept and answered OK.',
      '回调命令，与 URL 中的相同。此处未描述的命令同样保存并应答 OK。',
    ),
    examples: commands.slice(0, 1),
  };
  return {
    required: true,
    ...says(
      `Compact UTF-8 JSON. Its fields depend on the command. These are described:\n\n${entries.join('\n')}`,
      `紧凑的 UTF-8 JSON，字段取决于命令。已描述的命令：\n\n${entries.join('\n')}`,
    ),
    content: {
      'application/json': {
        schema: { type: 'object', required: ['CallbackCommand'], properties: { CallbackCommand } },
        example: { CallbackCommand: commands[0] },
      },
    },
  };
}

function says(description: string, chinese: string) {
  return { description, 'x-zh': { description: chinese } };
}

/**
 * The chapters of the guide. A line `{{path}}` in one stands for that file, as a block of code. One without Chinese is
 * the English one, marked as such.
 */
function chapters(openapi: string, language: 'en' | 'zh'): string[] {
  const guide = join(openapi, 'guide');
  return CHAPTERS.map((name) => {
    const chinese = join(guide, `${name}.zh.md`);
    const isThere = language === 'zh' && existsSync(chinese);
    const text = readFileSync(isThere ? chinese : join(guide, `${name}.md`), 'utf8');
    const whole = text.replace(/^\{\{(.+)\}\}$/gm, (_line, code: string) => {
      const lines = readFileSync(join(guide, code), 'utf8').trimEnd();
      return `\`\`\`${extname(code).slice(1)}\n${lines}\n\`\`\``;
    });
    return language === 'en' || isThere ? whole : `<div lang="en">\n\n${whole}\n\n</div>`;
  });
}
