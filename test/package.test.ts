import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../scripts/testbed/process.ts';
import { blocksIn, commandsOf, project } from './support/blocks.ts';
import { installPackage, type UserProject } from './support/package.ts';

// The package as users have it: packed, installed without development packages, docs/library.md followed literally.

const { ts, sh } = blocksIn(readFileSync(join(project, 'docs/library.md'), 'utf8'));
const example = blocksIn(readFileSync(join(project, 'examples/express-app/README.md'), 'utf8'));
const delivery = blocksIn(readFileSync(join(project, 'docs/delivery.md'), 'utf8'));
const contract = blocksIn(readFileSync(join(project, 'docs/contract.md'), 'utf8'));
const NAMED = /^\/\/ (\S+\.ts)\n/;
/** Code blocks that are whole files. */
const files = new Map(
  ts.flatMap(
    (code) =>
      NAMED.exec(code)
        ?.slice(1)
        .map((name) => [name, code] as const) ?? [],
  ),
);
const fragments = [...ts, ...delivery.ts, ...contract.ts].filter((code) => !NAMED.test(code));
const [trigger = '', help = '', verify = ''] = sh.flatMap(commandsOf).filter((command) => command.startsWith('npx '));
const README = blocksIn(readFileSync(join(project, 'README.md'), 'utf8'));

let user: UserProject;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  user = await installPackage(folder, ['express', 'fastify', 'srvx', '@types/node', '@types/express']);
  for (const [name, code] of files) writeFileSync(join(folder, name), code);
  cpSync(join(project, 'examples/express-app'), join(folder, 'express-app'), { recursive: true });
}, 120_000);
afterAll(() => rmSync(user.folder, { recursive: true, force: true }));

test('the package holds what it needs and nothing else', () => {
  const ours = /^(dist\/(src|scripts|generated)\/|dist\/package\.json$|(package\.json|README(\.zh-CN)?\.md|LICENSE)$)/;
  expect(user.files.filter((path) => !ours.test(path) || (/\.tsx?$/.test(path) && !path.endsWith('.d.ts')))).toEqual(
    [],
  );
  expect(user.files).toEqual(expect.arrayContaining(['README.md', 'README.zh-CN.md']));
  for (const folder of ['src/store/sqlite/migrations', 'src/store/postgres/migrations', 'generated/page']) {
    expect(user.files).toEqual(expect.arrayContaining(readdirSync(folder).map((name) => `dist/${folder}/${name}`)));
  }
});

test('a production install is small', () => {
  const bytes = [user.home, ...user.needed].map(sizeOf).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeLessThan(40e6);
  expect(user.needed.length).toBeLessThan(140);
});

test.each([
  ['publint', (tarball: string) => ['publint/src/cli.js', 'run', tarball, '--strict']],
  // A YAML file has no types.
  [
    'arethetypeswrong',
    (tarball: string) =>
      `@arethetypeswrong/cli/dist/index.js ${tarball} --profile esm-only --exclude-entrypoints contract.yaml`.split(
        ' ',
      ),
  ],
])('%s finds no problems', async (_name, commandFor) => {
  const [program = '', ...args] = commandFor(user.tarball);
  const ended = await user.node(join(project, 'node_modules', program), ...args);
  expect(ended).toEqual({ code: 0, output: expect.not.stringMatching(/suggestions?:|warnings?:/i) });
});

test("a user's TypeScript compiles with Node's types alone, and wrong code does not", async () => {
  writeFileSync(join(user.folder, 'user.ts'), USER);
  writeFileSync(join(user.folder, 'handlers.ts'), HANDLERS);
  expect(await compile(['user.ts', 'handlers.ts', 'contract.ts', 'groups.test.ts'], { types: ['node'] })).toBe('');
}, 120_000);

