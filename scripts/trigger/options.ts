import { invocation } from '../../src/invocation.ts';
import { columns, environmentOf, type Io, type OptionRows, readArguments, UsageError } from '../command-line.ts';
import { commandOf, type Examples } from '../simulator/examples.ts';
import { type Fault, type FaultName, faults } from '../simulator/faults.ts';
import { expectedText, OK } from '../simulator/reply.ts';
import { RECEIVER_OPTIONS, readReceiver } from '../simulator/vendor-request.ts';
import { type Edit, readSet } from './edits.ts';
import { readAdminListener, readStoredId } from './stored.ts';

export type Options = ReturnType<typeof readOptions>;

const rows: OptionRows = [
  ...RECEIVER_OPTIONS,
  ['--set PATH=VALUE', 'change or add a field, as often as needed: --set Name=Tea,'],
  ['', '--set MemberList.0.Member_Account=zoe. VALUE is JSON where it can be, otherwise'],
  ['', 'text; text that looks like a number goes in double quotes: --set \'GroupId="7"\''],
  ['--unset PATH', 'remove a field, as often as needed'],
  ['--count N', 'callbacks to send, each with a fresh group and time unless set (1)'],
  ['--repeat N', 'how often each of them is sent, with the same body (1)'],
  ['--rate N/s', 'requests a second (as fast as they are answered)'],
  ['--concurrency N', 'concurrent requests, at most (16)'],
  ['--fault FAULT', 'send something wrong or unusual, see below'],
  ['--command NAME', 'the command whose callback is sent; a named example is then one of this command'],
  ['--callback ID', 'send a stored callback again, as it was received, signed now; --repeat may be added'],
  ['--admin URL', 'the admin listener that has it (http://127.0.0.1:3001/, with ADMIN_PORT and ADMIN_PASSWORD)'],
  ['--list', 'list every command and example, or those of --command; send nothing'],
  ['--help', 'show this text'],
];

/** Reads the arguments; their defaults are the receiver's own environment variables. */
export function readOptions(args: string[], io: Io, examples: Examples) {
  const given = readArguments(args, { help: helpText(examples), most: Number.POSITIVE_INFINITY });
  const { positionals, values, flags } = given;
  if (positionals.length > 1) {
    throw new UsageError(
      `one command or example at a time, not ${positionals.map((name) => `"${name}"`).join(' and ')}`,
    );
  }
  const faultName = given.text('fault');
  const fault = faultName === undefined ? undefined : readFault(faultName);
  const receiver = readReceiver(given, environmentOf(io));
  if (fault?.needsToken && !receiver.token) {
    throw new UsageError(
      `--fault ${faultName}: only a receiver with a token refuses it, and the demo has none. Start the receiver with one, and name that token by --token or CALLBACK_TOKEN:
  CALLBACK_TOKEN=my-token ${invocation('start')}
  ${invocation('trigger', `--fault ${faultName} --token my-token`)}`,
    );
  }
  return {
    ...receiver,
    /** As given: a command or an example. */
    example: positionals[0],
    command: given.text('command'),
    /** The id of a stored callback, which is sent instead of an example. */
    callback: readStoredId(given),
    ...readAdminListener(given, environmentOf(io)),
    list: flags.has('list'),
    edits: values.flatMap(([name, value]): Edit[] => {
      if (name === 'set') return [readSet(value)];
      return name === 'unset' ? [{ path: value, remove: true }] : [];
    }),
    count: given.number('count', 1, 1_000_000_000),
    repeat: given.number('repeat', 1, 1_000_000),
    concurrency: given.number('concurrency', 16, 10_000),
    /** Requests per second; undefined: as fast as they are answered. */
    rate: readRate(given.text('rate')),
    fault,
    faultName,
  };
}

function readFault(name: string): Fault {
  if (Object.hasOwn(faults, name)) return faults[name as FaultName];
  throw new UsageError(`--fault: "${name}", expected one of ${Object.keys(faults).join(', ')}`);
}

function readRate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = Number(/^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text)?.[1]);
  if (rate >= 0.01 && rate <= 1_000_000) return rate;
  throw new UsageError(`--rate: "${text}", expected requests a second from 0.01 to 1,000,000, such as 100/s`);
}

function helpText(examples: Examples): string {
  const [first] = Object.keys(examples);
  const faultRows = Object.entries(faults).map(([name, fault]) => [
    name,
    expectedText(fault),
    `${fault.does}${fault.needsToken ? ' (needs a token)' : ''}`,
  ]);
  return `Usage: ${invocation('trigger', '[command or example] [options]')}

Plays Tencent Chat: sends a callback to a receiver, signed if a token is known, and compares the reply with the one
that the contract requires. Without arguments it sends ${first}. An example can also be named by
its variant alone (with-no-owner or no-owner). If several commands have a variant of that name, the variant of the
command above is sent; --command names another. Group id, topic id, message key and event time are fresh unless set.

Options (defaults in brackets; variables are also read from .env in the working directory)
${columns(rows)}

Faults (the required reply, and what is sent; without a fault the reply is ${expectedText(OK)})
${columns(faultRows)}

Commands, and the variants that are examples of each (--list shows their full names)
${commandsText(examples)}

Exit status: 0 every reply was as expected, 1 a reply was not or did not come, 2 wrong usage, 130 interrupted.`;
}

function commandsText(examples: Examples): string {
  return Object.entries(Object.groupBy(Object.keys(examples), commandOf))
    .map(([command, keys = []]) => {
      const variants = keys.filter((key) => key !== command).map((key) => key.slice(`${command}.with-`.length));
      return `  ${command}${variants.join(', ').replace(/(.{1,110}(?:,|$)) ?/g, '\n      $1')}`;
    })
    .join('\n');
}

/** Every command with its examples, by the names that the arguments accept. */
export function listText(examples: Examples): string {
  return Object.keys(examples)
    .map((key) => (key === commandOf(key) ? key : `  ${key}`))
    .join('\n');
}
