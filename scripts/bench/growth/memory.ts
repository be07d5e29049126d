import { median } from '../median.ts';

/** Memory under load over time. */
export interface Memory {
  minutes: number;
  perSecond: number;
  samples: { second: number; megabytes: number }[];
  mostMegabytes: number | null;
  /** The last third against the second: 0 is flat. The first is left out, a process grows into its work. */
  growth: number | null;
}

export function memoryOf(samples: Memory['samples']): Pick<Memory, 'mostMegabytes' | 'growth'> {
  const megabytes = samples.map((sample) => sample.megabytes);
  const third = Math.floor(megabytes.length / 3);
  const second = median(megabytes.slice(third, 2 * third));
  const last = median(megabytes.slice(2 * third));
  return {
    mostMegabytes: megabytes.length === 0 ? null : Math.max(...megabytes),
    growth: second === null || last === null ? null : last / second - 1,
  };
}
