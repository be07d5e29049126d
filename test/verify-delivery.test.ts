import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type CloudEvent, HTTP } from 'cloudevents';
import { COMMANDS } from '../generated/commands.ts';
import { cli } from '../scripts/cli/commands.ts';
import { verifyDelivery } from '../scripts/verify/delivery.ts';
import { spawnCommand, startCommand } from './support/command.ts';
import { listen } from './support/endpoint-listener.ts';
import {
  allNames,
  deliveryListener,
  type Event,
  eventIn,
  faultyEndpoints,
  SECRET,
} from './support/faulty-delivery-endpoints.ts';
import { temporaryFolder } from './support/start.ts';

/** On a busy machine, every answer may be slow. */
const NEVER_SLOW = 60;
const MINUTES_MS = 120_000;

interface Report {
  holds: boolean;
  failed: { MUST: number; SHOULD: number };
  skipped: number;
  checks: { name: string; status: string; level: string; got: string }[];
}

describe('an endpoint that takes deliveries', () => {
  test.concurrent(
    'that is correct conforms, every MUST and SHOULD',
    async () => {
      await using endpoint = await listen(deliveryListener());
      const { status, report } = await verifyJson(endpoint.url, ['--strict']);
      expect(failuresOf(report)).toEqual([]);
      expect({ status, holds: report.holds, skipped: report.skipped }).toEqual({ status: 0, holds: true, skipped: 0 });
      expect(report.checks.map(({ name }) => name)).toEqual(allNames);
    },
    MINUTES_MS,
  );

  test.concurrent.each(Object.keys(faultyEndpoints))(
    'that %s is detected, by exactly these checks',
    async (name) => {
      const {
        fault,
        fails,
        args = [],
        fastSeconds,
        says = '',
      } = faultyEndpoints[name] as (typeof faultyEndpoints)[string];
      await using endpoint = await listen(deliveryListener(fault()));
      const { status, report } = await verifyJson(endpoint.url, args, fastSeconds);
      expect(failuresOf(report)).toEqual(fails.toSorted());
      expect(status).toBe(report.failed.MUST > 0 ? 1 : 0);
      const only = fails.flatMap((check) => ['--only', check]);
      const text = await verify(['--url', endpoint.url, ...args, ...only], fastSeconds);
      expect(text.stdout).toContain(says);
    },
    MINUTES_MS,
  );

  test('each check detects a fault', () => {
    const found = new Set(Object.values(faultyEndpoints).flatMap(({ fails }) => fails));
    expect(allNames.filter((name) => !found.has(name))).toEqual([]);
  });

  test.concurrent('that is slow fails only with --strict', async () => {
    const slow = faultyEndpoints['does the work before the answer'] as (typeof faultyEndpoints)[string];
    await using endpoint = await listen(deliveryListener(slow.fault()));
    const { status, report } = await verifyJson(endpoint.url, [...(slow.args ?? []), '--strict'], slow.fastSeconds);
    expect({ status, failed: report.failed }).toEqual({ status: 1, failed: { MUST: 0, SHOULD: 1 } });
  });

  test.concurrent('that never answers is abandoned after three requests', async () => {
    let requests = 0;
    await using endpoint = await listen(() => void requests++);
    const { status, report } = await verifyJson(endpoint.url, ['--timeout', '0.3']);
    expect({ status, requests, failed: report.failed.MUST }).toEqual({ status: 1, requests: 3, failed: 3 });
    expect(report.skipped).toBe(allNames.length - 3);
    expect(report.checks.at(-1)?.got).toBe('not sent: 3 requests in a row were not answered');
  });
});

