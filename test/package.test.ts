import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { blocksIn, commandsOf, project } from './support/blocks.ts';
import { type Installed, installPackage } from './support/package.ts';
import { teardown } from './support/start.ts';

// The package as its users have it: packed, installed without development packages, docs/library.md followed to the letter.

const DEADLINE_MS = 30_000;
const EXAMPLE = join(project, 'examples/express-app');
const documented = blocksIn(readFileSync(join(project, 'docs/library.md'), 'utf8'));
/** Blocks that begin with the name of their file. */
const files = new Map(documented.ts.flatMap((code) => [[/^\/\/ (\S+\.ts)\n/.exec(code)?.[1] ?? '', code] as const]));
const fragments = documented.ts.filter((code) => !/^\/\/ \S+\.ts\n/.test(code));

let installed: Installed;
beforeAll(async () => {
  const others = ['express', 'fastify', 'srvx', '@types/node', '@types/express'];
  installed = await installPackage(mkdtempSync(join(tmpdir(), 'package-')), others);
  for (const [name, code] of files) if (name) writeFileSync(join(installed.folder, name), code);
  cpSync(EXAMPLE, join(installed.folder, 'express-app'), { recursive: true });
}, 120_000);
afterAll(() => rmSync(installed.folder, { recursive: true, force: true }));

test('the package holds what it needs and nothing else', () => {
  const strange = installed.files.filter(
    (path) => !/^(dist\/(src|scripts|generated)\/|dist\/package\.json$|(package\.json|README\.md|LICENSE)$)/.test(path),
  );
  expect(strange).toEqual([]);
  expect(installed.files.filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))).toEqual([]);
  for (const database of ['sqlite', 'postgres']) {
    const folder = `src/store/${database}/migrations`;
    const migrations = readdirSync(join(project, folder)).map((name) => `dist/${folder}/${name}`);
    expect(installed.files).toEqual(expect.arrayContaining(migrations));
  }
});

