import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fire } from '../scripts/soak/hostile/fire.ts';
import { errorsInLog, judgeStored } from '../scripts/soak/hostile/judge-stored.ts';
import { usageOf } from '../scripts/testbed/process.ts';
import { startProcess } from './support/process.ts';
import { temporaryFolder } from './support/start.ts';
import { APP, CREATED, examples, type Payload } from './support/vendor.ts';

/** HOSTILE_SEED=7 npm test sends other requests. */
const SEED = Number(process.env.HOSTILE_SEED ?? 20221209);
/** `npm run soak:hostile` sends 100,000. */
const REQUESTS = 2_500;
/** An idle receiver uses less than 150. */
const MOST_MEGABYTES = 600;

test(`${REQUESTS} hostile requests (seed ${SEED}) neither break the receiver nor get past the contract`, async () => {
  const folder = temporaryFolder();
  const { child, callbackUrl, logged, exited } = await startProcess({}, folder);
  const pid = child.pid as number;

  const fired = await fire(
    {
      callbackUrl,
      sdkAppId: APP,
      example: examples[CREATED] as Payload,
      megabytes: () => Math.round((usageOf(pid).bytes ?? 0) / 2 ** 20),
      ended: () => (child.exitCode === null ? null : `exit code ${child.exitCode}`),
    },
    { requests: REQUESTS, seed: SEED },
  );
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  const stored = await judgeStored(join(folder, 'data/callbacks.db'), Number(APP), fired.goodGroups);

  expect([...fired.findings, ...stored.findings, ...errorsInLog(logged)]).toEqual([]);
  expect(fired.sent).toBe(REQUESTS);
  expect(fired.peakMegabytes).toBeLessThan(MOST_MEGABYTES);
  // The generators must reach every outcome, otherwise they show nothing.
  expect(Object.entries(stored).filter(([, count]) => count === 0)).toEqual([]);
  expect([...fired.statuses.keys()]).toEqual(expect.arrayContaining(['200', '400', '403', '404', '405', '413']));
}, 120_000);
