import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { generateGroups } from '../scripts/simulator/rest/generated-groups.ts';
import { backfill } from '../src/backfill/backfill.ts';
import type { Progress } from '../src/backfill/progress.ts';
import { emptyStore, mirrorOf, startVendor, wholeRun } from './support/backfills.ts';
import { openedStore, useDatabases } from './support/databases.ts';

/** `BACKFILL_GROUPS=1000000 npm run test:one -- test/backfill-scale` takes over a minute, and prints its duration. */
const GROUPS = Number(process.env.BACKFILL_GROUPS ?? 30_000);
const MB = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('all groups are read within 10 % of the time that the limits require, in constant memory', async () => {
  const { vendor, clock, server } = await startVendor(generateGroups({ groups: GROUPS }));
  const store = emptyStore();
  /** Memory in use at each tenth of the run, after garbage collection. */
  const used: number[] = [];
  const onProgress = ({ passed }: Progress) => {
    if (passed < (GROUPS / 10) * (used.length + 1)) return;
    collectGarbage();
    used.push(process.memoryUsage().heapUsed / MB);
  };
  const begun = clock.now();
  const end = await backfill({ ...wholeRun(store, { vendor, clock }), members: false, onProgress });
  const took = (clock.now() - begun) / 1_000;
  expect(end).toMatchObject({ finished: true, counts: { compared: GROUPS, stored: GROUPS } });
  const [list, info] = [Math.ceil(GROUPS / 10_000), GROUPS / 50 / 200];
  expect(took).toBeLessThanOrEqual(1.1 * (list + info));
  expect(answersOtherThanOk(server.answers)).toEqual([]);
  expect(used.at(-1)).toBeLessThan((used[1] as number) + 20);
  if (process.env.BACKFILL_GROUPS)
    console.info(`${GROUPS} groups in ${took} s of ${list} + ${info} s, ${used.map(Math.round)} MB`);
}, 280_000);

test('members are read within 10 % of the time that the limits require', async () => {
  const groups = 600;
  const { vendor, clock } = await startVendor(generateGroups({ groups, members: 30, type: 'Public' }));
  const [[, createUrl]] = databases as [(typeof databases)[number]];
  const store = await openedStore(await createUrl());
  const begun = clock.now();
  const end = await backfill(wholeRun(store, { vendor, clock }));
  expect(end.counts).toMatchObject({ compared: groups, stored: groups, members: 30 * groups });
  expect((clock.now() - begun) / 1_000).toBeLessThanOrEqual(1.1 * (1 + groups / 50 / 200 + groups / 200));
  expect(await mirrorOf(store)).toHaveLength(groups);
}, 60_000);

const databases = useDatabases();

function answersOtherThanOk(answers: ReadonlyMap<string, number>): string[] {
  return [...answers.keys()].filter((answer) => !answer.endsWith(' 0'));
}
