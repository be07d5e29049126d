import { execFile } from 'node:child_process';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import SwaggerParser from '@apidevtools/swagger-parser';
import { UsageError } from '../command-line.ts';
import { runRedocly } from '../run-redocly.ts';
import { placeOf } from './place-of.ts';

const run = promisify(execFile);

/** One change of a contract. */
export interface Change {
  /** In words, such as `POST / body Group.CallbackAfterCreateGroup.Name`. */
  place: string;
  /** Such as `minLength: 1 -> 2`. */
  what: string;
  breaking: boolean;
  /** The rule or reason behind the verdict; null if nothing speaks against the change. */
  why: string | null;
  /** File, line and column, prefixed with the revision if only that has it. */
  at: string;
}

/** The parts of a change in the output of `redocly diff --format=json` that are used. */
interface ReportedChange {
  path: string;
  typeName: string;
  kind: 'added' | 'removed' | 'modified';
  impact: 'major' | 'minor' | 'patch';
  verdicts: { ruleId: string; impact: string }[];
  property?: string;
  base?: ReportedPlace;
  revision?: ReportedPlace;
}
interface ReportedPlace {
  file: string;
  line: number;
  col: number;
  value: unknown;
}

/** A contract for what is sent to others: its readers are on the other side. */
export const SENT = 'openapi/delivery.yaml';

/** Compares one document in two folders, `before` being that of `commit`. Breaking changes come first. */
export async function compare(path: string, before: string, after: string, commit: string): Promise<Change[]> {
  const documents = { before: await bundle(before, path, commit), after: await bundle(after, path) };
  const args = ['diff', join(before, path), path, '--format=json', '--fail-on=none', '--lint-config=error'];
  const { stdout, stderr } = await runRedocly(args, { cwd: after });
  const report = parseReport(stdout);
  // Redocly may misjudge what it could not resolve.
  if (!report || /unresolved|has errors/.test(stderr)) throw new Error(`${path} could not be compared:\n${stderr}`);

  return report
    .map((change) => {
      const { breaking, why } = path === SENT ? judgeSent(change) : judge(change);
      const here = change.revision ?? (change.base as ReportedPlace);
      const file = relative(change.revision ? after : before, resolve(after, here.file)).replaceAll('\\', '/');
      const place = placeOf(change.path, change.kind === 'removed' ? documents.before : documents.after);
      return {
        // Redocly reports it once, at its first use.
        place: file.startsWith('openapi/fields/') ? `${place} and wherever else ${file} is used` : place,
        what: describe(change),
        breaking,
        why,
        at: `${change.revision ? '' : `${commit}:`}${file}:${here.line}:${here.col}`,
      };
    })
    .sort((a, b) => Number(b.breaking) - Number(a.breaking));
}

/** Bundles like `generate`, so that an invalid document is refused instead of compared. */
async function bundle(root: string, path: string, commit?: string): Promise<object> {
  try {
    return await SwaggerParser.bundle(join(root, path), { resolve: { http: false } });
  } catch (error) {
    const where = commit ? `${commit}:${path}` : path;
    throw new UsageError(`${where}: ${(error as Error).message.replaceAll(`${root}/`, '').trimEnd()}`);
  }
}

function parseReport(text: string): ReportedChange[] | undefined {
  try {
    const report = JSON.parse(text);
    return report.reportVersion === '1' ? report.changes : undefined;
  } catch {
    return undefined;
  }
}

type Judgement = Pick<Change, 'breaking' | 'why'>;

const PROSE = ['description', 'summary', 'title', 'example', 'examples'];

