import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const GUIDE = join(import.meta.dirname, '../../openapi/guide');
/** In the order in which a reader needs them. */
const CHAPTERS = ['console.md', 'signing.md', 'guarantees.md'];

const ASKING = {
  'x-displayName': 'Group commands, before',
  description: 'Sent before something happens: the reply decides whether it does.',
};
const TELLING = {
  'x-displayName': 'Group commands, after',
  description: 'Sent after something happened: the reply changes nothing in the chat.',
};

interface Operation {
  tags?: string[];
  requestBody?: {
    content: Record<string, { schema: { oneOf?: { $ref: string }[] }; examples?: Record<string, object> }>;
  };
  responses: Record<string, { description?: string; content?: Record<string, Media> }>;
}
interface Media {
  schema?: { anyOf?: object[] };
  examples?: Record<string, object>;
}
export interface ContractDocument {
  info: { description?: string };
  externalDocs?: object;
  paths: Record<string, { post?: Operation }>;
  components: { schemas: Record<string, { title?: string; description?: string }> };
}

/**
 * The callback contract as a reader wants it: each command an entry of its own (a webhook of OpenAPI 3.1) with its fields
 * and examples, instead of an alternative in the one body of POST /; and the guide of `openapi/guide/` in front.
 *
 * @throws when the contract or the guide is not as this function expects it, naming what is missing
 */
export function documentForReaders(contract: ContractDocument): object {
  const { post, body, commands } = callbacksOf(contract);
  const webhooks = Object.fromEntries(
    commands.map((command) => {
      const schema = contract.components.schemas[command];
      const examples = Object.entries(body.examples ?? {}).filter(
        ([name]) => name === command || name.startsWith(`${command}.with-`),
      );
      const operation = {
        operationId: command,
        tags: [tagOf(command, contract)],
        summary: schema?.title ?? command,
        description: `\`${command}\`\n\n${schema?.description ?? ''}`,
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: `#/components/schemas/${command}` },
              examples: Object.fromEntries(examples),
            },
          },
        },
        responses: { 200: replyTo(command, contract, post.responses[200]) },
      };
      return [command, { post: operation }];
    }),
  );
  const kinds = [...new Set(commands.map((command) => tagOf(command, contract)))].sort().reverse();
  // The description links to the vendor's page already.
  const { externalDocs: _, ...rest } = contract;
  return {
    ...rest,
    info: { ...contract.info, description: [contract.info.description, ...CHAPTERS.map(chapter)].join('\n\n') },
    tags: [
      { name: 'callbacks', 'x-displayName': 'Every callback', description: 'What all commands have in common.' },
      ...kinds.map((name) => ({ name, ...(name.endsWith(' before') ? ASKING : TELLING) })),
      { name: 'health', 'x-displayName': 'Health', description: 'What a load balancer or supervisor calls.' },
    ],
    paths: { ...contract.paths, '/': { post: { ...post, requestBody: bodyOfAny(commands) } } },
    webhooks,
  };
}

function callbacksOf({ paths }: ContractDocument) {
  const post = paths['/']?.post;
  const body = post?.requestBody?.content['application/json'];
  if (!post || !body?.schema.oneOf) throw new Error('The contract has no oneOf of commands in the body of POST /');
  const commands = body.schema.oneOf.map(({ $ref }) => $ref.replace('#/components/schemas/', ''));
  return { post, body, commands };
}

/** `Group before` or `Group after`: the family of a command, and whether its reply decides something. */
function tagOf(command: string, { components }: ContractDocument): string {
  return `${command.split('.')[0]} ${components.schemas[`${command}.Reply`] ? 'before' : 'after'}`;
}

/** The one reply that a command gets, with its examples alone. */
function replyTo(command: string, { components }: ContractDocument, any: Operation['responses'][string] | undefined) {
  const media = any?.content?.['application/json'];
  // The first alternative is the reply that suits any command.
  const [plain] = media?.schema?.anyOf ?? [];
  if (!any || !media || !plain) throw new Error('The contract has no anyOf of replies in POST / 200');
  const own = components.schemas[`${command}.Reply`];
  const start = own ? `${command}.reply` : 'reply.200';
  const examples = Object.entries(media.examples ?? {}).filter(
    ([name]) => name === start || name.startsWith(`${start}.`),
  );
  return {
    description: own ? 'The decision.' : any.description,
    content: {
      'application/json': {
        schema: own ? { $ref: `#/components/schemas/${command}.Reply` } : plain,
        examples: Object.fromEntries(examples),
      },
    },
  };
}

function bodyOfAny(commands: string[]): object {
  const entries = commands.map((command) => `- [\`${command}\`](#operation/${command})`);
  return {
    required: true,
    description: `Compact UTF-8 JSON. Its fields depend on the command. These are described:\n\n${entries.join('\n')}`,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['CallbackCommand'],
          properties: {
            CallbackCommand: {
              type: 'string',
              description:
                'The command, as in the query. Commands that are not described here are kept and answered OK.',
              examples: commands.slice(0, 1),
            },
          },
        },
        example: { CallbackCommand: commands[0] },
      },
    },
  };
}

/** A chapter with the files that its lines of the form `{{path}}` name. */
function chapter(name: string): string {
  return readFileSync(join(GUIDE, name), 'utf8').replace(/^\{\{(.+)\}\}$/gm, (_line, path: string) => {
    const text = readFileSync(join(GUIDE, path), 'utf8').trimEnd();
    return `\`\`\`${extname(path).slice(1)}\n${text}\n\`\`\``;
  });
}
