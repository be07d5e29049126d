import type { AnySchemaObject } from 'ajv/dist/2020.js';
import type { Document } from './commands.ts';
import { EVENT_MEDIA } from './delivery.ts';
import { reachable } from './wire.ts';

export const STREAM = 'openapi/stream.yaml';

/** The parts of `stream.yaml` that are filled in. */
interface Stream {
  channels: { events: object };
  components: { schemas: Record<string, AnySchemaObject> };
}
interface Example {
  summary: string;
  value: { id: string; type: string; attempt?: number };
}

/**
 * `stream.yaml` with a message for each event of the published delivery contract, and the schemas that they use.
 *
 * @throws if it is not an AsyncAPI document with a channel of events
 */
export function toAsyncApi(stream: Stream, delivered: Document): object {
  if (!stream.channels?.events || !stream.components?.schemas) {
    throw new Error(`${STREAM}: has no channels.events or no components.schemas; what is generated goes there`);
  }
  const { schemas } = delivered.components;
  const examples = delivered.paths['/']?.post?.requestBody?.content[EVENT_MEDIA]?.examples ?? {};
  const messages = Object.values(examples as Record<string, Example>).map(({ summary, value }) => {
    const { attempt: _, ...payload } = value;
    const name = Object.hasOwn(schemas, value.type) ? value.type : 'UnknownEvent';
    const headers = { 'Nats-Msg-Id': value.id, ...HEADERS };
    const message = {
      name,
      title: summary,
      contentType: EVENT_MEDIA,
      headers: { $ref: '#/components/schemas/Headers' },
      payload: { $ref: `#/components/schemas/${name}` },
      examples: [{ headers, payload }],
    };
    return [name, message] as const;
  });
  const names = messages.map(([name]) => name);
  const used = [...reachable(names, schemas)].sort().map((name) => [name, withoutSiblings(schemas[name])]);
  return {
    ...stream,
    channels: { ...stream.channels, events: { ...stream.channels.events, messages: references(names) } },
    components: {
      ...stream.components,
      messages: Object.fromEntries(messages),
      schemas: { ...stream.components.schemas, ...Object.fromEntries(used) },
    },
  };
}

const HEADERS = { 'content-type': EVENT_MEDIA, 'Tencent-Chat-Store': '80c9839a', 'Tencent-Chat-Place': '7403-1043' };

function references(names: string[]): object {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
}

/** AsyncAPI uses JSON Schema draft-07, which ignores siblings of `$ref`. */
function withoutSiblings(schema: AnySchemaObject | undefined): unknown {
  return JSON.parse(JSON.stringify(schema), (_key, value) => {
    if (typeof value?.$ref !== 'string' || Object.keys(value).length === 1) return value;
    const { $ref, ...rest } = value;
    return { ...rest, allOf: [{ $ref }] };
  });
}
