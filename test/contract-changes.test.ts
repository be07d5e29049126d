import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import adminDocument from '../generated/admin.json' with { type: 'json' };
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { COMMANDS } from '../generated/commands.ts';
import deliveryDocument from '../generated/delivery.json' with { type: 'json' };
import { type Change, compare } from '../scripts/contract-diff/compare.ts';

const project = join(import.meta.dirname, '..');
const CREATED = 'Group.CallbackAfterCreateGroup';
const MUTED = 'Group.CallbackAfterGroupMuted';

// biome-ignore lint/suspicious/noExplicitAny: a document that each row takes apart in another way
type Any = any;
interface Row {
  change(document: Any): void;
  breaking: boolean;
  /** Where the decisive change is reported. */
  place: string;
}
const ok = (place: string, change: Row['change']): Row => ({ change, breaking: false, place });
const breaks = (place: string, change: Row['change']): Row => ({ change, breaking: true, place });

const post = (document: Any) => document.paths['/'].post;
const body = (document: Any) => post(document).requestBody.content['application/json'].schema;
const created = (document: Any) => document.components.schemas[CREATED];
const fields = (document: Any) => created(document).properties;
/** A schema that commands share. */
const shared = (document: Any, name: string) => document.components.schemas[name];
const parameter = (document: Any, name: string) => post(document).parameters.find((one: Any) => one.name === name);
const reply = (document: Any) => document.components.schemas.Reply;
const group = (document: Any) => document.components.schemas.Group;
/** A field that Group and GroupDetail share. */
const groupField = (document: Any, name: string) => document.components.schemas[`Group${name}`];
const remove = (list: string[], item: string) => list.splice(list.indexOf(item), 1);
const IN_BODY = `POST / body ${CREATED}`;

