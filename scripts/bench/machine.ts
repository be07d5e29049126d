import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** What the figures were measured on, without a name of it. */
export function machine(): { processor: string; cores: number; memoryGiB: number; system: string; node: string } {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().replace(/-.*/, '')} ${process.arch}`,
    node: process.version,
  };
}
