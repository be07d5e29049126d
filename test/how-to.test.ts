import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startProcess } from './support/process.ts';
import { temporaryFolder } from './support/start.ts';
import { CREATED, pathOf, payload, post } from './support/vendor.ts';

// Follows the README's how-tos to the letter: every file, change and command below is read from it.

const project = join(import.meta.dirname, '..');
const readme = readFileSync(join(project, 'README.md'), 'utf8');
const createdFile = `openapi/callbacks/Group/${CREATED}.yaml`;

test('edit the contract and regenerate', async () => {
  const root = await copyProject();
  const { yaml, sh } = blocksOf('Edit the contract and regenerate');

  edit(root, createdFile, (text) => text.replace('\nproperties:\n', `\nproperties:\n${indent(yaml[0], 2)}`));
  for (const { command, code, output } of await follow(root, sh[0])) {
    expect({ command, code, output }).toEqual({ command, code: 0, output });
    if (command.includes('contract:diff')) expect(output).toContain(`ok        POST / body ${CREATED}.FaceUrl: added`);
  }
  expect(read(root, 'generated/callback.ts')).toContain('FaceUrl?: string;');
  const optional = await startIn(root);
  expect(await optional({})).toEqual([200, '']);
  expect(await optional({ FaceUrl: 'https://example.com/face.png' })).toEqual([200, '']);
  expect(await optional({ FaceUrl: 5 })).toEqual([400, 'body.FaceUrl (5) must be string']);

  edit(root, createdFile, (text) => text.replace('required: [CallbackCommand', 'required: [CallbackCommand, FaceUrl'));
  const stopped = await run(root, 'npm run generate');
  expect(stopped.code).toBe(1);
  const examples = readdirSync(join(root, 'openapi/examples/Group')).filter((name) => name.startsWith(CREATED));
  for (const name of examples) {
    expect(stopped.output).toContain(`openapi/examples/Group/${name}: / must have required property 'FaceUrl'`);
    edit(root, `openapi/examples/Group/${name}`, (text) =>
      text.replace('{', '{ "FaceUrl": "https://example.com/face.png",'),
    );
  }
  expect(await run(root, 'npm run generate')).toMatchObject({ code: 0 });
  expect(read(root, 'generated/callback.ts')).toContain('FaceUrl: string;');
  const required = await startIn(root);
  expect(await required({})).toEqual([400, 'body.FaceUrl is required']);
  expect(await required({ FaceUrl: '' })).toEqual([200, '']);

  const { code, output } = await run(root, 'npm run -s contract:diff');
  const [sample = ''] = blocksOf('See what changed').text;
  const withoutCommit = (text: string) => text.replace(/\(\w{7,}\)/, '(commit)').trimEnd();
  expect({ code, output: withoutCommit(output) }).toEqual({ code: 1, output: withoutCommit(sample) });
}, 180_000);

test('add a command: the contract, its examples and one file; everything else follows', async () => {
  const root = await copyProject();
  const command = 'Group.CallbackAfterGroupMuted';
  const muted = { CallbackCommand: command, Owner_Account: undefined, Type: undefined, Name: undefined };
  const before = await startIn(root);
  expect(await before(muted)).toEqual([200, '']);
  expect(await before.last()).toMatchObject({ command, status: 'unknown' });
  const { yaml, diff, json, sh } = blocksOf('Add a command');

  writeFileSync(join(root, `openapi/callbacks/Group/${command}.yaml`), yaml[0] ?? '');
  edit(root, 'openapi/callback.yaml', (text) => patch(patch(text, diff[0]), diff[1]));
  writeFileSync(join(root, `openapi/examples/Group/${command}.json`), json[0] ?? '');
  edit(root, 'src/groups/change.ts', (text) => patch(text, diff[2]));
  const touched = await run(root, 'git status --porcelain --untracked-files=all');
  expect(touched.output.split('\n').filter(Boolean).sort()).toEqual([
    ' M openapi/callback.yaml',
    ' M src/groups/change.ts',
    `?? openapi/callbacks/Group/${command}.yaml`,
    `?? openapi/examples/Group/${command}.json`,
  ]);
  const [generate = '', ...others] = linesOf(sh[0]);
  expect(await run(root, generate)).toMatchObject({ code: 0 });
  expect(read(root, 'README.md')).toContain(
    `| [\`${command}\`](openapi/callbacks/Group/${command}.yaml) | After a group is muted | |`,
  );

  const after = await startIn(root);
  for (const { command, code, output } of await follow(root, others.join('\n'), { PORT: after.port })) {
    expect({ command, code, output }).toEqual({ command, code: 0, output });
  }
  expect(await after.last()).toMatchObject({ command, status: 'accepted', reason: null });
  expect(await after({ ...muted, GroupId: '' })).toEqual([400, expect.stringContaining('body.GroupId ("")')]);
  expect(await after({ ...muted, MutedFor: 'ever' })).toEqual([400, 'body.MutedFor ("ever") must be integer']);
  expect(await after.metrics()).toContain(`callbacks_total{command="${command}",outcome="accepted"} 1`);
  expect(await run(root, 'npm run -s contract:diff')).toMatchObject({
    code: 0,
    output: expect.stringContaining(`ok        POST / body ${command}: added`),
  });
  expect(await run(root, `npm run -s trigger -- --list --command ${command}`)).toEqual({
    code: 0,
    output: `${command}\n`,
  });
  const list = await run(root, `npm run -s verify -- --list --only ${command}`);
  expect(list.output).toMatch(
    /^MUST +accepted\/Group.CallbackAfterGroupMuted .*\nSHOULD +fields\/Group.CallbackAfterGroupMuted /,
  );
  expect(await run(root, 'npm run docs')).toMatchObject({ code: 0 });
  expect(read(root, 'dist/docs/index.html')).toContain('"title":"After a group is muted"');
}, 180_000);

