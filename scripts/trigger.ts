import type http from 'node:http';
import { type Io, printable, runMain } from './command-line.ts';
import { commandOf, examplesOf, findExample, freshPayload, type Payload, readExamples } from './simulator/examples.ts';
import { differences, differencesFor, expectedText, OK } from './simulator/reply.ts';
import { keepAliveAgent, type Outcome, type Reply, send } from './simulator/send.ts';
import { type VendorRequest, vendorRequest } from './simulator/vendor-request.ts';
import { applyEdit } from './trigger/edits.ts';
import { helpText, listText, type Options, readOptions } from './trigger/options.ts';
import { answeredText, replyText, requestText, summaryText } from './trigger/print.ts';
import { sendMany, showProgress, Tally, type Unexpected } from './trigger/send-many.ts';

if (import.meta.main) await runMain('trigger', trigger);

/** Plays the vendor as the arguments say and returns the exit status. */
export async function trigger(args: string[], io: Io): Promise<number> {
  const examples = readExamples();
  const options = readOptions(args, io);
  if (options === 'help') {
    io.stdout.write(helpText(examples));
    return 0;
  }
  const wanted = options.command === undefined ? examples : examplesOf(options.command, examples);
  if (options.list) {
    io.stdout.write(`${listText(wanted)}\n`);
    return 0;
  }
  // The first example is the plain one, of the contract's first command unless --command names another.
  const [first = ''] = Object.keys(wanted);
  const key = options.example === undefined ? first : findExample(options.example, wanted, commandOf(first));
  const nextRequest = requests(key, examples[key]?.value ?? {}, options);
  const agent = keepAliveAgent(options.url);
  try {
    const one = options.count * options.repeat === 1;
    return await (one ? triggerOne : triggerMany)(key, nextRequest, agent, options, io);
  } finally {
    agent.destroy();
  }
}

async function triggerOne(
  key: string,
  nextRequest: () => VendorRequest,
  agent: http.Agent,
  options: Options,
  { stdout, stderr }: Io,
) {
  const print = (text: string) => stdout.write(`${text}\n`);
  const request = nextRequest();
  print(`Example ${key}${options.faultName ? `, fault ${options.faultName}` : ''}\n\n${requestText(request)}`);
  const outcome = await send(request, agent);
  if ('failure' in outcome) {
    stderr.write(`trigger: ${printable(outcome.failure)}\n`);
    return 1;
  }
  print(replyText(outcome));
  const found = differencesOf(key, outcome, options);
  if (found.length === 0) {
    print(`As expected: ${answeredText(outcome)}`);
    return 0;
  }
  print(`Not as expected (${expectedText(options.fault ?? OK)}): ${printable(found.join(', '))}`);
  const remedy = remedyFor(outcome, options);
  if (remedy) print(remedy);
  return 1;
}

async function triggerMany(key: string, nextRequest: () => VendorRequest, agent: http.Agent, options: Options, io: Io) {
  const interruption = new AbortController();
  io.on('SIGINT', () => interruption.abort());
  const total = options.count * options.repeat;
  const tally = new Tally();
  const stopProgress = showProgress(tally, total, io.stderr);
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
  io.stdout.write(`${summaryText(key, tally, options)}\n`);
  if (tally.unexpected > 0) return 1;
  return tally.answered < total ? 130 : 0;
}

/** A function that returns one request after the other: each callback `repeat` times, with the same body. */
function requests(key: string, example: Payload, options: Options): () => VendorRequest {
  let made = 0;
  let command = '';
  let body = '';
  return () => {
    if (made++ % options.repeat === 0) {
      const payload = freshPayload(example);
      for (const edit of options.edits) applyEdit(edit, payload);
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

/** What to try where a request without a fault was refused. */
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
