/** Addresses after `#` in addition to Redoc's ids: a chapter of the guide, or a field of an operation. */

/** The prefix of a row's address, and Redoc's prefix of a section. */
const OPERATION = 'operation/';
const SECTION = 'section/';
/** A chapter by name, or a section by number. Redoc's own section ids are headings, and so depend on the language. */
const GUIDE = 'guide/';

const sections = () =>
  [...document.querySelectorAll<HTMLElement>('[data-section-id]')].filter(({ dataset }) =>
    dataset.sectionId?.startsWith(SECTION),
  );

/**
 * The address of the present place in the other language.
 *
 * @param hash the present one, without `#`
 */
export function placeForEveryLanguage(hash: string): string {
  const index = sections().findIndex(({ dataset }) => dataset.sectionId === decode(hash));
  return index < 0 ? hash : `${GUIDE}${index}`;
}

/** Shows the place that an address names, if Redoc does not know it. */
export function showPlace(hash: string, chapters: readonly string[]): void {
  const place = decode(hash);
  if (place.startsWith(GUIDE)) {
    const name = place.slice(GUIDE.length);
    const heads = sections().filter(({ dataset }) => dataset.sectionId?.split('/').length === 2);
    const section = /^\d+$/.test(name) ? sections()[Number(name)] : heads[chapters.indexOf(name)];
    section?.scrollIntoView();
    return;
  }
  if (!place.startsWith(OPERATION)) return;
  const [operation = '', ...fields] = place.slice(OPERATION.length).split('/');
  const section = document.getElementById(`${OPERATION}${operation}`);
  if (!section || fields.length === 0) return;
  const row = rowOf(section, fields);
  if (row) mark(row);
  else section.scrollIntoView();
}

/** The row of a field or, if it is not shown, of the nearest field around it. */
function rowOf(section: HTMLElement, fields: string[]): HTMLElement | null {
  const rows = [...section.querySelectorAll('td[kind=field]')].map((cell) => ({
    path: pathOf(cell, section).join('/'),
    row: cell.closest('tr'),
  }));
  for (let length = fields.length; length > 0; length -= 1) {
    const wanted = fields.slice(0, length).join('/');
    const found = rows.find(({ path }) => path === wanted);
    if (found) return found.row;
  }
  return null;
}

/** The names of a field and of those around it, outermost first: an object's fields are in the row below its own. */
function pathOf(cell: Element, section: HTMLElement): string[] {
  const name = cell.getAttribute('title') ?? '';
  const around = cell.closest('table')?.parentElement?.closest('tr')?.previousElementSibling;
  const outer = around && section.contains(around) ? around.querySelector('td[kind=field]') : null;
  return outer ? [...pathOf(outer, section), name] : [name];
}

function mark(row: HTMLElement): void {
  for (const other of document.querySelectorAll('tr.aimed')) other.classList.remove('aimed');
  row.classList.add('aimed');
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'center' });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
