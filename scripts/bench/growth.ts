import { copyFileSync, fsyncSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { grouped } from '../command-line.ts';
import type { CleanUps } from '../testbed/clean-ups.ts';
import { startArguments } from '../testbed/process.ts';
import {
  type Grown,
  growthTable,
  medianOf,
  memoryOf,
  type Point,
  plotsOf,
  type RunWithReads,
} from './growth-report.ts';
import { complaints, doubts, measure, sqliteIn } from './measure.ts';
import { BODY_BYTES, CONNECTIONS, type Options } from './options.ts';
import { projectWithCommands } from './project-copy.ts';
import { fill, type ReadTimes, readTimes } from './reads.ts';
import { machine } from './results.ts';

/** Measures the receiver on SQLite while one dimension grows at a time. @returns the exit status */
export async function growth(options: Options, folder: string, cleanUps: CleanUps): Promise<number> {
  const { rounds, seconds, warmUpSeconds, minutes, quick, out } = options;
  const tell = (line: string) => console.error(line);
  const found: string[] = [];
  const grown: Grown[] = [];
  for (const { name, title, points } of dimensionsOf(quick)) {
    const filled = new Map<number, string>();
    for (const { stored } of points) if (stored > 0) filled.set(stored, await filledFile(stored));
    const measured = points.map((point) => ({ point, runs: [] as RunWithReads[] }));
    for (let round = 1; round <= rounds; round += 1) {
      for (const { point, runs } of measured) {
        const run = await measurePoint(point, filled.get(point.stored));
        const what = `${name} ${point.label}`;
        runs.push(run);
        found.push(...complaints(what, run));
        tell(`${what}, round ${round} of ${rounds}: ${Math.round(run.perSecond)} requests/s`);
        doubts(what, run).forEach(tell);
      }
    }
    for (const file of filled.values()) rmSync(file);
    grown.push({ name, title, points: measured.map(({ point, runs }) => medianOf(point, runs)) });
  }
  const memory = await watchMemory();
  const results = { measuredAt: new Date(), machine: machine(), rounds, seconds, grown, memory };
  writeFileSync(out, `${JSON.stringify(results, null, 2)}\n`);
  for (const [name, svg] of await plotsOf(grown, memory)) writeFileSync(join(dirname(out), `growth-${name}.svg`), svg);
  console.log(growthTable(grown, memory));
  if (found.length > 0) console.error(`\n${found.join('\n')}`);
  return found.length > 0 ? 1 : 0;

  async function filledFile(stored: number): Promise<string> {
    const file = join(folder, `filled-${stored}.db`);
    await fill(`sqlite:${file}`, stored, (count) => tell(`${count} of ${stored} stored beforehand`));
    return file;
  }

  async function measurePoint(
    { stored, commands, bodyBytes, connections }: Point,
    filled: string | undefined,
  ): Promise<RunWithReads> {
    const own = join(folder, 'point');
    const databaseUrl = sqliteIn(own);
    mkdirSync(join(own, 'data'), { recursive: true });
    if (filled) copyToDisk(filled, databaseUrl.slice('sqlite:'.length));
    const root = commands === null ? undefined : projectWithCommands(join(own, 'project'), commands);
    let reads: ReadTimes = {};
    const run = await measure(
      { args: startArguments(root), databaseUrl },
      { connections, bodyBytes, seconds, warmUpSeconds },
      {
        folder: own,
        cleanUps,
        stored: { callbacks: stored, groups: stored },
        async afterLoad({ adminUrl }) {
          reads = await readTimes(adminUrl);
        },
      },
    );
    return { ...run, reads };
  }

  async function watchMemory() {
    const own = join(folder, 'memory');
    const samples: { second: number; megabytes: number }[] = [];
    let started: number | undefined;
    let told = 0;
    const run = await measure(
      { args: startArguments(), databaseUrl: sqliteIn(own) },
      // A quick run lasts seconds, whatever --minutes says.
      { seconds: quick ? 5 : minutes * 60, warmUpSeconds },
      {
        folder: own,
        cleanUps,
        onSample({ bytes }) {
          started ??= performance.now();
          const second = (performance.now() - started) / 1000;
          if (bytes === null || second < samples.length) return;
          samples.push({ second: Math.round(second), megabytes: bytes / 1e6 });
          if (second - told < 15) return;
          told = second;
          tell(`memory: ${Math.round(bytes / 1e6)} MB after ${Math.round(second)} s`);
        },
      },
    );
    found.push(...complaints('memory', run));
    return { perSecond: run.perSecond, ...memoryOf(samples) };
  }
}

/** Syncs the copy, so that its write-back does not slow down the measurement. */
function copyToDisk(from: string, to: string): void {
  copyFileSync(from, to);
  fsyncSync(openSync(to, 'r+'));
}

function dimensionsOf(quick: boolean): { name: string; title: string; points: Point[] }[] {
  const usual = { stored: 0, commands: null, bodyBytes: BODY_BYTES, connections: CONNECTIONS };
  const dimension = (name: string, title: string, what: keyof typeof usual, values: number[], label = grouped) => ({
    name,
    title,
    points: values.map((value) => ({ ...usual, [what]: value, label: label(value) })),
  });
  const connections = quick ? [1, 64, 1_000] : [1, 8, 64, 256, 1_000];
  return [
    dimension('stored', 'Callbacks stored beforehand', 'stored', quick ? [0, 2_000, 20_000] : [0, 100_000, 1_000_000]),
    dimension('commands', 'Commands in the contract', 'commands', [1, 40]),
    dimension('body', 'Size of a body', 'bodyBytes', [400, 4_000, 40_000], (bytes) => `${bytes / 1000} KB`),
    dimension('connections', 'Connections', 'connections', connections),
  ];
}
