import { copyFileSync, fsyncSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startArguments } from '../soak/start-receiver.ts';
import type { CleanUps } from './clean-ups.ts';
import { complaints, doubts } from './complaints.ts';
import { dimensionsOf, type Point } from './growth/dimensions.ts';
import { fill } from './growth/fill.ts';
import { type Memory, memoryOf } from './growth/memory.ts';
import { projectWithCommands } from './growth/project-with-commands.ts';
import { type ReadTimes, readTimes } from './growth/read-times.ts';
import { type Grown, growthTable, medianOf, plotsOf } from './growth/report.ts';
import { machine } from './machine.ts';
import { measure, type Run, sqliteIn } from './measure.ts';
import { BODY_BYTES, CONNECTIONS, type Options } from './options.ts';

/** Measures the receiver on SQLite while one thing grows at a time. @returns the exit status */
export async function growth(options: Options, folder: string, cleanUps: CleanUps): Promise<number> {
  const { rounds, seconds, warmUpSeconds, minutes, quick, out } = options;
  const found: string[] = [];
  const grown: Grown[] = [];
  for (const { name, title, points } of dimensionsOf(quick)) {
    const filled = new Map<number, string>();
    for (const { stored } of points) if (stored > 0) filled.set(stored, await filledFile(stored));
    const measured = points.map((point) => ({ point, runs: [] as (Run & { reads: ReadTimes })[] }));
    for (let round = 1; round <= rounds; round += 1) {
      for (const { point, runs } of measured) {
        const run = await measurePoint(point, filled.get(point.stored));
        runs.push(run);
        found.push(...complaints(`${name} ${point.label}`, run));
        tell(`${name} ${point.label}, round ${round} of ${rounds}: ${Math.round(run.perSecond)} requests/s`);
        for (const doubt of doubts(`${name} ${point.label}`, run)) tell(doubt);
      }
    }
    for (const file of filled.values()) rmSync(file);
    grown.push({ name, title, points: measured.map(({ point, runs }) => medianOf(point, runs)) });
  }
  const memory = await watchMemory();

  writeFileSync(
    out,
    `${JSON.stringify({ measuredAt: new Date().toISOString(), machine: machine(), rounds, seconds, grown, memory }, null, 2)}\n`,
  );
  for (const [name, svg] of plotsOf(grown, memory)) writeFileSync(join(dirname(out), `growth-${name}.svg`), svg);
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
  ): Promise<Run & { reads: ReadTimes }> {
    const own = join(folder, 'point');
    const databaseUrl = sqliteIn(own);
    mkdirSync(join(own, 'data'), { recursive: true });
    if (filled) copyToDisk(filled, databaseUrl.slice('sqlite:'.length));
    const root = commands === null ? undefined : projectWithCommands(join(own, 'project'), commands);
    let reads: ReadTimes = {};
    const run = await measure(
      { args: startArguments(root), databaseUrl },
      { connections, bodyBytes, seconds, warmUpSeconds, perSecond: null },
      {
        folder: own,
        cleanUps,
        stored: { callbacks: stored, groups: stored },
        async afterLoad({ adminUrl }) {
          if (adminUrl) reads = await readTimes(adminUrl);
        },
      },
    );
    return { ...run, reads };
  }

  async function watchMemory(): Promise<Memory> {
    const own = join(folder, 'memory');
    const samples: Memory['samples'] = [];
    let started: number | undefined;
    let told = 0;
    const run = await measure(
      { args: startArguments(), databaseUrl: sqliteIn(own) },
      // A quick run has no minutes.
      {
        connections: CONNECTIONS,
        bodyBytes: BODY_BYTES,
        seconds: quick ? 5 : minutes * 60,
        warmUpSeconds,
        perSecond: null,
      },
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
    return { minutes: quick ? 0 : minutes, perSecond: run.perSecond, samples, ...memoryOf(samples) };
  }
}

/** Copied and on disk, so that writing it does not slow down what is measured. */
function copyToDisk(from: string, to: string): void {
  copyFileSync(from, to);
  fsyncSync(openSync(to, 'r+'));
}

function tell(line: string): void {
  console.error(line);
}
