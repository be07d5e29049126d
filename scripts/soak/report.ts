import { columns } from '../command-line.ts';
import type { Compared } from '../testbed/database.ts';
import type { JudgedDeliveries, JudgedStream } from '../testbed/deliveries.ts';
import type { Sent } from '../testbed/load.ts';
import type { Fault } from './scene.ts';

export interface Result {
  fault: Fault;
  outcome: { skipped: string } | (Sent & Compared & Outcome);
}

interface Outcome {
  perSecond: number;
  deliveries: JudgedDeliveries;
  /** Null if the fault has none. */
  webhook: JudgedDeliveries | null;
  stream: JudgedStream | null;
}

const HEADINGS =
  'fault,sent,a second,acknowledged,refused,no reply,lost,doubled,slowest reply ms,over 2 s,not delivered,out of order,repeats,most at once'.split(
    ',',
  );

/**
 * The limit of deliveries that a kill may repeat: those that were running, and those of the 256 callbacks or 20 ms
 * since the cursor was last saved; a busy machine saves it later.
 */
const MOST_REPEATS = 16 + 2 * 256;

/** Failures in words; empty if the receiver withstood the fault. */
export function complaints({ fault, outcome }: Result, leastPerSecond: number): string[] {
  if ('skipped' in outcome) return [];
  const { acknowledged, lost, doubled, late, refused, failed, lastFailure, deliveries, perSecond } = outcome;
  const { missed, outOfOrder, otherIds, mostRepeats } = deliveries;
  const { webhook, stream } = outcome;
  const found: [boolean, string][] = [
    [acknowledged.size === 0, 'nothing was acknowledged, so nothing is shown'],
    [lost > 0, `${lost} acknowledged callbacks are lost`],
    [doubled > 0, `${doubled} callbacks are doubled`],
    [missed > 0, `${missed} acknowledged callbacks were not delivered`],
    [outOfOrder > 0, `${outOfOrder} callbacks were delivered out of order`],
    [otherIds > 0, `${otherIds} callbacks were delivered under another id than before`],
    [
      fault.kills !== undefined && mostRepeats > MOST_REPEATS,
      `${mostRepeats} deliveries were repeated after a kill, ${MOST_REPEATS} are the most`,
    ],
    [(webhook?.missed ?? 0) > 0, `${webhook?.missed} acknowledged callbacks did not come by the webhook`],
    [(webhook?.outOfOrder ?? 0) > 0, `${webhook?.outOfOrder} callbacks came by the webhook out of order`],
    [(webhook?.otherIds ?? 0) > 0, `${webhook?.otherIds} callbacks came by the webhook under another id than before`],
    [(stream?.missed ?? 0) > 0, `${stream?.missed} acknowledged callbacks are not in the stream`],
    [(stream?.doubled ?? 0) > 0, `${stream?.doubled} callbacks are in the stream twice`],
    [(stream?.outOfOrder ?? 0) > 0, `${stream?.outOfOrder} callbacks are in the stream out of order`],
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
    const { sent, perSecond, acknowledged, refused, failed, lost, doubled, slowestMs, late, deliveries } = outcome;
    const { missed, outOfOrder, repeats, mostRepeats } = deliveries;
    const figures = [
      sent,
      perSecond,
      acknowledged.size,
      refused,
      failed,
      lost,
      doubled,
      slowestMs,
      late,
      missed,
      outOfOrder,
      repeats,
      mostRepeats,
    ];
    return [fault.name, ...figures.map(String)];
  });
  const skipped = results.flatMap(({ fault, outcome }) =>
    'skipped' in outcome ? [`${fault.name} was skipped: ${outcome.skipped}`] : [],
  );
  return [columns([HEADINGS, ...rows], true), ...results.flatMap(outside), ...skipped].join('\n');
}

/** The deliveries to other processes, in words. */
function outside({ fault, outcome }: Result): string[] {
  if ('skipped' in outcome) return [];
  const { webhook, stream } = outcome;
  return [
    ...(webhook
      ? [
          `${fault.name}, webhook: ${webhook.missed} not delivered, ${webhook.outOfOrder} out of order, ${webhook.repeats} repeats, ${webhook.otherIds} under another id`,
        ]
      : []),
    ...(stream
      ? [
          `${fault.name}, stream: ${stream.messages} events, ${stream.missed} missing, ${stream.doubled} doubled, ${stream.outOfOrder} out of order`,
        ]
      : []),
  ];
}
