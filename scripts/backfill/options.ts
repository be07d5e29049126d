import { REST_VARIABLES, type RestSettings, restSettingsOf } from '../../src/backfill/rest-settings.ts';
import { listedTypeOf } from '../../src/backfill/walk.ts';
import { ConfigError, readConfig } from '../../src/config.ts';
import { invocation } from '../../src/invocation.ts';
import { columns, environmentOf, type Io, type OptionRows, readArguments, UsageError } from '../command-line.ts';

const rows: OptionRows = [
  ['--group ID', 'this group alone; may be repeated'],
  ['--type NAME', 'groups of this type alone, as Public, Work, Meeting, AVChatRoom or Community; may be repeated'],
  [
    '--since WHEN',
    'pass over groups in which nothing has happened since: 7d, 12h, or a date as 2026-11-23. Groups that',
  ],
  ['', 'the vendor no longer has count always. The vendor notes no time when members come or go'],
  ['--members', 'read the members as well; so it is unless said otherwise'],
  ['--no-members', 'leave the members as they are: a small part of the time'],
  ['--custom-field KEY', 'a custom field of groups to ask for, besides those that the mirror has; may be repeated'],
  [
    '--rate N',
    "at most N calls a second of each of the vendor's endpoints (200): its limits count the app's calls, too",
  ],
  [
    '--dry-run',
    'change nothing, and list where the mirror differs; a difference counts if it is there again after 10 s',
  ],
  ['--json', 'print JSON, a line for each difference and each group that was left out, and a summary at the end'],
  ['--from-start', 'begin anew instead of continuing an interrupted run of the same options'],
  ['--database URL', 'the database (DATABASE_URL, else sqlite:data/callbacks.db)'],
  ['--help', 'this text'],
];

const help = `Fills and corrects the groups by what the vendor's REST API has: what no callback told.

  ${invocation('backfill')}
  ${invocation('backfill', '--dry-run')}

The receiver may run meanwhile: what the vendor has is merged as of the time at which it was asked for, so newer callbacks
win. Ctrl-C ends it; run it again to continue. A dry run saves nothing, so it begins anew.

${columns(rows)}

Settings, from .env or the environment, as the receiver reads them:

${columns([...Object.entries(REST_VARIABLES), ['SDK_APP_ID', "the app's SDKAppID"], ['DATABASE_URL', "the receiver's database"]])}

Progress goes to stderr, the report to stdout.

Exits with 0 when it is done (--dry-run: and the mirror is right), 1 when --dry-run found differences, 2 when it was called
or configured wrongly, 3 when it could not be finished, as the vendor or the database was away or refused it, or when groups
were left out, 130 when it was interrupted.`;

/** Units of a duration. */
const UNITS: Readonly<Record<string, number>> = { d: 24 * 60 * 60_000, h: 60 * 60_000 };

export interface BackfillSettings {
  sdkAppId: number;
  databaseUrl: string;
  rest: RestSettings;
}

export interface BackfillOptions {
  groupIds: readonly string[] | null;
  types: readonly string[] | null;
  since: Date | null;
  members: boolean;
  customFields: readonly string[];
  rate: number | undefined;
  dryRun: boolean;
  json: boolean;
  fromStart: boolean;
  database: string | undefined;
  /** Identifies the options of a run: a later run with the same ones continues it. */
  key: string;
}

export function readOptions(args: string[]): BackfillOptions {
  const given = readArguments(args, { help, tooMany: ': nothing but options is expected; see --help' });
  const groups = [...new Set(given.all('group'))];
  const types = [...new Set(given.all('type'))];
  const since = given.text('since');
  const members = !given.flags.has('no-members');
  const customFields = given.all('custom-field');
  if (groups.length > 0 && types.length > 0)
    throw new UsageError('--type: is not for groups that --group names: leave one of them out');
  if (!members && given.flags.has('members'))
    throw new UsageError('--members: is the opposite of --no-members: leave one of them out');
  for (const type of types) {
    if (listedTypeOf(type) === undefined)
      throw new UsageError(
        `--type: "${type}", expected one of Public, Work (Private), Meeting (ChatRoom), AVChatRoom, BChatRoom, Community`,
      );
  }
  return {
    groupIds: groups.length > 0 ? groups : null,
    types: types.length > 0 ? types : null,
    since: since === undefined ? null : readSince(since),
    members,
    customFields,
    rate: given.text('rate') === undefined ? undefined : given.number('rate', 0, 1_000),
    dryRun: given.flags.has('dry-run'),
    json: given.flags.has('json'),
    fromStart: given.flags.has('from-start'),
    database: given.text('database'),
    key: JSON.stringify({ groups, types, since, members, customFields }),
  };
}

function readSince(text: string): Date {
  const [, amount, unit = ''] = /^(\d{1,5})([dh])$/.exec(text) ?? [];
  if (amount !== undefined) return new Date(Date.now() - Number(amount) * (UNITS[unit] as number));
  const date = new Date(text);
  const isDate = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) && !Number.isNaN(date.getTime());
  if (!isDate) throw new UsageError(`--since: "${text}", expected as 7d, 12h, 2026-11-23 or 2026-11-23T08:00:00Z`);
  return date;
}

/** @throws {UsageError} naming everything that is missing or wrong */
export function readSettings(io: Io, database: string | undefined): BackfillSettings {
  const env: NodeJS.ProcessEnv = { ...environmentOf(io), ...(database && { DATABASE_URL: database }) };
  const problems = new Set<string>();
  const add = (name: string, expected: string, shown = JSON.stringify(env[name])) =>
    problems.add(`${name} is ${shown}: expected ${expected}`);
  const names = Object.keys(REST_VARIABLES) as (keyof typeof REST_VARIABLES)[];
  if (names.every((name) => env[name] === undefined))
    for (const name of names) add(name, REST_VARIABLES[name], 'unset');
  const rest = restSettingsOf(env, add);
  try {
    const { sdkAppId, databaseUrl } = readConfig(env);
    if (rest && problems.size === 0) return { sdkAppId, databaseUrl, rest };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) problems.add(problem);
  }
  throw new UsageError(new ConfigError('The environment', [...problems]).message);
}
