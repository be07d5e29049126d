import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const project = join(import.meta.dirname, '..');
const callback = 'openapi/callback.yaml';
const api = 'openapi/admin.yaml';
const command = 'openapi/callbacks/Group/Group.CallbackAfterCreateGroup.yaml';
const field = (name: string) => `openapi/fields/${name}.yaml`;
const bundle = 'generated/openapi.yaml';

const faults: [string, { given: [path: string, from: string, to: string]; rule: string; place: string }][] = [
  [
    'a misspelt keyword',
    { given: [field('GroupId'), 'minLength: 1', 'minLenght: 1'], rule: 'struct', place: 'GroupId.yaml' },
  ],
  [
    'a field without description',
    {
      given: [field('MemberList'), 'description: UserID of the member.', ''],
      rule: 'rule/field-description',
      place: '#/items/properties/Member_Account',
    },
  ],
  [
    'an attribute of events without description',
    {
      given: ['openapi/delivery.yaml', 'description: When the receiver got the callback.', ''],
      rule: 'rule/field-description',
      place: '#/components/schemas/Attributes/properties/receivedtime',
    },
  ],
  [
    'a parameter without description',
    {
      given: [api, "description: The owner's account, in full.", ''],
      rule: 'parameter-description',
      place: '/get/parameters/2',
    },
  ],
  [
    'an operation without operationId',
    { given: [api, 'operationId: listGroups', ''], rule: 'operation-operationId', place: '#/paths/~1api~1groups/get' },
  ],
  [
    'two operations with the same operationId',
    {
      given: [api, 'operationId: getGroup', 'operationId: listGroups'],
      rule: 'operation-operationId-unique',
      place: 'groupId}/get',
    },
  ],
  [
    'an operation without summary',
    { given: [api, 'summary: Show a group', ''], rule: 'operation-summary', place: 'groupId}/get' },
  ],
  [
    'an operation without a 4xx',
    {
      given: [callback, '"405": { $ref: "#/components/responses/MethodNotAllowed" }', ''],
      rule: 'operation-4xx-response',
      place: '#/paths/~1healthz/get/responses',
    },
  ],
  [
    'an operation under an unknown tag',
    { given: [api, 'tags: [groups]', 'tags: [grups]'], rule: 'operation-tag-defined', place: '/get/tags/0' },
  ],
  [
    'an unused component',
    {
      given: [callback, '  schemas:\n    #', '  schemas:\n    Unused: { type: string }\n    #'],
      rule: 'no-unused-components',
      place: '#/components/schemas/Unused',
    },
  ],
  [
    'two paths that match the same URL',
    {
      given: [
        api,
        '  /api/callbacks/{id}/retry:\n    post:',
        '  /api/{list}/newest:\n    get:\n      operationId: newest\n      parameters: [{ name: list, in: path, required: true, description: A list., schema: { type: string } }]\n      summary: Newest\n      responses: { "200": { description: One. }, "400": { $ref: "#/components/responses/BadRequest" } }\n  /api/callbacks/{id}/retry:\n    post:',
      ],
      rule: 'no-ambiguous-paths',
      place: '#/paths/~1api~1{list}~1newest',
    },
  ],
  [
    'an undescribed path parameter',
    {
      given: [api, '  /api/groups/{groupId}:', '  /api/groups/{group}:'],
      rule: 'path-parameters-defined',
      place: 'group',
    },
  ],
  [
    'a reference to nothing',
    {
      given: [api, '$ref: "#/components/responses/NotFound"', '$ref: "#/components/responses/NotFoud"'],
      rule: 'no-unresolved-refs',
      place: 'responses/404',
    },
  ],
  [
    'an undescribed required field',
    {
      given: [field('CustomFields'), 'required: [Key, Value]', 'required: [Key, Valu]'],
      rule: 'no-required-schema-properties-undefined',
      place: '/items/required/1',
    },
  ],
  [
    'a value that is not of its type',
    {
      given: [api, 'enum: [accepted, unknown, rejected]', 'enum: [accepted, unknown, 5]'],
      rule: 'no-enum-type-mismatch',
      place: '/CallbackStatus/enum/2',
    },
  ],
  [
    'a keyword for another type',
    {
      given: [field('MemberList'), 'type: array', 'type: string'],
      rule: 'no-schema-type-mismatch',
      place: 'MemberList.yaml',
    },
  ],
  [
    'a missing security scheme',
    {
      given: [callback, '- Sign: []', '- Sing: []'],
      rule: 'security-defined',
      place: '#/paths/~1/post/security/0/Sing',
    },
  ],
  [
    'a field’s example against its schema',
    {
      given: [command, 'examples: [leckie]', 'examples: [5]'],
      rule: 'no-invalid-schema-examples',
      place: '#/properties/Owner_Account/examples/0',
    },
  ],
  [
    'a parameter’s example against its schema',
    {
      given: [api, 'example: rejected', 'example: refused'],
      rule: 'no-invalid-parameter-examples',
      place: '/parameters/2',
    },
  ],
  [
    'a reply’s example against its schema',
    { given: [api, 'repeats: 1', 'repeats: -1'], rule: 'no-invalid-media-type-examples', place: '/repeats' },
  ],
  [
    'an example of a command against that command',
    {
      given: [bundle, 'GroupId: "@TGS#_5ASTRO7QXM"', 'GroupId: 5'],
      rule: 'no-invalid-media-type-examples',
      place: 'Group.CallbackAfterCreateGroup.with-community-id/value/GroupId',
    },
  ],
  [
    'an example of an unknown command',
    {
      given: [
        bundle,
        'CallbackCommand: Group.CallbackAfterCreateGroup',
        'CallbackCommand: Group.CallbackAfterGroupMuted',
      ],
      rule: 'no-invalid-media-type-examples',
      place: 'examples/Group.CallbackAfterCreateGroup/value',
    },
  ],
];