test('decide a before-callback', async () => {
  const root = await copyProject();
  const SEND = 'Group.CallbackBeforeSendMsg';
  writeFileSync(join(root, 'src/decisions/before-send-msg.ts'), blocksOf('Decide a before-callback').ts[0] ?? '');
  const receive = await startIn(root);
  const send = async (Text: string) => {
    const MsgBody = [{ MsgType: 'TIMTextElem', MsgContent: { Text } }];
    const reply = await receive({ CallbackCommand: SEND, From_Account: 'ann', MsgBody });
    const { decision } = (await receive.last()) as { decision: { action: string } };
    return [...reply, decision.action];
  };
  expect(await send('hi')).toEqual([200, '', 'allow']);
  expect(await send('buy now')).toEqual([200, '', 'drop']);
  expect(await send('darn')).toEqual([200, '', 'replace']);
  expect(await send('!'.repeat(501))).toEqual([200, 'At most 500 characters', 'reject']);
}, 60_000);

const COPIED = ['openapi', 'generated', 'src', 'scripts', 'package.json', 'tsconfig.json', 'redocly.yaml', 'README.md'];

/** The project in a repository and a folder of its own, with this one's packages. */
async function copyProject(): Promise<string> {
  const root = temporaryFolder();
  for (const name of COPIED) {
    cpSync(join(project, name), join(root, name), { recursive: true });
  }
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  const author = '-c user.name=test -c user.email=test@example.com -c commit.gpgSign=false';
  const { code, output } = await run(
    root,
    `git init -q && git add ${COPIED.join(' ')} && echo node_modules >> .git/info/exclude && git ${author} commit -q -m start`,
  );
  if (code !== 0) throw new Error(output);
  return root;
}

/** Starts the copy's receiver. @returns what sends a changed callback to it and gives status and ErrorInfo. */
async function startIn(root: string) {
  const folder = temporaryFolder();
  const { callbackUrl, adminUrl } = await startProcess({ DATABASE_URL: `sqlite:${folder}/test.db` }, folder, root);
  const send = async (change: Record<string, unknown>): Promise<[number, string]> => {
    const body = payload(change);
    const url = new URL(pathOf({ CallbackCommand: body.CallbackCommand }), callbackUrl);
    const response = await fetch(url, post(body));
    return [response.status, ((await response.json()) as { ErrorInfo: string }).ErrorInfo];
  };
  const last = async (): Promise<unknown> => {
    const { callbacks } = (await (await fetch(`${adminUrl}/api/callbacks`)).json()) as { callbacks: unknown[] };
    return callbacks[0];
  };
  const metrics = async (): Promise<string> => (await fetch(`${adminUrl}/metrics`)).text();
  return Object.assign(send, { last, metrics, port: new URL(callbackUrl).port });
}

/** Runs the commands of a block, all but `npm test`: that is what runs this. */
async function follow(root: string, block: string | undefined, env: Record<string, string> = {}) {
  const results = [];
  for (const command of linesOf(block).filter((line) => line !== 'npm test')) {
    results.push({ command, ...(await run(root, command, env)) });
  }
  if (results.length === 0) throw new Error('The README has no commands there; mend this test.');
  return results;
}

function run(root: string, command: string, env: Record<string, string> = {}) {
  return new Promise<{ code: number; output: string }>((resolve) => {
    execFile('sh', ['-c', command], { cwd: root, env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

/** The code blocks under a heading of the README, by language. */
function blocksOf(heading: string): Record<'yaml' | 'sh' | 'diff' | 'json' | 'text' | 'ts', string[]> {
  const section = readme.split(`\n### ${heading}\n`)[1]?.split(/\n##+ /)[0];
  if (!section) throw new Error(`The README has no section ${heading}; mend this test.`);
  const blocks = { yaml: [], sh: [], diff: [], json: [], text: [], ts: [] } as Record<string, string[]>;
  for (const [, space = '', language = '', code = ''] of section.matchAll(/^( *)```(\w+)\n(.*?)\n *```$/gms)) {
    blocks[language]?.push(`${code.replaceAll(new RegExp(`^${space}`, 'gm'), '')}\n`);
  }
  return blocks as ReturnType<typeof blocksOf>;
}

/** The commands of a block, without the comments behind them. */
function linesOf(block = ''): string[] {
  return block
    .split('\n')
    .map((line) => line.replace(/ +#.*/, ''))
    .filter(Boolean);
}

/** Carries out a diff block: finds its unmarked lines, which must stand there together, and adds the marked ones. */
function patch(text: string, block = ''): string {
  const lines = block.trimEnd().split('\n');
  const context = lines.filter((line) => line.startsWith(' ')).map((line) => `${line.slice(1)}\n`);
  const found = context.join('');
  if (!found || !text.includes(found)) throw new Error(`The README's change does not apply:\n${block}`);
  return text.replace(found, lines.map((line) => `${line.slice(1)}\n`).join(''));
}

function indent(block = '', spaces: number): string {
  if (!block) throw new Error('The README has no snippet there; mend this test.');
  return block.startsWith(' ') ? block : block.replaceAll(/^(?=.)/gm, ' '.repeat(spaces));
}

function edit(root: string, path: string, change: (text: string) => string): void {
  const text = read(root, path);
  const changed = change(text);
  if (changed === text) throw new Error(`Nothing changed in ${path}; mend this test.`);
  writeFileSync(join(root, path), changed);
}

function read(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
