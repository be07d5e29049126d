import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Failure } from '../scripts/command-line.ts';
import { generate as generateIn } from '../scripts/generate/build.ts';

const project = join(import.meta.dirname, '..');
const small = await mkdtemp(join(tmpdir(), 'generate-small-'));
beforeAll(makeSmall);
afterAll(() => rm(small, { recursive: true }));
const command = 'Group.CallbackAfterCreateGroup';
const contract = 'openapi/callback.yaml';
const schema = `openapi/callbacks/Group/${command}.yaml`;
const sample = `openapi/examples/Group/${command}.json`;
const asking = 'Group.CallbackBeforeCreateGroup';
const inviting = 'Group.CallbackBeforeInviteJoinGroup';
/** Its accounts are a list of strings or of objects. */
const listing = 'Follow.CallbackAfterFollowDelete';
/** A request carries several of them. */
const batch = 'Push.OfflinePush';
const decision = `openapi/examples/Group/${asking}.reply.rejected.json`;

type Mutation = (root: string) => Promise<void>;

const replace =
  (path: string, from: string | RegExp, to: string): Mutation =>
  async (root) => {
    const text = await readFile(join(root, path), 'utf8');
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${path} has no ${from}; mend this test.`);
    await writeFile(join(root, path), changed);
  };
const write =
  (path: string, text: string): Mutation =>
  (root) =>
    writeFile(join(root, path), text);
const remove =
  (path: string): Mutation =>
  (root) =>
    rm(join(root, path));
const nothing: Mutation = async () => {};
/** The schema of a command without its x- keys. */
const schemaOf = (name: string) =>
  `type: object\nproperties:\n  CallbackCommand: { type: string, const: ${name}, description: The command. }\n`;

const refused: [string, { given: Mutation; want: (string | RegExp)[] }][] = [
  [
    'a contract that is not YAML',
    {
      given: replace(contract, 'paths:', 'paths: ['),
      want: [contract, 'missed comma between flow collection entries'],
    },
  ],
  [
    'a contract that is not OpenAPI',
    { given: replace(contract, 'operationId: getHealth', 'operationld: x'), want: [contract, '#/paths/~1healthz/get'] },
  ],
  [
    'two operations with the same operationId',
    {
      given: replace(contract, 'operationId: getHealth', 'operationId: getReadiness'),
      want: [contract, 'getReadiness'],
    },
  ],
  [
    'a field with a missing file',
    {
      given: replace(schema, 'fields/GroupId', 'fields/GroupIdd'),
      want: [`${contract}: Error opening file openapi/fields/GroupIdd.yaml`],
    },
  ],
  [
    'a contract without a place for its commands',
    {
      given: replace(contract, '# <bodies>', '# bodies'),
      want: [`${contract}: has no lines # <bodies> and # </bodies>`],
    },
  ],
  [
    'a contract of deliveries without a place for its events',
    {
      given: replace('openapi/delivery.yaml', '# <events>', '# events'),
      want: ['openapi/delivery.yaml: has no lines # <events> and # </events>'],
    },
  ],
  [
    'an attribute of events with a misspelt keyword',
    {
      given: replace('openapi/delivery.yaml', 'minimum: 1', 'minimun: 1'),
      want: ['openapi/delivery.yaml at #/components/schemas/Attributes: strict mode: unknown keyword: "minimun"'],
    },
  ],
  [
    'an attribute that events do not have',
    {
      given: replace('openapi/delivery.yaml', 'datacontenttype, receivedtime]', 'datacontenttype, arrivaltime]'),
      want: [`${sample}: / must have required property 'arrivaltime' (rule: required)`],
    },
  ],
  [
    'a stream without a channel of events',
    {
      given: replace('openapi/stream.yaml', '  events:', '  callbacks:'),
      want: ['openapi/stream.yaml: has no channels.events'],
    },
  ],
  [
    'a reference to nothing',
    {
      given: replace(contract, '#/components/schemas/Reply', '#/components/schemas/Replies'),
      want: [`${contract}: Missing $ref pointer "#/components/schemas/Replies"`],
    },
  ],
  [
    'a schema with an unknown type',
    {
      given: replace('openapi/fields/MemberList.yaml', 'type: array', 'type: list'),
      want: [`${contract} at #/components/schemas/MemberList: schema is invalid: data/type`],
    },
  ],
  [
    'a schema that many refer to, once',
    {
      given: replace('openapi/fields/GroupId.yaml', 'pattern: "^', 'pattern: "^('),
      want: [/^openapi\/callback.yaml at #\/components\/schemas\/GroupId: Invalid regular expression: .*\n$/],
    },
  ],
  [
    'a schema with a misspelt keyword',
    {
      given: replace('openapi/fields/GroupId.yaml', 'minLength', 'minLenght'),
      want: [`${contract} at #/components/schemas/GroupId: strict mode: unknown keyword: "minLenght"`],
    },
  ],
  [
    'a schema whose name is not its command',
    {
      given: replace(schema, `const: ${command}`, 'const: Group.CallbackAfterSomethingNew'),
      want: [
        `${contract} at #/components/schemas/${command}: its CallbackCommand is the constant Group.CallbackAfterSomethingNew`,
      ],
    },
  ],
  [
    'a schema whose command is not a constant',
    {
      given: replace(schema, `const: ${command}`, 'minLength: 1'),
      want: [`${contract} at #/components/schemas/${command}: its CallbackCommand is no constant`],
    },
  ],
  [
    'a contract without commands',
    {
      given: replace(contract, 'oneOf:', 'anyOf:'),
      want: [`${contract} at #/paths/~1/post/requestBody`, 'requires oneOf'],
    },
  ],
  [
    'a command without the keys that it needs',
    {
      given: replace(schema, /^x-(?!accounts).*\n(?: .*\n)*/gm, ''),
      want: [
        `${schema}: has no x-kind: say before, after or answer`,
        `${schema}: has no x-subject: say { kind: group,`,
        `${schema}: has no x-event-time: say { from: JSON pointer`,
        `${schema}: has no x-sentence: say { label, text, variants }`,
        `${schema}: has no x-zh: say { title, description, label, text, variants }`,
      ],
    },
  ],
  [
    'a new command without its keys',
    {
      given: write('openapi/callbacks/Group/Group.New.yaml', `${schemaOf('Group.New')}x-kind: after\n`),
      want: [
        'openapi/callbacks/Group/Group.New.yaml: has no x-accounts: list the JSON pointers',
        'openapi/callbacks/Group/Group.New.yaml: has no x-sentence: say { label, text, variants }',
        `${contract}: Group.New has no example; add openapi/examples/Group/Group.New.json`,
      ],
    },
  ],
  [
    'a command in the folder of another family',
    {
      given: write('openapi/callbacks/Group/State.New.yaml', schemaOf('State.New')),
      want: [
        'openapi/callbacks/State/State.New.yaml: lies elsewhere: move it to openapi/callbacks/State/State.New.yaml',
      ],
    },
  ],
  [
    'a family without a description',
    {
      given: replace(contract, /^ {2}Follow: .*\n/m, ''),
      want: [`${contract}: x-families lacks Follow; say in a sentence what its callbacks are about`],
    },
  ],
  [
    'a family without Chinese',
    {
      given: replace(contract, '    Follow: 用户之间的关注关系。\n', ''),
      want: [`${contract}: x-families in x-zh lacks Follow; say in Chinese what its callbacks are about`],
    },
  ],
  [
    'a field that no form of a list has',
    {
      given: replace(`openapi/callbacks/Follow/${listing}.yaml`, '/To_Account/*/To_Account', '/To_Account/*/Account'),
      want: ['x-accounts points to /To_Account/*/Account, which its schema does not have'],
    },
  ],
  ...(
    [
      ['x-kind: after', 'x-kind: during', 'x-kind is "during": say before, after or answer'],
      ['kind: group,', 'kind: grup,', 'x-subject is {"kind":"grup","from":["/GroupId"]}: say { kind: group'],
      ['[/GroupId]', '[]', 'x-subject is {"kind":"group","from":[]}: say { kind: group'],
      ['kind: group,', 'kind: none,', 'x-subject is {"kind":"none","from":["/GroupId"]}: say { kind: group'],
      ['[/GroupId]', '[/GroupID]', 'x-subject points to /GroupID, which its schema does not have'],
      ['/*/Member_Account', '/*/Account', 'x-accounts points to /MemberList/*/Account, which its schema does not have'],
      [
        '/MemberList/*',
        '/MemberList',
        'x-accounts points to /MemberList/Member_Account, which its schema does not have',
      ],
      ['[/Operator_Account', '[Operator_Account', 'x-accounts is ["Operator_Account",'],
      ['unit: milliseconds', 'unit: minutes', 'x-event-time is {"from":"/EventTime","unit":"minutes"}: say { from'],
      [
        'x-kind',
        'x-client-parameters: true\nx-kind',
        'x-client-parameters is true: say false, list the only one that is sent of ClientIP and OptPlatform, or leave it out',
      ],
      ['x-kind', 'x-carries-message: [/MsgBody]\nx-kind', 'x-carries-message points to /MsgBody, which'],
      ['x-kind', 'x-idempotency: /Title\nx-kind', 'x-idempotency points to /Title, which its schema does not have'],
    ] as const
  ).map(([from, to, want]): (typeof refused)[number] => [
    `a command that says ${to.replace('\nx-kind', '')}`,
    { given: replace(schema, from, to), want: [`${schema}: ${want}`] },
  ]),
  ...(
    [
      [
        'the group {Name}.',
        'the group {Nane}.',
        'x-sentence names {Nane}, which its schema does not have: name a field',
      ],
      ['{Name}."\nx-zh', '{Name|Title}."\nx-zh', 'x-sentence names {Name|Title}, which its schema does not have'],
      [
        'created a group."',
        'created {Introduction}."',
        'x-sentence names {Introduction} in its text, which may be absent',
      ],
      [
        '    - text: "{Op',
        '    - when: { Kind: a }\n      text: "{Op',
        'x-sentence asks for Kind, which its schema does not',
      ],
      [
        '    - text: "{Op',
        '    - changes: [Nane]\n      text: "{Op',
        'x-sentence lists changes of Nane, which its schema',
      ],
      ['    - text: "{Op', '    - wenn: { Type: a }\n      text: "{Op', 'say { label, text, variants } for the page'],
      [/ {2}variants:\n.*了群组 .*\n/, '', 'x-zh has 0 variants, x-sentence 1: say each in both, in the same order'],
      [
        '了群组 {Name}',
        '了群组 {Type}',
        'x-zh says "{Operator_Account} 创建了群组 {Type}。", x-sentence "{Operator_Account}',
      ],
      [/^ {2}title: .*\n {2}desc/m, '  desc', 'x-zh is {"description":'],
    ] as const
  ).map(([from, to, want]): (typeof refused)[number] => [
    `words, because: ${want}`,
    { given: replace(schema, from, to), want: [want] },
  ]),
  [
    'a misspelt key of a command',
    {
      given: replace(schema, 'x-kind', 'x-client-parameter: false\nx-kind'),
      want: [`${contract} at #/components/schemas/${command}: strict mode: unknown keyword: "x-client-parameter"`],
    },
  ],
  [
    'a before-command without a reply',
    {
      given: remove(`openapi/replies/Group/${asking}.yaml`),
      want: [
        `openapi/callbacks/Group/${asking}.yaml: x-kind is before, and it has no reply: ` +
          `describe that in openapi/replies/Group/${asking}.yaml`,
      ],
    },
  ],
  ...(
    [
      [asking, /^x-decision.*\n/m, '', 'has no x-decision: say { refusal: code }, and, where there is such a thing'],
      [asking, 'refusal: 1', 'refused: 1', 'x-decision is {"refused":1}: say { refusal: code }'],
      [asking, 'refusal: 1', 'refusal: 3', 'x-decision has refusal: 3, which its /ErrorCode does not allow: name a'],
      [asking, 'refusal: 1', 'refusal: 1, data: RspData', 'x-decision needs /RspData, which its schema does not have'],
      [
        inviting,
        /targets: .Dest/,
        'targets: /dest',
        'x-decision points to /destinationMembers/*/Member_Account, which the',
      ],
      [
        inviting,
        ', refused: RefusedMembers_Account',
        '',
        'x-decision is {"refusal":1,"targets":"/DestinationMembers/*',
      ],
    ] as const
  ).map(([name, from, to, want]): (typeof refused)[number] => [
    `a reply whose ${want.slice(0, 60)}`,
    {
      given: replace(`openapi/replies/Group/${name}.yaml`, from, to),
      want: [`openapi/replies/Group/${name}.yaml: ${want}`],
    },
  ]),
  ...(
    [
      ['x-batch: /Events', 'x-batch: Events', 'x-batch is "Events": name the list of its items by a JSON pointer'],
      ['x-batch: /Events', 'x-batch: /Pushes', 'x-batch points to /Pushes, which its schema does not have'],
      [
        'from: [/Events/*/To_Account]',
        'from: [/Events]',
        'x-subject points to /Events: begin it with /Events/*/, as each item is delivered by itself',
      ],
      [
        '        - $ref: ../../fields/OfflinePushEvent.yaml\n',
        '',
        'x-batch is "/Events", where no form of an item has the command: list one among its anyOf',
      ],
    ] as const
  ).map(([from, to, want]): (typeof refused)[number] => [
    `a batch whose ${want.slice(0, 60)}`,
    {
      given: replace(`openapi/callbacks/Push/${batch}.yaml`, from, to),
      want: [`openapi/callbacks/Push/${batch}.yaml: ${want}`],
    },
  ]),
  [
    'a reply to an after-callback',
    {
      given: write(`openapi/replies/Group/${command}.yaml`, 'type: object\n'),
      want: [`${schema}: has a reply in openapi/replies/Group/${command}.yaml, and x-kind is not before or answer`],
    },
  ],
  [
    'a reference into another schema',
    {
      given: replace(schema, '../../fields/GroupId.yaml', '../../fields/MemberList.yaml#/items'),
      want: [
        `${contract} at #/components/schemas/${command}/properties/GroupId: ` +
          'its $ref leads into #/components/schemas/MemberList/items; give that part a name',
      ],
    },
  ],
  [
    'an example without a required field',
    {
      given: replace(sample, '"GroupId"', '"groupID"'),
      want: [`${sample}: / must have required property 'GroupId' (rule: required)`],
    },
  ],
  [
    'an example with a field of the wrong type',
    {
      given: replace(sample, '"bob"', '5'),
      want: [`${sample}: /MemberList/0/Member_Account must be string (rule: type)`],
    },
  ],
  [
    'a reply with another status’s code',
    {
      given: replace('openapi/examples/replies/reply.401.json', '10102', '10100'),
      want: ['openapi/examples/replies/reply.401.json: /ErrorCode must be equal to constant (rule: const)'],
    },
  ],
  [
    'an example written beside its schema that violates it',
    {
      given: replace('openapi/admin.yaml', 'sdkAppId: 1400000000', 'sdkAppId: none'),
      want: [
        'openapi/admin.yaml at #/paths/~1api~1groups/get/responses/200/content/application~1json/example: ' +
          '/groups/0/sdkAppId must be integer (rule: type)',
      ],
    },
  ],
  [
    'an example of one field that violates it',
    {
      given: replace('openapi/fields/EventTime.yaml', '1670574414123,', '-1,'),
      want: [`${contract} at #/components/schemas/EventTime/examples/0: / must be >= 0 (rule: minimum)`],
    },
  ],
  ['an example that is not JSON', { given: write(sample, '{'), want: [`${sample}: is not JSON`] }],
  [
    'an example without a command',
    {
      given: write('openapi/examples/Group/Group.Other.json', '{}'),
      want: ['openapi/examples/Group/Group.Other: no command and no reply status'],
    },
  ],
  [
    'an example with an unknown status',
    {
      given: write('openapi/examples/replies/reply.418.json', '{}'),
      want: ['openapi/examples/replies/reply.418: no command and no reply status'],
    },
  ],
  [
    'a command without an example',
    { given: remove(sample), want: [`${contract}: ${command} has no example; add ${sample}`] },
  ],
  [
    'a decision that its command does not have',
    {
      given: replace(decision, '"ErrorCode": 1', '"ErrorCode": 2'),
      want: [`${decision}: /ErrorCode must be equal to one of the allowed values (rule: enum)`],
    },
  ],
  [
    'a decision on an after-callback',
    {
      given: write(`openapi/examples/Group/${command}.reply.json`, '{}'),
      want: [`openapi/examples/Group/${command}.reply.json: ${command} has no reply of its own`],
    },
  ],
  [
    'a reply without an example',
    {
      given: remove(`openapi/examples/Group/${asking}.reply.json`),
      want: [`${contract}: ${asking}.Reply has no example; add openapi/examples/Group/${asking}.reply.json`],
    },
  ],
  [
    'a reply of an unknown command',
    {
      given: write('openapi/replies/Group/Group.Other.yaml', 'type: object\n'),
      want: [`${contract} at #/components/schemas/Group.Other.Reply: no command has this reply`],
    },
  ],
  [
    'a table of commands without a place to write it',
    { given: write('docs/commands.md', '# Title\n'), want: ['docs/commands.md: has no lines <!-- commands'] },
  ],
  [
    'a status without an example',
    {
      given: remove('openapi/examples/replies/reply.413.json'),
      want: [`${contract} at #/paths/~1/post/responses/413/content/application~1json: the response has no example`],
    },
  ],
];

