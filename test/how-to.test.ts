import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { blocksOf, commandsOf } from './support/blocks.ts';
import { root, run, startReceiver } from './support/documentation.ts';
import { CREATED } from './support/vendor.ts';

// Follows the documentation literally: every file, change and command below is read from it.

const CREATED_FILE = `openapi/callbacks/Group/${CREATED}.yaml`;
const [field] = blocksOf('docs/contract.md', 'Edit the contract').yaml;

/** Adds the field described in docs/contract.md. */
function addField(): void {
  edit(CREATED_FILE, (text) => text.replace('\nproperties:\n', `\nproperties:\n${indent(field, 2)}`));
}

test('add a command: one file, its example and its meaning; edit another: everything else follows', async () => {
  const command = 'Group.CallbackAfterGroupMuted';
  const muted = { CallbackCommand: command, Owner_Account: undefined, Name: undefined };
  const before = await startReceiver();
  expect(await before.send(muted)).toEqual([200, '']);
  expect(await before.last()).toMatchObject({ command, status: 'unknown' });

  const added = blocksOf('CONTRIBUTING.md', 'Add a command');
  writeFileSync(join(root, `openapi/callbacks/Group/${command}.yaml`), added.yaml[0] ?? '');
  writeFileSync(join(root, `openapi/examples/Group/${command}.json`), added.json[0] ?? '');
  edit('src/groups/meanings.ts', (text) => patch(text, added.diff[0]));
  const touched = await run('git status --porcelain --untracked-files=all');
  expect(touched.output.split('\n').filter(Boolean).sort()).toEqual([
    ' M src/groups/meanings.ts',
    `?? openapi/callbacks/Group/${command}.yaml`,
    `?? openapi/examples/Group/${command}.json`,
  ]);
  addField();

  // The commands of both documents, each once. `npm test` runs this test, so only its type check is repeated here.
  const [generate = '', ...others] = new Set([
    ...commandsOf(blocksOf('docs/contract.md', 'Edit the contract').sh[0]),
    ...commandsOf(added.sh[0]),
  ]);
  expect(generate).toBe('npm run generate');
  expect(await run(generate)).toMatchObject({ code: 0 });
  expect(read('generated/callback.ts')).toContain('FaceUrl?: string;');
  expect(read('docs/commands.md')).toContain(
    `| [\`${command}\`](../openapi/callbacks/Group/${command}.yaml) | After a group is muted | |`,
  );
  writeFileSync(
    join(root, 'tsconfig.rooms.json'),
    '{ "extends": "./tsconfig.json", "include": ["generated", "src/callback", "src/groups", "src/decisions", "src/receiver"] }',
  );
  const types = run('npx tsc -p tsconfig.rooms.json');
  const { send, last, adminUrl, port } = await startReceiver();
  const results = new Map<string, string>();
  for (const line of others.filter((line) => line !== 'npm test')) {
    const { code, output } = await run(line, { PORT: port });
    expect({ line, code, output }).toEqual({ line, code: 0, output });
    results.set(line, output);
  }
  const difference = results.get('npm run contract:diff');
  expect(difference).toContain(`ok        POST / body ${CREATED}.FaceUrl: added`);
  expect(difference).toContain(`ok        POST / body ${command}: added`);

  expect(await last()).toMatchObject({ command, status: 'accepted', reason: null });
  const { groups } = (await (await fetch(`${adminUrl}/api/groups`)).json()) as { groups: unknown[] };
  expect(groups).toEqual([expect.objectContaining({ type: 'Public', partial: true })]);
  expect(await send({ ...muted, GroupId: '' })).toEqual([400, expect.stringContaining('body.GroupId ("")')]);
  expect(await send({ ...muted, MutedFor: 'ever' })).toEqual([400, 'body.MutedFor ("ever") must be a whole number']);
  const metrics = await (await fetch(`${adminUrl}/metrics`)).text();
  expect(metrics).toContain(`callbacks_total{command="${command}",outcome="accepted"} 1`);
  expect(await send({})).toEqual([200, '']);
  expect(await send({ FaceUrl: 'https://example.com/face.png' })).toEqual([200, '']);
  expect(await send({ FaceUrl: 5 })).toEqual([400, 'body.FaceUrl (5) must be a string']);

  expect(await run(`npm run -s trigger -- --list --command ${command}`)).toEqual({ code: 0, output: `${command}\n` });
  const list = await run(`npm run -s verify -- --list --only ${command}`);
  expect(list.output).toMatch(
    /^MUST +accepted\/Group.CallbackAfterGroupMuted .*\nSHOULD +fields\/Group.CallbackAfterGroupMuted /,
  );
  expect(await run('npm run docs')).toMatchObject({ code: 0 });
  const reference = read('dist/docs/index.html');
  for (const title of ['"title":"After a group is muted"', '群组全员禁言之后']) expect(reference).toContain(title);
  for (const file of ['sentences.ts', 'page/page.js'])
    expect(read(`generated/${file}`)).toContain('muted for {MutedFor}');
  expect(await types).toEqual({ code: 0, output: '' });
}, 180_000);

