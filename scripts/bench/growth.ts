import type { CleanUps } from './clean-ups.ts';
import type { Options } from './options.ts';
export async function growth(_options: Options, _folder: string, _cleanUps: CleanUps): Promise<number> {
  return 0;
}
