import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { type Account, ApiError, type Callback, readAccount, readCallbacks } from '../api.ts';
import { useRead } from '../live-data.ts';
import { GroupName, RoleBadge, TypeBadge } from '../parts/badges.tsx';
import { searchProps } from '../parts/combobox.tsx';
import { CopyButton, Detail, Empty, Facts, Heads, Panel, useFew } from '../parts/panel.tsx';
import { AccountLink, LongText, Sentence, ShortText, Text } from '../parts/text.tsx';
import { Time, TimeAndAge } from '../parts/time.tsx';
import { hrefOf, useStrings } from '../state.ts';
import { CallbackRow } from './callbacks.tsx';

const LATEST = 10;

/** Asks for an account: there are too many to list. */
export function AccountsView() {
  const strings = useStrings();
  const [account, setAccount] = useState('');
  return (
    <>
      <div class="view-head">
        <h1 tabIndex={-1}>{strings.views.accounts}</h1>
      </div>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          location.hash = hrefOf('accounts', account);
        }}
      >
        <label class="wide">
          <span>{strings.accounts.find}</span>
          <input
            type="search"
            dir="auto"
            autocomplete="off"
            {...searchProps}
            title={strings.find.searchKey}
            spellcheck={false}
            required
            value={account}
            onInput={({ currentTarget }) => setAccount(currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary">
          {strings.accounts.show}
        </button>
      </form>
      <Empty>{strings.accounts.findHelp}</Empty>
    </>
  );
}

/** Everything that is known about one account, and the callbacks that name it, kept up to date. */
export function AccountView({ account }: { account: string }) {
  const strings = useStrings().accounts;
  const reading = useRead(
    account,
    async () => {
      const [known, { callbacks }] = await Promise.all([readKnown(account), readCallbacks({ account, limit: LATEST })]);
      return { known, callbacks };
    },
    // The stream does not tell which accounts a callback names.
    { concerns: () => 'maybe' },
  );
  const { value } = reading;
  return (
    <Detail
      view="accounts"
      title={<ShortText value={account} />}
      badges={
        <>
          <CopyButton text={account} what={strings.account} />
          {value?.known?.presence && <Presence presence={value.known.presence} />}
        </>
      }
      reading={reading}
    >
      {value?.known?.incomplete && <p class="notice odd">{strings.incomplete}</p>}
      {value && (value.known ? <Known account={value.known} /> : <Unknown />)}
      {value && <Latest account={account} callbacks={value.callbacks} />}
    </Detail>
  );
}

