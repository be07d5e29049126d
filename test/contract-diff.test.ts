import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const project = join(import.meta.dirname, '..');
const CREATED = 'Group.CallbackAfterCreateGroup';
const IN_BODY = `POST / body ${CREATED}`;

test.concurrent('without changes it says so', async () => {
  await inRepository(async (root) => {
    const { code, stdout } = await contractDiff(root);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/Since HEAD \(\w{7,}\): 0 breaking, 0 not\.\n$/),
    });
  });
});

test.concurrent('a breaking change is reported with its place, its rule and its line', async () => {
  await inRepository(async (root) => {
    edit(
      root,
      `openapi/callbacks/Group/${CREATED}.yaml`,
      'Operator_Account, Type',
      'Operator_Account, Owner_Account, Type',
    );

    const { code, stdout } = await contractDiff(root);

    expect(code).toBe(1);
    expect(stdout).toContain(`BREAKING  ${IN_BODY}: required: +"Owner_Account" (required-properties-added)`);
    expect(stdout).toContain(`openapi/callbacks/Group/${CREATED}.yaml:15:11`);
    expect(stdout).toMatch(/Since HEAD \(\w{7,}\): 1 breaking, 1 not\.\n$/);
  });
});

test.concurrent('a shared schema is reported as such: a change of it affects other commands too', async () => {
  await inRepository(async (root) => {
    edit(root, 'openapi/fields/GroupId.yaml', 'maxLength: 256', 'maxLength: 48');

    const { code, stdout } = await contractDiff(root);

    expect(code).toBe(1);
    expect(stdout).toMatch(
      /BREAKING {2}POST \/ body \S+\.GroupId and wherever else openapi\/fields\/GroupId.yaml is used: maxLength: 256 -> 48/,
    );
  });
});

test.concurrent('a loosened callback is compatible, with a note on its type, but breaking for consumers of its events', async () => {
  await inRepository(async (root) => {
    edit(root, `openapi/callbacks/Group/${CREATED}.yaml`, ', Type, Name]', ', Type]');

    const { code, stdout } = await contractDiff(root);

    expect(code).toBe(1);
    expect(stdout).toMatch(/ok {8}POST \/ body \S+: required: -"Name" \(.*its type changes: run tsc\)/);
    expect(stdout).toContain(
      `BREAKING  POST / body KnownEvent ${CREATED}.data: required: -"Name" (required-properties-removed)`,
    );
    expect(stdout).toMatch(/: 1 breaking, 1 not\.\n$/);
  });
});

test.concurrent('any revision can be named, and --json gives the same as data', async () => {
  await inRepository(async (root) => {
    edit(root, 'openapi/admin.yaml', '  /api/callbacks/{id}/retry:', '  /api/callbacks/{id}/again:');
    await git(root, 'commit', '--quiet', '--all', '--message', 'rename');

    expect(await contractDiff(root)).toMatchObject({ code: 0 });
    const { code, stdout } = await contractDiff(root, 'v1', '--json');

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ref: 'v1',
      breaking: 1,
      changes: {
        'openapi/callback.yaml': [],
        'openapi/admin.yaml': [
          {
            place: '/api/callbacks/{id}/again',
            what: 'key: "/api/callbacks/{id}/retry" -> "/api/callbacks/{id}/again"',
            breaking: true,
            why: 'path-removed',
            at: expect.stringMatching(/^openapi\/admin.yaml:\d+:\d+$/),
          },
        ],
      },
    });
  });
});

test.concurrent('a revision older than the events still compares the other contracts', async () => {
  await inRepository(async (root) => {
    const path = 'openapi/delivery.yaml';
    await git(root, 'rm', '--quiet', '--cached', path);
    await git(root, 'commit', '--quiet', '--message', 'without events');

    const { code, stdout } = await contractDiff(root);

    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('openapi/admin.yaml: no change') });
    expect(stdout).not.toContain(path);
  });
});

const refused: [string, { args?: string[]; change?: (root: string) => void; want: string | RegExp }][] = [
  ['an unknown revision', { args: ['v9'], want: '"v9" is no commit of this repository' }],
  [
    'a revision older than the contract',
    { args: ['v0'], want: /v0 \(\w+\) has no openapi\/callback\.yaml: it came with \w{7,}/ },
  ],
  ['two revisions', { args: ['v0', 'v1'], want: '"v1": one argument too many, see --help' }],
  ['an unknown option', { args: ['--jsn'], want: '--jsn: there is no such option, see --help' }],
  ['a missing folder', { args: ['--root', '/nowhere'], want: '--root: "/nowhere" is not there' }],
  [
    'a folder outside of any repository',
    { change: (root) => rmSync(join(root, '.git'), { recursive: true }), want: 'is not in a git repository' },
  ],
  [
    'a contract that is not YAML',
    { change: (root) => edit(root, 'openapi/callback.yaml', 'paths:', 'paths: ['), want: 'openapi/callback.yaml: ' },
  ],
  [
    'a reference to nothing',
    {
      change: (root) => rmSync(join(root, `openapi/callbacks/Group/${CREATED}.yaml`)),
      want: `openapi/callbacks/Group/${CREATED}.yaml`,
    },
  ],
];

test.concurrent('a removal is shown where the revision had it', async () => {
  await inRepository(async (root) => {
    edit(root, 'openapi/admin.yaml', '        version: { type: string, description: Of this program. }\n', '');

    const { code, stdout } = await contractDiff(root);

    expect(code).toBe(1);
    expect(stdout).toMatch(/version: removed \(property-removed\)\n +\w{7,}:openapi\/admin\.yaml:\d+:\d+\n/);
  });
});

test.concurrent.each(refused)('%s is an error instead of a verdict', async (_title, { args = [], change, want }) => {
  await inRepository(async (root) => {
    change?.(root);

    const { code, stdout, stderr } = await contractDiff(root, ...args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(want);
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  });
});

test.concurrent('--help explains what counts as breaking', async () => {
  const { code, stdout } = await contractDiff(project, '--help');
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/BREAKING(.|\n)*Exit status/) });
});

/** Runs the script as a user does. */
function contractDiff(root: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return run(process.execPath, [join(project, 'scripts/contract-diff.ts'), '--root', root, ...args]);
}

function run(file: string, args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(file, args, (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }));
  });
}

async function git(root: string, ...args: string[]): Promise<void> {
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgSign=false'];
  const { code, stderr } = await run('git', ['-C', root, ...author, ...args]);
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}

/** A repository with this contract: v0 is the commit before it, v1 the one that adds it. */
async function inRepository(work: (root: string) => Promise<void>): Promise<void> {
  const root = temporaryFolder();
  try {
    await git(root, 'init', '--quiet');
    await git(root, 'commit', '--quiet', '--allow-empty', '--message', 'before');
    await git(root, 'tag', 'v0');
    for (const path of ['openapi', 'redocly.yaml']) cpSync(join(project, path), join(root, path), { recursive: true });
    await git(root, 'add', '.');
    await git(root, 'commit', '--quiet', '--message', 'contract');
    await git(root, 'tag', 'v1');
    await work(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

function edit(root: string, path: string, from: string, to: string): void {
  const text = readFileSync(join(root, path), 'utf8');
  if (!text.includes(from)) throw new Error(`${path} has no ${from}; mend this test.`);
  writeFileSync(join(root, path), text.replace(from, to));
}

// Not the one of support/start.ts: its teardown after each test would remove the folders of concurrent tests.
function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'contract-diff-')));
}
