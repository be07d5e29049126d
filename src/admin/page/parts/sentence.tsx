import { Fragment } from 'preact';
import { useStrings } from '../strings/strings.ts';
import { ShortText } from './text.tsx';

/** A sentence whose places `{…}` are filled with texts of users, each for itself. */
export function Sentence({ text, values }: { text: string; values: Record<string, string | readonly string[]> }) {
  const strings = useStrings();
  const parts = text.split(/\{(\w+)\}/);
  return (
    <>
      {parts.map((part, index) => {
        if (index % 2 === 0) return part;
        const value = values[part] ?? [];
        const texts = typeof value === 'string' ? [value] : value;
        if (texts.length === 0) return strings.someone;
        return texts.map((one, at) => (
          <Fragment key={`${index}.${at}`}>
            {at > 0 && strings.and}
            <strong>
              <ShortText value={one} />
            </strong>
          </Fragment>
        ));
      })}
    </>
  );
}
