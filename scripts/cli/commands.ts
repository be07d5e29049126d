import packageJson from '../../package.json' with { type: 'json' };
import { startHelp } from '../../src/settings.ts';
import { type Command, columns, HelpRequest, type Io, readArguments, run, UsageError } from '../command-line.ts';

/** Commands are loaded on demand: a start does not wait for the imports of the others. */
const COMMANDS: { name: string; does: string; load(): Promise<Command> }[] = [
  { name: 'start', does: 'run the receiver', load: async () => start },
  {
    name: 'trigger',
    does: 'play Tencent Chat: send a callback to a receiver, right or wrong, once or often',
    load: async () => (await import('../trigger.ts')).trigger,
  },
  {
    name: 'verify',
    does: 'test an endpoint, in whatever language, against the contract: of callbacks, or of deliveries (--delivery)',
    load: async () => (await import('../verify.ts')).verify,
  },
  {
    name: 'mock',
    does: 'answer callbacks as the contract says, or check live traffic (--proxy)',
    load: async () => (await import('../mock.ts')).mock,
  },
  {
    name: 'replay',
    does: 'rebuild the groups from the stored callbacks',
    load: async () => (await import('../replay.ts')).replay,
  },
  {
    name: 'backfill',
    does: "fill and correct the groups by what the vendor's REST API has, or list where they differ (--dry-run)",
    load: async () => (await import('../backfill.ts')).backfill,
  },
];

const help = `Usage: npx tencent-chat-callbacks COMMAND [options]

Receives the callbacks of Tencent Chat, and helps to develop and test what receives them.

${columns(COMMANDS.map(({ name, does }) => [name, does]))}

  --version  the version of the package
  --help     this text; with a command, its options`;

const helpOfStart = `${startHelp('npx tencent-chat-callbacks start')}

NODE_OPTIONS=--max-semi-space-size=8 saves 40 MB of memory under load.

  --help     this text`;

/** Runs the command in the first argument. @returns the exit status */
export async function cli([name, ...args]: string[], io: Io): Promise<number> {
  if (name === '--help' || name === '-h') throw new HelpRequest(help);
  if (name === '--version') throw new HelpRequest(packageJson.version);
  const found = COMMANDS.find((command) => command.name === name);
  if (!found) {
    const fact = name === undefined ? 'a command is missing' : `"${name}" is no command`;
    throw new UsageError(`${fact}: expected one of ${COMMANDS.map(({ name }) => name).join(', ')}; see --help`);
  }
  return run(found.name, await found.load(), args, io);
}

/** Resolves when the receiver listens; its signal handlers end the process. */
async function start(args: string[]): Promise<number> {
  readArguments(args, { help: helpOfStart, tooMany: ' is no option: settings are environment variables, see --help' });
  await import('../../src/main.ts');
  return 0;
}
