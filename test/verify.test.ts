import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { COMMANDS } from '../generated/commands.ts';
import { verify as playVendor } from '../scripts/verify.ts';
import { spawnCommand, startCommand } from './support/command.ts';
import { listen, listenerOf } from './support/endpoint-listener.ts';
import { faultyEndpoints } from './support/faulty-endpoints.ts';
import { ok, TOKEN } from './support/minimal-endpoint.ts';
import { startProcess } from './support/process.ts';
import { temporaryFolder } from './support/start.ts';

interface Report {
  passed: number;
  failed: { MUST: number; SHOULD: number };
  skipped: number;
  unchecked: number;
  seconds: number;
  holds: boolean;
  checks: {
    name: string;
    status: string;
    level: string;
    got: string;
    expected: string;
    rule: string;
    source: string;
  }[];
}

describe('time-outs end', () => {
  const BRIEF = ['--timeout', '0.3', '--token', TOKEN];

  test.concurrent.each([
    ['never answers', () => {}],
    ['answers too late', (_, response) => void setTimeout(() => response.end('{}'), 5000).unref()],
  ] as [string, RequestListener][])('each section of an endpoint that %s, after three checks', async (_, listener) => {
    await using endpoint = await listen(listener);
    const { status, report } = await verifyJson(['--url', endpoint.url, ...BRIEF]);
    const { passed, failed, skipped, unchecked, checks, holds } = report;
    expect({ status, passed, holds }).toEqual({ status: 1, passed: 0, holds: false });
    expect(failed.MUST + failed.SHOULD + skipped + unchecked).toBe(checks.length);
    for (const ofOne of Map.groupBy(checks, ({ name }) => sectionNamed(name)).values()) {
      expect(ofOne.filter((check) => check.status === 'failed').length).toBeLessThanOrEqual(3);
    }
    expect(gotOf(report, 'accepted/Group.CallbackAfterCreateGroup')).toBe('failed: no reply within 0.5 s');
    const last = checks.findLast(({ name }) => name.startsWith('accepted/Group.'));
    expect(last).toMatchObject({ status: 'unchecked', got: '3 checks of Group in a row were not answered in time' });
  });

  // Long enough for the replies that do arrive on a busy machine.
  test.concurrent('a section, and no more of its checks are in flight than may time out', async () => {
    let requests = 0;
    await using endpoint = await listen((request, response) => {
      const silent = request.url?.includes('=Group.Callback');
      if (silent) requests++;
      else listenerOf(undefined, TOKEN)(request, response);
    });
    const { status, report } = await verifyJson([
      '--url',
      endpoint.url,
      '--timeout',
      '5',
      '--token',
      TOKEN,
      '--only',
      'accepted',
    ]);
    expect({ status, requests, failed: report.failed.MUST }).toEqual({ status: 1, requests: 3, failed: 3 });
    const group = report.checks.filter(({ name }) => name.startsWith('accepted/Group.'));
    expect(report.unchecked).toBe(group.length - 3);
    expect(report.passed).toBe(report.checks.length - group.length);
  });

  const REPORTS = 'accepted/C2C.CallbackAfterMsgReport';
  test.concurrent('nothing if the third consecutive check is answered', async () => {
    let requests = 0;
    await using endpoint = await listen((request, response) => {
      if (requests++ % 3 === 2) listenerOf()(request, response);
    });
    const args = ['--url', endpoint.url, '--timeout', '2', '--only', REPORTS, '--concurrency', '1'];
    const { report } = await verifyJson(args);
    expect({ requests, unchecked: report.unchecked }).toEqual({ requests: report.checks.length, unchecked: 0 });
  });

  test.concurrent('with an error in JUnit, and with a reason in the text', async () => {
    await using endpoint = await listen(() => {});
    const args = ['--url', endpoint.url, ...BRIEF, '--only', 'accepted/Profile'];
    const junit = await verify([...args, '--junit']);
    expect(junit.stdout).toContain('tests="6" failures="3" errors="3" skipped="0"');
    expect(junit.stdout).toContain(
      '<error message="not made: 3 checks of Profile in a row were not answered in time"/>',
    );
    const text = await verify(args);
    expect(text.stdout).toContain('FAILED  Profile.CallbackPortraitSet  0 of 6\n');
    expect(text.stdout).toContain('3 checks not made: 3 checks of Profile in a row were not answered in time\n');
  });
});