test('require a field: examples that lack it are reported, and the change is breaking', async () => {
  addField();
  edit(CREATED_FILE, (text) => text.replace('required: [CallbackCommand', 'required: [CallbackCommand, FaceUrl'));
  const stopped = await run('npm run generate');
  expect(stopped.code).toBe(1);
  const examples = readdirSync(join(root, 'openapi/examples/Group')).filter((name) => name.startsWith(CREATED));
  for (const name of examples) {
    expect(stopped.output).toContain(`openapi/examples/Group/${name}: / must have required property 'FaceUrl'`);
    edit(`openapi/examples/Group/${name}`, (text) => text.replace('{', '{ "FaceUrl": "https://example.com/face.png",'));
  }
  expect(await run('npm run generate')).toMatchObject({ code: 0 });
  expect(read('generated/callback.ts')).toContain('FaceUrl: string;');
  const { send } = await startReceiver();
  expect(await send({})).toEqual([400, 'body.FaceUrl is required']);
  expect(await send({ FaceUrl: '' })).toEqual([200, '']);

  const { code, output } = await run('npm run -s contract:diff');
  const [sample = ''] = blocksOf('docs/contract.md', 'See what changed').text;
  const withoutCommit = (text: string) => text.replace(/\(\w{7,}\)/, '(commit)').trimEnd();
  expect({ code, output: withoutCommit(output) }).toEqual({ code: 1, output: withoutCommit(sample) });
}, 180_000);

test('decide a before-callback', async () => {
  const SEND = 'Group.CallbackBeforeSendMsg';
  const [rules = ''] = blocksOf('docs/decisions.md', 'A rule').ts;
  writeFileSync(join(root, 'src/handlers.ts'), rules);
  const receiver = await startReceiver();
  const send = async (Text: string) => {
    const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text } }];
    const reply = await receiver.send({ CallbackCommand: SEND, From_Account: 'ann', MsgBody });
    const { decision } = (await receiver.last()) as { decision: { action: string } };
    return [...reply, decision.action];
  };
  expect(await send('hi')).toEqual([200, '', 'allow']);
  expect(await send('buy now')).toEqual([200, '', 'drop']);
  expect(await send('darn')).toEqual([200, '', 'replace']);
  expect(await send('!'.repeat(501))).toEqual([200, 'At most 500 characters', 'reject']);
}, 60_000);

/** Applies a diff block: finds its unmarked lines, which must be adjacent, and adds the marked ones. */
function patch(text: string, block = ''): string {
  const lines = block.trimEnd().split('\n');
  const context = lines.filter((line) => line.startsWith(' ')).map((line) => `${line.slice(1)}\n`);
  const found = context.join('');
  if (!found || !text.includes(found)) throw new Error(`The document's change does not apply:\n${block}`);
  return text.replace(found, lines.map((line) => `${line.slice(1)}\n`).join(''));
}

function indent(block = '', spaces: number): string {
  if (!block) throw new Error('The document has no snippet there; mend this test.');
  return block.startsWith(' ') ? block : block.replaceAll(/^(?=.)/gm, ' '.repeat(spaces));
}

function edit(path: string, change: (text: string) => string): void {
  const text = read(path);
  const changed = change(text);
  if (changed === text) throw new Error(`Nothing changed in ${path}; mend this test.`);
  writeFileSync(join(root, path), changed);
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
