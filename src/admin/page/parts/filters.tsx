import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { setFilters, useStrings } from '../state.ts';
import { searchProps } from './combobox.tsx';

/** Debounce of the search fields. */
const DEBOUNCE_MS = 200;

interface FiltersProps {
  filters: Readonly<Record<string, string | undefined>>;
  children: ComponentChildren;
}

export function Filters({ filters, children }: FiltersProps) {
  const strings = useStrings();
  const cleared = Object.fromEntries(Object.keys(filters).map((name) => [name, '']));
  return (
    <search class="filters">
      {children}
      {isFiltered(filters) && (
        <button type="button" class="link" onClick={() => setFilters(cleared)}>
          {strings.clearFilters}
        </button>
      )}
    </search>
  );
}

export function isFiltered(filters: FiltersProps['filters']): boolean {
  return Object.values(filters).some(Boolean);
}

interface BoxProps {
  name: string;
  label: string;
  value: string | undefined;
  hint?: string;
  wide?: boolean;
  /** `/` moves the focus here. */
  isSearch?: boolean;
}

export function FilterBox({ name, label, value = '', hint, wide = false, isSearch = false }: BoxProps) {
  const strings = useStrings().find;
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // A link may also change the filter.
  useEffect(() => setTyped(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <label class={wide ? 'wide' : undefined}>
      <span>{label}</span>
      <input
        type="search"
        dir="auto"
        {...(isSearch && searchProps)}
        title={isSearch ? strings.searchKey : undefined}
        maxLength={200}
        autocomplete="off"
        spellcheck={false}
        placeholder={hint ?? ''}
        value={typed}
        onInput={({ currentTarget }) => {
          const next = currentTarget.value;
          setTyped(next);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => setFilters({ [name]: next }), DEBOUNCE_MS);
        }}
      />
    </label>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  value: string | undefined;
  choices: [value: string, label: string, lang?: string][];
}

export function FilterChoice({ name, label, value = '', choices }: ChoiceProps) {
  // A link may name a type that the page does not know.
  const all = choices.some(([known]) => known === value) ? choices : [...choices, [value, value] as [string, string]];
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => setFilters({ [name]: currentTarget.value })}>
        {all.map(([value, label]) => (
          // A label that equals the value is a name from data, so it must not be translated.
          <option key={value} value={value} translate={value !== label}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

export function FilterTabs({ name, ...tabs }: ChoiceProps) {
  return <Tabs {...tabs} choose={(value) => setFilters({ [name]: value })} />;
}

interface TabsProps extends Omit<ChoiceProps, 'name'> {
  choose: (value: string) => void;
}

/** A choice between a few values, shown as buttons. */
export function Tabs({ label, value = '', choices, choose }: TabsProps) {
  return (
    <fieldset class="tabs">
      <legend>{label}</legend>
      {choices.map(([one, text, lang]) => (
        <button key={one} type="button" lang={lang} aria-pressed={one === value} onClick={() => choose(one)}>
          {text}
        </button>
      ))}
    </fieldset>
  );
}
