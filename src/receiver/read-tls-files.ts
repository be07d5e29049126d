import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { TlsTexts, TlsVariable } from './tls-files.ts';

/** The paths of the variables that are set. */
export type TlsPaths = Readonly<Partial<Record<TlsVariable, string>>>;

/** Reads every file; one that cannot be read is given by its error. */
export async function readTlsFiles(paths: TlsPaths): Promise<TlsTexts> {
  const entries = Object.entries(paths).map(
    async ([name, path]) => [name, await readFile(path, 'latin1').catch((error) => error)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** The same before anything is served, when there is nobody to keep waiting. */
export function readTlsFilesSync(paths: TlsPaths): TlsTexts {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, read(path)]));
}

function read(path: string): string | NodeJS.ErrnoException {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}