const callbackRows: [string, Row][] = [
  ['callback: no change', ok('', () => {})],
  [
    'callback: a new optional field',
    ok(`${IN_BODY}.FaceUrl`, (d) => Object.assign(fields(d), { FaceUrl: { type: 'string' } })),
  ],
  ['callback: a field becomes required', breaks(IN_BODY, (d) => created(d).required.push('Owner_Account'))],
  ['callback: a field becomes optional', ok(IN_BODY, (d) => remove(created(d).required, 'Name'))],
  ['callback: a field is no longer described', ok(`${IN_BODY}.InviteOption`, (d) => delete fields(d).InviteOption)],
  [
    'callback: a field may no longer come',
    breaks(`${IN_BODY} properties`, (d) => Object.assign(fields(d), { InviteOption: false })),
  ],
  [
    'callback: one of two types goes',
    breaks(`${IN_BODY}.EventTime`, (d) => Object.assign(shared(d, 'EventTime'), { type: 'integer' })),
  ],
  [
    'callback: a type is added',
    ok(`${IN_BODY}.Name`, (d) => Object.assign(fields(d).Name, { type: ['string', 'null'] })),
  ],
  [
    'callback: a type is replaced',
    breaks(`${IN_BODY}.Name`, (d) => Object.assign(fields(d).Name, { type: 'integer' })),
  ],
  [
    'callback: a nested type is replaced',
    breaks(`${IN_BODY}.MemberList[].Member_Account`, (d) =>
      Object.assign(shared(d, 'MemberList').items.properties.Member_Account, { type: 'integer' }),
    ),
  ],
  [
    'callback: a nested field becomes required',
    breaks(`${IN_BODY}.MemberList[]`, (d) => shared(d, 'MemberList').items.required.push('Role')),
  ],
  ['callback: a pattern comes', breaks(`${IN_BODY}.Name`, (d) => Object.assign(fields(d).Name, { pattern: '^a' }))],
  ['callback: a pattern goes', ok(`${IN_BODY}.GroupId`, (d) => delete shared(d, 'GroupId').pattern)],
  [
    'callback: a set of values is closed',
    breaks(`${IN_BODY}.Type`, (d) => Object.assign(shared(d, 'GroupType'), { enum: ['Public', 'Work'] })),
  ],
  ['callback: a least length comes', breaks(`${IN_BODY}.Name`, (d) => Object.assign(fields(d).Name, { minLength: 1 }))],
  ['callback: a least length goes', ok(`${IN_BODY}.GroupId`, (d) => delete shared(d, 'GroupId').minLength)],
  [
    'callback: a maximum is lowered',
    breaks(`${IN_BODY}.EventTime`, (d) => Object.assign(shared(d, 'EventTime'), { maximum: 5 })),
  ],
  [
    'callback: a maximum is raised',
    ok(`${IN_BODY}.EventTime`, (d) => Object.assign(shared(d, 'EventTime'), { maximum: 1e16 })),
  ],
  ['callback: the body is closed', breaks(IN_BODY, (d) => Object.assign(created(d), { additionalProperties: false }))],
  [
    'callback: unknown fields are checked',
    breaks(`${IN_BODY} patternProperties`, (d) =>
      Object.assign(created(d), { patternProperties: { '^x': { type: 'string' } } }),
    ),
  ],
  [
    'callback: a condition comes',
    breaks(`${IN_BODY} then`, (d) =>
      Object.assign(created(d), JSON.parse('{"if":{"required":["MemberList"]},"then":{"required":["Owner_Account"]}}')),
    ),
  ],
  [
    'callback: a new command',
    ok(`POST / body ${MUTED}`, (d) => {
      d.components.schemas[MUTED] = {
        ...created(d),
        properties: { CallbackCommand: { type: 'string', const: MUTED } },
      };
      body(d).oneOf.unshift({ $ref: `#/components/schemas/${MUTED}` });
    }),
  ],
  [
    'callback: a command goes',
    breaks(IN_BODY, (d) => {
      d.components.schemas[MUTED] = {
        ...created(d),
        properties: { CallbackCommand: { type: 'string', const: MUTED } },
      };
      body(d).oneOf = [{ $ref: `#/components/schemas/${MUTED}` }];
      delete d.components.schemas[CREATED];
    }),
  ],
  [
    'callback: a new required parameter',
    breaks('POST / parameter App', (d) =>
      post(d).parameters.unshift({ name: 'App', in: 'query', required: true, schema: {} }),
    ),
  ],
  [
    'callback: a new optional parameter',
    ok('POST / parameter App', (d) => post(d).parameters.unshift({ name: 'App', in: 'query', schema: {} })),
  ],
  [
    'callback: a parameter becomes required',
    breaks('POST / parameter ClientIP', (d) => Object.assign(parameter(d, 'ClientIP'), { required: true })),
  ],
  [
    'callback: a parameter becomes optional',
    ok('POST / parameter SdkAppid', (d) => Object.assign(parameter(d, 'SdkAppid'), { required: false })),
  ],
  [
    'callback: a parameter is narrowed',
    breaks('POST / parameter OptPlatform', (d) => Object.assign(parameter(d, 'OptPlatform').schema, { enum: ['iOS'] })),
  ],
  [
    'callback: a parameter is no longer described',
    breaks('POST / parameter RequestTime', (d) => post(d).parameters.pop()),
  ],
  ['callback: a status goes', breaks('POST / reply 413', (d) => delete post(d).responses[413])],
  [
    'callback: a status comes',
    ok('POST / reply 429', (d) => Object.assign(post(d).responses, { 429: post(d).responses[413] })),
  ],
  [
    'callback: a new error code',
    breaks('POST / reply 200 anyOf 0 Reply.ErrorCode', (d) => reply(d).properties.ErrorCode.enum.push(10199)),
  ],
  [
    'callback: a signature where none was asked for',
    breaks('GET /healthz security 0', (d) => Object.assign(d.paths['/healthz'].get, { security: [{ Sign: [] }] })),
  ],
  [
    'callback: the signature’s parameter is renamed',
    breaks('components securitySchemes Sign', (d) =>
      Object.assign(d.components.securitySchemes.Sign, { name: 'Signature' }),
    ),
  ],
  ['callback: prose', ok('POST /', (d) => Object.assign(post(d), { description: 'In other words.' }))],
];

