import './styles/base.css';
import './styles/frame.css';
import './styles/parts.css';
import './styles/lists.css';
import './styles/views.css';
import { render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { readAbout } from './api.ts';
import { consumers, startConsumers } from './consumers.ts';
import { startDatabase } from './database.ts';
import { connection, startLive } from './live.ts';
import { useRead } from './live-data.ts';
import { AwayBanner } from './parts/away.tsx';
import { Tabs } from './parts/filters.tsx';
import { useReference } from './reference.ts';
import {
  hrefOf,
  type Language,
  language,
  type Route,
  route,
  THEMES,
  type Theme,
  theme,
  useObservable,
  useStrings,
  VIEWS,
} from './state.ts';
import { AccountsView, AccountView } from './views/account.tsx';
import { CallbackView } from './views/callback.tsx';
import { CallbacksView } from './views/callbacks.tsx';
import { DeliveriesView } from './views/deliveries.tsx';
import { GroupView } from './views/group.tsx';
import { GroupsView } from './views/groups.tsx';
import { OverviewView } from './views/overview.tsx';
import { SetupView } from './views/setup.tsx';

startLive();
addEventListener('keydown', goToSearch);
startConsumers();
startDatabase();
render(<App />, document.body);

function App() {
  const strings = useStrings();
  const current = useObservable(route);
  const main = useRef<HTMLElement>(null);
  const nav = useRef<HTMLElement>(null);
  const place = `${current.view}/${current.id ?? ''}`;
  const before = useRef(place);

  useEffect(() => {
    document.title = `${current.id ?? strings.views[current.view]} · ${strings.title}`.slice(0, 200);
  }, [place, strings]);
  useEffect(() => {
    // On a phone the navigation scrolls. Scroll it sideways only, so that the page does not move.
    const link = nav.current?.querySelector('[aria-current]')?.getBoundingClientRect();
    const row = nav.current?.getBoundingClientRect();
    if (link && row) nav.current?.scrollBy({ left: link.left + link.width / 2 - row.left - row.width / 2 });
  }, [current.view, strings]);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    scrollTo(0, 0);
    // For screen readers and the keyboard: a link moves the focus to the new view's heading.
    main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [place]);

  return (
    <>
      {/* Following the link would change the route, which is kept in the fragment. */}
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a part of the page, as a link does */}
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
          <nav aria-label={strings.mainNavigation} ref={nav}>
            {VIEWS.map((view) => (
              <a key={view} href={hrefOf(view)} aria-current={current.view === view ? 'page' : undefined}>
                {strings.views[view]}
                {view === 'deliveries' && <FailedBadge />}
              </a>
            ))}
            <a href={useReference()}>{strings.reference}</a>
          </nav>
          <div class="tools">
            <ConnectionLight />
            <Switches />
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        <AwayBanner />
        <CurrentView key={place} route={current} />
      </main>
    </>
  );
}

/** `/` moves the focus to the search field of the current view, as on other sites with lists. */
function goToSearch(event: KeyboardEvent): void {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const { target } = event;
  const isTyping = target instanceof Element && target.closest('input, textarea, select, [contenteditable]');
  if (isTyping || document.querySelector('dialog[open]')) return;
  const search = document.querySelector<HTMLInputElement>('main [data-search]');
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

function CurrentView({ route: { view, id, filters } }: { route: Route }) {
  if (view === 'accounts') return id === null ? <AccountsView /> : <AccountView account={id} />;
  if (view === 'callbacks') return id === null ? <CallbacksView filters={filters} /> : <CallbackView id={id} />;
  if (view === 'deliveries') return <DeliveriesView filters={filters} />;
  if (view === 'overview') return <OverviewView filters={filters} />;
  if (view === 'setup') return <SetupView />;
  return id === null ? <GroupsView filters={filters} /> : <GroupView groupId={id} />;
}

/** The number of parked and dead deliveries. */
function FailedBadge() {
  const { needsAttention } = useStrings().deliveries;
  const { value = [] } = useObservable(consumers);
  const failed = value.reduce((sum, { parked, dead }) => sum + parked + dead, 0);
  if (failed === 0) return null;
  return (
    <span class="badge bad failed" title={needsAttention(failed)}>
      {failed > 999 ? '999+' : failed}
    </span>
  );
}

function Brand() {
  const strings = useStrings();
  const { value: about } = useRead('about', readAbout);
  return (
    <div class="brand">
      <strong>{strings.title}</strong>
      {about && (
        <span class="quiet">
          <span class="app">{strings.app} </span>
          {about.sdkAppId}
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
      <Tabs
        label={strings.language}
        value={useObservable(language)}
        choices={[
          ['en', 'EN', 'en'],
          ['zh', '中文', 'zh-Hans'],
        ]}
        choose={(one) => language.set(one as Language)}
      />
    </>
  );
}
