import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { ROOT, startArguments } from '../scripts/testbed/process.ts';
import { withPlainErrors } from '../src/callback/log-errors.ts';
import { prettyLine } from '../src/log-format.ts';
import { teardown, temporaryFolder } from './support/start.ts';
import { pathOf, payload } from './support/vendor.ts';

const PLAIN = { colors: false, stacks: false };
const TIME = new Date(2026, 0, 2, 3, 4, 5).getTime();
const ERROR = { err: { type: 'Error', message: 'the disk is full', stack: 'Error: the disk is full\n    at write' } };

function lineOf(fields: object, options = PLAIN): string {
  return prettyLine(`${JSON.stringify({ level: 30, time: TIME, pid: 1, hostname: 'h', ...fields })}\n`, options);
}

test('an error of a time-out is logged without the constants that it inherits', () => {
  const lines: string[] = [];
  const log = withPlainErrors(pino({}, { write: (line) => void lines.push(line) }));
  const cause = new DOMException('aborted', 'AbortError');
  log.warn(
    { err: new DOMException('too late', { name: 'TimeoutError', cause } as never), command: 'c' },
    'no decision',
  );
  log.error({ err: new TypeError('other') }, 'other');
  const [timeOut, other] = lines.map((line) => JSON.parse(line));
  expect(timeOut).toMatchObject({ command: 'c', msg: 'no decision' });
  expect(timeOut.err).toMatchObject({ name: 'TimeoutError', code: 23, message: expect.stringMatching(/^too late/) });
  expect(Object.keys(timeOut.err).filter((key) => key.endsWith('_ERR'))).toEqual([]);
  expect(other.err).toMatchObject({ type: 'TypeError', message: 'other' });
});

test.each<[string, object, string]>([
  [
    'a callback',
    {
      msg: 'callback',
      command: 'Group.CallbackAfterCreateGroup',
      group: '@TGS#1',
      outcome: 'accepted',
      callback: '7',
      milliseconds: 1.2,
    },
    '03:04:05 Group.CallbackAfterCreateGroup @TGS#1 accepted 1.2 ms',
  ],
  [
    'a callback without a group, decided',
    {
      msg: 'callback',
      command: 'C2C.CallbackBeforeSendMsg',
      group: null,
      outcome: 'repeat',
      decision: 'reject',
      milliseconds: 3,
    },
    '03:04:05 C2C.CallbackBeforeSendMsg repeat reject 3 ms',
  ],
  [
    'a refusal, reported once',
    {
      level: 40,
      msg: 'SdkAppid is missing',
      outcome: 'refused',
      status: 403,
      kind: 'not our app',
      from: '10.0.0.1',
      milliseconds: 0.2,
    },
    '03:04:05 WARN refused 403: SdkAppid is missing from=10.0.0.1 0.2 ms',
  ],
  [
    'an error without its stack',
    { level: 50, msg: 'not stored', ...ERROR },
    '03:04:05 ERROR not stored: the disk is full',
  ],
  [
    'fields of any kind',
    { msg: 'ready', database: 'a b', handlers: ['x'], none: null },
    '03:04:05 ready database="a b" handlers=["x"]',
  ],
  [
    'control characters and line breaks',
    { msg: 'callback', command: 'a\u001b[2Jb', group: 'c\nd', outcome: 'unknown', milliseconds: 1 },
    '03:04:05 a\\u001b[2Jb c\\u000ad unknown 1 ms',
  ],
])('%s in one line', (_name, fields, expected) => {
  expect(lineOf(fields)).toBe(expected);
});

test('the stack of an error is shown on request', () => {
  const text = lineOf({ level: 50, msg: 'not stored', ...ERROR }, { colors: false, stacks: true });
  expect(text).toBe('03:04:05 ERROR not stored: the disk is full\nError: the disk is full\n    at write');
});

test('colours change no text; lines that are not JSON stay unchanged', () => {
  const fields = { level: 40, msg: 'a', outcome: 'refused', status: 401 };
  const colored = lineOf(fields, { colors: true, stacks: false });
  expect(colored).not.toBe(lineOf(fields));
  expect(stripVTControlCharacters(colored)).toBe(lineOf(fields));
  expect(prettyLine('not JSON\n', PLAIN)).toBe('not JSON');
});

const PROGRAM = [process.execPath, ...startArguments()];

/** The program with these variables; ended with the test. */
function start(env: Record<string, string>, [program = '', ...args]: readonly string[] = PROGRAM) {
  const own = { PORT: '0', ADMIN_PORT: '0', HANDLERS: `${ROOT}/scripts/testbed/no-handlers.ts` };
  const child = spawn(program, args, {
    cwd: temporaryFolder(),
    env: { PATH: process.env.PATH, ...own, ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  teardown(() => {
    child.kill();
    return closed;
  });
  let text = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk) => (text += chunk));
  const told = async (pattern: RegExp) => {
    for (;;) {
      const found = pattern.exec(stripVTControlCharacters(text));
      if (found) return found;
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${text}`);
      await sleep(10);
    }
  };
  return { child, closed, told, text: () => text };
}

const HINT =
  /App 1400000000, unsigned callbacks\.\s+page +(http:\S+)\s+callback URL +http:\/\/127\.0\.0\.1:(\d+)\/\s+try now +npm run trigger/;

test('LOG_FORMAT=pretty: the page first, a line per callback, and the last lines as well', async () => {
  const { child, closed, told, text } = start({ SDK_APP_ID: '1400000000', LOG_FORMAT: 'pretty' });
  const [, page = '', port] = await told(HINT);
  expect((await fetch(page)).status).toBe(200);
  const body = JSON.stringify(payload({ GroupId: 'mine' }));
  expect((await fetch(`http://127.0.0.1:${port}${pathOf()}`, { method: 'POST', body })).status).toBe(200);
  await told(/^\d\d:\d\d:\d\d Group\.CallbackAfterCreateGroup mine accepted [\d.]+ ms$/m);
  child.kill();
  await closed;
  expect(text()).toMatch(/\d\d:\d\d:\d\d stopped\n$/);
});

const script = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;
(script ? test : test.skip)('on a terminal the log is for a person (needs script of util-linux)', async () => {
  const { told, text } = start({}, ['script', '-qec', PROGRAM.join(' '), '/dev/null']);
  await told(/Demo: SDK_APP_ID is unset/);
  expect(stripVTControlCharacters(text())).toMatch(/^\d\d:\d\d:\d\d ready sdkAppId=1400000000/m);
  expect(text()).not.toContain('"msg"');
});
