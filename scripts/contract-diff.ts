import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, UsageError } from './command-line.ts';
import { type Change, compare, readRevision, SENT } from './contract-diff/compare.ts';

await runCommand({
  name: 'contract:diff',
  help: `Usage: npm run contract:diff [-- [REF] [options]]

Compares the contracts in openapi/ with those of a git revision, by default HEAD: what the working tree changes since
the last commit. Lists each change as breaking or not, for a receiver of callbacks, for the readers of its API, and for
the endpoints that it delivers events to:

  BREAKING  a callback, or a question to the read API, that is taken today would be refused or answered otherwise; or
            a reply may hold what its readers do not expect: a field less, empty or of another type, a new value of a
            closed set, an operation or status less; the same of an event that is delivered, and its headers
  ok        everything else: new commands, fields and operations, fewer demands on what is sent, prose

A change of a callback that asks less (a field no longer required, a wider type) refuses nothing and is ok, though it
changes the generated type: tsc names the code that it concerns. An event that promises less breaks those who take it,
so that the same change is breaking there. The examples are not compared.

  REF          a commit, branch or tag, as in origin/main or v1.2.0
  --json       print the changes as JSON; use npm run -s, or npm prints its own lines before it
  --root DIR   the folder that holds openapi/, in a git repository; default: the project's
  --help       show this text

Exit status: 0 nothing breaks, 1 something does, 2 wrong usage, or a contract that cannot be read.`,
  most: 1,
  async run(given) {
    const [ref = 'HEAD'] = given.positionals;
    const rootGiven = given.text('root') ?? join(import.meta.dirname, '..');
    if (!existsSync(rootGiven)) throw new UsageError(`--root: "${rootGiven}" is not there`);
    const root = realpathSync(rootGiven);
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'contract-')));
    try {
      const commit = await readRevision(root, ref, folder);
      const changes: Record<string, Change[]> = {};
      for (const path of ['openapi/callback.yaml', 'openapi/admin.yaml']) {
        changes[path] = await compare(path, folder, root, commit);
      }
      // Older revisions may lack it.
      if (existsSync(join(folder, SENT))) changes[SENT] = await compare(SENT, folder, root, commit);
      const breaking = Object.values(changes)
        .flat()
        .filter((change) => change.breaking).length;
      const json = () => JSON.stringify({ ref, commit, breaking, changes }, null, 2);
      console.log(
        given.flags.has('json') ? json() : report(changes, breaking, ref === commit ? ref : `${ref} (${commit})`),
      );
      return breaking > 0 ? 1 : 0;
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
});

function report(changes: Record<string, Change[]>, breaking: number, revision: string): string {
  const lines = Object.entries(changes).flatMap(([path, changes]) => [
    `${path}: ${changes.length === 0 ? 'no change' : ''}`.trimEnd(),
    ...changes.flatMap(({ place, what, breaking, why, at }) => [
      `  ${breaking ? 'BREAKING' : 'ok      '}  ${place}: ${what}${why ? ` (${why})` : ''}`,
      `            ${at}`,
    ]),
  ]);
  const all = Object.values(changes).flat().length;
  return [...lines, '', `Since ${revision}: ${breaking} breaking, ${all - breaking} not.`].join('\n');
}
