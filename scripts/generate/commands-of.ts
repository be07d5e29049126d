import type { Document } from './find-problems.ts';

/** The commands of the callback contract, in the order in which POST / lists them. */
export function commandsOf(document: Document): string[] {
  const alternatives: { $ref?: string }[] =
    document.paths['/']?.post?.requestBody?.content['application/json']?.schema?.oneOf ?? [];
  return alternatives.map(({ $ref }) => String($ref).replace('#/components/schemas/', ''));
}
