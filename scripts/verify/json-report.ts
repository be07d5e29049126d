import type { Options } from './options.ts';
import type { Run } from './run-checks.ts';
import { verdictOf } from './verdict.ts';

/** The results as one JSON document. The token is not in it. */
export function jsonReport({ results, seconds }: Run, { url, sdkAppId, token, strict }: Options): string {
  const report = {
    url,
    sdkAppId,
    signed: token !== undefined,
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
