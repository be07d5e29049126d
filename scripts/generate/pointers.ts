import { basename } from 'node:path';
import type { AnySchemaObject } from 'ajv/dist/2020.js';

export type Schemas = Record<string, AnySchemaObject>;

/**
 * The schema of the field that a pointer leads to; undefined if none is described. The step `*` leads to every item of
 * a list, in any of its forms.
 */
export function fieldAt(pointer: string, schema: AnySchemaObject, schemas: Schemas): AnySchemaObject | undefined {
  return find(schema, pointer.slice(1).split('/'));

  function find(node: AnySchemaObject | undefined, [step, ...rest]: string[]): AnySchemaObject | undefined {
    if (node?.$ref) node = schemas[basename(node.$ref)];
    if (!node || step === undefined) return node;
    const forms: AnySchemaObject[] = node.anyOf ?? [node];
    for (const one of forms) {
      const form = one.$ref ? (schemas[basename(one.$ref)] ?? {}) : one;
      const found = find(step === '*' ? form.items : form.properties?.[step], rest);
      if (found) return found;
    }
    return undefined;
  }
}
