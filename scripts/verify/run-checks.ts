import type { Examples } from '../simulator/examples.ts';
import { type Check, type Result, stages } from './check.ts';
import { Conversation, type Gathered } from './conversation.ts';
import type { Options } from './options.ts';

export interface Run {
  /** In the order of the checks. */
  results: Result[];
  gathered: Gathered[];
  seconds: number;
}

// What is sent by the dozen should not be the example with 500 members.
const shortBytes = 1000;

/**
 * Runs the checks of each stage side by side, at most `concurrency` at once, the load and the aftermath one by one.
 *
 * @param tell is called with each result as soon as those before it are there too
 */
export async function runChecks(
  checks: Check[],
  options: Options,
  examples: Examples,
  tell: (result: Result) => void,
): Promise<Run> {
  const started = performance.now();
  const gathered: Gathered[] = [];
  const results: (Result | undefined)[] = Array(checks.length);
  let told = 0;
  let ended = 0;
  // An endpoint that takes, say, only integers for EventTime is to be told so, not that it takes nothing at all.
  let [plain = ''] = Object.keys(examples);
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
          results[index] = silent
            ? notSent(check)
            : await runOne(check, new Conversation(check.name, options, examples, plain, gathered));
          ended++;
          for (let result = results[told]; result; result = results[told]) {
            told++;
            tell(result);
          }
        }
      }),
    );
    if (stage === 'examples') {
      const taken = new Set(
        results.filter((result) => result?.status === 'passed').map((result) => result?.check.name),
      );
      const isTaken = (key: string) => taken.has(`accepted/${key}`);
      const isShort = (key: string) => JSON.stringify(examples[key]?.value).length <= shortBytes;
      plain = Object.keys(examples).find((key) => isTaken(key) && isShort(key)) ?? plain;
    }
  }
  return { results: results as Result[], gathered, seconds: (performance.now() - started) / 1000 };
}

/** Where no example was answered, the hundred others need not be waited for, 2 s each. */
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