const groups = '/api/groups';
const IN_LIST = `GET ${groups} reply 200 groups[]`;
// A shared schema is reported once, at its first use in the document.
const FIRST_STATUS = 'GET /api/groups/{groupId}/history reply 200 callbacks[].status';
const adminRows: [string, Row][] = [
  ['admin: an operation goes', breaks('/api/callbacks/{id}/retry', (d) => delete d.paths['/api/callbacks/{id}/retry'])],
  [
    'admin: an operation comes',
    ok('/api/new', (d) => Object.assign(d.paths, { '/api/new': { get: { responses: { 200: { description: '' } } } } })),
  ],
  [
    'admin: a field goes',
    breaks(`${IN_LIST}.clientIp`, (d) => {
      for (const schema of [group(d), d.components.schemas.GroupDetail]) {
        delete schema.properties.clientIp;
        remove(schema.required, 'clientIp');
      }
    }),
  ],
  [
    'admin: a field comes',
    ok(`${IN_LIST}.motto`, (d) => {
      group(d).properties.motto = { type: 'string' };
      group(d).required.push('motto');
    }),
  ],
  ['admin: a field becomes optional', breaks(IN_LIST, (d) => remove(group(d).required, 'name'))],
  [
    'admin: a field may be null',
    breaks(`${IN_LIST}.name`, (d) => Object.assign(groupField(d, 'Name'), { type: ['string', 'null'] })),
  ],
  [
    'admin: a field is never null again',
    ok(`${IN_LIST}.ownerAccount`, (d) => Object.assign(groupField(d, 'OwnerAccount'), { type: 'string' })),
  ],
  [
    'admin: a field is retyped',
    breaks(`${IN_LIST}.type`, (d) => Object.assign(groupField(d, 'Type'), { type: 'integer' })),
  ],
  [
    'admin: items of a list are retyped',
    breaks(`${IN_LIST}.members[]`, (d) => Object.assign(groupField(d, 'Members'), { items: { type: 'object' } })),
  ],
  [
    'admin: a format is no longer promised',
    breaks(`${IN_LIST}.createdAt`, (d) => delete groupField(d, 'CreatedAt').format),
  ],
  ['admin: a reply is opened', ok(IN_LIST, (d) => Object.assign(group(d), { additionalProperties: true }))],
  [
    'admin: a status that readers do not know',
    breaks(FIRST_STATUS, (d) => d.components.schemas.CallbackStatus.enum.push('pruned')),
  ],
  [
    'admin: a status that can no longer be asked for',
    breaks(FIRST_STATUS, (d) => d.components.schemas.CallbackStatus.enum.pop()),
  ],
  [
    'admin: a new required parameter',
    breaks(`GET ${groups} parameter app`, (d) =>
      d.paths[groups].get.parameters.push({ name: 'app', in: 'query', required: true, schema: {} }),
    ),
  ],
  ['admin: a parameter goes', breaks(`GET ${groups} parameter search`, (d) => d.paths[groups].get.parameters.shift())],
  [
    'admin: a parameter is narrowed',
    breaks(`GET ${groups} parameter limit`, (d) =>
      Object.assign(d.components.parameters.limit.schema, { maximum: 100 }),
    ),
  ],
  [
    'admin: a parameter is loosened',
    ok(`GET ${groups} parameter limit`, (d) => Object.assign(d.components.parameters.limit.schema, { maximum: 500 })),
  ],
  [
    'admin: another default',
    breaks(`GET ${groups} parameter limit`, (d) =>
      Object.assign(d.components.parameters.limit.schema, { default: 20 }),
    ),
  ],
  [
    'admin: a body is asked for',
    breaks('POST /api/callbacks/{id}/retry body', (d) =>
      Object.assign(d.paths['/api/callbacks/{id}/retry'].post, {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: {} } },
        },
      }),
    ),
  ],
  [
    'admin: another media type',
    breaks(`GET ${groups} reply 200 application/xml`, (d) => {
      const { content } = d.paths[groups].get.responses[200];
      content['application/xml'] = content['application/json'];
      delete content['application/json'];
    }),
  ],
  [
    'admin: a header goes',
    breaks('GET / reply 401 headers', (d) => delete d.components.responses.Unauthorized.headers),
  ],
  [
    'admin: a schema moves, and says the same',
    ok('', (d) => {
      d.components.schemas.Callback.properties.status = d.components.schemas.CallbackStatus;
    }),
  ],
];

