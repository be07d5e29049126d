import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../generated/page');
const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
};

/** A file that the page is made of, read when it is asked for: an idle receiver holds none of it. */
export async function readPageAsset(file: string): Promise<{ type: string; text: string } | null> {
  const type = TYPES[extname(file)];
  // Only a name that the folder has: no path leads out of it.
  if (!type || !(await readdir(FOLDER)).includes(file)) return null;
  return { type, text: await readFile(join(FOLDER, file), 'utf8') };
}