describe('the reply of a command that decides', () => {
  test.concurrent.each([
    ['Sns.CallbackPrevFriendAdd', "must have required property 'ResultItem'", 'lets everything through'],
    ['Chatbot.OnC2CSignalMessage', "must have required property 'RspData'", 'the chatbot gets `RspData`'],
  ])('is that of %s, and not any reply', async (command, got, rule) => {
    await using endpoint = await listen(listenerOf(() => ok(), TOKEN));
    const family = command.replace(/\..*/, '');
    const args = ['--url', endpoint.url, '--token', TOKEN, '--family', family, '--only', command];
    const { status, report } = await verifyJson(args);
    expect(status).toBe(0);
    expect(report.checks.find(({ name }) => name === `replies/${command}`)).toMatchObject({
      status: 'failed',
      level: 'SHOULD',
      got: expect.stringContaining(got),
      rule: expect.stringContaining(rule),
      source: `openapi/replies/${family}/${command}.yaml`,
    });
    expect((await verifyJson([...args, '--strict'])).status).toBe(1);
  });
});

describe('--family', () => {
  test.concurrent('checks the named families, and the general rules', async () => {
    const commands = new Set<string | null>();
    await using endpoint = await listen((request, response) => {
      commands.add(new URL(request.url ?? '', endpoint.url).searchParams.get('CallbackCommand'));
      listenerOf(undefined, TOKEN)(request, response);
    });
    const families = ['--family', 'sns, Follow', '--family', 'Alert'];
    const { status, report } = await verifyJson(['--url', endpoint.url, '--token', TOKEN, ...families]);
    expect([status, report.failed.MUST]).toEqual([0, 0]);
    const names = report.checks.map(({ name }) => name);
    const accepted = names.filter((name) => name.startsWith('accepted/'));
    expect(new Set(accepted.map((name) => name.slice(9).replace(/\..*/, '')))).toEqual(
      new Set(['Sns', 'Follow', 'Alert']),
    );
    expect(names).toEqual(expect.arrayContaining(['sign/tampered', 'connections/kept', 'load/64-at-once']));
    expect(commands).not.toContain('Group.CallbackAfterCreateGroup');
  });
});

describe('the receiver conforms', () => {
  test.each([
    ['signed', 'all families', []],
    ['unsigned', 'all families', []],
    ['signed', 'families whose bodies do not name their command', ['--family', 'Push,ContentCallback']],
  ])('%s, every MUST and SHOULD of %s', async (kind, _families, families) => {
    const token: Record<string, string> = kind === 'signed' ? { CALLBACK_TOKEN: TOKEN } : {};
    const { callbackUrl } = await startProcess(token, temporaryFolder());
    const args = ['--url', callbackUrl, '--strict', '--timeout', '10', ...families];
    const { status, report } = await verifyJson(args, token);
    expect(failuresOf(report)).toEqual([]);
    expect(report.skipped).toBe(kind === 'signed' ? 0 : 11);
    expect({ status, holds: report.holds }).toEqual({ status: 0, holds: true });
    expect(report.seconds).toBeLessThan(30);
  });
});

describe('an endpoint independent of the receiver', () => {
  test.concurrent.each([
    ['signed', TOKEN],
    ['unsigned', undefined],
  ])('that is correct conforms, %s', async (_, token) => {
    await using endpoint = await listen(listenerOf(undefined, token));
    const { status, report } = await verifyJson([
      ...['--url', endpoint.url, '--strict', '--timeout', '10'],
      ...(token ? ['--token', token] : []),
    ]);
    expect(failuresOf(report)).toEqual([]);
    expect({ status, holds: report.holds }).toEqual({ status: 0, holds: true });
  });

  test.concurrent.each(Object.keys(faultyEndpoints))(
    'that %s is detected, by exactly these checks',
    async (name) => {
      const endpointOf = faultyEndpoints[name] as (typeof faultyEndpoints)[string];
      const { fault, musts = [], shoulds = [], othersToo, timeoutSeconds = 10, graceSeconds } = endpointOf;
      await using endpoint = await listen(listenerOf(fault(), TOKEN));
      const args = ['--url', endpoint.url, '--token', TOKEN, '--timeout', String(timeoutSeconds)];
      const { status, report } = await verifyJson(args, {}, graceSeconds);
      const failures = [...musts.map((check) => `MUST ${check}`), ...shoulds.map((check) => `SHOULD ${check}`)];
      expect(failuresOf(report)).toEqual(othersToo ? expect.arrayContaining(failures) : failures.sort());
      expect(failures).not.toEqual([]);
      expect(status).toBe(musts.length > 0 ? 1 : 0);
      expect(report.seconds).toBeLessThan(30);
    },
    90_000,
  );
});

