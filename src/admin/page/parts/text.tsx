import { useState } from 'preact/hooks';
import { useStrings } from '../strings/strings.ts';

/**
 * What would act instead of being seen: controls, marks that turn the direction of writing, invisible spaces. The
 * joiners U+200C and U+200D stay, as scripts and emoji need them.
 */
const PARTS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose
  /([\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb])/u;
/** So much of a text stands in a list. */
const SHORT = 160;
/** So much is shown before somebody asks for all. */
const LONG = 2_000;

interface Given {
  value: string;
  /** Where line breaks and tabs are part of the text. */
  lines?: boolean;
}

/** A text of users, inert and for itself: it cannot turn round what stands beside it. */
export function Text({ value, lines = false }: Given) {
  // With the group in it, every second part is such a character.
  const parts = value.toWellFormed().split(PARTS);
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
  // Unicode has a picture for each control of ASCII.
  const picture = code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : name;
  return (
    <span class="unseen" title={name}>
      {picture}
    </span>
  );
}

/** The beginning of a text, where there is room for a line or two. */
export function ShortText({ value }: { value: string }) {
  return <Text value={value.length > SHORT ? `${value.slice(0, SHORT)}…` : value} />;
}

/** A text of any length; of a very long one the beginning, and a button for the rest. */
export function LongText({ value, lines = true }: Given) {
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