describe('the requests', () => {
  test.concurrent('are CloudEvents of the commands that are delivered by default', async () => {
    const families = new Set(Object.values(COMMANDS).map(({ family }) => family));
    const seen = await seenWith([], [...families]);
    for (const { headers, body, event } of seen) {
      expect((HTTP.toEvent({ headers, body }) as CloudEvent).validate()).toBe(true);
      expect(event.id).toBe(headers['webhook-id']);
    }
    const delivered = Object.entries(COMMANDS).filter(([, { kind }]) => (kind as string) !== 'before');
    expect(typesOf(seen)).toEqual([...delivered.map(([command]) => command), 'Group.CallbackAfterSomethingNew']);
    expect(new Set(seen.map(({ event }) => event.id)).size).toBe(seen.length);
  });

  test.concurrent('are events of --commands, before-commands with their decision', async () => {
    const seen = await seenWith(['--commands', 'Group.CallbackBeforeSendMsg, Group.CallbackAfterGroupFull']);
    expect(typesOf(seen)).toEqual([
      ...['Group.CallbackBeforeSendMsg', 'Group.CallbackAfterGroupFull', 'Group.CallbackAfterSomethingNew'],
    ]);
    expect(seen[0]?.event).toMatchObject({ decision: 'allow', subjectkind: 'group', attempt: 1 });
  });

  test.concurrent('go to a URL with user info and query, which are not printed', async () => {
    const requests: unknown[] = [];
    await using endpoint = await listen((request, response) => {
      requests.push([request.url, request.headers.authorization]);
      response.writeHead(500).end(`have ${SECRET}, ${SECRET.slice(6)}`);
    });
    const url = `${endpoint.url.replace('//', '//user:hidden@')}in?key=hidden`;
    for (const form of [[], ['--json'], ['--junit']]) {
      const { stdout } = await verify(['--url', url, '--only', 'bodies/non-ascii', ...form]);
      expect(stdout).toContain(`${endpoint.url}in`);
      expect(stdout).toMatch(/500, body: have whsec_…,\s+…/);
      expect(stdout).not.toMatch(/hidden/);
      expect(stdout).not.toContain(SECRET.slice(6));
    }
    expect(requests[0]).toEqual(['/in?key=hidden', `Basic ${btoa('user:hidden')}`]);
  });

  async function seenWith(args: string[], families = ['Group']) {
    const seen: { headers: Record<string, string>; body: string; event: Event }[] = [];
    const listener = deliveryListener((request, right) => {
      const headers = request.headers as Record<string, string>;
      seen.push({ headers, body: request.body.toString(), event: eventIn(request) });
      return right(request);
    });
    await using endpoint = await listen(listener);
    const only = [...families, 'unknown-command'].flatMap((check) => ['--only', `events/${check}`]);
    await verifyJson(endpoint.url, [...args, ...only]);
    return seen;
  }

  function typesOf(seen: { event: Event }[]): unknown[] {
    return [...new Set(seen.map(({ event }) => event.type))];
  }
});

describe('the output', () => {
  test.concurrent('is a line for each command and section, then the failures and a summary', async () => {
    await using endpoint = await listen((_, response) => void response.writeHead(301).end());
    const { status, stdout, stderr } = await verify([
      '--url',
      endpoint.url,
      '--only',
      'redirect',
      '--only',
      'large-number',
    ]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(
      stdout
        .replace(/in [\d.]+ s:/, 'in … s:')
        .replace(/\d+ ms/, '… ms')
        .replace(/after [\d.]+ s/, 'after … s'),
    ).toBe(
      `2 checks of ${endpoint.url}
as app 1400000000, signed, replies within 15 s

FAILED  bodies   0 of 1
FAILED  replies  0 of 1

FAILED  MUST    bodies/large-number
          what      a number beyond 2^53
          expected  2xx, in time
          got       301, no body
          rule      the signature covers the body's bytes as they arrive: JSON
                    that is parsed and written again has other bytes
                    openapi/guide/deliveries.md, Check the delivery's signature

FAILED  MUST    replies/redirect
          what      every reply
          expected  no redirect
          got       1 of 1 otherwise, the first: 301, no body after … s
                    (bodies/large-number)
          rule      redirects are not followed: the URL has to be the one that
                    answers
                    openapi/guide/deliveries.md, What to answer

2 checks in … s: 0 passed, 2 MUST failed, 0 SHOULD failed,
0 skipped, 0 not made
the slowest of 1 reply took … ms
The endpoint does not conform.
`,
    );
  });

  test('--help names every option, --list every check; neither needs an endpoint', async () => {
    const help = await startCommand('verify', verifyDelivery, ['--delivery', '--help']).ended;
    for (const option of ['url', 'secret', 'commands', 'sdk-app-id', 'timeout', 'only']) {
      expect(help.stdout).toMatch(new RegExp(`^  --${option} [A-Z]`, 'm'));
    }
    for (const option of ['delivery', 'strict', 'json', 'junit', 'list', 'help']) {
      expect(help.stdout).toMatch(new RegExp(`^  --${option} +\\w`, 'm'));
    }
    const list = await startCommand('verify', verifyDelivery, ['--delivery', '--list', '--only', 'bodies/']).ended;
    expect(list).toEqual({
      status: 0,
      stderr: '',
      stdout: `MUST    bodies/non-ascii     text in Chinese, Arabic and emoji
MUST    bodies/large-number  a number beyond 2^53
MUST    bodies/large         a callback of 262144 bytes
`,
    });
  });

  test("the package's command has it as well", async () => {
    const { status, stdout } = await startCommand('cli', cli, ['verify', '--delivery', '--help']).ended;
    expect([status, stdout]).toEqual([0, expect.stringContaining('verify -- --delivery --url URL --secret SECRET')]);
  });
});

test("missing options come from the receiver's environment and .env", async () => {
  await using endpoint = await listen(deliveryListener());
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, '.env'), `DELIVERY_URL=${endpoint.url}\nDELIVERY_SECRET=whsec_x\nSDK_APP_ID=1400000007\n`);
  const env = {
    DELIVERY_SECRET: `${SECRET}, ${SECRET.replace('c2Vz', 'c3Vz')}`,
    DELIVERY_COMMANDS: 'Group.CallbackAfterGroupFull',
  };
  const { status, stdout } = await spawnCommand('verify', ['--delivery', '--only', 'events'], { env, cwd }).ended;
  expect([status, stdout]).toEqual([
    0,
    expect.stringContaining(`7 checks of ${endpoint.url}\nas app 1400000007, signed`),
  ]);
});

