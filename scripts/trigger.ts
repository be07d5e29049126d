import { factsOf } from '../generated/commands.ts';
import { invocation } from '../src/invocation.ts';
import { type Io, printable, runMain, showProgress } from './command-line.ts';
import { commandOf, examplesOf, findExample, freshPayload, type Payload, readExamples } from './simulator/examples.ts';
import { differences, differencesFor, expectedText, OK } from './simulator/reply.ts';
import { keepAliveAgent, type Outcome, type Reply, send } from './simulator/send.ts';
import { remedyFor, type VendorRequest, vendorRequest } from './simulator/vendor-request.ts';
import { applyEdit } from './trigger/edits.ts';
import { listText, type Options, readOptions } from './trigger/options.ts';
import { answeredText, replyText, requestText, summaryText } from './trigger/print.ts';
import { sendMany, Tally, type Unexpected } from './trigger/send-many.ts';
import { readStored, storedRequest } from './trigger/stored.ts';

const KEPT_AS_UNKNOWN = 'kept as unknown: restart the receiver to load the contract';

await runMain(import.meta, 'trigger', trigger);

/** Plays the vendor according to the arguments, and returns the exit status. */
export async function trigger(args: string[], io: Io): Promise<number> {
  const examples = readExamples();
  const options = readOptions(args, io, examples);
  if (options.callback !== undefined) return sendStored(options.callback, options, io);
  const wanted = options.command === undefined ? examples : examplesOf(options.command, examples);
  if (options.list) {
    io.stdout.write(`${listText(wanted)}\n`);
    return 0;
  }
  // The first example is the plain one, of the contract's first command unless --command names another.
  const [first = ''] = Object.keys(wanted);
  const key = options.example === undefined ? first : findExample(options.example, wanted, commandOf(first));
  return sendAll(key, requests(key, examples[key]?.value ?? {}, options), options, io);
}

/** Sends a callback that the receiver has stored once more. */
async function sendStored(id: string, options: Options, io: Io): Promise<number> {
  const callback = await readStored(id, options);
  if (callback.body.includes('\uFFFD')) {
    io.stderr.write('trigger: U+FFFD is in the body: bytes that are not UTF-8 are sent as that, not as received\n');
  }
  return sendAll(callback.command, () => storedRequest(callback, options), options, io);
}

async function sendAll(key: string, nextRequest: () => VendorRequest, options: Options, io: Io): Promise<number> {
  const agent = keepAliveAgent(options.url);
  try {
    const total = options.count * options.repeat;
    const sendOne = (request: VendorRequest) => send(request, agent);
    if (total === 1) return await triggerOne(key, nextRequest(), sendOne, options, io);
    return await triggerMany(key, () => sendOne(nextRequest()), total, options, io);
  } finally {
    agent.destroy();
  }
}

async function triggerOne(
  key: string,
  request: VendorRequest,
  sendOne: (request: VendorRequest) => Promise<Outcome>,
  options: Options,
  { stdout, stderr }: Io,
) {
  const print = (text: string) => stdout.write(`${text}\n`);
  const what = options.callback === undefined ? 'Example' : `Callback ${options.callback},`;
  print(
    `${what} ${printable(key)}${options.faultName ? `, fault ${options.faultName}` : ''}\n\n${requestText(request)}`,
  );
  const outcome = await sendOne(request);
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
  const remedy = remedyOf(outcome, options);
  if (remedy) print(remedy);
  return 1;
}

async function triggerMany(key: string, sendNext: () => Promise<Outcome>, total: number, options: Options, io: Io) {
  const interruption = new AbortController();
  io.on('SIGINT', () => interruption.abort());
  const tally = new Tally();
  const stopProgress = showProgress(() => tally.line(total), io.stderr, 2);
  try {
    await sendMany(
      { total, concurrency: options.concurrency, rate: options.rate, signal: interruption.signal },
      tally,
      sendNext,
      (outcome) => judge(key, outcome, options),
    );
  } finally {
    stopProgress();
  }
  io.stdout.write(`${summaryText(key, tally, options)}\n`);
  if (tally.unexpected > 0) return 1;
  return tally.answered < total ? 130 : 0;
}

/** Returns one request after another: each callback `repeat` times, with the same body. */
function requests(key: string, example: Payload, options: Options): () => VendorRequest {
  let made = 0;
  let command = '';
  let body = '';
  return () => {
    if (made++ % options.repeat === 0) {
      const payload = freshPayload(commandOf(key), example);
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
  const detail = [found.join(', '), outcome.body.slice(0, 300), remedyOf(outcome, options)];
  return { kind: `status ${outcome.status}`, detail: detail.filter(Boolean).join('\n') };
}

function differencesOf(key: string, reply: Reply, { fault, edits }: Options): string[] {
  if (fault) return differences(reply, fault);
  const found = differencesFor(commandOf(key), reply);
  const isOther = edits.some(({ path }) => path === 'CallbackCommand') || factsOf(commandOf(key)) === undefined;
  return reply.outcome === 'unknown' && !isOther ? [KEPT_AS_UNKNOWN, ...found] : found;
}

function remedyOf({ status }: Reply, options: Options): string | undefined {
  const { fault } = options;
  if (fault?.needsToken && status === 200) {
    return `It has no token, so it checks no signature: start it with CALLBACK_TOKEN, ${invocation('start')} reads it.`;
  }
  return fault ? undefined : remedyFor(status, options);
}
