import { type CallbackDetail, readAbout } from '../api.ts';
import { useRead } from '../live-data.ts';
import { Copyable, CopyButton, Panel } from '../parts/panel.tsx';
import { useStrings } from '../state.ts';

/** Linux limits an argument of a command to 128 KiB. */
const MOST_BYTES = 120_000;
/** The admin URLs at which `trigger` looks for a callback by default. */
const DEFAULT_ADMIN = ['http://127.0.0.1:3001/', 'http://localhost:3001/'];

/** Commands that send a callback again, as the vendor did. */
export function VendorAgainPanel({ callback }: { callback: CallbackDetail }) {
  const strings = useStrings().find.again;
  const { value: about } = useRead('about', readAbout);
  if (!about) return null;
  const curl = curlOf(callback, about.callbackUrl ?? 'http://127.0.0.1:3000/');
  return (
    <Panel title={strings.heading}>
      <div class="stack">
        <p>{strings.trigger}</p>
        <Copyable text={triggerOf(callback, about.triggerCommand)} what={strings.triggerCommand} />
        <div class="with-button">
          {curl !== null && <CopyButton text={curl} what={strings.curl} label={strings.copyCurl} />}
          <span class="quiet">
            {curl === null ? strings.noCurl : about.signed ? strings.refused : strings.unsigned}
          </span>
        </div>
      </div>
    </Panel>
  );
}

function triggerOf({ id }: CallbackDetail, command: string): string {
  const here = new URL('.', location.href.replace(/#.*/s, '')).href;
  const admin = DEFAULT_ADMIN.includes(here) ? '' : ` --admin ${here}`;
  // Without ` -- `, npm parses the options as its own.
  const start = command.startsWith('npm ') && !command.includes(' -- ') ? `${command} --` : command;
  return `${start} --callback ${id}${admin}`;
}

/** For a POSIX shell; null if a shell cannot hold the body, or the body is not stored as received. */
function curlOf({ query, body }: CallbackDetail, callbackUrl: string): string | null {
  if (/[\0\uFFFD]/.test(body) || new TextEncoder().encode(body).length > MOST_BYTES) return null;
  const url = new URL(callbackUrl);
  for (const [name, values] of Object.entries(query)) {
    if (name === 'Sign' || name === 'RequestTime') continue;
    for (const value of [values].flat()) url.searchParams.append(name, value);
  }
  // Without --globoff curl expands brackets in the URL; with --data a body that begins with @ would name a file.
  const sent = ["-H 'Content-Type: application/json'", `--data-raw ${quoted(body)}`];
  return `curl --globoff ${quoted(url.href)} ${sent.join(' ')}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
