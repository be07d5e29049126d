import { factsOf } from '../../../generated/commands.ts';
import type { Callback } from './api.ts';
import { language, useObservable } from './state.ts';

/**
 * A link to the reference in the page's language.
 *
 * @param place `guide/` and a chapter's name, or `operation/`, an operation's name and the path to a field
 */
export function useReference(place?: string): string {
  return `docs?lang=${useObservable(language)}${place === undefined ? '' : `#${place}`}`;
}

/**
 * The beginning of a reason: the place of the first violation in the request, as in `body.MemberList.0.Member_Account
 * (5) must …`.
 */
const PLACE = /^(body|query)\b\.?([^\s(]*)/;

/** The place in the reference that states the rule that a callback violates. */
export function ruleOf({ command, status, reason }: Pick<Callback, 'command' | 'status' | 'reason'>): string {
  if (status === 'unknown') return 'guide/guarantees';
  const [, part, way = ''] = PLACE.exec(reason ?? '') ?? [];
  const operation = part === 'body' && factsOf(command) ? command : 'receiveCallback';
  // The reference describes the items of a list in general, not single items.
  const fields = way.split('.').filter((name) => name !== '' && !/^\d+$/.test(name));
  return ['operation', operation, ...(part === undefined ? [] : fields)].map(encodeURIComponent).join('/');
}
