import { columns } from '../command-line.ts';
import type { Compared } from '../testbed/database.ts';
import type { Sent } from '../testbed/load.ts';
import type { Fault } from './faults.ts';

export interface Result {
  fault: Fault;
  outcome: { skipped: string } | (Sent & Compared & { perSecond: number });
}

const HEADINGS = 'fault,sent,a second,acknowledged,refused,no reply,lost,doubled,slowest reply ms,over 2 s'.split(',');

/** What went wrong, in words; empty when the receiver withstood the fault. */
export function complaints({ fault, outcome }: Result, leastPerSecond: number): string[] {
  if ('skipped' in outcome) return [];
  const { acknowledged, lost, doubled, late, refused, failed, lastFailure, perSecond } = outcome;
  const found: [boolean, string][] = [
    [acknowledged.size === 0, 'nothing was acknowledged, so nothing is shown'],
    [lost > 0, `${lost} acknowledged callbacks are lost`],
    [doubled > 0, `${doubled} callbacks are doubled`],
    [late > 0, `${late} callbacks were not answered within 2 s`],
    [refused > 0 && !fault.mayRefuse, `${refused} callbacks were refused`],
    [refused === 0 && fault.mayRefuse === true, 'none was refused, so the disk was never full'],
    [failed > 0 && !fault.mayFail, `${failed} callbacks were not answered, the last by ${lastFailure}`],
    [
      perSecond < leastPerSecond,
      `only ${perSecond} callbacks a second were sent, ${leastPerSecond} are to be: this machine is too busy`,
    ],
  ];
  return found.filter(([is]) => is).map(([, text]) => `${fault.name}: ${text}`);
}

/** One aligned row for each fault. */
export function table(results: readonly Result[]): string {
  const rows = results.map(({ fault, outcome }) => {
    if ('skipped' in outcome) return [fault.name];
    const { sent, perSecond, acknowledged, refused, failed, lost, doubled, slowestMs, late } = outcome;
    const figures = [sent, perSecond, acknowledged.size, refused, failed, lost, doubled, slowestMs, late];
    return [fault.name, ...figures.map(String)];
  });
  const skipped = results.flatMap(({ fault, outcome }) =>
    'skipped' in outcome ? [`${fault.name} was skipped: ${outcome.skipped}`] : [],
  );
  return [columns([HEADINGS, ...rows], true), ...skipped].join('\n');
}
