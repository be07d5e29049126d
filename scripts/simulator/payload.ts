import { randomInt } from 'node:crypto';
import { UsageError } from './usage-error.ts';

export type Payload = Record<string, unknown>;

export type Edit = { path: string; value: unknown } | { path: string; remove: true };

/**
 * An example as a new event: with a group id of its own (in the ids of topics too) and the current event time, where the
 * example has them, then edited.
 */
export function freshPayload(example: Payload, edits: Edit[]): Payload {
  const payload = structuredClone(example);
  const { GroupId: groupId, TopicId: topicId, TopicIdList: topicIds } = payload;
  if (typeof groupId === 'string') {
    const fresh = freshGroupId(groupId);
    const inFresh = (id: unknown) =>
      typeof id === 'string' && id.startsWith(groupId) ? fresh + id.slice(groupId.length) : id;
    payload.GroupId = fresh;
    if (topicId !== undefined) payload.TopicId = inFresh(topicId);
    if (Array.isArray(topicIds)) payload.TopicIdList = topicIds.map(inFresh);
  }
  if (typeof payload.EventTime === 'string') payload.EventTime = String(freshTime());
  if (typeof payload.EventTime === 'number') payload.EventTime = freshTime();
  for (const edit of edits) apply(edit, payload);
  return payload;
}

let latest = 0;
/** The current time, but never the same one twice: of a command without a group nothing else is fresh. */
function freshTime(): number {
  latest = Math.max(latest + 1, Date.now());
  return latest;
}

/** A new id of the same form: generated, community, or custom (which keeps what it says and gets a suffix). */
function freshGroupId(groupId: string): string {
  const letters = Array.from({ length: 12 }, () => randomInt(36).toString(36).toUpperCase()).join('');
  const form = /^@TGS#(_(@TGS#c?)?)?/.exec(groupId)?.[0];
  // The vendor's limit for custom ids is 47 bytes of ASCII.
  return form ? form + letters : `${groupId.slice(0, 47 - letters.length - 1)}-${letters}`;
}

function apply(edit: Edit, payload: Payload) {
  const keys = edit.path.split('.');
  const last = keys.pop() ?? '';
  const option = 'remove' in edit ? `--unset ${edit.path}` : `--set ${edit.path}`;
  let place: unknown = payload;
  let where = '';
  for (const [index, key] of keys.entries()) {
    const parent = container(place, where, option);
    where = where ? `${where}.${key}` : key;
    if (!Object.hasOwn(parent, key)) {
      if ('remove' in edit) throw new UsageError(`${option}: the example has no ${where}`);
      put(parent, key, /^\d+$/.test(keys[index + 1] ?? last) ? [] : {}, option);
    }
    place = parent[key];
  }
  const parent = container(place, where, option);
  if (!('remove' in edit)) return put(parent, last, edit.value, option);
  if (!Object.hasOwn(parent, last)) throw new UsageError(`${option}: the example has no ${edit.path}`);
  if (!Array.isArray(parent)) delete parent[last];
  else if (/^\d+$/.test(last)) parent.splice(Number(last), 1);
}

function container(place: unknown, where: string, option: string): Payload {
  if (typeof place === 'object' && place !== null) return place as Payload;
  throw new UsageError(`${option}: ${where} is ${JSON.stringify(place)}, nothing can be below it`);
}

function put(parent: Payload, key: string, value: unknown, option: string) {
  if (Array.isArray(parent) && !(/^\d+$/.test(key) && Number(key) <= parent.length)) {
    throw new UsageError(`${option}: "${key}" is not an item of that list, expected at most ${parent.length}`);
  }
  parent[key] = value;
}
