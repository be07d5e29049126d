import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { COMMANDS } from '../generated/commands.ts';
import { loadPlot } from '../scripts/bench/growth-report.ts';
import { complaints } from '../scripts/bench/measure.ts';
import { markdownTable, type Results } from '../scripts/bench/results.ts';
import { natsServerPath } from '../scripts/testbed/nats.ts';
import { teardown, temporaryFolder } from './support/start.ts';

const ROOT = join(import.meta.dirname, '..');
const BENCH = join(ROOT, 'scripts/bench.ts');
const DEADLINE_MS = 120_000;

test('measures targets, and counts the stored rows', async () => {
  const folder = temporaryFolder();
  const { code, stdout, stderr } = await bench(
    ['--quick', '--seconds', '1', '--only', 'limit', '--only', 'ours', '--out', 'bench.json'],
    folder,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('round 1 of 1: ours') });
  const results = JSON.parse(readFileSync(join(folder, 'bench.json'), 'utf8')) as Results;
  expect(results.targets.map(({ name }) => name)).toEqual(['limit', 'ours']);
  for (const { title, perSecond, toLimit, p50Ms, p99Ms, megabytes, startMs, runs } of results.targets) {
    expect(stdout).toContain(title);
    for (const figure of [perSecond, toLimit, p50Ms, p99Ms, megabytes, startMs]) expect(figure).toBeGreaterThan(0);
    for (const { ok, sum, stored } of runs) {
      expect(ok).toBeGreaterThan(0);
      expect(sum).toMatchObject({ other: 0, failed: 0, sent: sum.ok });
      expect(stored).toEqual({ callbacks: sum.ok, groups: sum.ok });
    }
  }
  // Databases and logs are removed.
  expect(readdirSync(join(folder, 'dist/bench'))).toEqual([]);

  const lines = markdownTable(results).split('\n');
  const table = lines.filter((line) => line.startsWith('|'));
  expect(table).toHaveLength(2 + 1 + 2);
  expect(new Set(table.map((line) => line.split('|').length))).toEqual(new Set([9]));
}, 180_000);

test('shows the cost of deliveries, and delivers everything stored', async () => {
  const folder = temporaryFolder();
  const { code, stdout, stderr } = await bench(['--delivery', '--quick', '--seconds', '1', '--only', 'ours'], folder);
  const noNats = natsServerPath() === null;
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: `${noNats ? 'without the stream: there is no nats-server on this machine\n' : ''}round 1 of 1: SQLite done\n`,
  });
  const [headings, ...rows] = stdout.trimEnd().split('\n');
  expect(headings).toMatch(/without\/s +with it\/s +ratio +delivered by then +backlog\/s +50 % within +99 % within/);
  const figures = String.raw` +[1-9]\d+ +[1-9]\d+ +\d\.\d\d +\d+ % +[1-9]\d+`;
  // Under so short a load, all callbacks may belong to the warm-up.
  const times = String.raw`( +[\d.]+ ms +[\d.]+ ms)?`;
  expect(rows).toEqual([
    expect.stringMatching(`^SQLite, handlers${figures}${times}$`),
    expect.stringMatching(`^SQLite, webhook${figures}${times}$`),
    ...(noNats ? [] : [expect.stringMatching(`^SQLite, stream${figures}`)]),
  ]);
}, 180_000);

test('shows the cost of the whole contract compared with one command', async () => {
  const { code, stdout, stderr } = await bench(['--commands', '--quick', '--seconds', '1'], temporaryFolder());
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('round 1 of 1: 1 command ') });
  const [headings, ...rows] = stdout.trimEnd().split('\n');
  expect(headings).toMatch(new RegExp(`1 command +${Object.keys(COMMANDS).length} commands +difference +ratio$`));
  const figures = String.raw` +[1-9][\d.]*( \S+)? +[1-9][\d.]*( \S+)? +[+-][\d.]+( \S+)? +\d\.\d{3}$`;
  expect(rows).toEqual(
    ['callbacks/s', 'CPU each', 'memory', 'start to ready'].map((title) =>
      expect.stringMatching(new RegExp(`^${title}${figures}`, 'u')),
    ),
  );
}, 180_000);

