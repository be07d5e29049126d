import { type Io, plural, printable, showProgress } from '../command-line.ts';
import type { Reply } from '../simulator/send.ts';
import { type CheckHead, type Result, sectionOf } from './check.ts';

interface Run {
  results: Result[];
  /** The replies to its requests. */
  gathered: readonly { reply: Reply }[];
  seconds: number;
}

interface Tested {
  /** Without secrets. */
  url: string;
  sdkAppId: number;
  signed: boolean;
  strict: boolean;
}

export function verdictOf(results: Result[], strict: boolean) {
  const count = (status: Result['status']) => results.filter((result) => result.status === status);
  const failed = count('failed');
  const must = failed.filter(({ demand }) => demand.rule.level === 'MUST').length;
  const should = failed.length - must;
  const unchecked = count('unchecked').length;
  return {
    passed: count('passed').length,
    failed: { MUST: must, SHOULD: should },
    skipped: count('skipped').length,
    unchecked,
    /** Whether the endpoint conforms: every check was made, no MUST failed, and with --strict no SHOULD either. */
    holds: must === 0 && unchecked === 0 && (should === 0 || !strict),
  };
}

export function headText({ url, sdkAppId, signed }: Tested, count: number, timeoutSeconds: number): string {
  const how = signed ? 'signed' : 'unsigned';
  return `${plural(count, 'check')} of ${url}\nas app ${sdkAppId}, ${how}, replies within ${timeoutSeconds} s\n`;
}

/** The width of a terminal, unless a name or a link is longer. */
const COLUMNS = 80;

/**
 * Prints a line for each command, and for each section without a command, as soon as its last check is done.
 *
 * @returns a function that takes the results, in the order of the checks
 */
export function lineByLine(checks: CheckHead[], print: (line: string) => void): OnResult {
  const width = Math.max(...checks.map((check) => subjectOf(check).length));
  let results: Result[] = [];
  let taken = 0;
  return (result) => {
    results.push(result);
    const next = checks[++taken];
    const subject = subjectOf(result.check);
    if (next && subjectOf(next) === subject) return;
    const count = (status: Result['status']) => results.filter((one) => one.status === status).length;
    const bad = count('failed') + count('unchecked') > 0;
    const mark = bad ? 'FAILED' : count('passed') === 0 ? 'skip  ' : 'ok    ';
    print(printable(`${mark}  ${subject.padEnd(width)}  ${count('passed')} of ${results.length}`));
    results = [];
  };
}

/** The output of a run, with a progress line below it on a terminal. */
export function openOutput({ stdout, stderr }: Io) {
  return {
    print(text: string) {
      if (stderr.isTTY) stderr.write('\r\x1b[K');
      stdout.write(`${text}\n`);
    },
    /** Counts the results of a run. */
    async watch<R>(total: number, onResult: OnResult, run: (onResult: OnResult) => Promise<R>): Promise<R> {
      let [done, failed] = [0, 0];
      const line = () => `${done} of ${plural(total, 'check')}, ${failed} failed`;
      const stop = stderr.isTTY ? showProgress(line, stderr, 1) : () => {};
      try {
        return await run((result) => {
          done++;
          if (result.status === 'failed') failed++;
          onResult(result);
        });
      } finally {
        stop();
      }
    },
  };
}
type OnResult = (result: Result) => void;

/** The subject of a line. */
function subjectOf(check: CheckHead): string {
  return check.command ?? sectionOf(check);
}

/** The failures; those that differ only in their checks are explained once. */
function failuresText(failures: Result[]): string[] {
  const alike = Map.groupBy(failures, ({ demand, got }) => JSON.stringify([demand.rule.level, demand.expected, got]));
  return [...alike.values()].flatMap((results) => [
    ...results.map(({ check, demand }) => {
      const head = `FAILED  ${demand.rule.level.padEnd(6)}  ${check.name}`;
      return results.length === 1 ? head : cut(`${head}: ${oneLine(check.what)}`);
    }),
    ...detailsOf(results[0] as Result)
      .slice(results.length === 1 ? 0 : 1)
      .flatMap(([label, text]) =>
        wrapped(text, COLUMNS - 20).map((line, index) => `          ${(index === 0 ? label : '').padEnd(10)}${line}`),
      ),
    '',
  ]);
}

function detailsOf({ check, demand, got }: Result): [label: string, text: string][] {
  const { expected, rule } = demand;
  const rows = { what: check.what, expected, got, rule: rule.text, '': rule.source };
  return Object.entries(rows).map(([label, text]) => [label, oneLine(text)]);
}

