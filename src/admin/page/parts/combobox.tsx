import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useStrings } from '../state.ts';
import { ShortText } from './text.tsx';

/** Debounce of the filter and of the offers. */
const DEBOUNCE_MS = 200;
/** Limit of the offers that are shown; typing on finds more. */
const MOST_OFFERS = 60;

export interface Offer {
  value: string;
  label: string;
  /** Shown beside the label, less prominently. */
  note?: string | undefined;
  /** Offers of one group are listed together, under its name. */
  group?: string | undefined;
}

interface ComboBoxProps {
  label: string;
  /** The text in the field. */
  text: string;
  hint: string;
  /** The offers for a text. */
  offersFor: (typed: string) => readonly Offer[] | Promise<readonly Offer[]>;
  /** Null if typing alone selects nothing. */
  onType: ((typed: string) => void) | null;
  onChoose: (value: string) => void;
  /** Enter was pressed while no offer was marked. */
  onEnter: (typed: string) => void;
  /** `/` moves the focus here. */
  isSearch?: boolean;
}

/** A field with offers, used by mouse, or by the arrow keys, Enter and Escape (the combobox pattern of WAI-ARIA). */
export function ComboBox({ label, text, hint, offersFor, onType, onChoose, onEnter, isSearch }: ComboBoxProps) {
  const { searchKey } = useStrings().find;
  const id = useId();
  const [typed, setTyped] = useState(text);
  const [isOpen, setOpen] = useState(false);
  const [offers, setOffers] = useState<readonly Offer[]>([]);
  const [marked, setMarked] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // A link may also change the filter. Text that is being typed is not replaced.
  useEffect(() => {
    if (document.activeElement !== input.current || text === '') setTyped(text);
  }, [text]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!isOpen) return;
    let over = false;
    async function offer(): Promise<void> {
      const found = await Promise.resolve(offersFor(typed)).catch(() => []);
      if (over) return;
      setOffers(found.slice(0, MOST_OFFERS));
      setMarked(-1);
    }
    const wait = setTimeout(offer, typed === '' ? 0 : DEBOUNCE_MS);
    return () => {
      over = true;
      clearTimeout(wait);
    };
  }, [isOpen, typed, offersFor]);
  useEffect(
    () => list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }),
    [marked],
  );

  function choose(value: string): void {
    clearTimeout(timer.current);
    setTyped(value);
    setOpen(false);
    onChoose(value);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setOpen(true);
      // One more position than there are offers: the field itself.
      if (isOpen) setMarked((at) => ((at + 1 + step + offers.length + 1) % (offers.length + 1)) - 1);
    } else if (event.key === 'Enter') {
      const offer = isOpen ? offers[marked] : undefined;
      clearTimeout(timer.current);
      setOpen(false);
      if (offer) choose(offer.value);
      else onEnter(typed);
    } else if (event.key === 'Escape' && isOpen) {
      event.preventDefault();
      setOpen(false);
    }
  }

  const isShown = isOpen && offers.length > 0;
  return (
    <div class="combo">
      <label for={`${id}-input`}>{label}</label>
      <input
        id={`${id}-input`}
        ref={input}
        type="search"
        // biome-ignore lint/a11y/noRedundantRoles: only an input with a datalist has it
        role="combobox"
        list={undefined}
        aria-autocomplete="list"
        aria-expanded={isShown}
        aria-controls={`${id}-offers`}
        aria-activedescendant={isShown && marked >= 0 ? `${id}-${marked}` : undefined}
        {...(isSearch && searchProps)}
        title={isSearch ? searchKey : undefined}
        dir="auto"
        maxLength={200}
        autocomplete="off"
        spellcheck={false}
        placeholder={hint}
        value={typed}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
        onClick={() => setOpen(true)}
        onInput={({ currentTarget }) => {
          const next = currentTarget.value;
          setTyped(next);
          setOpen(true);
          clearTimeout(timer.current);
          if (next === '') onChoose('');
          else if (onType) timer.current = setTimeout(() => onType(next), DEBOUNCE_MS);
        }}
      />
      <div id={`${id}-offers`} ref={list} role="listbox" aria-label={label} hidden={!isShown} class="offers">
        {offers.map((offer, index) => (
          <OfferLine
            key={offer.value}
            id={`${id}-${index}`}
            offer={offer}
            head={offer.group === offers[index - 1]?.group ? undefined : offer.group}
            isMarked={index === marked}
            choose={choose}
          />
        ))}
      </div>
    </div>
  );
}

/** Marks the field to which `/` moves the focus. */
export const searchProps = { 'data-search': true, 'aria-keyshortcuts': '/' } as const;

interface OfferProps {
  id: string;
  offer: Offer;
  head: string | undefined;
  isMarked: boolean;
  choose: (value: string) => void;
}

function OfferLine({ id, offer: { value, label, note }, head, isMarked, choose }: OfferProps) {
  return (
    <>
      {head !== undefined && (
        <div class="offers-head" role="presentation">
          {head}
        </div>
      )}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the marked one */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys */}
      <div
        id={id}
        role="option"
        aria-selected={isMarked}
        class="offer"
        // Keeps the focus in the field.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => choose(value)}
      >
        <ShortText value={label} />
        {note !== undefined && (
          <span class="quiet">
            {' '}
            <ShortText value={note} />
          </span>
        )}
      </div>
    </>
  );
}