test.concurrent.each<[string, { args?: string[]; env?: Record<string, string>; says: string }]>([
  [
    'no URL',
    { args: ['--secret', SECRET], says: 'the URL is missing: give that of the endpoint by --url, or set DELIVERY_URL' },
  ],
  [
    'no secret',
    {
      args: ['--url', 'http://a/'],
      says: 'the secret is missing: give that of the endpoint by --secret, or set DELIVERY_SECRET',
    },
  ],
  ['a URL without scheme', { args: ['--url', 'user:hidden@a'], says: '--url: expected a URL such as https://' }],
  ['a wrong DELIVERY_URL', { env: { DELIVERY_URL: 'hidden' }, says: 'DELIVERY_URL: expected a URL such as https://' }],
  [
    'a secret without prefix',
    { args: ['--url', 'http://a/', '--secret', SECRET.slice(6)], says: '--secret: expected whsec_ and then' },
  ],
  [
    'a short secret',
    {
      env: { DELIVERY_URL: 'http://a/', DELIVERY_SECRET: 'whsec_c2VzYW1l' },
      says: 'DELIVERY_SECRET: expected whsec_ and then',
    },
  ],
  [
    'a secret as an argument',
    { args: [SECRET], says: '"whsec_…" is no option: the endpoint\'s URL is given by --url' },
  ],
  [
    'an unknown command',
    {
      args: ['--commands', 'Group.CallbackAfterCreateGruop'],
      says: '--commands: the contract has no Group.CallbackAfterCreateGruop: did you mean Group.CallbackAfterCreateGroup?',
    },
  ],
  [
    'an unknown family',
    {
      env: { DELIVERY_COMMANDS: 'Nothing.*' },
      says: 'DELIVERY_COMMANDS: the contract has no Nothing.*: docs/commands.md lists them',
    },
  ],
  [
    'an unknown check',
    { args: ['--only', 'nothing'], says: '--only: "nothing", expected a group, events, bodies, subjects,' },
  ],
  [
    'a time-out as text',
    {
      args: ['--url', 'http://a/', '--secret', SECRET, '--timeout', 'two'],
      says: '--timeout: "two", expected seconds from 0.1 to 30',
    },
  ],
  ['two output formats', { args: ['--json', '--junit'], says: '--json and --junit: one at a time' }],
  ['an option of the other checks', { args: ['--token', 'x'], says: '--token: there is no such option, see --help' }],
])('wrong usage is named with its remedy, and shows no secret: %s', async (_, { args = [], env = {}, says }) => {
  const { status, stdout, stderr } = await startCommand('verify', verifyDelivery, ['--delivery', ...args], { env })
    .ended;
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(`verify: ${says}`);
  expect(stderr).not.toContain(SECRET.slice(6));
  expect(stderr).not.toContain('hidden');
});

test('an unreachable endpoint is no verdict', async () => {
  const endpoint = await listen(deliveryListener());
  await endpoint.close();
  expect(await verify(['--url', endpoint.url.replace('//', '//user:hidden@')])).toEqual({
    status: 2,
    stdout: '',
    stderr: `verify: ${endpoint.url.slice(0, -1)} cannot be reached: nothing listens there: start the endpoint, or check --url\n`,
  });
});

function failuresOf({ checks }: Report): string[] {
  return checks.flatMap(({ name, status }) => (status === 'failed' ? [name] : [])).sort();
}

async function verifyJson(url: string, args: string[], fastSeconds?: number) {
  const { status, stdout, stderr } = await verify(['--url', url, ...args, '--json'], fastSeconds);
  expect(stderr).toBe('');
  return { status, report: JSON.parse(stdout) as Report };
}

function verify(args: string[], fastSeconds = NEVER_SLOW) {
  const command: typeof verifyDelivery = (given, io) => verifyDelivery(given, io, fastSeconds);
  return startCommand('verify', command, ['--delivery', '--secret', SECRET, ...args]).ended;
}
