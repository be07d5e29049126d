import { expect, test } from '@jest/globals';
import { generateGroups } from '../scripts/simulator/rest/generated-groups.ts';
import { backfill } from '../src/backfill/backfill.ts';
import { emptyStore, startVendor, wholeRun } from './support/backfills.ts';

/** A million take a minute: BACKFILL_GROUPS=1000000 npm run test:one -- test/backfill-scale */
const GROUPS = Number(process.env.BACKFILL_GROUPS ?? 50_000);
const MB = 1024 * 1024;

test('all groups are read within 10 % of the time that the limits take, in memory that does not grow', async () => {
  const { vendor, clock, server } = await startVendor(generateGroups({ groups: GROUPS }));
  const store = emptyStore();
  let [most, compared] = [0, 0];
  const onProgress = (progress: { compared: number }) => {
    // The first tenth loads what is loaded once.
    if (progress.compared - compared < GROUPS / 10) return;
    ({ compared } = progress);
    most = Math.max(most, process.memoryUsage().heapUsed);
  };
  const begun = clock.now();
  const end = await backfill({ ...wholeRun(store, { vendor, clock }), members: false, onProgress });
  const took = (clock.now() - begun) / 1000;
  expect(end).toMatchObject({ finished: true, counts: { compared: GROUPS, stored: GROUPS } });
  const [list, info] = [Math.ceil(GROUPS / 10_000), GROUPS / 50 / 200];
  console.log({ took, list, info, most: most / MB });
  expect(took).toBeLessThanOrEqual(1.1 * (list + info));
  expect([...server.answers.keys()].every((answer) => answer.endsWith(' 0'))).toBe(true);
}, 280_000);
