import { useEffect, useRef } from 'preact/hooks';
import { readAbout } from './api.ts';
import { CallbackView } from './callbacks/callback-view.tsx';
import { CallbacksView } from './callbacks/callbacks-view.tsx';
import { GroupView } from './groups/group-view.tsx';
import { GroupsView } from './groups/groups-view.tsx';
import { connection } from './live.ts';
import { useObservable } from './observable.ts';
import { OverviewView } from './overview/overview-view.tsx';
import { useRead } from './parts/use-read.ts';
import { hrefOf, type Route, route, VIEWS } from './route.ts';
import { LANGUAGES, language, THEMES, type Theme, theme } from './settings.ts';
import { SetupView } from './setup/setup-view.tsx';
import { useStrings } from './strings/strings.ts';

const never = () => false;

export function App() {
  const strings = useStrings();
  const current = useObservable(route);
  const main = useRef<HTMLElement>(null);
  const place = `${current.view}/${current.id ?? ''}`;
  const before = useRef(place);

  useEffect(() => {
    document.title = `${current.id ?? strings.views[current.view]} · ${strings.title}`.slice(0, 200);
  }, [place, strings]);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    scrollTo(0, 0);
    // Where a link leads is read out, and the keyboard goes on from there.
    main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [place]);

  return (
    <>
      {/* A jump to #main would be another view: the address behind # says which. */}
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place of the page, as a link does */}
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {strings.skipToContent}
      </a>
      <header class="bar">
        <div class="bar-inner">
          <Brand />
          <nav aria-label={strings.mainNavigation}>
            {VIEWS.map((view) => (
              <a key={view} href={hrefOf(view)} aria-current={current.view === view ? 'page' : undefined}>
                {strings.views[view]}
              </a>
            ))}
            <a href="/docs">{strings.reference}</a>
          </nav>
          <div class="tools">
            <ConnectionLight />
            <Switches />
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        <CurrentView key={place} route={current} />
      </main>
    </>
  );
}

function CurrentView({ route: { view, id, filters } }: { route: Route }) {
  if (view === 'callbacks') return id === null ? <CallbacksView filters={filters} /> : <CallbackView id={id} />;
  if (view === 'overview') return <OverviewView filters={filters} />;
  if (view === 'setup') return <SetupView />;
  return id === null ? <GroupsView filters={filters} /> : <GroupView groupId={id} />;
}

function Brand() {
  const strings = useStrings();
  const { value: about } = useRead(readAbout, never);
  return (
    <div class="brand">
      <strong>{strings.title}</strong>
      {about && (
        <span class="quiet">
          {strings.app} {about.sdkAppId}
          {about.demo && <span class="badge state">{strings.demo}</span>}
        </span>
      )}
    </div>
  );
}

function ConnectionLight() {
  const strings = useStrings();
  const state = useObservable(connection);
  return (
    <span class={`light ${state}`} role="status" title={strings.connectionHelp[state]}>
      <span class="lamp" aria-hidden="true" />
      {strings.connection[state]}
    </span>
  );
}

function Switches() {
  const strings = useStrings();
  const chosen = useObservable(theme);
  const spoken = useObservable(language);
  return (
    <>
      <select
        aria-label={strings.theme.label}
        value={chosen}
        onChange={({ currentTarget }) => theme.set(currentTarget.value as Theme)}
      >
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {strings.theme[one]}
          </option>
        ))}
      </select>
      <fieldset class="tabs languages">
        <legend>{strings.language}</legend>
        {LANGUAGES.map((one) => (
          <button
            key={one}
            type="button"
            lang={one === 'zh' ? 'zh-Hans' : 'en'}
            aria-pressed={one === spoken}
            onClick={() => language.set(one)}
          >
            {one === 'zh' ? '中文' : 'EN'}
          </button>
        ))}
      </fieldset>
    </>
  );
}