test('the code of the documentation and the example compile', async () => {
  const names = fragments.map((code, index) => {
    writeFileSync(join(user.folder, `fragment-${index}.ts`), PRELUDE + code);
    return `fragment-${index}.ts`;
  });
  // Fastify's types need its development packages.
  const options = { types: ['node'], skipLibCheck: true };
  expect(await compile([...names, ...files.keys(), 'express-app/server.ts'], options)).toBe('');
}, 120_000);

test('the README shows the first app of the documentation', () => {
  expect(README.ts).toEqual([files.get('server.ts')?.replace(NAMED, '')]);
});

test.each([
  ['server.ts', 'leckie created MyFirstGroup'],
  ['raw-body.ts', 'MyFirstGroup'],
  ['http-server.ts', 'MyFirstGroup'],
  ['fastify-server.ts', 'MyFirstGroup'],
  ['fetch-server.ts', 'MyFirstGroup'],
])('%s of the documentation accepts a callback, its handler runs, and SIGTERM ends it', async (name, printed) => {
  const port = await freePort();
  writeFileSync(join(user.folder, `here-${name}`), onPort(files.get(name) ?? '', port));
  const app = await user.startApp(`here-${name}`, [], port);
  expect(await user.shell(onPort(trigger, port))).toMatchObject({ code: 0 });
  await app.prints(printed);
  app.child.kill('SIGTERM');
  expect(await once(app.child, 'exit')).toEqual([null, 'SIGTERM']);
});

test('an endpoint of the documentation is verified', async () => {
  const port = await freePort();
  writeFileSync(join(user.folder, 'verified.ts'), onPort(files.get('server.ts') ?? '', port));
  await user.startApp('verified.ts', [], port);
  expect(await user.shell(onPort(verify, port))).toMatchObject({ code: 0 });
});

test('the example accepts a callback, refuses a message and ends cleanly', async () => {
  const port = await freePort();
  const app = await user.startApp('express-app/server.ts', [], port);
  const [create = '', message = ''] = example.sh.flatMap(commandsOf).filter((command) => command.startsWith('npx '));
  expect(await user.shell(onPort(create, port))).toMatchObject({ code: 0 });
  await app.prints('leckie created MyFirstGroup, which has 2 members');
  expect((await user.shell(onPort(message, port))).output).toContain('10120');
  app.child.kill('SIGTERM');
  expect(await once(app.child, 'exit')).toEqual([0, null]);
});

test('the test of the documentation passes', async () => {
  expect(await user.node('--test', 'groups.test.ts')).toMatchObject({ code: 0 });
});

test.each<[args: string, code: number, text: string]>([
  ['--help', 0, 'Usage: npx tencent-chat-callbacks COMMAND'],
  ['--version', 0, '0.1.0'],
  ['start --help', 0, 'Usage: npx tencent-chat-callbacks start'],
  ['trigger --help', 0, 'Usage: npx tencent-chat-callbacks trigger ['],
  ['verify --help', 0, 'Usage: npx tencent-chat-callbacks verify --url URL'],
  ['mock --help', 0, 'Usage: npx tencent-chat-callbacks mock ['],
  ['replay --help', 0, 'npx tencent-chat-callbacks replay --from-start'],
  ['backfill --help', 0, 'npx tencent-chat-callbacks backfill --dry-run'],
  ['', 2, 'a command is missing: expected one of start, trigger, verify, mock, replay, backfill; see --help'],
  ['strat', 2, '"strat" is no command: expected one of start, trigger'],
  ['start --port 1', 2, 'start: --port: there is no such option, see --help'],
  ['mock', 1, 'mock: @stoplight/prism-http is not installed: npm install --save-dev @stoplight/prism-http@'],
])('tencent-chat-callbacks %s', async (args, code, text) => {
  const ended = await user.shell(`npx tencent-chat-callbacks ${args}`);
  expect(ended).toEqual({ code, output: expect.stringContaining(text) });
});

test('the command of the documentation lists the others', async () => {
  expect(await user.shell(help)).toMatchObject({ code: 0, output: expect.stringContaining('replay') });
});