test.each(refused)('refuses %s, names the place and writes nothing', async (_name, { given, want }) => {
  await inCopy(given, async (root) => {
    // A failed run must leave everything unchanged, even what a successful run would correct.
    await writeFile(join(root, 'generated/admin.ts'), 'outdated');
    const before = await contents(root);

    const { code, stderr } = await generate(root);

    expect(code).toBe(1);
    for (const part of want) expect(stderr).toMatch(part);
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    expect(stderr).not.toContain(root);
    expect(await contents(root)).toEqual(before);
  });
});

const drifts: [string, { given: Mutation; want: string[] }][] = [
  [
    'a changed line of prose',
    {
      given: replace(contract, 'summary: Receive a callback', 'summary: Take a callback'),
      want: ['generated/callback.json: outdated', 'generated/callback.ts: outdated'],
    },
  ],
  [
    'a changed rule',
    {
      given: replace('openapi/fields/GroupId.yaml', 'minLength: 1', 'minLength: 2'),
      want: ['generated/callback.json: outdated'],
    },
  ],
  ['a changed example', { given: replace(sample, 'bob', 'rob'), want: ['generated/callback.json: outdated'] }],
  [
    'a changed line of the console’s contract',
    {
      given: replace('openapi/admin.yaml', 'default: 50', 'default: 60'),
      want: ['generated/admin.json: outdated'],
    },
  ],
  [
    'a changed line of the contract of deliveries',
    {
      given: replace('openapi/delivery.yaml', 'summary: Take an event', 'summary: Receive an event'),
      want: [
        'generated/delivery.json: outdated',
        'generated/delivery.ts: outdated',
        'generated/reference.html: outdated',
      ],
    },
  ],
  [
    'a changed line of the stream',
    {
      given: replace('openapi/stream.yaml', 'title: Events', 'title: All'),
      want: ['generated/asyncapi.json: outdated'],
    },
  ],
  [
    'an event that the contract of deliveries does not list',
    {
      given: replace('openapi/delivery.yaml', `        - $ref: "#/components/schemas/${command}"\n`, ''),
      want: ['openapi/delivery.yaml: outdated'],
    },
  ],
  [
    'a command of another title',
    { given: replace(schema, 'After a group is created', 'After a creation'), want: ['docs/commands.md: outdated'] },
  ],
  [
    'a changed table of commands',
    { given: replace('docs/commands.md', '| Command |', '| Name |'), want: ['docs/commands.md: outdated'] },
  ],
  [
    'a changed description of a family',
    {
      given: replace(contract, 'Who follows whom.', 'Who reads whom.'),
      want: ['README.md: outdated', 'docs/commands.md: outdated', 'generated/reference.html: outdated'],
    },
  ],
  [
    'a changed table of families',
    { given: replace('README.md', '| Family |', '| Name |'), want: ['README.md: outdated'] },
  ],
  [
    'a changed table in Chinese',
    {
      given: replace('README.zh-CN.md', '| 类别 |', '| 名称 |'),
      want: ['README.zh-CN.md: outdated'],
    },
  ],
  [
    'a command that the contract does not list',
    {
      given: replace(contract, `                - $ref: "#/components/schemas/${command}"\n`, ''),
      want: [`${contract}: outdated`],
    },
  ],
  [
    'a changed key of a command',
    {
      given: replace(schema, 'from: /EventTime, unit: milliseconds', 'from: /EventTime, unit: seconds'),
      want: ['generated/commands.ts: outdated', 'generated/callback.json: outdated'],
    },
  ],
  [
    'a changed sentence',
    {
      given: replace(schema, 'created the group', 'made the group'),
      want: ['generated/sentences.ts: outdated', 'generated/page/page.js: outdated'],
    },
  ],
  [
    'a changed title in Chinese',
    { given: replace(schema, 'title: 创建群组之后', 'title: 建群之后'), want: ['generated/reference.html: outdated'] },
  ],
  [
    'a changed chapter of the guide',
    {
      given: replace('openapi/guide/signing.md', 'signature', 'Signature'),
      want: ['generated/reference.html: outdated'],
    },
  ],
  ['a missing file', { given: remove('generated/callback.ts'), want: ['generated/callback.ts: missing'] }],
  ['a superfluous file', { given: write('generated/old.ts', ''), want: ['generated/old.ts: superfluous'] }],
];

