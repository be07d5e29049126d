import type { AnySchemaObject } from 'ajv/dist/2020.js';
import type { OpenAPITSOptions } from 'openapi-typescript';
import ts from 'typescript';
import { factsOfItem } from '../../src/callback/batch.ts';
import { eventTimeOf, toCallback, valueAt } from '../../src/callback/callback.ts';
import { payloadReader } from '../../src/callback/normalize.ts';
import { subjectOf } from '../../src/callback/subject.ts';
import { eventOf } from '../../src/delivery/event.ts';
import { usualDecision } from '../simulator/examples.ts';
import { commandsOf, type Document, factsIn, fillRegion, itemFormOf } from './commands.ts';
import { reachable, relax, relaxBody } from './wire.ts';

export const DELIVERY = 'openapi/delivery.yaml';
/** The only media type of events. */
export const EVENT_MEDIA = 'application/cloudevents+json';

/**
 * The schema of a command's `data`; for a batch, that of its item. The command's own name is taken by its event, as a
 * discriminator without mapping requires.
 */
const dataOf = (command: string, contract: Document) => itemFormOf(command, contract) ?? `${command}.Data`;

/** `delivery.yaml` with an event for each command of the callback contract, and the fields they use. */
export function writeEvents(yaml: string, contract: Document): string {
  const { schemas } = contract.components;
  const commands = commandsOf(contract);
  const delivered = commands.map((command) => itemFormOf(command, contract) ?? command);
  const fields = [...reachable(delivered, schemas)].filter((name) => !commands.includes(name)).sort();
  const events = commands.flatMap((command) => {
    const { family, title, subject } = factsIn(contract, command);
    const item = itemFormOf(command, contract);
    return [
      `${command}:`,
      `  title: ${JSON.stringify((item && schemas[item]?.title) ?? title)}`,
      '  type: object',
      '  required: [type, data]',
      '  allOf:',
      '    - $ref: "#/components/schemas/Attributes"',
      '  properties:',
      `    type: { type: string, const: ${command} }`,
      ...(subject.kind === 'none' ? [] : [`    subjectkind: { type: string, const: ${subject.kind} }`]),
      `    data: { $ref: "#/components/schemas/${dataOf(command, contract)}" }`,
      ...(item ? [] : [`${dataOf(command, contract)}:`, `  $ref: callbacks/${family}/${command}.yaml`]),
    ];
  });
  const lists: Record<string, string[]> = {
    events: commands.map((command) => `- $ref: "#/components/schemas/${command}"`),
    known: commands.map((command) => `- ${command}`),
    schemas: [...events, ...fields.flatMap((name) => [`${name}:`, `  $ref: fields/${name}.yaml`])],
  };
  return Object.entries(lists).reduce(
    (text, [name, lines]) => fillRegion(text, DELIVERY, [`# <${name}>`, `# </${name}>`], lines),
    yaml,
  );
}

/**
 * The bundled `delivery.yaml` as published: its operation is below `paths`, where tools expect it; `data` accepts every
 * form that is read leniently, because it is sent on as received; and each event has its command's example.
 *
 * @param contract the callback contract, with its examples
 */
export function toDelivered({ webhooks, ...document }: DeliveryDocument, contract: Document): Document {
  const { schemas } = document.components;
  const bodies = commandsOf(contract).map((command) => dataOf(command, contract));
  const inBodies = reachable(bodies, schemas);
  const same = (name: string) => name;
  const relaxed = Object.entries(schemas).map(([name, schema]) => {
    if (!inBodies.has(name)) return [name, schema];
    return [name, bodies.includes(name) ? relaxBody(schema, same) : relax(schema, same)];
  });
  const delivered = structuredClone({
    ...document,
    paths: { '/': webhooks.event },
    webhooks: { event: { $ref: '#/paths/~1' } },
    components: { ...document.components, schemas: Object.fromEntries(relaxed) as Record<string, AnySchemaObject> },
  });
  const media = delivered.paths['/'].post?.requestBody?.content[EVENT_MEDIA];
  if (media) media.examples = examplesOf(contract);
  return delivered;
}
export interface DeliveryDocument extends Document {
  webhooks: { event: Document['paths'][string] };
}

/** The document for generating types, without parts that would repeat the schemas. */
export function toEventTypes(delivered: Document): Document {
  const typed = structuredClone(delivered) as Document & { webhooks?: object };
  delete typed.webhooks;
  delete typed.components.schemas.KnownEvent?.discriminator;
  return typed;
}

/** Comparing `type` with a command narrows an enum away, which types `data`; a string is not narrowed. */
export const EVENT_TYPES: OpenAPITSOptions = {
  inject: "declare enum AnyOtherCommand { name = 'any other command' }",
  transform: (schema) => ('not' in schema ? ts.factory.createTypeReferenceNode('AnyOtherCommand') : undefined),
};

const SDK_APP_ID = 1_400_000_000;
/** For callbacks without an event time. */
const ARRIVAL = Date.parse('2022-12-09T08:26:54.298Z');
const LATENCY_MS = 175;
const UNKNOWN = 'Example.CallbackAfterSomethingNew';

const CLIENT = { ClientIP: '203.0.113.7', OptPlatform: 'iOS' };

/** The plain example of each command as its event, and an unknown one. */
function examplesOf(contract: Document) {
  const sent = contract.paths['/']?.post?.requestBody?.content['application/json']?.examples ?? {};
  const readPayload = payloadReader(contract);
  const known = commandsOf(contract).map((command, index) => {
    const { batch, ...all } = factsIn(contract, command);
    const { kind, title, subject, clientParameters, ...facts } = batch === null ? all : factsOfItem({ batch, ...all });
    const sentBody = sent[command]?.value;
    // For a batch, its first item.
    const [body, read] = [sentBody, readPayload(command, sentBody)].map((value) =>
      batch === null ? value : valueAt(value, `${batch}/*`),
    );
    const payload = read as Parameters<typeof toCallback>[0];
    const eventTime = eventTimeOf(payload, facts);
    const query = Object.fromEntries(clientParameters.map((name) => [name, CLIENT[name]]));
    const receivedAt = new Date(eventTime ? eventTime.at.getTime() + LATENCY_MS : ARRIVAL);
    const delivery = {
      ...toCallback(payload, { query, sdkAppId: SDK_APP_ID, receivedAt, eventTime }),
      subject: subjectOf(subject, payload),
      decision: usualDecision({ kind }),
    };
    const id = `${1043 + index}${batch === null ? '' : '-0'}`;
    return [command, { summary: title, value: exampleOf(id, body, delivery) }] as const;
  });
  const at = new Date(ARRIVAL);
  const unknown = {
    command: UNKNOWN,
    subject: null,
    happenedAt: at,
    receivedAt: at,
    clientIp: null,
    optPlatform: null,
  };
  const value = exampleOf(
    String(1043 + known.length),
    { CallbackCommand: UNKNOWN, Something: 'new' },
    { ...unknown, decision: null },
  );
  return Object.fromEntries([...known, [UNKNOWN, { summary: 'Any other command', value }] as const]);
}

type Delivery = Parameters<typeof eventOf>[0];

function exampleOf(
  callbackId: string,
  body: unknown,
  of: Omit<Delivery, keyof typeof SAME | 'id' | 'raw' | 'payload'>,
) {
  const raw = Buffer.from(JSON.stringify(body));
  const delivery: Delivery = { ...SAME, ...of, id: `80c9839a-${callbackId}`, raw, payload: body };
  return JSON.parse(eventOf(delivery, SDK_APP_ID));
}
const SAME = { unknown: false, group: null, attempt: 1, late: false };
