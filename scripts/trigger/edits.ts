import { UsageError } from '../command-line.ts';
import type { Payload } from '../simulator/examples.ts';

/** A change of an example by `--set` or `--unset`. */
export type Edit = { path: string; value: unknown } | { path: string; remove: true };

/** Reads the value of `--set`: PATH=VALUE, where VALUE is JSON if it parses, otherwise text. */
export function readSet(text: string): Edit {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`--set: "${text}", expected PATH=VALUE such as Name=Tea`);
  const value = text.slice(equals + 1);
  const path = text.slice(0, equals);
  try {
    return { path, value: JSON.parse(value) };
  } catch {
    return { path, value };
  }
}

/** Changes the payload in place. */
export function applyEdit(edit: Edit, payload: Payload) {
  const keys = edit.path.split('.');
  const last = keys.pop() ?? '';
  const option = 'remove' in edit ? `--unset ${edit.path}` : `--set ${edit.path}`;
  let node: unknown = payload;
  let where = '';
  for (const [index, key] of keys.entries()) {
    const parent = container(node, where, option);
    where = where ? `${where}.${key}` : key;
    if (!Object.hasOwn(parent, key)) {
      if ('remove' in edit) throw new UsageError(`${option}: the example has no ${where}`);
      put(parent, key, /^\d+$/.test(keys[index + 1] ?? last) ? [] : {}, option);
    }
    node = parent[key];
  }
  const parent = container(node, where, option);
  if (!('remove' in edit)) return put(parent, last, edit.value, option);
  if (!Object.hasOwn(parent, last)) throw new UsageError(`${option}: the example has no ${edit.path}`);
  if (!Array.isArray(parent)) delete parent[last];
  else if (/^\d+$/.test(last)) parent.splice(Number(last), 1);
}

function container(node: unknown, where: string, option: string): Payload {
  if (typeof node === 'object' && node !== null) return node as Payload;
  throw new UsageError(`${option}: ${where} is ${JSON.stringify(node)}, nothing can be below it`);
}

function put(parent: Payload, key: string, value: unknown, option: string) {
  if (Array.isArray(parent) && !(/^\d+$/.test(key) && Number(key) <= parent.length)) {
    throw new UsageError(`${option}: "${key}" is not an item of that list, expected at most ${parent.length}`);
  }
  parent[key] = value;
}