test.each(drifts)('--check fails after %s, names the command and writes nothing', async (_name, { given, want }) => {
  await inCopy(given, async (root) => {
    const before = await contents(root);

    const { code, stdout, stderr } = await generate(root, '--check');

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    for (const line of want) expect(stderr).toContain(line);
    expect(stderr).toContain('npm run generate');
    expect(await contents(root)).toEqual(before);
  });
});

test('the command that --check names repairs outdated, missing and superfluous files', async () => {
  await inCopy(nothing, async (root) => {
    await write('generated/callback.json', '{}')(root);
    await remove('generated/callback.ts')(root);
    await write('generated/old.ts', '')(root);

    expect(await generate(root)).toMatchObject({ code: 0, stderr: '' });

    expect(await generate(root, '--check')).toMatchObject({ code: 0, stderr: '' });
    expect(await contents(root)).toEqual(await contents(small));
  });
});

test('--check passes on the committed files, of which readers see all in Chinese, too', async () => {
  const stdout = 'generated/ is what openapi/ gives.\n';
  expect(await runScript('--check')).toEqual({ code: 0, stdout, stderr: '' });
});

test('what has no Chinese is listed, and shown in English', async () => {
  await inCopy(remove('openapi/guide/signing.zh.md'), async (root) => {
    await write('openapi/examples.zh.yaml', '{}')(root);
    await replace('openapi/fields/GroupType.yaml', /^x-zh:\n(?: .*\n|\n)+/m, '')(root);
    const { code, stdout } = await generate(root);
    expect(code).toBe(0);
    for (const place of ['schemas/GroupType/description: "The group', 'with-no-owner/summary: "With no owner"'])
      expect(stdout).toMatch(new RegExp(`^No Chinese, the reference shows the English: #/.*${place}`, 'm'));
    expect(stdout).toContain('English: openapi/guide/signing.zh.md');
  });
});

