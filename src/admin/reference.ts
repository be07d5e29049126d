import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const GENERATED = join(import.meta.dirname, '../../generated');

/** The reference of the callback contract, with the Content-Security-Policy that the page holds itself. */
export async function readReference(): Promise<{ html: string; policy: string }> {
  const html = await readFile(join(GENERATED, 'reference.html'), 'utf8');
  const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(html)?.[1];
  if (!policy) throw new Error('generated/reference.html has no Content-Security-Policy: run npm run generate');
  return { html, policy };
}

/** The callback contract in YAML. */
export function readContract(): Promise<string> {
  return readFile(join(GENERATED, 'openapi.yaml'), 'utf8');
}
