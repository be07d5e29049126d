import specification from '@asyncapi/specs/schemas/3.0.0-without-$id.json' with { type: 'json' };
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import stream from '../generated/asyncapi.json' with { type: 'json' };
import { COMMANDS } from '../generated/commands.ts';
import { type Event, eventExamples } from './support/events.ts';

// AsyncAPI's own schema, and the schemas in an AsyncAPI document, are draft-07.
const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }));
ajv.addSchema({ $id: 'stream', components: stream.components });
const isAsyncApi = ajv.compile(specification);

test('is a document of AsyncAPI 3.0', () => {
  expect([isAsyncApi(stream), ajv.errorsText(isAsyncApi.errors)]).toEqual([true, 'No errors']);
});

test('the schema of AsyncAPI refuses an invalid document', () => {
  const operations = { takeEvents: { ...stream.operations.takeEvents, action: 'take' } };
  expect(isAsyncApi({ ...stream, operations })).toBe(false);
});

test('every reference resolves', () => {
  const references = [...JSON.stringify(stream).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, pointer = '']) => pointer);
  const broken = references.filter((pointer) => {
    const at = (node: unknown, key: string) => (node as Record<string, unknown> | undefined)?.[key];
    return pointer.split('/').reduce<unknown>(at, stream) === undefined;
  });
  expect([references.length > 100, broken]).toEqual([true, []]);
});

test('the channel has a message for each command, and one for all others', () => {
  const names = [...Object.keys(COMMANDS), 'UnknownEvent'];
  expect(Object.keys(stream.channels.events.messages)).toEqual(names);
  expect(Object.keys(stream.components.messages)).toEqual(names);
  const { address, parameters } = stream.channels.events;
  expect([...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)).toEqual(Object.keys(parameters));
});

test('each message has the schema of its event, without an attempt, and a valid example', () => {
  for (const [name, { headers, payload, examples }] of Object.entries(stream.components.messages)) {
    const [example] = examples as { headers: Record<string, string>; payload: { id: string } }[];
    if (!example) throw new Error(`${name} has no example`);
    const { attempt: _, ...event } = Object.values(eventExamples).find(({ id }) => id === example.payload.id) as Event;
    expect(example.payload).toEqual(event);
    expect(example.headers['Nats-Msg-Id']).toBe(example.payload.id);
    expect([name, holds(headers.$ref, example.headers), holds(payload.$ref, example.payload)]).toEqual([name, '', '']);
  }
});

test('the schemas refuse an event with the body of another command', () => {
  const [created, full] = ['Group.CallbackAfterCreateGroup', 'Group.CallbackAfterGroupFull'] as const;
  const wrong = { ...eventExamples[created], data: eventExamples[full]?.data };
  expect(holds(stream.components.messages[created].payload.$ref, wrong)).toContain('data');
});

/** Violations of a schema of the document; empty if the value is valid. */
function holds(reference: string, value: unknown): string {
  const validate = ajv.getSchema(`stream${reference}`);
  if (!validate) throw new Error(`${reference} is no schema`);
  return validate(value) ? '' : ajv.errorsText(validate.errors);
}
