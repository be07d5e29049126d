import { observable } from './observable.ts';

export const VIEWS = ['groups', 'callbacks', 'overview', 'setup'] as const;
export type View = (typeof VIEWS)[number];

export interface Route {
  view: View;
  /** The group or callback that is looked at. */
  id: string | null;
  /** The filters, each as a link shares it. */
  filters: Readonly<Record<string, string>>;
}

/**
 * Where the reader is, kept behind the `#` of the address: it can be shared as a link, and what people search for never
 * gets into a proxy's log.
 */
export const route = observable(parseHash(location.hash));

addEventListener('hashchange', () => route.set(parseHash(location.hash)));

export function hrefOf(view: View, id: string | null = null, filters: Record<string, string | undefined> = {}): string {
  const query = new URLSearchParams(Object.entries(filters).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  const path = id === null ? view : `${view}/${encodeURIComponent(id.toWellFormed())}`;
  return `#/${path}${query.size > 0 ? `?${query}` : ''}`;
}

/** Changes filters in place: typing leaves no trail in the history. An empty value takes a filter away. */
export function setFilters(change: Record<string, string | undefined>): void {
  const { view, id, filters } = route.get();
  const href = hrefOf(view, id, { ...filters, ...change });
  history.replaceState(null, '', href);
  route.set(parseHash(href));
}

function parseHash(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [view, ...rest] = path.split('/');
  const id = rest.join('/');
  return {
    view: VIEWS.find((known) => known === view) ?? 'groups',
    id: id === '' ? null : decode(id),
    filters: Object.fromEntries(new URLSearchParams(query)),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
