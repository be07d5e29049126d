import type { Examples } from '../simulator/examples.ts';
import { type Check, type Result, stages } from './check.ts';
import { Conversation, type Gathered, type Setting } from './conversation.ts';

export interface Run {
  /** In the order of the checks. */
  results: Result[];
  gathered: Gathered[];
  seconds: number;
}

// The example that is sent dozens of times should not be the one with 500 members.
const SHORT_BYTES = 1000;

/**
 * Runs the checks of each stage concurrently, at most `concurrency` at a time, the load and the aftermath one by one.
 *
 * @param onResult is called with each result, in the order of the checks
 */
export async function runChecks(
  checks: Check[],
  { options, examples, graceSeconds }: Pick<Setting, 'options' | 'examples' | 'graceSeconds'>,
  onResult: (result: Result) => void,
): Promise<Run> {
  const started = performance.now();
  const [first = ''] = Object.keys(examples);
  const setting: Setting = { options, examples, graceSeconds, plain: first, gathered: [] };
  const { gathered } = setting;
  const results: (Result | undefined)[] = Array(checks.length);
  let reported = 0;
  let ended = 0;
  for (const stage of stages) {
    const turns = [...checks.entries()]
      .filter(([, check]) => check.stage === stage)
      .sort(([, one], [, other]) => Number(other.inTurn ?? false) - Number(one.inTurn ?? false));
    const alone = stage === 'load' || stage === 'aftermath';
    await Promise.all(
      Array.from({ length: alone ? 1 : options.concurrency }, async () => {
        for (let turn = turns.shift(); turn; turn = turns.shift()) {
          const [index, check] = turn;
          const silent = stage === 'examples' && gathered.length === 0 && ended >= options.concurrency;
          results[index] = silent ? notSent(check) : await runOne(check, new Conversation(check.name, setting));
          ended++;
          for (let result = results[reported]; result; result = results[reported]) {
            reported++;
            onResult(result);
          }
        }
      }),
    );
    // An endpoint that accepts only some examples fails those checks, not all that follow.
    if (stage === 'examples') setting.plain = shortAccepted(examples, results) ?? first;
  }
  return { results: results as Result[], gathered, seconds: (performance.now() - started) / 1000 };
}

function shortAccepted(examples: Examples, results: (Result | undefined)[]): string | undefined {
  const passed = new Set(results.flatMap((result) => (result?.status === 'passed' ? result.check.name : [])));
  return Object.keys(examples).find(
    (key) => passed.has(`accepted/${key}`) && JSON.stringify(examples[key]?.value).length <= SHORT_BYTES,
  );
}

/** Where no example was answered, the other hundred are not awaited, 2 s each. */
function notSent(check: Check): Result {
  const [demand] = check.demands;
  return { check, status: 'failed', demand, got: 'not sent: nothing was answered so far', milliseconds: 0 };
}

async function runOne(check: Check, conversation: Conversation): Promise<Result> {
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