/** @returns null if nothing is known about the account besides callbacks that name it */
async function readKnown(account: string): Promise<Account | null> {
  try {
    const found = await readAccount(account);
    const { presence, customStatus, groups, friends, blocked } = found;
    return presence || customStatus || groups.length + friends.length + blocked.length > 0 ? found : null;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

function Presence({ presence: { state, since, reason } }: { presence: NonNullable<Account['presence']> }) {
  const strings = useStrings().accounts;
  const [before, after] = strings[state].split('{time}');
  const reasons: Record<string, string> = strings.offlineBy;
  return (
    <span class={`badge presence ${state === 'online' ? 'good' : ''}`}>
      <span>
        {before}
        <Time at={since} brief />
        {after}
        {state === 'offline' && Object.hasOwn(reasons, reason) && reasons[reason]}
      </span>
    </span>
  );
}

function Known({ account }: { account: Account }) {
  const strings = useStrings().accounts;
  const { presence, customStatus, groups, friends, blocked } = account;
  return (
    <div class="columns">
      <div class="column">
        <Panel title={strings.facts}>
          <Facts
            facts={[
              account.account.length > 100 && [
                strings.account,
                <LongText key="account" value={account.account} lines={false} />,
              ],
              [
                strings.presence,
                presence === null ? (
                  <span class="quiet">
                    <Sentence text={strings.noPresence} values={{ command: 'State.StateChange' }} />
                  </span>
                ) : (
                  <>
                    <p>
                      <Text value={[presence.action, presence.reason].filter(Boolean).join(' · ')} />
                    </p>
                    <When {...presence} />
                    <p class="quiet">{strings.told}</p>
                  </>
                ),
              ],
              customStatus !== null && [
                strings.status,
                <>
                  <p>
                    <LongText value={customStatus.text} />
                  </p>
                  <When {...customStatus} />
                </>,
              ],
            ]}
          />
        </Panel>
        <Groups account={account.account} groups={groups} />
      </div>
      <div class="column">
        <Relations title={strings.friends} relations={friends} empty={strings.noFriends} />
        <Relations title={strings.blocked} relations={blocked} empty={strings.noBlocked} />
      </div>
    </div>
  );
}

/** Since when; if not timed, only the order of arrival is known. */
function When({ since, timed }: { since: string; timed: boolean }) {
  const strings = useStrings().accounts;
  return (
    <>
      <p>
        <TimeAndAge at={since} />
      </p>
      {!timed && <p class="quiet">{strings.untimed}</p>}
    </>
  );
}

function Groups({ account, groups }: { account: string; groups: Account['groups'] }) {
  const strings = useStrings();
  const [shown, more] = useFew(groups);
  return (
    <Panel
      title={strings.accounts.groups}
      aside={
        <span class="with-button">
          {groups.some(({ owner }) => owner) && (
            <a href={hrefOf('groups', null, { owner: account })}>{strings.accounts.owned}</a>
          )}
          <Count of={groups} />
        </span>
      }
    >
      {groups.length === 0 && <p class="quiet">{strings.accounts.noGroups}</p>}
      {groups.length > 0 && (
        <table class="pairs members">
          <Heads names={[strings.groups.name, strings.groups.type, strings.groups.members]} />
          <tbody>
            {shown.map(({ groupId, type, name, owner, role, memberCount }) => (
              <tr key={groupId}>
                <td>
                  <a href={hrefOf('groups', groupId)}>
                    <GroupName name={name} />
                  </a>{' '}
                  <RoleBadge role={owner ? 'Owner' : role} />
                </td>
                <td>
                  <TypeBadge type={type} />
                </td>
                <td>{memberCount}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more}
    </Panel>
  );
}

interface RelationsProps {
  title: string;
  relations: Account['friends'];
  empty: string;
}

/** Other accounts, with links to them. */
function Relations({ title, relations, empty }: RelationsProps) {
  const strings = useStrings().accounts;
  const [shown, more] = useFew(relations);
  return (
    <Panel title={title} aside={<Count of={relations} />}>
      {relations.length === 0 && <p class="quiet">{empty}</p>}
      {relations.length > 0 && (
        <table class="pairs members">
          <Heads names={[strings.account, strings.since]} />
          <tbody>
            {shown.map(({ account, since }) => (
              <tr key={account}>
                <td>
                  <AccountLink account={account} />
                </td>
                <td class="age">
                  <Time at={since} brief />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more}
      {relations.some(({ timed }) => !timed) && <p class="note quiet">{strings.untimedList}</p>}
    </Panel>
  );
}

function Count({ of }: { of: readonly unknown[] }): ComponentChildren {
  return of.length > 0 && <span class="count">{of.length}</span>;
}

/** Which callbacks report on accounts. */
function Unknown() {
  const strings = useStrings().accounts;
  const telling: [string, string[]][] = [
    [strings.presence, ['State.StateChange']],
    [strings.friends, ['Sns.CallbackFriendAdd', 'Sns.CallbackFriendDelete']],
    [strings.blocked, ['Sns.CallbackBlackListAdd', 'Sns.CallbackBlackListDelete']],
    [strings.groups, ['Group.CallbackAfterCreateGroup', 'Group.CallbackAfterNewMemberJoin']],
  ];
  return (
    <Panel title={strings.unknown}>
      <p class="telling">{strings.unknownHelp}</p>
      <Facts
        facts={telling.map(([what, commands]) => [
          what,
          commands.map((command) => (
            <p key={command}>
              <code>{command}</code>
            </p>
          )),
        ])}
      />
    </Panel>
  );
}

function Latest({ account, callbacks }: { account: string; callbacks: Callback[] }) {
  const strings = useStrings();
  const heads = strings.callbacks;
  return (
    <section class="latest">
      <header class="with-button">
        <h2>{strings.accounts.latest}</h2>
        <a href={hrefOf('callbacks', null, { account })}>{strings.accounts.all}</a>
      </header>
      {callbacks.length === 0 && <p class="quiet">{strings.accounts.noCallbacks}</p>}
      {callbacks.length > 0 && (
        <table class="list callbacks" aria-label={strings.accounts.table}>
          <Heads names={[heads.command, heads.status, strings.find.details, heads.group, heads.received]} />
          <tbody>
            {callbacks.map((callback) => (
              <CallbackRow key={callback.id} of={callback} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
