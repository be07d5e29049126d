import http from 'node:http';
import https from 'node:https';
import { commandOf, examplesOf, findExample, readExamples } from './simulator/examples.ts';
import { freshPayload, type Payload } from './simulator/payload.ts';
import { printable } from './simulator/printable.ts';
import { differencesFor } from './simulator/reply-contract.ts';
import { differences, type Outcome, type Reply, send } from './simulator/send.ts';
import { loadEnvironmentFile } from './simulator/settings.ts';
import { UsageError } from './simulator/usage-error.ts';
import { type VendorRequest, vendorRequest } from './simulator/vendor-request.ts';
import { helpText, listText } from './trigger/help.ts';
import { type Options, readOptions } from './trigger/options.ts';
import { answeredText, expectedText, replyText, requestText, summaryText } from './trigger/print.ts';
import { showProgress } from './trigger/progress.ts';
import { sendMany, Tally, type Unexpected } from './trigger/send-many.ts';

try {
  process.exitCode = await trigger(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`trigger: ${printable(error.message)}`);
  process.exitCode = 2;
}

/** Plays the vendor as the arguments say and returns the exit status. */
async function trigger(args: string[]): Promise<number> {
  const examples = readExamples();
  loadEnvironmentFile();
  const options = readOptions(args, process.env);
  if (options === 'help') {
    process.stdout.write(helpText(examples));
    return 0;
  }
  const wanted = options.command === undefined ? examples : examplesOf(options.command, examples);
  if (options.list) {
    console.log(listText(wanted));
    return 0;
  }
  // The first one is the plain example, of the contract's first command where none is named.
  const [first = ''] = Object.keys(wanted);
  const key = options.example === undefined ? first : findExample(options.example, wanted, commandOf(first));
  const nextRequest = requests(key, examples[key]?.value ?? {}, options);
  const agent = new (options.url.startsWith('https:') ? https : http).Agent({ keepAlive: true });
  try {
    const one = options.count * options.repeat === 1;
    return await (one ? triggerOne : triggerMany)(key, nextRequest, agent, options);
  } finally {
    agent.destroy();
  }
}

async function triggerOne(key: string, nextRequest: () => VendorRequest, agent: http.Agent, options: Options) {
  const request = nextRequest();
  console.log(`Example ${key}${options.faultName ? `, fault ${options.faultName}` : ''}\n\n${requestText(request)}`);
  const outcome = await send(request, agent);
  if ('failure' in outcome) {
    console.error(`trigger: ${printable(outcome.failure)}`);
    return 1;
  }
  console.log(replyText(outcome));
  const found = differencesOf(key, outcome, options);
  if (found.length === 0) {
    console.log(`As expected: ${answeredText(outcome)}`);
    return 0;
  }
  console.log(`Not as expected (${expectedText(options.expected)}): ${printable(found.join(', '))}`);
  const remedy = remedyFor(outcome, options);
  if (remedy) console.log(remedy);
  return 1;
}

async function triggerMany(key: string, nextRequest: () => VendorRequest, agent: http.Agent, options: Options) {
  const interruption = new AbortController();
  // npm passes on the signal that the terminal has sent already, so a second one means nothing.
  process.on('SIGINT', () => interruption.abort());
  const total = options.count * options.repeat;
  const tally = new Tally();
  const stopProgress = showProgress(tally, total, process.stderr);
  try {
    await sendMany(
      { total, concurrency: options.concurrency, rate: options.rate, signal: interruption.signal },
      tally,
      () => send(nextRequest(), agent),
      (outcome) => judge(key, outcome, options),
    );
  } finally {
    stopProgress();
  }
  console.log(summaryText(key, tally, options));
  if (tally.unexpected > 0) return 1;
  return tally.answered < total ? 130 : 0;
}

/** A function that gives one request after the other: each callback `repeat` times, with the same body. */
function requests(key: string, example: Payload, options: Options): () => VendorRequest {
  let made = 0;
  let command = '';
  let body = '';
  return () => {
    if (made++ % options.repeat === 0) {
      const payload = freshPayload(example, options.edits);
      command = typeof payload.CallbackCommand === 'string' ? payload.CallbackCommand : commandOf(key);
      body = JSON.stringify(payload);
    }
    const request = vendorRequest(command, body, options);
    options.fault?.apply(request, options);
    return request;
  };
}

function judge(key: string, outcome: Outcome, options: Options): Unexpected | undefined {
  if ('failure' in outcome) return { kind: outcome.failure, detail: '' };
  const found = differencesOf(key, outcome, options);
  if (found.length === 0) return undefined;
  const detail = [found.join(', '), outcome.body.slice(0, 300), remedyFor(outcome, options)];
  return { kind: `status ${outcome.status}`, detail: detail.filter(Boolean).join('\n') };
}

function differencesOf(key: string, reply: Reply, { fault }: Options): string[] {
  return fault ? differences(reply, fault) : differencesFor(commandOf(key), reply);
}

/** What to try where a faultless request was refused. */
function remedyFor({ status }: Reply, { fault, token }: Options): string | undefined {
  if (fault) return undefined;
  if (status === 401 && !token) {
    return 'The receiver takes signed callbacks only: give its token by --token or CALLBACK_TOKEN.';
  }
  if (status === 401) return 'The receiver has another token, or the clocks are more than 60 s apart.';
  if (status === 403) return 'The receiver serves another app: give its SDKAppID by --sdk-app-id or SDK_APP_ID.';
  if (status === 404) return 'The callback URL has another path: give it by --url or CALLBACK_PATH.';
  return undefined;
}
