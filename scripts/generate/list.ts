import { readdirSync } from 'node:fs';

/** The names in a folder, without those that editors and file managers hide. A folder that is not there has none. */
export function list(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
