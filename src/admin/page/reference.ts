import { factsOf } from '../../../generated/commands.ts';
import type { Callback } from './api.ts';
import { language, useObservable } from './state.ts';

/**
 * A link to the reference in the page's language.
 *
 * @param place `guide/` and the name of a chapter, or `operation/`, the name of an operation, and the way to a field
 */
export function useReference(place?: string): string {
  return `docs?lang=${useObservable(language)}${place === undefined ? '' : `#${place}`}`;
}

/** What a reason begins with: where in the request the first fault is, as in `body.MemberList.0.Member_Account (5) must …`. */
const PLACE = /^(body|query)\b\.?([^\s(]*)/;

/** The place of the reference that states the rule by which a callback is not accepted. */
export function ruleOf({ command, status, reason }: Pick<Callback, 'command' | 'status' | 'reason'>): string {
  if (status === 'unknown') return 'guide/guarantees';
  const [, part, way = ''] = PLACE.exec(reason ?? '') ?? [];
  const operation = part === 'body' && factsOf(command) ? command : 'receiveCallback';
  // The reference shows what the items of a list are, not each item.
  const fields = way.split('.').filter((name) => name !== '' && !/^\d+$/.test(name));
  return ['operation', operation, ...(part === undefined ? [] : fields)].map(encodeURIComponent).join('/');
}
