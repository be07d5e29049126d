import { type ComponentChildren, Fragment } from 'preact';
import { useState } from 'preact/hooks';
import { hrefOf, useStrings } from '../state.ts';

/**
 * Characters that act instead of being visible: controls, bidirectional marks, invisible spaces. The joiners U+200C and
 * U+200D are excluded, because scripts and emoji need them.
 */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose
  /([\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb])/u;
/** Limit of characters of a text in a list. */
const SHORT = 160;
/** Limit of characters that are shown without a click. */
const LONG = 2_000;

interface TextProps {
  value: string;
  /** Keep line breaks and tabs. */
  lines?: boolean;
}

/** User text, inert and isolated: its bidirectional marks cannot reorder the text beside it. */
export function Text({ value, lines = false }: TextProps) {
  // The expression has a capture group, so every second part is such a character.
  const parts = value.toWellFormed().split(INVISIBLE);
  return (
    <bdi class={lines ? 'lines' : undefined}>
      {parts.map((part, index) =>
        index % 2 === 0 || (lines && (part === '\n' || part === '\t')) ? part : <Unseen key={index} character={part} />,
      )}
    </bdi>
  );
}

function Unseen({ character }: { character: string }) {
  const code = character.charCodeAt(0);
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  // Unicode has a symbol for each ASCII control character.
  const picture = code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : name;
  return (
    <span class="unseen" title={name}>
      {picture}
    </span>
  );
}

/** Placeholder for a missing value, so that a cell does not look as if it were still loading. */
export function None() {
  return <span class="quiet none">—</span>;
}

/** The beginning of a text, for a line or two. */
export function ShortText({ value }: { value: string }) {
  return <Text value={value.length > SHORT ? `${value.slice(0, SHORT)}…` : value} />;
}

/** A text of any length; a very long one is truncated, with a button that shows all of it. */
export function LongText({ value, lines = true }: TextProps) {
  const strings = useStrings();
  const [whole, setWhole] = useState(false);
  if (value.length <= LONG) return <Text value={value} lines={lines} />;
  return (
    <>
      <Text value={whole ? value : `${value.slice(0, LONG)}…`} lines={lines} />{' '}
      <button type="button" class="link" aria-expanded={whole} onClick={() => setWhole(!whole)}>
        {whole ? strings.showLess : strings.showAll}
      </button>
    </>
  );
}

/** An account, as a link to its view. */
export function AccountLink({ account, over = false }: { account: string; over?: boolean }) {
  return (
    <a class={over ? 'over clamped' : undefined} href={hrefOf('accounts', account)}>
      <ShortText value={account} />
    </a>
  );
}

/** A sentence whose placeholders `{…}` are filled with code, such as the name of a setting, or with an element. */
export function Placed({ text, values }: { text: string; values: Record<string, ComponentChildren> }) {
  return (
    <>
      {text.split(/\{(\w+)\}/).map((part, index) => {
        if (index % 2 === 0) return part;
        const value = values[part];
        return <Fragment key={index}>{typeof value === 'string' ? <code>{value}</code> : value}</Fragment>;
      })}
    </>
  );
}

interface SentenceProps {
  text: string;
  values: Record<string, string | readonly string[]>;
  /** Whether the values of a placeholder are accounts. */
  isAccount?: (placeholder: string) => boolean;
}

/** A sentence whose placeholders `{…}` are filled with user texts, each isolated; accounts are links. */
export function Sentence({ text, values, isAccount = () => false }: SentenceProps) {
  const strings = useStrings();
  const parts = text.split(/\{([^{}]+)\}/);
  return (
    <>
      {parts.map((part, index) => {
        if (index % 2 === 0) return part;
        const value = values[part] ?? [];
        const texts = typeof value === 'string' ? [value] : value;
        if (texts.length === 0) return part.endsWith('Id') ? '…' : strings.someone;
        return texts.map((one, at) => (
          <Fragment key={`${index}.${at}`}>
            {at > 0 && strings.and}
            <strong>{isAccount(part) && one !== '' ? <AccountLink account={one} /> : <ShortText value={one} />}</strong>
          </Fragment>
        ));
      })}
    </>
  );
}
