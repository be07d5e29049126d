import type { Run } from './measure.ts';

/** From here on the sender, not the server, may be what limits. */
const BUSY_SENDER = 0.95;

/** What makes a run worthless: not every callback was answered OK, or what was answered OK is not what is stored. */
export function complaints(name: string, { sum, stored }: Pick<Run, 'sum' | 'stored'>): string[] {
  const found: [boolean, string][] = [
    [sum.ok === 0, 'no callback was answered OK'],
    [sum.other > 0, `${sum.other} callbacks were not answered OK, the last by ${sum.lastFailure}`],
    [sum.failed > 0, `${sum.failed} callbacks were not answered, the last because of ${sum.lastFailure}`],
    [stored.callbacks !== sum.ok, `${sum.ok} callbacks were answered OK, ${stored.callbacks} are stored`],
    [stored.groups !== sum.ok, `${sum.ok} callbacks were answered OK, ${stored.groups} groups are stored`],
  ];
  return found.filter(([is]) => is).map(([, text]) => `${name}: ${text}`);
}

/** What does not make a run worthless, but its figures doubtful. */
export function doubts(name: string, { senderCpu }: Pick<Run, 'senderCpu'>): string[] {
  return senderCpu < BUSY_SENDER
    ? []
    : [`${name}: the sender of load was busy ${Math.round(senderCpu * 100)} % of the time and may be what limits`];
}
