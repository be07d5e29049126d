import { printable } from '../simulator/printable.ts';
import type { Result } from './check.ts';
import type { Options } from './options.ts';
import type { Run } from './run-checks.ts';

/**
 * The results as JUnit XML. The format knows no grades: a SHOULD that is not met is a skipped test case, so that it is
 * seen and fails no build, and a failure where the run is strict.
 */
export function junitReport({ results, seconds }: Run, { url, strict }: Options): string {
  const isFailure = ({ status, demand }: Result) => status === 'failed' && (strict || demand.rule.level === 'MUST');
  const failures = results.filter(isFailure).length;
  const skipped = results.filter((result) => result.status !== 'passed' && !isFailure(result)).length;
  const counts = `tests="${results.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${seconds.toFixed(3)}"`;
  const cases = results.map((result) => {
    const { check, demand, milliseconds } = result;
    const head = `    <testcase classname="verify.${demand.rule.level}" name="${xml(check.name)}" time="${(milliseconds / 1000).toFixed(3)}"`;
    if (result.status === 'passed') return `${head}/>`;
    return `${head}>\n${isFailure(result) ? failure(result) : skip(result)}\n    </testcase>`;
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

function failure({ check, demand, got }: Result): string {
  const { level, text, source } = demand.rule;
  const lines = [
    `what      ${check.what}`,
    `expected  ${demand.expected}`,
    `got       ${got}`,
    `rule      ${text}`,
    source,
  ];
  return `      <failure type="${level}" message="${xml(`expected ${demand.expected}, got ${got}`)}">${xml(lines.join('\n'))}</failure>`;
}

function skip({ status, demand, got }: Result): string {
  const message = status === 'skipped' ? got : `SHOULD not met: expected ${demand.expected}, got ${got}`;
  return `      <skipped message="${xml(message)}"/>`;
}

// XML cannot hold most control characters at all, nor lone surrogates and non-characters.
function xml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return printable(text)
    .toWellFormed()
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
