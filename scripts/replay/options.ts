import { readArguments, UsageError } from '../command-line.ts';

export interface Options {
  /** What DATABASE_URL may be. */
  database: string | undefined;
  fromStart: boolean;
}

export const helpText = `Rebuilds the groups from the callbacks that are stored, after a change of src/groups/.

  npm run replay
  npm run replay -- --from-start

The receiver may run meanwhile. Ctrl-C ends it after the group at hand; run again, it goes on where it was. A group is left
as it is where callbacks of it are stored no more (RETENTION_DAYS), and counted.

  --database URL  the database (DATABASE_URL, else sqlite:data/callbacks.db)
  --from-start    begin anew, also where an interrupted run could go on
  --help          this text

SDK_APP_ID and DATABASE_URL are read from .env or the environment, as the receiver does.

Exits with 0 when every group is done, 1 when something failed, 2 when it was called wrongly, 130 when it was interrupted.
`;

export function readOptions(args: string[]): Options | 'help' {
  const given = readArguments(args, { values: ['database'], flags: ['from-start'] });
  if (given === 'help') return 'help';
  if (given.positionals[0] !== undefined) throw new UsageError(`"${given.positionals[0]}" is no option, see --help`);
  const [database] = given.values.slice(-1);
  return { database: database?.[1], fromStart: given.flags.has('from-start') };
}
