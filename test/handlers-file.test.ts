import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { ROOT } from '../scripts/testbed/process.ts';
import { startProcess } from './support/process.ts';
import { teardown, temporaryFolder } from './support/start.ts';
import { pathOf, payloadOf, post } from './support/vendor.ts';

const SEND = 'Group.CallbackBeforeSendMsg';

function ask(callbackUrl: string): Promise<Response> {
  return fetch(new URL(pathOf({ CallbackCommand: SEND }), callbackUrl), post(payloadOf(SEND)));
}

/** Writes the module and starts the program with it. */
function startWith(text: string, name = 'handlers.ts') {
  const folder = temporaryFolder();
  const file = join(folder, name);
  writeFileSync(file, text);
  return { file, started: startProcess({ HANDLERS: name }, folder) };
}

test('a module without imports registers rules and handlers, which are logged', async () => {
  const { file, started } = startWith(`
    export default (receiver: any, { reject, ALLOW }: any) => {
      receiver.on('Group.CallbackAfterCreateGroup', ({ payload }: any) => console.log(payload.GroupId));
      receiver.decide('${SEND}', () => reject('not here', 10120));
    };`);
  const { callbackUrl, logged } = await started;
  expect(logged.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({
      msg: 'handlers are registered',
      file,
      handlers: ['Group.CallbackAfterCreateGroup'],
      rules: [SEND],
    }),
  );
  expect(await (await ask(callbackUrl)).json()).toMatchObject({ ErrorCode: 10120, ErrorInfo: 'not here' });
});

test('a module with top-level await registers its handlers together: none misses earlier callbacks', async () => {
  const { started } = startWith(`
    export default async (receiver: any) => {
      receiver.on('Group.CallbackAfterCreateGroup', () => {});
      await new Promise((resolve) => setTimeout(resolve, 500));
      receiver.on('Group.CallbackAfterGroupDestroyed', () => {});
    };`);
  const { logged } = await started;
  const lines = logged.map((line) => JSON.parse(line));
  expect(lines).toContainEqual(
    expect.objectContaining({ handlers: ['Group.CallbackAfterCreateGroup', 'Group.CallbackAfterGroupDestroyed'] }),
  );
  expect(lines.filter(({ msg }) => msg.includes('has passed'))).toEqual([]);
});

