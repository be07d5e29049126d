import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readConfig } from '../src/config.ts';
import { startProcess } from './support/process.ts';
import { teardown, temporaryFolder } from './support/start.ts';
import { CREATED, pathOf, payload, post } from './support/vendor.ts';

// Follows the documentation to the letter: every file, change and command below is read from it.

const project = join(import.meta.dirname, '..');
const COPIED = ['openapi', 'generated', 'src', 'scripts', 'package.json', 'tsconfig.json', 'redocly.yaml', 'docs'];
const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
const createdFile = `openapi/callbacks/Group/${CREATED}.yaml`;

/** The project in a repository of its own, with this one's packages; every test finds it unchanged. */
const root = mkdtempSync(join(tmpdir(), 'how-to-'));
beforeAll(async () => {
  for (const name of COPIED) cpSync(join(project, name), join(root, name), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  const author = '-c user.name=test -c user.email=test@example.com -c commit.gpgSign=false';
  await succeed(
    `git init -q && echo node_modules >> .git/info/exclude && git add . && git ${author} commit -q -m start &&
     git update-ref refs/remotes/origin/main HEAD`,
  );
});
beforeEach(async () => {
  await succeed('git reset -q --hard && git clean -fdq');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('edit the contract', async () => {
  const { yaml, sh } = blocksOf('docs/contract.md', 'Edit the contract');

  edit(createdFile, (text) => text.replace('\nproperties:\n', `\nproperties:\n${indent(yaml[0], 2)}`));
  for (const { command, code, output } of await follow(sh[0])) {
    expect({ command, code, output }).toEqual({ command, code: 0, output });
    if (command.includes('contract:diff')) expect(output).toContain(`ok        POST / body ${CREATED}.FaceUrl: added`);
  }
  expect(read('generated/callback.ts')).toContain('FaceUrl?: string;');
  const optional = await startReceiver();
  expect(await optional.send({})).toEqual([200, '']);
  expect(await optional.send({ FaceUrl: 'https://example.com/face.png' })).toEqual([200, '']);
  expect(await optional.send({ FaceUrl: 5 })).toEqual([400, 'body.FaceUrl (5) must be string']);

  edit(createdFile, (text) => text.replace('required: [CallbackCommand', 'required: [CallbackCommand, FaceUrl'));
  const stopped = await run('npm run generate');
  expect(stopped.code).toBe(1);
  const examples = readdirSync(join(root, 'openapi/examples/Group')).filter((name) => name.startsWith(CREATED));
  for (const name of examples) {
    expect(stopped.output).toContain(`openapi/examples/Group/${name}: / must have required property 'FaceUrl'`);
    edit(`openapi/examples/Group/${name}`, (text) => text.replace('{', '{ "FaceUrl": "https://example.com/face.png",'));
  }
  expect(await run('npm run generate')).toMatchObject({ code: 0 });
  expect(read('generated/callback.ts')).toContain('FaceUrl: string;');
  const required = await startReceiver();
  expect(await required.send({})).toEqual([400, 'body.FaceUrl is required']);
  expect(await required.send({ FaceUrl: '' })).toEqual([200, '']);

  const { code, output } = await run('npm run -s contract:diff');
  const [sample = ''] = blocksOf('docs/contract.md', 'See what changed').text;
  const withoutCommit = (text: string) => text.replace(/\(\w{7,}\)/, '(commit)').trimEnd();
  expect({ code, output: withoutCommit(output) }).toEqual({ code: 1, output: withoutCommit(sample) });
}, 180_000);

test('add a command: the contract, its examples and one file; everything else follows', async () => {
  const command = 'Group.CallbackAfterGroupMuted';
  const muted = { CallbackCommand: command, Owner_Account: undefined, Type: undefined, Name: undefined };
  const before = await startReceiver();
  expect(await before.send(muted)).toEqual([200, '']);
  expect(await before.last()).toMatchObject({ command, status: 'unknown' });
  const { yaml, diff, json, sh } = blocksOf('CONTRIBUTING.md', 'Add a command');

  writeFileSync(join(root, `openapi/callbacks/Group/${command}.yaml`), yaml[0] ?? '');
  edit('openapi/callback.yaml', (text) => patch(patch(text, diff[0]), diff[1]));
  writeFileSync(join(root, `openapi/examples/Group/${command}.json`), json[0] ?? '');
  edit('src/groups/meanings.ts', (text) => patch(text, diff[2]));
  const touched = await run('git status --porcelain --untracked-files=all');
  expect(touched.output.split('\n').filter(Boolean).sort()).toEqual([
    ' M openapi/callback.yaml',
    ' M src/groups/meanings.ts',
    `?? openapi/callbacks/Group/${command}.yaml`,
    `?? openapi/examples/Group/${command}.json`,
  ]);
  const [generate = '', ...others] = commandsOf(sh[0]);
  expect(await run(generate)).toMatchObject({ code: 0 });
  expect(read('docs/commands.md')).toContain(
    `| [\`${command}\`](../openapi/callbacks/Group/${command}.yaml) | After a group is muted | |`,
  );

  // Of `npm test`, the step that another command can break: the types of the program. It runs beside the rest.
  writeFileSync(join(root, 'tsconfig.src.json'), '{ "extends": "./tsconfig.json", "include": ["src", "generated"] }');
  const types = run('npx tsc -p tsconfig.src.json');
  const after = await startReceiver();
  for (const { command, code, output } of await follow(others.join('\n'), { PORT: after.port })) {
    expect({ command, code, output }).toEqual({ command, code: 0, output });
  }
  expect(await after.last()).toMatchObject({ command, status: 'accepted', reason: null });
  expect(await after.send({ ...muted, GroupId: '' })).toEqual([400, expect.stringContaining('body.GroupId ("")')]);
  expect(await after.send({ ...muted, MutedFor: 'ever' })).toEqual([400, 'body.MutedFor ("ever") must be integer']);
  const metrics = await (await fetch(`${after.adminUrl}/metrics`)).text();
  expect(metrics).toContain(`callbacks_total{command="${command}",outcome="accepted"} 1`);
  expect(await run('npm run -s contract:diff')).toMatchObject({
    code: 0,
    output: expect.stringContaining(`ok        POST / body ${command}: added`),
  });
  expect(await run(`npm run -s trigger -- --list --command ${command}`)).toEqual({ code: 0, output: `${command}\n` });
  const list = await run(`npm run -s verify -- --list --only ${command}`);
  expect(list.output).toMatch(
    /^MUST +accepted\/Group.CallbackAfterGroupMuted .*\nSHOULD +fields\/Group.CallbackAfterGroupMuted /,
  );
  expect(await run('npm run docs')).toMatchObject({ code: 0 });
  expect(read('dist/docs/index.html')).toContain('"title":"After a group is muted"');
  expect(await types).toEqual({ code: 0, output: '' });
}, 180_000);

test('decide a before-callback', async () => {
  const SEND = 'Group.CallbackBeforeSendMsg';
  const [rules = ''] = blocksOf('docs/decisions.md', 'A rule').ts;
  edit('src/decisions/rules.ts', (text) =>
    text.replace(/^export const RULES: Rules = \{(?:.|\n)*?\};\n/m, () => rules),
  );
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

/** Commands that are not run below, each with the reason or with what runs it. */
const NOT_RUN: Record<string, string> = {
  'npm ci': 'it installs what runs this',
  'npm start': 'startProcess, here and in test/main.test.ts',
  'npm test': 'it runs this',
  'npm run generate': 'test "edit the contract", above',
  'npm run lint': 'test "edit the contract", above',
  'npm run contract:diff': 'test "edit the contract", above',
  'DATABASE_URL=postgres://callbacks:password@db.example.com/callbacks npm start': 'test/store-and-forward.test.ts',
  'npm run trigger -- --count 5000 --rate 500': 'it takes 10 s; test/trigger.test.ts',
  'npm run trigger -- --fault tampered-sign --token my-token': 'test/trigger-receiver.test.ts runs every fault',
  'npm run mock': 'it runs until it is ended; test/mock.test.ts, and below with another port',
  'npm run mock -- --signed': 'it runs until it is ended; test/mock.test.ts',
  'npm run mock -- --proxy https://backend.example.com/callbacks': 'test/mock.test.ts',
  'npm run verify -- --url https://example.com/im/callback --sdk-app-id 1400123456 --token my-token':
    'it needs an endpoint elsewhere; test/verify.test.ts',
  'npm run verify -- --url http://127.0.0.1:3000/': 'test/verify.test.ts',
  'curl -N http://127.0.0.1:3001/api/live': 'it has no end; test/live.test.ts',
  'npm run screenshots': 'its pictures depend on the fonts of the machine',
  'npm run soak': 'it takes minutes; test/faults.test.ts',
  'npm run soak -- --only postgres-stopped': 'it takes half a minute; test/faults.test.ts',
  'npm run soak -- --minutes 60': 'it takes an hour',
  'npm run soak:hostile -- --requests 100000': 'it takes minutes; test/hostile.test.ts',
  'npm run bench': 'it takes ten minutes; test/bench.test.ts',
  'npm run bench -- --quick': 'it takes a minute; test/bench.test.ts',
  'npm run bench -- --growth --minutes 10': 'it takes an hour; test/bench.test.ts',
  'node --experimental-vm-modules node_modules/jest/bin/jest.js test/signature.test.ts': 'it is how this runs',
  'npm run trigger -- --command Group.CallbackAfterGroupMuted': 'test "add a command", above',
};

describe('the documentation', () => {
  const documents = [
    ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
    ...readdirSync(join(project, 'docs')).map((name) => `docs/${name}`),
  ];
  const blocks = documents.flatMap((name) => blocksIn(readFileSync(join(project, name), 'utf8')).sh);
  const all = [...new Set(blocks.flatMap(commandsOf))];
  const settings = all.filter((line) => /^[A-Z_]+=\S+$/.test(line));

  test('has no command that does not work', async () => {
    const { send, callbackUrl, adminUrl, database } = await startReceiver();
    const mockUrl = await startMock();
    // The callback 17 is one that was rejected.
    for (let id = 1; id <= 17; id += 1) expect((await send({ GroupId: undefined }))[0]).toBe(400);
    const env = { DATABASE_URL: database, PORT: new URL(callbackUrl).port };
    const results: Record<string, number | string> = {};
    for (const command of all) {
      if (settings.includes(command) || Object.hasOwn(NOT_RUN, command)) continue;
      const here = withoutNpm(command)
        .replace(/http:\/\/127\.0\.0\.1:(3000|8080)\//, callbackUrl)
        .replace('http://127.0.0.1:3001', adminUrl)
        .replace('http://127.0.0.1:4010/', mockUrl)
        .replace(/^curl /, 'curl -sS ');
      const { code, output } = await run(here, env);
      results[command] = code === 0 && !/^\{"(error|status":4)/.test(output) ? 0 : `${code}: ${output}`;
    }
    expect(results).toEqual(Object.fromEntries(Object.keys(results).map((command) => [command, 0])));
    expect(Object.keys(NOT_RUN).filter((command) => !all.includes(command))).toEqual([]);
  }, 180_000);

  test('shows the reply to the call that it has for pasting', async () => {
    const { callbackUrl } = await startReceiver();
    const { sh, json } = blocksIn(readFileSync(join(project, 'README.md'), 'utf8'));
    const call = sh.flatMap(commandsOf).find((command) => command.startsWith('curl')) ?? '';
    const { output } = await run(call.replace('http://127.0.0.1:3000/', callbackUrl).replace('curl', 'curl -sS'));
    expect(output).toBe(json[0]?.trimEnd());
  });

  test('has no setting that is refused', () => {
    const plain = settings.filter((line) => !line.startsWith('TLS_')).map((line) => line.split(/=(.*)/).slice(0, 2));
    expect(plain.length).toBeGreaterThan(3);
    expect(() => readConfig(Object.fromEntries(plain))).not.toThrow();
    const listed = readFileSync(join(project, 'README.md'), 'utf8').split('\n## Settings\n')[1] ?? '';
    for (const line of settings) expect(listed).toContain(`\`${line.split('=')[0]}\``);
  });

  test('has no link to a file that does not exist', () => {
    const missing = documents.flatMap((name) => {
      const links = readFileSync(join(project, name), 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g);
      const files = [...links].map(([, link = '']) => join(dirname(name), link));
      return files.filter((file) => !existsSync(join(project, file))).map((file) => `${name}: ${file}`);
    });
    expect(missing).toEqual([]);
  });

  test('has no npm script that does not exist', () => {
    const named = all.flatMap((command) => /npm run (?:-s )?([\w:]+)/.exec(command)?.[1] ?? []);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test('begins with a README of at most 200 lines', () => {
    expect(readFileSync(join(project, 'README.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(201);
  });
});

/** Starts the receiver of the copy, with a database of its own. */
async function startReceiver() {
  const folder = temporaryFolder();
  const database = `sqlite:${folder}/test.db`;
  const { callbackUrl, adminUrl } = await startProcess({ DATABASE_URL: database }, folder, root);
  /** Sends the created callback with a change. @returns status and ErrorInfo */
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
  return { send, last, callbackUrl, adminUrl, database, port: new URL(callbackUrl).port };
}

/** Starts `npm run mock` of the copy on a free port. @returns its URL */
async function startMock(): Promise<string> {
  const mock = spawn(process.execPath, ['scripts/mock.ts', '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  teardown(async () => {
    mock.kill('SIGKILL');
    await once(mock, 'exit');
  });
  for await (const line of createInterface({ input: mock.stdout })) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error('The mock ended before it said where it listens');
}

/** Runs the commands of a block, all but `npm test`: that is what runs this. */
async function follow(block: string | undefined, env: Record<string, string> = {}) {
  const results = [];
  for (const command of commandsOf(block).filter((line) => line !== 'npm test')) {
    results.push({ command, ...(await run(command, env)) });
  }
  if (results.length === 0) throw new Error('The document has no commands there; mend this test.');
  return results;
}

function run(command: string, env: Record<string, string> = {}) {
  return new Promise<{ code: number; output: string }>((resolve) => {
    execFile('sh', ['-c', command], { cwd: root, env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

/** What npm would run, without the time that npm takes. */
function withoutNpm(command: string): string {
  return command.replace(/^npm run (?:-s )?([\w:]+)(?: --)?/, (_match, name) => scripts[name] ?? name);
}

async function succeed(command: string): Promise<void> {
  const { code, output } = await run(command);
  if (code !== 0) throw new Error(output);
}

type Blocks = Record<'yaml' | 'sh' | 'diff' | 'json' | 'text' | 'ts', string[]>;

/** The code blocks under a heading of a document, by language. */
function blocksOf(document: string, heading: string): Blocks {
  const text = readFileSync(join(project, document), 'utf8');
  const section = new RegExp(`^#+ ${heading}\\n(.*?)(?=^#+ |(?!.))`, 'ms').exec(text)?.[1];
  if (!section) throw new Error(`${document} has no section ${heading}; mend this test.`);
  return blocksIn(section);
}

function blocksIn(text: string): Blocks {
  const blocks: Blocks = { yaml: [], sh: [], diff: [], json: [], text: [], ts: [] };
  for (const [, space = '', language = '', code = ''] of text.matchAll(/^( *)```(\w+)\n(.*?)\n *```$/gms)) {
    blocks[language as keyof Blocks]?.push(`${code.replaceAll(new RegExp(`^${space}`, 'gm'), '')}\n`);
  }
  return blocks;
}

/** The commands of a block, without the comments behind them. A quotation may go on over several lines. */
function commandsOf(block = ''): string[] {
  const commands: string[] = [];
  let open = '';
  for (const line of block.split('\n')) {
    const text = open ? `${open}\n${line}` : line.replace(/ +#.*/, '');
    open = text.split("'").length % 2 === 0 ? text : '';
    if (!open && text) commands.push(text);
  }
  return commands;
}

/** Carries out a diff block: finds its unmarked lines, which must stand there together, and adds the marked ones. */
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