const event = (document: Any, name: string) => document.components.schemas[name];
const attributes = (document: Any) => event(document, 'Attributes');
const operation = (document: Any) => document.webhooks.event.post;
const IN_EVENT = `POST / body KnownEvent ${CREATED}`;
const TEA = 'Group.CallbackAfterTea';
const deliveryRows: [string, Row][] = [
  ['delivery: no change', ok('', () => {})],
  [
    'delivery: an attribute goes',
    breaks(`${IN_EVENT} Attributes.platform`, (d) => delete attributes(d).properties.platform),
  ],
  [
    'delivery: an attribute comes',
    ok(`${IN_EVENT} Attributes.region`, (d) => Object.assign(attributes(d).properties, { region: { type: 'string' } })),
  ],
  [
    'delivery: an attribute becomes optional',
    breaks(`${IN_EVENT} Attributes`, (d) => remove(attributes(d).required, 'time')),
  ],
  [
    'delivery: an attribute becomes required',
    ok(`${IN_EVENT} Attributes`, (d) => attributes(d).required.push('subject')),
  ],
  [
    'delivery: an attribute has another type',
    breaks(`${IN_EVENT} Attributes.attempt`, (d) =>
      Object.assign(attributes(d).properties.attempt, { type: 'string' }),
    ),
  ],
  [
    'delivery: a decision that endpoints do not know',
    breaks(`${IN_EVENT} Attributes.decision`, (d) => attributes(d).properties.decision.enum.push('hold')),
  ],
  [
    'delivery: a field of data may be missing',
    breaks(`${IN_EVENT}.data`, (d) => remove(event(d, `${CREATED}.Data`).required, 'Name')),
  ],
  [
    'delivery: a field of data comes',
    ok(`${IN_EVENT}.data.Tea`, (d) =>
      Object.assign(event(d, `${CREATED}.Data`).properties, { Tea: { type: 'string' } }),
    ),
  ],
  [
    'delivery: a command comes',
    ok(`POST / body KnownEvent ${TEA}`, (d) => {
      const { properties, ...rest } = event(d, CREATED);
      d.components.schemas[TEA] = { ...rest, properties: { ...properties, type: { type: 'string', const: TEA } } };
      event(d, 'KnownEvent').oneOf.push({ $ref: `#/components/schemas/${TEA}` });
      event(d, 'UnknownEvent').properties.type.not.enum.push(TEA);
    }),
  ],
  [
    'delivery: a command goes',
    breaks(`POST / body KnownEvent ${Object.keys(COMMANDS).at(-1)}`, (d) => {
      event(d, 'KnownEvent').oneOf.pop();
      event(d, 'UnknownEvent').properties.type.not.enum.pop();
    }),
  ],
  ['delivery: a header goes', breaks('POST / parameter webhook-id', (d) => operation(d).parameters.shift())],
  [
    'delivery: a header is renamed',
    breaks('POST / parameter webhook-key', (d) => Object.assign(operation(d).parameters[0], { name: 'webhook-key' })),
  ],
  [
    'delivery: a header may be missing',
    breaks('POST / parameter webhook-id', (d) => Object.assign(operation(d).parameters[0], { required: false })),
  ],
  [
    'delivery: a header comes',
    ok('POST / parameter webhook-try', (d) =>
      operation(d).parameters.push({ name: 'webhook-try', in: 'header', required: true, schema: {} }),
    ),
  ],
  [
    'delivery: an answer is no longer understood',
    breaks('POST / reply 410', (d) => delete operation(d).responses[410]),
  ],
  [
    'delivery: a header of an answer is no longer obeyed',
    breaks('POST / reply 429 headers', (d) => delete operation(d).responses[429].headers),
  ],
  [
    'delivery: an answer is understood besides',
    ok('POST / reply 425', (d) => Object.assign(operation(d).responses, { 425: { description: 'Too early.' } })),
  ],
  [
    'delivery: another media type',
    breaks('POST / body application/json', (d) => {
      const { content } = operation(d).requestBody;
      content['application/json'] = content['application/cloudevents+json'];
      delete content['application/cloudevents+json'];
    }),
  ],
];

/** In its written form: the operation is below `webhooks`, from where `generate` moves it. */
function asWritten({ paths, ...document }: Any): object {
  return { ...document, webhooks: { event: paths['/'] }, paths: { '/': { $ref: '#/webhooks/event' } } };
}

const ready = new Map<Row, Change[] | Error>();
// Before the tests and four at a time: each comparison is a process that mostly waits.
beforeAll(async () => {
  const waiting = [
    ...callbackRows.map(([, row]) => ({ row, path: 'openapi/callback.yaml', document: callbackDocument })),
    ...adminRows.map(([, row]) => ({ row, path: 'openapi/admin.yaml', document: adminDocument })),
    ...deliveryRows.map(([, row]) => ({ row, path: 'openapi/delivery.yaml', document: asWritten(deliveryDocument) })),
  ];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      ready.set(next.row, await changesOf(next.row, next.path, next.document).catch((error: Error) => error));
    }
  };
  await Promise.all([work(), work(), work(), work()]);
}, 240_000);

test.each([...callbackRows, ...adminRows, ...deliveryRows])('%s', (_title, row) => {
  const changes = ready.get(row);
  if (!Array.isArray(changes)) throw changes;

  expect(changes.some(({ breaking }) => breaking)).toBe(row.breaking);
  const deciding = changes.filter(({ breaking }) => breaking === row.breaking).map(({ place }) => place);
  expect(deciding).toEqual(row.place ? expect.arrayContaining([row.place]) : []);
});

async function changesOf({ change }: Row, path: string, document: object): Promise<Change[]> {
  const after = structuredClone(document);
  change(after);
  const [left, right] = [folderWith(path, document), folderWith(path, after)];
  try {
    return await compare(path, left, right, 'abc1234');
  } finally {
    for (const folder of [left, right]) rmSync(folder, { recursive: true });
  }
}

/** A folder with only this document and the rules. JSON is YAML. */
function folderWith(path: string, document: object): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'contract-changes-')));
  mkdirSync(join(folder, 'openapi'));
  writeFileSync(join(folder, path), JSON.stringify(document));
  cpSync(join(project, 'redocly.yaml'), join(folder, 'redocly.yaml'));
  return folder;
}
