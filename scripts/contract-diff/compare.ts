import { join, relative, resolve } from 'node:path';
import SwaggerParser from '@apidevtools/swagger-parser';
import { UsageError } from '../command-line.ts';
import { runRedocly } from '../redocly/run-redocly.ts';
import { judge } from './judge.ts';
import { placeOf } from './place-of.ts';

/** One change of a contract. */
export interface Change {
  /** In words, as in `POST / body Group.CallbackAfterCreateGroup.Name`. */
  place: string;
  /** As in `minLength: 1 -> 2`. */
  what: string;
  breaking: boolean;
  /** The rule or the reason that decided; null where nothing speaks against the change. */
  why: string | null;
  /** File, line and column; with the revision in front where only that has it. */
  at: string;
}

/** What `redocly diff --format=json` says of a change, as far as it is read here. */
export interface ReportedChange {
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

/** Compares one document of two folders, `before` being what `commit` has. Breaking changes come first. */
export async function compare(path: string, before: string, after: string, commit: string): Promise<Change[]> {
  const documents = { before: await bundle(before, path, commit), after: await bundle(after, path) };
  const args = ['diff', join(before, path), path, '--format=json', '--fail-on=none', '--lint-config=error'];
  const { stdout, stderr } = await runRedocly(args, { cwd: after });
  const report = parseReport(stdout);
  // What it could not resolve it may have misjudged.
  if (!report || /unresolved|has errors/.test(stderr)) throw new Error(`${path} could not be compared:\n${stderr}`);

  return report
    .map((change) => {
      const { breaking, why } = judge(change);
      const here = change.revision ?? (change.base as ReportedPlace);
      const file = relative(change.revision ? after : before, resolve(after, here.file)).replaceAll('\\', '/');
      const place = placeOf(change.path, change.kind === 'removed' ? documents.before : documents.after);
      return {
        // Redocly shows it once, where it is used first.
        place: file.startsWith('openapi/fields/') ? `${place} and wherever else ${file} is used` : place,
        what: describe(change),
        breaking,
        why,
        at: `${change.revision ? '' : `${commit}:`}${file}:${here.line}:${here.col}`,
      };
    })
    .sort((a, b) => Number(b.breaking) - Number(a.breaking));
}

/** Bundles as generate does, so that a document that is not sound is not compared. */
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
