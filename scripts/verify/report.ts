import { plural, printable } from '../command-line.ts';
import type { Reply } from '../simulator/send.ts';
import type { CheckHead, Result } from './check.ts';

interface Run {
  results: Result[];
  /** The replies to its requests. */
  gathered: readonly { reply: Reply }[];
  seconds: number;
}

interface Tested {
  /** Without what is secret. */
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
  return {
    passed: count('passed').length,
    failed: { MUST: must, SHOULD: should },
    skipped: count('skipped').length,
    /** Whether the endpoint conforms: no MUST failed, and with --strict no SHOULD either. */
    holds: must === 0 && (should === 0 || !strict),
  };
}

export function headText({ url, sdkAppId, signed }: Tested, count: number, timeoutSeconds: number): string {
  const how = signed ? 'signed' : 'unsigned';
  return `${plural(count, 'check')} of ${url} as app ${sdkAppId}, ${how}, replies within ${timeoutSeconds} s\n`;
}

/** One line a check; a failed one has its details below. */
export function resultText(result: Result): string {
  const { check, status, demand, got } = result;
  const mark = { passed: 'ok    ', failed: 'FAILED', skipped: 'skip  ' }[status];
  const head = `${mark}  ${demand.rule.level.padEnd(6)}  ${check.name}`;
  if (status !== 'failed') return printable(`${head}  ${oneLine(check.what)}: ${oneLine(got)} [${demand.rule.source}]`);
  return printable([head, ...detailsOf(result).map((line) => `          ${line}`)].join('\n'));
}

function detailsOf({ check, demand, got }: Result): string[] {
  const { expected, rule } = demand;
  const rows = { what: check.what, expected, got, rule: rule.text, '': rule.source };
  return Object.entries(rows).map(([label, text]) => label.padEnd(10) + oneLine(text));
}

/** @param hints what may explain the failures */
export function summaryText({ results, gathered, seconds }: Run, strict: boolean, hints: string[]): string {
  const { passed, failed, skipped, holds } = verdictOf(results, strict);
  const lines = [''];
  const failures = results.filter(({ status }) => status === 'failed');
  if (failures.length > 0) {
    lines.push(...failures.map(({ check, demand }) => `${demand.rule.level.padEnd(6)}  ${check.name}`), '');
  }
  const slowest = Math.max(0, ...gathered.map(({ reply }) => reply.milliseconds));
  lines.push(
    `${plural(results.length, 'check')} in ${seconds.toFixed(1)} s: ${passed} passed, ` +
      `${failed.MUST} MUST failed, ${failed.SHOULD} SHOULD failed, ${skipped} skipped`,
  );
  if (slowest > 0)
    lines.push(`the slowest of ${plural(gathered.length, 'reply', 'replies')} took ${slowest.toFixed(0)} ms`);
  lines.push(...hints, holds ? 'The endpoint conforms.' : 'The endpoint does not conform.');
  return printable(lines.join('\n'));
}

/** The checks without results. */
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
 * The results as JUnit XML. The format has no severities: a SHOULD that is not met is a skipped test case, so that it
 * is visible and fails no build, and a failure if the run is strict.
 */
export function junitReport({ results, seconds }: Run, { url, strict }: Tested): string {
  const isFailure = ({ status, demand }: Result) => status === 'failed' && (strict || demand.rule.level === 'MUST');
  const failures = results.filter(isFailure).length;
  const skipped = results.filter((result) => result.status !== 'passed' && !isFailure(result)).length;
  const counts = `tests="${results.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${seconds.toFixed(3)}"`;
  const cases = results.map((result) => {
    const { check, status, demand, got, milliseconds } = result;
    const { level } = demand.rule;
    const head = `    <testcase classname="verify.${level}" name="${xml(check.name)}" time="${(milliseconds / 1000).toFixed(3)}"`;
    if (status === 'passed') return `${head}/>`;
    const difference = `expected ${demand.expected}, got ${got}`;
    const body = isFailure(result)
      ? `<failure type="${level}" message="${xml(difference)}">${xml(detailsOf(result).join('\n'))}</failure>`
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

// XML cannot hold most control characters at all, nor lone surrogates and non-characters.
function xml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return printable(text)
    .toWellFormed()
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
