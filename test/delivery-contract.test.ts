import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type CloudEvent, HTTP } from 'cloudevents';
import { COMMANDS } from '../generated/commands.ts';
import deliveryDocument from '../generated/delivery.json' with { type: 'json' };
import type { components } from '../generated/delivery.ts';
import { generate } from '../scripts/generate/build.ts';
import { EVENT_TYPE } from '../src/delivery/event.ts';
import { project } from './support/blocks.ts';
import { EVENT_MEDIA, type Event, eventExamples, eventText } from './support/events.ts';
import { temporaryFolder } from './support/start.ts';
import { CREATED, commandOf, examples } from './support/vendor.ts';

const commands = Object.keys(COMMANDS);
const UNKNOWN = 'Example.CallbackAfterSomethingNew';
const created = eventExamples[CREATED] as Event;

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true, discriminator: true }));
ajv.addSchema({ $id: 'delivery', components: deliveryDocument.components });

/** Violations of a schema of the contract; empty if the event is valid. */
function wrongWith(event: unknown, schema = 'Event'): string {
  const validate = ajv.getSchema(`delivery#/components/schemas/${schema}`);
  if (!validate) throw new Error(`the contract has no ${schema}`);
  return validate(event) ? '' : ajv.errorsText(validate.errors);
}

test('has an example of each command, and of one that the contract does not describe', () => {
  expect(Object.keys(eventExamples)).toEqual([...commands, UNKNOWN]);
});

test.each(Object.entries(eventExamples))(
  'the example of %s is the event that is sent for its callback',
  (name, example) => {
    const body = JSON.stringify(examples[name] ?? example.data);
    const id = example.id.split('-')[1] ?? '';
    const receivedAt = new Date(example.receivedtime as string);
    expect(JSON.parse(eventText(name, body, { id, receivedAt }))).toEqual(example);
  },
);

test.each(Object.entries(eventExamples))(
  'the example of %s is valid by its own schema and by no other',
  (name, example) => {
    const own = commands.includes(name) ? name : 'UnknownEvent';
    const holding = [...commands, 'UnknownEvent'].filter((schema) => wrongWith(example, schema) === '');
    expect(holding).toEqual([own]);
    expect(wrongWith(example)).toBe('');
  },
);

test.each(Object.entries(eventExamples))('the CloudEvents SDK accepts the example of %s', (_name, example) => {
  const { time, data, ...attributes } = example;
  const headers = { 'content-type': EVENT_TYPE };
  const event = HTTP.toEvent({ headers, body: JSON.stringify(example) }) as CloudEvent<unknown>;
  expect(event.validate()).toBe(true);
  expect(event).toMatchObject(attributes);
  expect([new Date(event.time ?? '').toISOString(), event.data]).toEqual([time, data]);
});

test('the event of every example of a callback is valid', () => {
  const wrong = Object.entries(examples).map(([name, body]) => {
    const event = JSON.parse(eventText(commandOf(name), JSON.stringify(body)));
    return `${name}: ${wrongWith(event, commandOf(name))}`;
  });
  expect(wrong.filter((line) => !line.endsWith(': '))).toEqual([]);
});

test.each([
  ['digits in a string where a number is described', 'Group.CallbackAfterSendMsg', { Random: '3768452165' }],
  ['null in a field that may be absent', CREATED, { Owner_Account: null, MemberList: null }],
  ['fields that the contract does not describe', CREATED, { Tea: { cups: 2 } }],
  ['no CallbackCommand', CREATED, { CallbackCommand: undefined }],
])('a body that was read leniently is sent as received, and valid: %s', (_title, command, change) => {
  const body = JSON.stringify({ ...examples[command], ...change });
  const event = JSON.parse(eventText(command, body));
  expect(event.data).toEqual(JSON.parse(body));
  expect(wrongWith(event)).toBe('');
});

test('an empty client parameter is left out', () => {
  const event = JSON.parse(eventText(CREATED, JSON.stringify(examples[CREATED]), { query: 'ClientIP=&OptPlatform=' }));
  expect(Object.keys(event)).not.toContain('clientip');
  expect(Object.keys(event)).not.toContain('platform');
});

test('a message without its content is valid, as with KEEP_MESSAGES=false', () => {
  const command = 'Group.CallbackBeforeSendMsg';
  const { MsgBody, CloudCustomData, ...rest } = { ...examples[command] };
  expect(MsgBody).toBeDefined();
  expect(wrongWith(JSON.parse(eventText(command, JSON.stringify(rest))))).toBe('');
});

test.each<[string, object]>([
  ['a known command with the body of another', { data: examples['Group.CallbackAfterGroupFull'] }],
  ['a known command without a body', { data: undefined }],
  ['another version of CloudEvents', { specversion: '0.3' }],
  ['an id with a dot', { id: '80c9839a.1043' }],
  ['no time of arrival', { receivedtime: undefined }],
  ['a subject of another kind than the command has', { subjectkind: 'account' }],
  ['an unknown decision', { decision: 'maybe' }],
  ['an event marked as late that is not', { late: false }],
  ['no type', { type: undefined }],
])('refuses %s', (_title, change) => {
  expect(wrongWith(JSON.parse(JSON.stringify({ ...created, ...change })))).not.toBe('');
});

test('comparing the type narrows the data', () => {
  const nameIn = (event: components['schemas']['Event']): string => {
    if (event.type === CREATED) return event.data.Name;
    if (event.type === 'Group.CallbackOnDailyGroupQuotaAlarm') {
      // @ts-expect-error it is about no group
      return event.data.GroupId;
    }
    // @ts-expect-error it may be a command that the contract does not describe
    event.data.GroupId;
    return event.type;
  };
  const asTyped = (event: Event | undefined) => nameIn(event as unknown as components['schemas']['Event']);
  expect([created, eventExamples[UNKNOWN]].map(asTyped)).toEqual(['MyFirstGroup', UNKNOWN]);
});

test('a new command is delivered according to the contract without further edits', async () => {
  const NEW = 'Group.CallbackAfterTea';
  const root = temporaryFolder();
  cpSync(join(project, 'openapi'), join(root, 'openapi'), { recursive: true });
  for (const [folder, ending] of [
    ['callbacks', 'yaml'],
    ['examples', 'json'],
  ]) {
    const text = readFileSync(join(root, `openapi/${folder}/Group/${CREATED}.${ending}`), 'utf8');
    writeFileSync(join(root, `openapi/${folder}/Group/${NEW}.${ending}`), text.replaceAll(CREATED, NEW));
  }

  await generate(root);

  const read = (name: string) => JSON.parse(readFileSync(join(root, 'generated', name), 'utf8'));
  const { paths, components } = read('delivery.json');
  const { schema, examples: sent } = paths['/'].post.requestBody.content[EVENT_MEDIA];
  expect(schema).toEqual({ $ref: '#/components/schemas/Event' });
  expect(components.schemas.KnownEvent.oneOf).toContainEqual({ $ref: `#/components/schemas/${NEW}` });
  expect(components.schemas.UnknownEvent.properties.type.not.enum).toContain(NEW);
  expect(sent[NEW].value).toMatchObject({ type: NEW, subjectkind: 'group', data: { CallbackCommand: NEW } });
  expect(readFileSync(join(root, 'generated/delivery.ts'), 'utf8')).toContain(`type: "${NEW}";`);
  const stream = read('asyncapi.json');
  expect(stream.components.messages[NEW].payload).toEqual({ $ref: `#/components/schemas/${NEW}` });
  expect(Object.keys(stream.channels.events.messages)).toContain(NEW);
}, 60_000);
