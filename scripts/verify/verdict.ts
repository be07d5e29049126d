import type { Level, Result } from './check.ts';

export interface Verdict {
  passed: number;
  failed: Record<Level, number>;
  skipped: number;
  /** Whether the endpoint holds: no MUST is broken, and where it is strict no SHOULD either. */
  holds: boolean;
}

export function verdictOf(results: Result[], strict: boolean): Verdict {
  const count = (status: Result['status']) => results.filter((result) => result.status === status);
  const failed = count('failed');
  const must = failed.filter(({ demand }) => demand.rule.level === 'MUST').length;
  const should = failed.length - must;
  return {
    passed: count('passed').length,
    failed: { MUST: must, SHOULD: should },
    skipped: count('skipped').length,
    holds: must === 0 && (should === 0 || !strict),
  };
}