describe('the output', () => {
  const fault = faultyEndpoints['wants Content-Type']?.fault;
  const only = ['--only', 'content-type/none', '--only', 'ACCEPTED/Group.CallbackAfterCreateGroup.with-no'];

  test.concurrent('is a line for each command and section, then the failures and a summary', async () => {
    await using endpoint = await listen(listenerOf(fault?.(), TOKEN));
    const { status, stdout, stderr } = await verify(['--url', endpoint.url, '--token', TOKEN, ...only]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.replace(/in [\d.]+ s:/, 'in … s:').replace(/\d+ ms/, '… ms')).toBe(
      `4 checks of ${endpoint.url}
as app 1400000000, signed, replies within 2 s

ok      Group.CallbackAfterCreateGroup  3 of 3
FAILED  content-type                    0 of 1

FAILED  SHOULD  content-type/none
          what      no Content-Type
          expected  200, not FAIL, in time
          got       415 FAIL 10100 (refused)
          rule      the body is read as JSON whatever its Content-Type says,
                    also without one
                    openapi/callback.yaml, POST /

4 checks in … s: 3 passed, 0 MUST failed, 1 SHOULD failed,
0 skipped, 0 not made
the slowest of 4 replies took … ms
The endpoint conforms.
`,
    );
  });

  test.concurrent('fails on a SHOULD with --strict, in every form', async () => {
    await using endpoint = await listen(listenerOf(fault?.(), TOKEN));
    const args = ['--url', endpoint.url, '--token', TOKEN, ...only, '--strict'];
    const text = await verify(args);
    expect([text.status, text.stdout]).toEqual([1, expect.stringContaining('The endpoint does not conform.')]);
    const { status, report } = await verifyJson(args);
    expect([status, report.holds]).toEqual([1, false]);
    const junit = await verify([...args, '--junit']);
    expect([junit.status, junit.stdout]).toEqual([1, expect.stringContaining('failures="1" errors="0" skipped="0"')]);
    expect(junit.stdout).toContain(
      '<failure type="SHOULD" message="expected 200, not FAIL, in time, got 415 FAIL 10100 (refused)">what      no Content-Type',
    );
  });

  test.concurrent('is JUnit XML with --junit: a SHOULD is visible but fails nothing', async () => {
    await using endpoint = await listen(listenerOf(fault?.(), TOKEN));
    const { status, stdout } = await verify(['--url', endpoint.url, '--token', TOKEN, ...only, '--junit']);
    expect(status).toBe(0);
    expect(stdout.replaceAll(/time="[\d.]+"/g, 'time=""')).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="4" failures="0" errors="0" skipped="1" time="">
  <testsuite name="verify ${endpoint.url}" tests="4" failures="0" errors="0" skipped="1" time="">
    <testcase classname="verify.MUST" name="accepted/Group.CallbackAfterCreateGroup.with-no-event-time" time=""/>
    <testcase classname="verify.MUST" name="accepted/Group.CallbackAfterCreateGroup.with-no-member-list" time=""/>
    <testcase classname="verify.MUST" name="accepted/Group.CallbackAfterCreateGroup.with-no-owner" time=""/>
    <testcase classname="verify.SHOULD" name="content-type/none" time="">
      <skipped message="SHOULD not met: expected 200, not FAIL, in time, got 415 FAIL 10100 (refused)"/>
    </testcase>
  </testsuite>
</testsuites>
`,
    );
  });

  test.concurrent('has a rule and its source for every failure, and no token', async () => {
    await using endpoint = await listen(listenerOf(faultyEndpoints['accepts everything']?.fault()));
    const { stdout, report } = await verifyJson(['--url', endpoint.url, '--token', TOKEN]);
    for (const { rule, source, got, expected } of report.checks) {
      expect(rule.length).toBeGreaterThan(20);
      expect(source).toMatch(
        /^(https:\/\/www\.(tencentcloud\.com|rfc-editor\.org)\/|openapi\/(callback\.yaml, |replies\/\w+\/\w+\.\w+\.yaml$))/,
      );
      expect([got, expected]).not.toContain('');
    }
    expect(stdout).not.toContain(TOKEN);
  });

  test.concurrent('is safe: nothing from an endpoint reaches the terminal or the XML unescaped', async () => {
    await using endpoint = await listen(
      (_, response) => void response.writeHead(500).end('\u001b[2J<b>"&\u0000\ud800\uffff'),
    );
    const { stdout } = await verify(['--url', endpoint.url, '--only', 'fields']);
    expect(stdout).toContain('500, body: \\u001b[2J<b>"&\\u0000');
    const { stdout: xml } = await verify(['--url', endpoint.url, '--only', 'fields', '--junit', '--strict']);
    expect(xml).toContain('\\u001b[2J&lt;b&gt;&quot;&amp;\\u0000');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: neither a terminal nor XML takes them
    expect(stdout + xml).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(xml).not.toContain('\uffff');
  });

  test.concurrent.each<[string, { token?: string; args?: string[]; says: string }]>([
    ['another token', { token: TOKEN, args: ['--token', 'a'], says: 'It has another token, or the clocks are more' }],
    ['a token', { token: TOKEN, says: 'It takes signed callbacks only: give its token by --token.' }],
    ['another app', { args: ['--sdk-app-id', '7'], says: 'It serves another app than 7: give its SDKAppID by' }],
    ['no token', { says: 'Without --token nothing is known of how it judges signatures.' }],
  ])('reports wrong settings: an endpoint with %s', async (_, { token, args = [], says }) => {
    await using endpoint = await listen(listenerOf(undefined, token));
    const { stdout } = await verify(['--url', endpoint.url, '--only', 'accepted', '--only', 'sign', ...args]);
    expect(stdout).toContain(says);
  });

  test.concurrent('another path is reported as well', async () => {
    await using endpoint = await listen(listenerOf());
    const { status, stdout } = await verify(['--url', `${endpoint.url}elsewhere`, '--only', 'accepted']);
    expect([status, stdout]).toEqual([
      1,
      expect.stringContaining('has another path than /elsewhere: give it by --url'),
    ]);
  });
});

test("missing settings come from the receiver's environment and .env", async () => {
  await using endpoint = await listen(listenerOf(undefined, TOKEN));
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, '.env'), `SDK_APP_ID=1400000009\nCALLBACK_TOKEN=${TOKEN},old\n`);
  const args = ['--url', endpoint.url, '--only', 'sign'];
  const { status, stdout } = await spawnCommand('verify', args, { env: { SDK_APP_ID: '1400000000' }, cwd }).ended;
  expect([status, stdout]).toEqual([0, expect.stringContaining('0 MUST failed')]);
});

test('without --url nothing is sent: it explains what it would do, and what to give', async () => {
  await using endpoint = await listen(() => {
    throw new Error('a request came');
  });
  const { status, stdout, stderr } = await verify(['--only', 'app'], { PORT: new URL(endpoint.url).port });
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^verify: --url is missing: expected the callback URL .* in 3 checks, unsigned/);
  expect(stderr).toContain('npm run verify -- --url http://127.0.0.1:3000/');
});

test.each(['app', 'SIGN', 'replies', 'accepted'])('--only %s: the checks of this group alone', async (group) => {
  const { stdout } = await verify(['--list', '--only', group]);
  const groups = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ +/)[1]?.split('/')[0]);
  expect(new Set(groups)).toEqual(new Set([group.toLowerCase()]));
});

test('--help names every option, --list every check; neither sends anything', async () => {
  const help = await verify(['--help'], { PORT: 'wrong' });
  expect(help).toMatchObject({ status: 0, stderr: '' });
  for (const option of ['url', 'sdk-app-id', 'token', 'max-body-bytes', 'timeout', 'concurrency', 'family', 'only']) {
    expect(help.stdout).toMatch(new RegExp(`^  --${option} [A-Z]`, 'm'));
  }
  for (const option of ['strict', 'json', 'junit', 'list', 'help']) {
    expect(help.stdout).toMatch(new RegExp(`^  --${option} +\\w`, 'm'));
  }
  expect(help.stdout).toContain('Only what can be seen from outside is judged');
  const list = await verify(['--list', '--only', 'app/']);
  expect(list).toEqual({
    status: 0,
    stderr: '',
    stdout: `MUST    app/wrong     SdkAppid is that of another app
MUST    app/missing   no SdkAppid
SHOULD  app/repeated  SdkAppid twice, the second is that of another app
`,
  });
});

test.concurrent.each<[string, { args: string[]; says: string }]>([
  ['an unknown option', { args: ['--ulr', 'x'], says: '--ulr: there is no such option, see --help' }],
  ['an option without value', { args: ['--url'], says: '--url: a value is missing' }],
  ['a flag with a value', { args: ['--json=yes'], says: '--json: takes no value, "yes" was given' }],
  [
    'a URL without --url',
    { args: ['http://a/'], says: '"http://a/" is no option: the callback URL is given by --url' },
  ],
  ['a URL without scheme', { args: ['--url', 'localhost:1'], says: '--url: "localhost:1", expected a URL such as' }],
  ['two output formats', { args: ['--json', '--junit'], says: '--json and --junit: one at a time' }],
  ['a time-out as text', { args: ['--timeout', 'two'], says: '--timeout: "two", expected seconds from 0.1 to 30' }],
  ['no concurrency', { args: ['--concurrency', '0'], says: '--concurrency: "0", expected a whole number from 1' }],
  ['a small limit', { args: ['--max-body-bytes', '9'], says: '--max-body-bytes: 9, expected at least 1024' }],
  ['a wrong app', { args: ['--sdk-app-id', 'x'], says: '--sdk-app-id: "x", expected a whole number' }],
  ['an empty token', { args: ['--token='], says: '--token: is empty' }],
  ['an unknown family', { args: ['--family', 'Sns,Snd'], says: '--family: "Snd", expected Group, State, ' }],
  ['an unknown check', { args: ['--only', 'nothing'], says: '--only: "nothing", expected a group, accepted, ' }],
])('wrong usage is named with its remedy: %s', async (_, { args, says }) => {
  const { status, stdout, stderr } = await verify(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^verify: /);
  expect(stderr).toContain(says);
  expect(stderr).not.toMatch(/^ +at /m);
});

test('an unreachable endpoint, and a run that judges nothing, are no verdict', async () => {
  const endpoint = await listen(listenerOf());
  const secure = await verify(['--url', endpoint.url.replace('http', 'https')]);
  const nothing = await verify(['--url', endpoint.url, '--only', 'replies']);
  await endpoint.close();
  const closed = await verify(['--url', endpoint.url, '--json']);
  expect(secure).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('it does not speak https') });
  expect(nothing).toMatchObject({ status: 2, stderr: expect.stringContaining('nothing was judged') });
  expect(closed).toMatchObject({ status: 2, stdout: '' });
  expect(closed.stderr).toBe(
    `verify: ${endpoint.url.slice(0, -1)} cannot be reached: nothing listens there: start the endpoint, or check --url\n`,
  );
});

/** The family for a check of one command, otherwise the beginning of its name. */
function sectionNamed(name: string): string {
  const [group = '', command = ''] = name.split('/');
  return Object.hasOwn(COMMANDS, command.replace(/\.with-.*/, '')) && group !== 'replies'
    ? command.replace(/\..*/, '')
    : group;
}

function gotOf({ checks }: Report, check: string): string {
  const found = checks.find(({ name }) => name === check);
  return `${found?.status}: ${found?.got}`;
}

function failuresOf({ checks }: Report): string[] {
  const failed = checks.filter(({ status }) => status === 'failed' || status === 'unchecked');
  return failed.map(({ level, name }) => `${level} ${name}`).sort();
}

async function verifyJson(args: string[], env?: Record<string, string>, graceSeconds?: number) {
  const { status, stdout, stderr } = await verify([...args, '--json'], env, graceSeconds);
  expect(stderr).toBe('');
  return { status, stdout, report: JSON.parse(stdout) as Report };
}

function verify(args: string[], env: Record<string, string> = {}, graceSeconds?: number) {
  return startCommand('verify', (given, io) => playVendor(given, io, graceSeconds), args, { env }).ended;
}