test('the script shows a problem without a stack, and exits with 1', async () => {
  await inCopy(write(sample, '{'), async (root) => {
    const { code, stdout, stderr } = await runScript('--root', root);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${sample}: is not JSON.*\\n$`));
  });
});

test.each([
  ['--chekc', '--chekc: there is no such option'],
  ['--check=yes', '--check: takes no value, "yes" was given'],
  ['openapi', '"openapi": one argument too many'],
])('%s is wrong usage', async (argument, says) => {
  expect(await runScript(argument)).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
});

type Outcome = { code: number; stdout: string; stderr: string };

/** Within this process: starting Node and loading the generators takes longer than generating. */
async function generate(root: string, ...options: string[]): Promise<Outcome> {
  try {
    const lines = await generateIn(root, { check: options.includes('--check') });
    return { code: 0, stdout: lines.join('\n'), stderr: '' };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { code: 1, stdout: '', stderr: `${error.message}\n` };
  }
}

/** Runs the script as a user does. */
function runScript(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(project, 'scripts/generate.ts'), ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

async function inCopy(mutate: Mutation, run: (root: string) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'generate-'));
  try {
    await cp(small, root, { recursive: true });
    await mutate(root);
    await run(root);
  } finally {
    await rm(root, { recursive: true });
  }
}

/** The project with only the commands that are changed here: generating from all of them takes five times as long. */
async function makeSmall(): Promise<void> {
  for (const path of ['openapi', 'src/admin/page', 'src/callback', 'docs', 'README.md', 'README.zh-CN.md'])
    await cp(join(project, path), join(small, path), { recursive: true });
  for (const folder of ['callbacks', 'replies', 'examples']) {
    for (const path of await readdir(join(small, 'openapi', folder), { recursive: true })) {
      // One folder per family; examples/replies holds those of every command.
      const isOfCommand = path.includes('/') && !path.startsWith('replies/');
      if (isOfCommand && ![command, asking, inviting, listing, batch].some((kept) => path.includes(`${kept}.`)))
        await rm(join(small, 'openapi', folder, path));
    }
  }
  await generateIn(small);
}

async function contents(root: string): Promise<Record<string, string>> {
  const names = (await readdir(join(root, 'generated'), { recursive: true })).filter((name) => name !== 'page').sort();
  const texts = names.map(async (name) => [name, await readFile(join(root, 'generated', name), 'utf8')]);
  return Object.fromEntries(await Promise.all(texts));
}