test('shows the effect of a second receiver and of a synchronous standby, and the disk space of callbacks', async () => {
  const folder = temporaryFolder();
  // When this is root, PostgreSQL runs as another user.
  chmodSync(folder, 0o755);
  const { code, stdout, stderr } = await bench(
    ['--scaling', '--quick', '--seconds', '1', '--out', 'scaling.json'],
    folder,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('2 receivers: ') });
  const [headings, one, two, standby] = stdout.split('\n');
  expect(headings).toMatch(/callbacks\/s +to one +50 % within +99 % within +CPU each +of PostgreSQL +WAL each$/);
  const figures = / +[1-9]\d+ +\d\.\d\d +[\d.]+ ms +[\d.]+ ms +\d+ µs +\d+ µs +[1-9]\d\d+ B$/;
  for (const row of [one, two, standby]) expect(row).toMatch(figures);
  expect(stdout).toMatch(/^bytes of one of 2000 groups: [1-9]\d+$/m);
  expect(stdout).toMatch(/^callbacks deleted a second by retention: [1-9]\d+$/m);
}, 180_000);

test('shows the cost of the most expensive bodies, by size', async () => {
  const { code, stdout } = await bench(['--worst'], temporaryFolder());
  expect(code).toBe(0);
  const rows = stdout.trimEnd().split('\n');
  expect(rows).toHaveLength(4);
  for (const row of rows) expect(row).toMatch(/ +[\d.,]+ +[\d.,]+ +[\d.,]+ +[\d.,]+$/);
});

test('ends its processes when interrupted', async () => {
  const folder = temporaryFolder();
  const child = spawn(process.execPath, [BENCH, '--seconds', '60', '--only', 'ours', '--out', 'bench.json'], {
    cwd: folder,
    stdio: 'ignore',
  });
  teardown(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const running = join(folder, 'dist/bench');
  const deadline = Date.now() + DEADLINE_MS;
  const callbackUrl = await (async () => {
    for (;;) {
      const log = filesIn(running).find((file) => /output-\d+\.log$/.test(file));
      const ready = log && /"callbackUrl":"([^"]+)"/.exec(readFileSync(join(running, log), 'utf8'));
      if (ready?.[1]) return ready[1];
      if (Date.now() > deadline) throw new Error('the receiver did not start');
      await sleep(50);
    }
  })();
  child.kill('SIGINT');
  expect(await exited).toEqual([130, null]);
  await expect(fetch(new URL('/healthz', callbackUrl))).rejects.toThrow();
  expect(filesIn(running)).toEqual([]);
}, 180_000);

test('one row more or less, or one callback not answered OK, is reported', () => {
  const sum = { sent: 10, ok: 10, other: 0, failed: 0, lastFailure: '' };
  const stored = { callbacks: 10, groups: 10 };
  expect(complaints('ours', { sum, stored })).toEqual([]);
  for (const [change, complaint] of [
    [{ stored: { callbacks: 9, groups: 10 } }, '10 callbacks were answered OK, 9 are stored'],
    [{ stored: { callbacks: 10, groups: 11 } }, '10 callbacks were answered OK, 11 groups are stored'],
    [{ sum: { ...sum, other: 1 } }, '1 callbacks were not answered OK'],
    [{ sum: { ...sum, failed: 1 } }, '1 callbacks were not answered, '],
    [{ sum: { ...sum, ok: 0 }, stored: { callbacks: 0, groups: 0 } }, 'no callback was answered OK'],
  ] as const) {
    expect(complaints('ours', Object.assign({ sum, stored }, change))).toEqual([expect.stringContaining(complaint)]);
  }
});

test.each([
  [['--only', 'nobody'], '--only: "nobody", expected one of limit, ours,'],
  [['--rounds', '0'], '--rounds: "0", expected a whole number from 1'],
  [['ours'], '"ours": expected options only'],
  [['--write-readme', '--only', 'ours'], '--write-readme: not with --only'],
])('%j is wrong usage', async (args, message) => {
  const { code, stderr } = await bench(args, temporaryFolder());
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
});

const hasPackages = existsSync(join(ROOT, 'scripts/bench/node_modules'));
(hasPackages ? test : test.skip)(
  'a plot is an SVG picture with its titles and labels (skipped without echarts)',
  async () => {
    const plot = await loadPlot();
    const lines = [{ name: 'one', values: [1, 2] }];
    const svg = plot('Growth', [{ title: 'requests/s', points: ['0', '1,000,000'], lines }]);
    expect(svg).toMatch(/^<svg /);
    for (const text of ['Growth', 'requests/s', '1,000,000']) expect(svg).toContain(text);
  },
);

test('docs/performance.md has a place for the table', () => {
  expect(readFileSync(join(ROOT, 'docs/performance.md'), 'utf8')).toMatch(/<!-- bench -->\n(.*\n)*<!-- \/bench -->\n/);
});

function bench(args: string[], cwd: string) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [BENCH, ...args], { cwd, timeout: DEADLINE_MS }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true }) as string[];
  } catch {
    return [];
  }
}