test.each<[string, string, RegExp, string?]>([
  ['a syntax error', 'export default () => {\n  const x = ;\n};\n', /:2: SyntaxError: Expression expected/],
  ['TypeScript that Node cannot run', '\nenum A { B }\n', /:2: SyntaxError: TypeScript enum is not supported/],
  [
    'a syntax error in JavaScript',
    'const a = 1;\n\nexport default () => {\n  const x = ;\n};\n',
    /:4: SyntaxError/,
    'a.mjs',
  ],
  [
    'a name that is declared twice',
    'export let a: 1;\n\nlet b: 1, b: 2;\n',
    /:3: SyntaxError: Identifier 'b' has already been/,
  ],
  ['a missing import', '\nimport { nix } from "node:fs";\n', /:2: SyntaxError: .*no.*export named 'nix'/],
  ['an error while it is loaded', '\n\nthrow new Error("no such table");\n', /:3: Error: no such table/],
  ['a thrown value that is not an Error', 'throw "up";\n', /: threw "up", which is no Error/],
  ['no default export', 'export const a = 1;\n', /: there is no default export: expected a function of \(receiver/],
  [
    'a default export that is not a function',
    'export default {};\n',
    /: the default export is of type object: expected a function/,
  ],
  [
    'an error in the function',
    'export default async () => {\n  await 0;\n  throw new TypeError("up");\n};\n',
    /:3: TypeError: up/,
  ],
  [
    'a handler of an unknown command',
    'export default async (receiver: any) => {\n  receiver.on("Group.Created", () => {});\n};\n',
    /:2: RegistrationError: "Group.Created" is not a command/,
  ],
  [
    'a second rule for a command',
    `export default (receiver: any, { ALLOW }: any) => {
      receiver.decide('${SEND}', () => ALLOW);
      receiver.decide('${SEND}', () => ALLOW);
    };`,
    /:3: RuleError: Group\.CallbackBeforeSendMsg has a rule already/,
  ],
  [
    'a rule for an after-callback',
    `export default (receiver: any) => {
      receiver.decide('Group.CallbackAfterCreateGroup', () => 0);
    };`,
    /:2: RuleError: "Group\.CallbackAfterCreateGroup" is told after the fact: a rule decides one of Group/,
  ],
])('%s fails the start with file, line and message', async (_title, text, message, name = 'handlers.ts') => {
  const { file, started } = startWith(text, name);
  const ended = await started.then(
    () => 'started',
    (error: Error) => error.message,
  );
  expect(ended).toContain('ended with 1: ');
  expect(ended).toContain(file);
  expect(ended.replace(file, '')).toMatch(message);
  expect(ended).not.toMatch(/^ {4}at |load-handlers|rules\.ts/m);
});

test('a missing module fails the start', async () => {
  await expect(startProcess({ HANDLERS: 'nowhere.ts' }, temporaryFolder())).rejects.toThrow(
    'ended with 1: HANDLERS is "nowhere.ts": there is no such file',
  );
});

/** `npm run dev` in a clone with only these files and node_modules. */
function startDev(names: readonly string[]) {
  const clone = temporaryFolder();
  for (const name of names) cpSync(join(ROOT, name), join(clone, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  mkdirSync(join(clone, 'data'));
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const [, ...args] = scripts.dev.split(' ');
  const child = spawn(process.execPath, args, {
    cwd: clone,
    env: { PATH: process.env.PATH, PORT: '0', ADMIN_PORT: '0' } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  teardown(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'close');
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return {
    clone,
    child,
    output: () => output,
    async says(text: string): Promise<void> {
      while (!output.includes(text)) await sleep(20);
    },
    /** Sends to the receiver that was started last, until the reply is as wanted. */
    async replies(send: (callbackUrl: string) => Promise<Response>, isWanted: (reply: Response) => Promise<boolean>) {
      for (;;) {
        const [url] = output.match(/(?<="callbackUrl":")[^"]+/g)?.slice(-1) ?? [];
        const reply = url === undefined ? null : await send(url).catch(() => null);
        if (reply && (await isWanted(reply))) return;
        await sleep(50);
      }
    },
  };
}

test('npm run dev generates when the contract changes, and restarts the receiver', async () => {
  const all = ['src', 'scripts', 'generated', 'openapi', 'docs', 'README.md', 'LICENSE', 'package.json'];
  const { clone, output, says, replies } = startDev(all);
  const command = 'Group.CallbackAfterGroupFull';
  const isAnswered = (wanted: number) => {
    const body = { ...payloadOf(command), Room: 'none' };
    const send = (url: string) => fetch(new URL(pathOf({ CallbackCommand: command }), url), post(body));
    return replies(send, async ({ status }) => status === wanted);
  };
  await isAnswered(200);
  const file = join(clone, `openapi/callbacks/Group/${command}.yaml`);
  const described = readFileSync(file, 'utf8');
  writeFileSync(file, described.replace('x-kind: after', 'x-kind: aftermath'));
  await says('The contract is not valid: the receiver goes on with the one before');
  expect(output()).toMatch(/CallbackAfterGroupFull.*x-kind/);
  await isAnswered(200);
  writeFileSync(file, described.replace('properties:', 'properties:\n  Room: { type: integer, description: New. }'));
  await isAnswered(400);
}, 180_000);

test('npm run dev uses src/handlers.ts of a clone, and restarts when it is created, changed or corrected', async () => {
  const { clone, child, output, says, replies } = startDev(['src', 'scripts', 'generated', 'package.json']);
  const file = join(clone, 'src/handlers.ts');
  const rule = (code: number) =>
    `export default (receiver: any, { reject }: any) => receiver.decide('${SEND}', () => reject('', ${code}));\n`;
  /** Like many editors: renames a new file into place. */
  const replaceBy = (text: string) => {
    writeFileSync(join(clone, 'src/.handlers.ts.new'), text);
    renameSync(join(clone, 'src/.handlers.ts.new'), file);
  };
  const answers = (code: number) =>
    replies(ask, async (reply) => ((await reply.json()) as { ErrorCode: number }).ErrorCode === code);
  await answers(0);
  writeFileSync(file, rule(10121));
  await answers(10121);
  replaceBy(rule(10122));
  await answers(10122);
  replaceBy('const x = ;\n');
  await says(':1: SyntaxError: Expression expected');
  await says('The receiver has ended with 1: it is started again when a file changes');
  replaceBy(rule(10123));
  await answers(10123);
  writeFileSync(file, rule(10124));
  await answers(10124);
  expect(output()).toContain('"stopped"');
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
}, 60_000);