test.concurrent.each(faults)('finds %s', async (_title, { given, rule, place }) => {
  await inCopy(given, async (root) => {
    const { code, stdout, stderr } = await lint('--root', root);

    const problems = plain(stdout + stderr)
      .split(/^\[\d+\] /m)
      .slice(1);
    expect(problems.filter((one) => one.includes(`by the ${rule} rule`)).join('')).toContain(place);
    expect(code).toBe(1);
  });
});

test.concurrent('finds a rule that does not exist', async () => {
  await inCopy(['redocly.yaml', 'no-unused-components', 'no-unused-component'], async (root) => {
    const { code, stdout, stderr } = await lint('--root', root);

    expect({ code, text: plain(stdout + stderr) }).toEqual({
      code: 1,
      text: expect.stringContaining('no-unused-component'),
    });
  });
});

test.concurrent('passes both documents, in written and in generated form', async () => {
  const { code, stdout, stderr } = await lint();

  expect(code).toBe(0);
  for (const path of [callback, api, bundle, 'generated/admin.json']) {
    expect(plain(stdout + stderr)).toContain(`${path}: validated`);
  }
});

test.concurrent.each([
  ['an unknown option', ['--fix'], 'lint: --fix: there is no such option, see --help'],
  ['an argument', ['openapi'], 'lint: "openapi": one argument too many, see --help'],
  ['a folder without contracts', ['--root', '/nowhere'], '/nowhere/redocly.yaml is not there'],
])('%s is refused', async (_title, args, want) => {
  expect(await lint(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(want) });
});

test.concurrent('--help describes it', async () => {
  expect(await lint('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit status') });
});

/** Runs the script as a user does. */
function lint(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(project, 'scripts/lint.ts'), ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a terminal is told of colours
  return text.replaceAll(/\x1b\[[0-9;]*m/g, '');
}

async function inCopy([path, from, to]: [string, string, string], run: (root: string) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'lint-'));
  try {
    for (const name of ['openapi', 'generated', 'redocly.yaml']) {
      cpSync(join(project, name), join(root, name), { recursive: true });
    }
    const text = readFileSync(join(root, path), 'utf8');
    if (!text.includes(from)) throw new Error(`${path} has no ${from}; mend this test.`);
    writeFileSync(join(root, path), text.replace(from, to));
    await run(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}