/** One failure, for a report that is not read in a terminal. */
function failureText(result: Result): string {
  return detailsOf(result)
    .map(([label, text]) => label.padEnd(10) + text)
    .join('\n');
}

function cut(line: string): string {
  return line.length > COLUMNS ? `${line.slice(0, COLUMNS - 1)}…` : line;
}

/** Wraps a text into lines between words. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** @param hints possible explanations for the failures */
export function summaryText({ results, gathered, seconds }: Run, strict: boolean, hints: string[]): string {
  const { passed, failed, skipped, unchecked, holds } = verdictOf(results, strict);
  const reasons = (status: Result['status']) =>
    [
      ...Map.groupBy(
        results.filter((result) => result.status === status),
        ({ got }) => got,
      ),
    ].map(([why, { length }]) => `${plural(length, 'check')} ${status === 'skipped' ? status : 'not made'}: ${why}`);
  const slowest = Math.max(0, ...gathered.map(({ reply }) => reply.milliseconds));
  const lines = [
    '',
    ...failuresText(results.filter(({ status }) => status === 'failed')),
    `${plural(results.length, 'check')} in ${seconds.toFixed(1)} s: ${passed} passed, ` +
      `${failed.MUST} MUST failed, ${failed.SHOULD} SHOULD failed,`,
    `${skipped} skipped, ${unchecked} not made`,
    ...reasons('skipped'),
    ...reasons('unchecked'),
  ];
  if (slowest > 0)
    lines.push(`the slowest of ${plural(gathered.length, 'reply', 'replies')} took ${slowest.toFixed(0)} ms`);
  lines.push(...hints, holds ? 'The endpoint conforms.' : 'The endpoint does not conform.');
  return printable(lines.join('\n'));
}

/** The list of checks, without results. */
export function listText(checks: CheckHead[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const line = ({ name, what, demands, needsToken }: CheckHead) =>
    `${demands[0].rule.level.padEnd(6)}  ${name.padEnd(width)}  ${oneLine(what)}${needsToken ? ' (needs --token)' : ''}`;
  return checks.map(line).join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** The results as one JSON document. */
export function jsonReport({ results, seconds }: Run, { url, sdkAppId, signed, strict }: Tested): string {
  const report = {
    url,
    sdkAppId,
    signed,
    strict,
    seconds: Math.round(seconds * 1000) / 1000,
    ...verdictOf(results, strict),
    checks: results.map(({ check, status, demand, got, milliseconds }) => ({
      name: check.name,
      status,
      level: demand.rule.level,
      what: check.what,
      expected: demand.expected,
      got,
      rule: demand.rule.text,
      source: demand.rule.source,
      milliseconds,
    })),
  };
  return JSON.stringify(report, null, 2);
}

/**
 * The results as JUnit XML. The format has no severities: an unmet SHOULD is a skipped test case, so that it is visible
 * without failing a build, and a failure if the run is strict. A check that was not made is an error.
 */
export function junitReport({ results, seconds }: Run, { url, strict }: Tested): string {
  const isFailure = ({ status, demand }: Result) => status === 'failed' && (strict || demand.rule.level === 'MUST');
  const failures = results.filter(isFailure).length;
  const errors = results.filter(({ status }) => status === 'unchecked').length;
  const skipped = results.filter((result) => result.status !== 'passed' && !isFailure(result)).length - errors;
  const counts = `tests="${results.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${seconds.toFixed(3)}"`;
  const cases = results.map((result) => {
    const { check, status, demand, got, milliseconds } = result;
    const { level } = demand.rule;
    const head = `    <testcase classname="verify.${level}" name="${xml(check.name)}" time="${(milliseconds / 1000).toFixed(3)}"`;
    if (status === 'passed') return `${head}/>`;
    if (status === 'unchecked') return `${head}>\n      <error message="${xml(`not made: ${got}`)}"/>\n    </testcase>`;
    const difference = `expected ${demand.expected}, got ${got}`;
    const body = isFailure(result)
      ? `<failure type="${level}" message="${xml(difference)}">${xml(failureText(result))}</failure>`
      : `<skipped message="${xml(status === 'skipped' ? got : `SHOULD not met: ${difference}`)}"/>`;
    return `${head}>\n      ${body}\n    </testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="verify ${xml(url)}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

// XML cannot represent most control characters, lone surrogates and non-characters.
function xml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return printable(text)
    .toWellFormed()
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