test("the program runs from the package with a user's handlers, and writes nothing into its installation", async () => {
  const list = () => readdirSync(join(user.folder, 'node_modules'), { recursive: true }).sort();
  const before = list();
  const [port, adminPort] = [await freePort(), await freePort()];
  const handlers = join(user.folder, 'handlers.ts');
  writeFileSync(handlers, HANDLERS);
  const settings = { HANDLERS: handlers, ADMIN_PORT: String(adminPort) };
  const app = await user.startApp('node_modules/.bin/tencent-chat-callbacks', ['start'], port, settings);
  const send = `npx tencent-chat-callbacks trigger --url http://127.0.0.1:${port}/`;
  await app.prints(send);
  expect(await user.shell(send)).toMatchObject({ code: 0 });
  await app.prints('handled MyFirstGroup');
  for (const path of ['/', '/assets/page.js', '/docs', '/openapi.yaml', '/api/groups']) {
    const response = await fetch(`http://127.0.0.1:${adminPort}${path}`);
    expect({ path, status: response.status, text: await response.text() }).toMatchObject({ path, status: 200 });
  }
  app.child.kill('SIGTERM');
  expect(await once(app.child, 'exit')).toEqual([0, null]);
  expect(list()).toEqual(before);
});

/** The compiler's output for a user's files. */
async function compile(names: string[], options: object): Promise<string> {
  const compilerOptions = { target: 'es2024', module: 'nodenext', strict: true, noEmit: true, ...options };
  writeFileSync(join(user.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: names }));
  return (await user.node(join(project, 'node_modules/typescript/bin/tsc'))).output;
}

/** Replaces the port of the documentation. */
function onPort(text: string, port: number): string {
  return text.replaceAll('8080', String(port));
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .map((entry) => join(folder, entry.name))
    .map((path) => (statSync(path).isDirectory() ? sizeOf(path) : statSync(path).size))
    .reduce((sum, size) => sum + size, 0);
}

const HANDLERS = `import type { Handlers } from 'tencent-chat-callbacks';

const handlers: Handlers = (receiver) => {
  receiver.on('Group.CallbackAfterCreateGroup', ({ payload }) => console.log('handled', payload.Name));
};
export default handlers;
`;

const PRELUDE = `import express from 'express';
import { ALLOW, answer, DROP, createReceiver, type Handler, refuse, reject, replace, UnrecoverableError } from 'tencent-chat-callbacks';
const receiver = await createReceiver({ sdkAppId: 1400123456, adminAuth: 'mine' });
const app = express();
const [createChannel, archive]: Handler<unknown>[] = [];
const onlyOperators: express.RequestHandler = (_request, _response, next) => next();
`;

const USER = `import stream from 'tencent-chat-callbacks/asyncapi.json' with { type: 'json' };
import events from 'tencent-chat-callbacks/delivery.json' with { type: 'json' };
import type { components } from 'tencent-chat-callbacks/delivery-types';
import { ALLOW, createReceiver, reject, sign, UnrecoverableError, type Receiver } from 'tencent-chat-callbacks';

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

const documents: string[] = [stream.asyncapi, events.openapi];
const groupOf = (event: components['schemas']['Event']): string | undefined => {
  if (event.type === 'Group.CallbackAfterCreateGroup') return event.data.GroupId;
  // @ts-expect-error it may be a command that the contract does not describe
  event.data.GroupId;
  return event.subject ?? documents[0];
};
console.log(groupOf);

// @ts-expect-error there is no such command
receiver.on('Group.CallbackAfterTea', () => {});
// @ts-expect-error the payload has no such field
receiver.on('Group.CallbackAfterCreateGroup', ({ payload }) => payload.Tea);
// @ts-expect-error it asks nothing
receiver.decide('Group.CallbackAfterCreateGroup', () => ALLOW);
// @ts-expect-error a text
createReceiver({ sdkAppId: '1400123456' });
`;