test('a production install is small', () => {
  const bytes = readdirSync(join(installed.folder, 'node_modules'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => statSync(join(parentPath, name)).size)
    .reduce((sum, size) => sum + size, 0);
  // Fastify and the types, which the user has besides, are in it.
  expect(bytes).toBeLessThan(40e6);
  expect(installed.count).toBeLessThanOrEqual(125);
});

test.each([
  ['publint', ['publint/src/cli.js', 'run', '--strict']],
  ['arethetypeswrong', ['@arethetypeswrong/cli/dist/index.js', '--profile', 'esm-only', '--no-color']],
])('%s finds nothing wrong with it', async (_name, [program = '', ...args]) => {
  const { code, output } = await node([join(project, 'node_modules', program), ...args, installed.tarball]);
  expect({ code, output }).toEqual({ code: 0, output: expect.not.stringMatching(/warning|suggestion/i) });
}, 120_000);

test("a user's TypeScript compiles with the types of Node alone, and what is wrong does not", async () => {
  writeFileSync(join(installed.folder, 'user.ts'), USER);
  expect(await tsc(['user.ts', 'contract.ts', 'fetch-server.ts', 'groups.test.ts'])).toBe('');
}, 120_000);

test('the code of the documentation and the example compile', async () => {
  const names = fragments.map((code, index) => {
    writeFileSync(join(installed.folder, `fragment-${index}.ts`), PRELUDE + code);
    return `fragment-${index}.ts`;
  });
  const apps = [...files.keys()].filter((name) => /server|raw-body/.test(name));
  // The types of Fastify want those of its own development packages.
  expect(await tsc([...names, ...apps, 'express-app/server.ts'], { types: ['node', 'express'], skipLibCheck: true })).toBe('');
}, 120_000);

test.each([
  ['server.ts', 'leckie created MyFirstGroup'],
  ['raw-body.ts', 'MyFirstGroup'],
  ['fastify-server.ts', 'MyFirstGroup'],
  ['fetch-server.ts', 'MyFirstGroup'],
])('%s of the documentation takes a callback, and its handler runs', async (name, printed) => {
  const port = await freePort();
  const [, trigger = ''] = documented.sh.flatMap(commandsOf);
  const code = (files.get(name) ?? '').replace('8080', String(port));
  writeFileSync(join(installed.folder, `here-${name}`), code);
  const app = await startApp([join('..', `here-${name}`)], port);
  expect(await shell(trigger.replace('8080', String(port)))).toMatchObject({ code: 0 });
  await app.prints(printed);
});

test('the example takes a callback, refuses a message and ends in order', async () => {
  const port = await freePort();
  const app = await startApp(['../express-app/server.ts'], port, { PORT: String(port) });
  const trigger = `npx tencent-chat-callbacks trigger --url http://127.0.0.1:${port}/im/callback --token my-token`;
  expect(await shell(trigger)).toMatchObject({ code: 0 });
  await app.prints('leckie created MyFirstGroup, which has 2 members');
  const advert = `${trigger} --command Group.CallbackBeforeSendMsg --set MsgBody.0.MsgContent.Text='buy now'`;
  expect((await shell(advert)).output).toContain('10101');
  app.child.kill('SIGTERM');
  expect(await once(app.child, 'exit')).toEqual([0, null]);
});

test('the test of the documentation passes', async () => {
  expect(await node(['--test', 'groups.test.ts'])).toMatchObject({ code: 0 });
});

test('the command runs the receiver and says what it can do', async () => {
  const help = commandsOf(documented.sh.find((block) => block.includes('--help'))).find((line) => line.endsWith('--help'));
  expect(await shell(String(help))).toEqual({ code: 0, output: expect.stringContaining('start|trigger|verify|mock|replay'.split('|').join('')) });
});

const cli = (...args: string[]) => shell(`npx tencent-chat-callbacks ${args.join(' ')}`);

test.each<[args: string, code: number, text: string]>([
  ['--help', 0, 'Usage: npx tencent-chat-callbacks COMMAND'],
  ['start --help', 0, 'Usage: npx tencent-chat-callbacks start'],
  ['trigger --help', 0, 'Usage: npx tencent-chat-callbacks trigger ['],
  ['verify --help', 0, 'Usage: npx tencent-chat-callbacks verify --url URL'],
  ['mock --help', 0, 'Usage: npx tencent-chat-callbacks mock ['],
  ['replay --help', 0, 'npx tencent-chat-callbacks replay --from-start'],
  ['replay', 0, '0 rebuilt, 0 unchanged'],
  ['', 2, 'a command is missing: expected one of start, trigger, verify, mock, replay; see --help'],
  ['strat', 2, '"strat" is no command: expected one of start, trigger'],
  ['start --port 1', 2, '--port: there is no such option, see --help'],
  ['mock', 1, 'mock: @stoplight/prism-http is not installed: npm install --save-dev @stoplight/prism-http@'],
])('tencent-chat-callbacks %s', async (args, code, text) => {
  expect(await cli(args)).toEqual({ code, output: expect.stringContaining(text) });
});

test('nothing is written where the package is installed', async () => {
  const list = () => readdirSync(installed.packageFolder, { recursive: true }).sort();
  const before = list();
  const port = await freePort();
  const app = await startApp(
    [join(installed.packageFolder, 'dist/scripts/cli.js'), 'start'],
    port,
    { PORT: String(port), ADMIN_PORT: '0' },
  );
  expect(await cli('verify', '--url', `http://127.0.0.1:${port}/`)).toMatchObject({ code: 0 });
  app.child.kill('SIGTERM');
  await once(app.child, 'exit');
  expect(list()).toEqual(before);
}, 120_000);

const PRELUDE = `import express from 'express';
import { ALLOW, DROP, createReceiver, refuse, reject, replace } from 'tencent-chat-callbacks';
const receiver = await createReceiver({ sdkAppId: 1400123456, adminAuth: 'mine' });
const app = express();
const onlyOperators: express.RequestHandler = (_request, _response, next) => next();
`;

const USER = `import { ALLOW, createReceiver, reject, sign, UnrecoverableError, type Receiver } from 'tencent-chat-callbacks';

const receiver: Receiver = await createReceiver({ sdkAppId: 1400123456, tokens: ['token'], log: console });
receiver.on('Group.CallbackAfterCreateGroup', async ({ payload, group, raw, signal }) => {
  const owner: string | undefined = payload.Owner_Account;
  const time: number | undefined = payload.EventTime;
  const size: number = raw.byteLength;
  if (group === null) throw new UnrecoverableError(String([owner, time, size, signal.aborted]));
});
receiver.on('*', (callback) => {
  if (callback.command === 'Group.CallbackBeforeSendMsg') {
    const text: string = callback.payload.GroupId;
    console.log(text);
  }
  // @ts-expect-error it may be a command that the contract does not describe
  callback.payload.GroupId;
});
receiver.decide('Group.CallbackBeforeSendMsg', ({ payload }) => (payload.From_Account === 'bob' ? ALLOW : reject()));
receiver.on('fatal', (error) => console.error(error.message));
const reply: Response = await receiver.fetch(new Request('http://127.0.0.1/' + sign('token', '1')));
console.log(reply.status);

// @ts-expect-error there is no such command
receiver.on('Group.CallbackAfterTea', () => {});
// @ts-expect-error the payload has no such field
receiver.on('Group.CallbackAfterCreateGroup', ({ payload }) => payload.Tea);
// @ts-expect-error it asks nothing
receiver.decide('Group.CallbackAfterCreateGroup', () => ALLOW);
// @ts-expect-error a text
createReceiver({ sdkAppId: '1400123456' });
`;

/** What the project's compiler says to files of the user's. */
async function tsc(names: string[], options: object = {}): Promise<string> {
  const compilerOptions = { target: 'es2024', module: 'nodenext', strict: true, noEmit: true, skipLibCheck: false };
  const tsconfig = { compilerOptions: { ...compilerOptions, types: ['node'], ...options }, files: names };
  writeFileSync(join(installed.folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  return (await node([join(project, 'node_modules/typescript/bin/tsc')])).output;
}

function node(args: string[]): Promise<{ code: number; output: string }> {
  return run(process.execPath, args);
}

/** Runs a command as the user types it; what `npx` finds is in `node_modules`. */
function shell(command: string): Promise<{ code: number; output: string }> {
  return run('sh', ['-c', command.replace(/^npx tencent-chat-callbacks/, installed.command)]);
}

function run(file: string, args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const options = { cwd: installed.folder, env: ENV, timeout: DEADLINE_MS };
    execFile(file, args, options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

/** Starts a program of the user's in a folder of its own, below `node_modules`. Resolves when it takes connections. */
async function startApp(args: string[], port: number, env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(installed.folder, 'data-'));
  mkdirSync(folder, { recursive: true });
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...ENV, ...env } });
  teardown(() => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  await until(() => canConnect(port), () => output);
  return { child, prints: (text: string) => until(async () => output.includes(text), () => output) };
}

async function until(condition: () => Promise<boolean>, output: () => string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`It has printed until the deadline:\n${output()}`);
    await sleep(20);
  }
}
