import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { setFilters } from '../route.ts';
import { useStrings } from '../strings/strings.ts';

/** Who types is not asked after for this long. */
const PAUSE_MS = 200;

export function Filters(props: { children: ComponentChildren; filtered: boolean; clear: () => void }) {
  const strings = useStrings();
  return (
    <search class="filters">
      {props.children}
      {props.filtered && (
        <button type="button" class="link" onClick={props.clear}>
          {strings.clearFilters}
        </button>
      )}
    </search>
  );
}

interface BoxGiven {
  name: string;
  label: string;
  value: string | undefined;
  hint?: string;
  wide?: boolean;
  suggestions?: readonly string[];
}

export function FilterBox({ name, label, value = '', hint, wide = false, suggestions }: BoxGiven) {
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The filter may change by a link, too.
  useEffect(() => setTyped(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <label class={wide ? 'wide' : undefined}>
      <span>{label}</span>
      <input
        type="search"
        dir="auto"
        maxLength={200}
        autocomplete="off"
        spellcheck={false}
        placeholder={hint ?? ''}
        list={suggestions && `${name}-suggestions`}
        value={typed}
        onInput={({ currentTarget }) => {
          const next = currentTarget.value;
          setTyped(next);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => setFilters({ [name]: next }), PAUSE_MS);
        }}
      />
      {suggestions && (
        <datalist id={`${name}-suggestions`}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </label>
  );
}

interface ChoiceGiven {
  name: string;
  label: string;
  value: string | undefined;
  choices: [value: string, label: string][];
}

export function FilterChoice({ name, label, value = '', choices }: ChoiceGiven) {
  // A link may ask for a type that the page does not know.
  const all = choices.some(([known]) => known === value) ? choices : [...choices, [value, value] as [string, string]];
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => setFilters({ [name]: currentTarget.value })}>
        {all.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A choice of few, all in sight. */
export function FilterTabs({ name, label, value = '', choices }: ChoiceGiven) {
  return (
    <fieldset class="tabs">
      <legend>{label}</legend>
      {choices.map(([one, text]) => (
        <button key={one} type="button" aria-pressed={one === value} onClick={() => setFilters({ [name]: one })}>
          {text}
        </button>
      ))}
    </fieldset>
  );
}
