import type { Examples } from '../simulator/examples.ts';
import { type Check, type Result, sectionOf, stages } from './check.ts';
import { Conversation, type Gathered, type Setting } from './conversation.ts';
import { TimeOuts } from './time-outs.ts';

export interface Run {
  /** In the order of the checks. */
  results: Result[];
  gathered: Gathered[];
  seconds: number;
}

// The example sent dozens of times should not be the one with 500 members.
const SHORT_BYTES = 1000;

/**
 * Runs the checks of each stage concurrently, up to `concurrency` at a time, the load and the aftermath sequentially.
 *
 * @param onResult called with each result, in the order of the checks
 */
export async function runChecks(
  checks: Check[],
  { options, examples, graceSeconds }: Pick<Setting, 'options' | 'examples' | 'graceSeconds'>,
  onResult: (result: Result) => void,
): Promise<Run> {
  const started = performance.now();
  const [first = ''] = Object.keys(examples);
  const setting: Setting = { options, examples, graceSeconds, plain: first, gathered: [] };
  const results: (Result | undefined)[] = Array(checks.length);
  const timeOuts = new TimeOuts();
  let reported = 0;
  for (const stage of stages) {
    const alone = stage === 'load' || stage === 'aftermath';
    const waiting = [...checks.entries()]
      .filter(([, check]) => check.stage === stage)
      .sort(([, one], [, other]) => Number(other.inTurn ?? false) - Number(one.inTurn ?? false));
    const running = new Set<Promise<void>>();
    while (waiting.length > 0 || running.size > 0) {
      const free = running.size < (alone ? 1 : options.concurrency);
      const next = free ? waiting.findIndex(([, check]) => timeOuts.mayStart(sectionOf(check))) : -1;
      if (next < 0) {
        await Promise.race(running);
        continue;
      }
      for (const [index, check] of waiting.splice(next, 1)) {
        const one: Promise<void> = runOne(index, check).finally(() => running.delete(one));
        running.add(one);
      }
    }
    // If an endpoint accepts only some examples, those checks fail, but not all that follow.
    if (stage === 'commands') setting.plain = shortAccepted(examples, results) ?? first;
  }
  return { results: results as Result[], gathered: setting.gathered, seconds: (performance.now() - started) / 1000 };

  async function runOne(index: number, check: Check): Promise<void> {
    const section = sectionOf(check);
    if (timeOuts.isOver(section)) {
      const got = TimeOuts.reason(section);
      results[index] = { check, status: 'unchecked', demand: check.demands[0], got, milliseconds: 0 };
    } else {
      const conversation = new Conversation(check.name, setting);
      timeOuts.begin(section);
      results[index] = await resultOf(check, conversation);
      timeOuts.end(section, conversation);
    }
    for (let result = results[reported]; result; result = results[reported]) {
      reported++;
      onResult(result);
    }
  }
}

function shortAccepted(examples: Examples, results: (Result | undefined)[]): string | undefined {
  const passed = new Set(results.flatMap((result) => (result?.status === 'passed' ? result.check.name : [])));
  return Object.keys(examples).find(
    (key) => passed.has(`accepted/${key}`) && JSON.stringify(examples[key]?.value).length <= SHORT_BYTES,
  );
}

async function resultOf(check: Check, conversation: Conversation): Promise<Result> {
  const started = performance.now();
  const [demand] = check.demands;
  if (check.needsToken && !conversation.options.token) {
    return { check, status: 'skipped', demand, got: "needs the endpoint's token: --token", milliseconds: 0 };
  }
  const found = await check.find(conversation);
  const milliseconds = Math.round(performance.now() - started);
  if ('skipped' in found) return { check, status: 'skipped', demand, got: found.skipped, milliseconds };
  const { got, broken } = found;
  return { check, status: broken ? 'failed' : 'passed', demand: broken ?? demand, got, milliseconds };
}