function describe({ kind, property, base, revision }: ReportedChange): string {
  if (!property) return kind;
  const [from, to] = [base?.value, revision?.value];
  if (PROSE.includes(property))
    return `${property} ${from === undefined ? 'added' : to === undefined ? 'removed' : 'reworded'}`;
  if (Array.isArray(from) && Array.isArray(to)) {
    const gained = to.filter((value) => !from.includes(value)).map((value) => `+${JSON.stringify(value)}`);
    const lost = from.filter((value) => !to.includes(value)).map((value) => `-${JSON.stringify(value)}`);
    return `${property}: ${[...gained, ...lost].join(' ') || 'another order'}`;
  }
  return `${property}: ${shown(from)} -> ${shown(to)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'none';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/**
 * Whether a change breaks a receiver or its readers.
 *
 * In a request (a callback, or a request to the read API), a change breaks if something that is sent today is refused
 * or answered differently. In a reply, it breaks if today's readers do not expect it. Redocly's rules distinguish the
 * directions; the cases below are those that this contract has to judge differently.
 */
function judge(change: ReportedChange): Judgement {
  const { path, typeName, kind, property, base, revision, impact, verdicts } = change;
  const [from, to] = [base?.value, revision?.value];
  const rules = [...new Set(verdicts.map(({ ruleId }) => ruleId))].join(', ');
  const inReply = /^#\/paths\/[^/]+\/[^/]+\/responses\//.test(path);
  const inRequest = /^#\/paths\/[^/]+\/([^/]+\/)?(parameters|requestBody)(\/|$)/.test(path);

  if (inReply && property === 'additionalProperties' && from === false) {
    return { breaking: false, why: 'readers pass over fields that they do not know' };
  }
  if (inRequest && property === 'default' && from !== undefined) {
    return { breaking: true, why: 'a request without it gets another answer' };
  }
  if (inRequest && typeName === 'RequestBody' && kind === 'added' && (to as { required?: boolean }).required) {
    return { breaking: true, why: 'a request without a body is refused' };
  }
  if (inRequest && kind === 'added' && /\/patternProperties(\/[^/]+)?$/.test(path)) {
    return { breaking: true, why: 'fields that were taken as they came are now checked' };
  }
  if (inRequest && to === false && /\/properties(\/[^/]+)?$/.test(path)) {
    return { breaking: true, why: 'a field that was taken is now refused' };
  }
  if (impact === 'major') return { breaking: true, why: rules };
  if (inRequest && changesType(change)) {
    return { breaking: false, why: 'every callback of today is still taken, but its type changes: run tsc' };
  }
  return { breaking: false, why: null };
}

/**
 * Whether a change breaks an endpoint that receives events. Redocly treats the body of a webhook as a reply; it judges
 * neither headers nor the addition or removal of alternatives of the body.
 */
function judgeSent({ path, typeName, kind, property, revision, impact, verdicts }: ReportedChange): Judgement {
  const rules = [...new Set(verdicts.map(({ ruleId }) => ruleId))].join(', ');
  if (/\/oneOf\/\d+$/.test(path) && kind !== 'modified') {
    return kind === 'added'
      ? { breaking: false, why: 'its events came as unknown ones' }
      : { breaking: true, why: 'its events come as unknown ones' };
  }
  // The list of described commands, which matches the alternatives above.
  if (/\/not$/.test(path)) return { breaking: false, why: null };
  if (/\/(parameters|headers)(\/[^/]+)?$/.test(path) && kind === 'removed') {
    return { breaking: true, why: 'endpoints may rely on the header' };
  }
  if (typeName === 'Parameter' && (property === 'name' || (property === 'required' && revision?.value !== true))) {
    return { breaking: true, why: 'endpoints may rely on the header' };
  }
  return impact === 'major' ? { breaking: true, why: rules } : { breaking: false, why: null };
}

/** A loosened request is compatible on the wire, but code that reads it may meet new values. */
function changesType({ path, kind, property, typeName }: ReportedChange): boolean {
  if (!path.includes('/requestBody/') || typeName !== 'Schema') return false;
  return kind === 'removed' || ['type', 'required', 'enum', 'const'].includes(property ?? '');
}

/**
 * Writes `openapi/` of a git revision into `folder`.
 *
 * @returns the revision's commit, abbreviated.
 * @throws UsageError if the revision does not exist, or is older than the contract.
 */
export async function readRevision(root: string, ref: string, folder: string): Promise<string> {
  const notInGit = `${root} is not in a git repository: nothing to compare with`;
  const gitDir = await git(root, ['rev-parse', '--absolute-git-dir'], notInGit);
  const commit = await git(
    root,
    ['rev-parse', '--verify', '--short', '--end-of-options', `${ref}^{commit}`],
    `${JSON.stringify(ref)} is no commit of this repository: name a commit, branch or tag, or fetch it first`,
  );
  const listing = await git(root, ['ls-tree', '-r', '-z', '--name-only', commit, '--', 'openapi']);
  const paths = listing.split('\0');
  for (const document of ['openapi/callback.yaml', 'openapi/admin.yaml']) {
    if (paths.includes(document)) continue;
    const [first] = (await git(root, ['log', '--reverse', '--format=%h', '--diff-filter=A', '--', document])).split(
      '\n',
    );
    throw new UsageError(
      `${ref} (${commit}) has no ${document}: ` +
        (first ? `it came with ${first}; name that commit or a later one` : 'it was never committed'),
    );
  }
  // Two processes for all files, with a separate index: one process per file takes seconds.
  const tree = await git(root, ['rev-parse', `${commit}:./openapi`]);
  const env = { GIT_DIR: gitDir, GIT_WORK_TREE: folder, GIT_INDEX_FILE: join(folder, 'index') };
  await git(folder, ['read-tree', tree], undefined, env);
  await git(folder, ['checkout-index', '--all', '--prefix=openapi/'], undefined, env);
  return commit;
}

/** @returns the output of git, trimmed. `otherwise` is the message on failure. */
async function git(cwd: string, args: string[], otherwise?: string, env: Record<string, string> = {}): Promise<string> {
  try {
    return (await run('git', args, { cwd, env: { ...process.env, ...env } })).stdout.trim();
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(missing ? 'git is not installed' : (otherwise ?? (error as Error).message));
  }
}
