import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startArguments } from '../soak/start-receiver.ts';
import type { CleanUps } from './clean-ups.ts';
import { fill } from './growth/fill.ts';
import { type ReadTimes, readTimes } from './growth/read-times.ts';
import { machine } from './machine.ts';
import { sqliteIn } from './measure.ts';
import type { Options } from './options.ts';
import { usePostgres } from './postgres.ts';
import { startServer } from './start-server.ts';

const GROUPS = 100_000;
const GROUPS_QUICK = 5_000;

/** Times each read with many groups stored, on both databases. @returns the exit status */
export async function benchReads({ quick, out }: Options, folder: string, cleanUps: CleanUps): Promise<number> {
  const groups = quick ? GROUPS_QUICK : GROUPS;
  const postgres = usePostgres(folder, cleanUps);
  const databases: [string, () => Promise<string>][] = [
    ['SQLite', async () => sqliteIn(folder)],
    ['PostgreSQL', () => postgres.createDatabase()],
  ];
  const taken: Record<string, ReadTimes> = {};
  for (const [name, create] of databases) {
    const databaseUrl = await create();
    const own = join(folder, name);
    mkdirSync(own);
    await fill(databaseUrl, groups, (stored) => console.error(`${name}: ${stored} of ${groups} groups stored`));
    // As autovacuum does within a minute; the plans go by what it finds.
    if (name === 'PostgreSQL') await postgres.analyze(databaseUrl);
    const server = await startServer({ args: startArguments(), databaseUrl }, own, cleanUps);
    taken[name] = await readTimes(server.adminUrl as string);
    await server.stop();
  }
  writeFileSync(out, `${JSON.stringify({ measuredAt: new Date(), machine: machine(), groups, taken }, null, 2)}\n`);
  console.log(`${groups} groups; milliseconds, median`);
  for (const read of Object.keys(taken.SQLite ?? {})) {
    const times = databases.map(([name]) => `${name} ${taken[name]?.[read]?.toFixed(1).padStart(7)}`);
    console.log(`  ${read.padEnd(32)}${times.join('   ')}`);
  }
  return 0;
}
