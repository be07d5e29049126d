import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Tabs } from '../parts/filters.tsx';
import { CopyButton, Panel } from '../parts/panel.tsx';
import { Text } from '../parts/text.tsx';
import { useStrings } from '../state.ts';

/**
 * Characters that are shown at first: rendering a long body, such as one with hundreds of members, would block the
 * page.
 */
const MAX_SHOWN = 60_000;

interface BodyPanelProps {
  title: string;
  body: string;
  /** Shown above the body. */
  children?: ComponentChildren;
}

/** The body of a callback or of a reply, pretty-printed and as received. */
export function BodyPanel({ title, body, children }: BodyPanelProps) {
  const strings = useStrings();
  const [form, setForm] = useState('pretty');
  const [whole, setWhole] = useState(false);
  const pretty = prettyJson(body);
  const text = form === 'raw' || pretty === null ? body : pretty;
  const shown = whole ? text : text.slice(0, MAX_SHOWN);
  return (
    <Panel
      title={title}
      aside={
        <div class="with-button">
          <span class="quiet">{strings.callback.bytes(body.length)}</span>
          <CopyButton text={text} what={title} />
        </div>
      }
    >
      {children}
      {body === '' && <p class="quiet">{strings.callback.emptyBody}</p>}
      {body !== '' && pretty === null && <p class="quiet">{strings.callback.notJson}</p>}
      {pretty !== null && (
        <Tabs
          label={strings.callback.bodyForm}
          value={form}
          choices={[
            ['pretty', strings.callback.pretty],
            ['raw', strings.callback.raw],
          ]}
          choose={setForm}
        />
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

/**
 * Formats JSON with one value per line. Works on the tokens: JSON.parse and back would round large numbers and drop
 * duplicate keys.
 *
 * @returns null if the text is not JSON
 */
function prettyJson(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  // Matches all tokens of valid JSON, without the white space.
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs) ?? [];
  let depth = 0;
  let out = '';
  tokens.forEach((token, index) => {
    const before = tokens[index - 1] ?? '';
    const line = () => `\n${'  '.repeat(depth)}`;
    if (token === '}' || token === ']') {
      depth -= 1;
      out += before === '{' || before === '[' ? token : line() + token;
      return;
    }
    if (before === ',' || before === '{' || before === '[') out += line();
    out += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth += 1;
  });
  return out;
}
