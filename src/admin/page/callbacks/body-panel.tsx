import { useState } from 'preact/hooks';
import { CopyButton } from '../parts/copy-button.tsx';
import { Panel } from '../parts/facts.tsx';
import { Text } from '../parts/text.tsx';
import { useStrings } from '../strings/strings.ts';
import { prettyJson } from './pretty-json.ts';

/** A body with hundreds of members is long, and drawn at once it would make the page wait. */
const MOST_SHOWN = 60_000;

/** The body, pretty-printed and as received. */
export function BodyPanel({ body }: { body: string }) {
  const strings = useStrings();
  const [raw, setRaw] = useState(false);
  const [whole, setWhole] = useState(false);
  const pretty = prettyJson(body);
  const text = raw || pretty === null ? body : pretty;
  const shown = whole ? text : text.slice(0, MOST_SHOWN);
  return (
    <Panel
      title={strings.callback.body}
      aside={
        <div class="with-button">
          <span class="quiet">{strings.callback.bytes(body.length)}</span>
          <CopyButton text={raw || pretty === null ? body : pretty} what={strings.callback.body} />
        </div>
      }
    >
      {body === '' && <p class="quiet">{strings.callback.emptyBody}</p>}
      {body !== '' && pretty === null && <p class="quiet">{strings.callback.notJson}</p>}
      {pretty !== null && (
        <fieldset class="tabs">
          <legend>{strings.callback.bodyForm}</legend>
          <button type="button" aria-pressed={!raw} onClick={() => setRaw(false)}>
            {strings.callback.pretty}
          </button>
          <button type="button" aria-pressed={raw} onClick={() => setRaw(true)}>
            {strings.callback.raw}
          </button>
        </fieldset>
      )}
      {body !== '' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach what scrolls
        <pre tabIndex={0}>
          <Text value={shown} lines />
        </pre>
      )}
      {shown.length < text.length && (
        <button type="button" class="link" onClick={() => setWhole(true)}>
          {strings.showAll}
        </button>
      )}
    </Panel>
  );
}
