import { useEffect } from 'preact/hooks';
import { type About, checkPublicUrl, type Setup } from '../api.ts';
import { useAction } from '../live-data.ts';
import { Copyable } from '../parts/panel.tsx';
import { Said } from '../parts/said.tsx';
import { Placed } from '../parts/text.tsx';
import { useStrings } from '../state.ts';

/** The callback URL for the vendor's console, to copy, with its check; or how to set it. */
export function CallbackUrlStep({ about, setup }: { about: About; setup: Setup | undefined }) {
  const strings = useStrings().setup.url;
  const publicUrl = setup?.publicUrl ?? null;
  const isMounted = about.callbackUrl === null;
  return (
    <li class="panel">
      <h2>{strings.heading}</h2>
      {publicUrl !== null && (
        <>
          <p>{strings.text}</p>
          <Copyable text={publicUrl} what={strings.copy} />
          <Reached />
          <p class="quiet">
            <Placed text={strings.query} values={{ app: 'SdkAppid', command: 'CallbackCommand', sign: 'Sign' }} />
          </p>
        </>
      )}
      {setup && publicUrl === null && isMounted && (
        <p>
          <Placed text={strings.mounted} values={{ setting: 'publicUrl' }} />
        </p>
      )}
      {setup && publicUrl === null && about.callbackUrl !== null && (
        <>
          <Copyable text={about.callbackUrl} what={strings.copy} />
          <p>{strings.local}</p>
          <ul class="ways">
            {strings.ways.map((way) => (
              <li key={way}>
                <Placed text={way} values={{ docs: strings.docs }} />
              </li>
            ))}
          </ul>
          <p>
            <Placed text={strings.setting} values={{ setting: 'PUBLIC_URL' }} />
          </p>
        </>
      )}
    </li>
  );
}

/**
 * Whether the URL can be reached from the receiver. Each display requests a check; the receiver sends at most one a
 * minute.
 */
function Reached() {
  const strings = useStrings().setup.url;
  const { busy, result, error, run } = useAction(checkPublicUrl);
  useEffect(() => void run(), []);
  return (
    <div role="status">
      {busy && <p class="quiet">{strings.checking}</p>}
      {result?.state === 'reached' && <p class="notice good">{strings.reached}</p>}
      {(result?.state === 'unknown' || error !== undefined) && (
        <p class="notice odd">
          {strings.unknown}{' '}
          {result && result.detail !== null && (
            <span class="quiet">
              (<Said text={result.detail} />)
            </span>
          )}
        </p>
      )}
    </div>
  );
}
