import { useMemo } from 'preact/hooks';
import { ApiError, type GroupDetail, readGroup } from '../api.ts';
import type { Batch } from '../live.ts';
import { Age, Time } from '../parts/age.tsx';
import { GroupStates, TypeBadge } from '../parts/badges.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { type Fact, Facts, Panel } from '../parts/facts.tsx';
import { Empty, Failure } from '../parts/notice.tsx';
import { LongText, ShortText, Text } from '../parts/text.tsx';
import { useRead } from '../parts/use-read.ts';
import { hrefOf } from '../route.ts';
import { useStrings } from '../strings/strings.ts';
import { GroupHistory } from './group-history.tsx';
import { GroupMembers } from './group-members.tsx';

/** All that is known of one group, kept up to date. */
export function GroupView({ groupId }: { groupId: string }) {
  const strings = useStrings();
  const [read, concerns] = useMemo(
    () =>
      [
        () => readGroup(groupId),
        ({ groups, callbacks }: Batch) =>
          groups.some((group) => group.groupId === groupId) ||
          callbacks.some((callback) => callback.groupId === groupId),
      ] as const,
    [groupId],
  );
  const { value: group, error, again } = useRead(read, concerns);
  const missing = error instanceof ApiError && error.status === 404;
  return (
    <>
      <a class="back" href={hrefOf('groups')}>
        {strings.backTo.groups}
      </a>
      <div class="view-head">
        <h1 tabIndex={-1} class="clamped">
          {group ? (
            group.name === '' ? (
              <em class="quiet">{strings.groups.noName}</em>
            ) : (
              <ShortText value={group.name} />
            )
          ) : (
            <ShortText value={groupId} />
          )}
        </h1>
        {group && (
          <div class="badges">
            <TypeBadge type={group.type} />
            <GroupStates group={group} />
          </div>
        )}
      </div>
      {missing && <Empty>{strings.group.notFound}</Empty>}
      {error !== undefined && !missing && <Failure error={error} again={again} />}
      {!group && error === undefined && <p class="quiet">{strings.loading}</p>}
      {group && <Details group={group} />}
    </>
  );
}

function Details({ group }: { group: GroupDetail }) {
  const strings = useStrings();
  const { introduction, notification, customFields, attributes = [], topics = [] } = group;
  return (
    <div class="columns">
      <div class="column">
        <Panel title={strings.group.facts}>
          <Facts facts={factsOf(group, strings)} />
        </Panel>
        {introduction && (
          <Panel title={strings.group.introduction}>
            <p class="prose">
              <LongText value={introduction} />
            </p>
          </Panel>
        )}
        {notification && (
          <Panel title={strings.group.notification}>
            <p class="prose">
              <LongText value={notification} />
            </p>
          </Panel>
        )}
        <Pairs title={strings.group.customFields} pairs={customFields} />
        <Pairs title={strings.group.attributes} pairs={attributes} />
        {topics.length > 0 && (
          <Pairs
            title={strings.group.topics}
            pairs={topics.map(({ topicId, name }) => ({ key: topicId, value: name }))}
            heads={[strings.group.topicId, strings.groups.name]}
          />
        )}
      </div>
      <div class="column">
        <GroupMembers group={group} />
        <GroupHistory groupId={group.groupId} />
      </div>
    </div>
  );
}

function factsOf(group: GroupDetail, strings: ReturnType<typeof useStrings>): (Fact | false | null)[] {
  const { owner, id, operator, platform, clientIp, created, received, destroyed, faceUrl, type } = strings.group;
  return [
    group.name.length > 100 && [strings.groups.name, <LongText key="name" value={group.name} lines={false} />],
    [
      id,
      <span key="id" class="with-button">
        <code>
          <Text value={group.groupId} />
        </code>
        <CopyButton text={group.groupId} what={id} />
      </span>,
    ],
    [type, <Text key="type" value={group.type} />],
    [
      owner,
      group.ownerAccount === null ? (
        <span class="quiet">{strings.groups.noOwner}</span>
      ) : (
        <a href={hrefOf('groups', null, { owner: group.ownerAccount })}>
          <ShortText value={group.ownerAccount} />
        </a>
      ),
    ],
    group.operatorAccount !== '' && [operator, <ShortText key="operator" value={group.operatorAccount} />],
    group.optPlatform !== null && [platform, <ShortText key="platform" value={group.optPlatform} />],
    group.clientIp !== null && [clientIp, <ShortText key="ip" value={group.clientIp} />],
    [
      created,
      <>
        <Time at={group.createdAt} />{' '}
        <span class="quiet unbroken">
          (<Age at={group.createdAt} />)
        </span>
      </>,
    ],
    [received, <Time key="received" at={group.receivedAt} />],
    Boolean(group.destroyedAt) && [destroyed, <Time key="destroyed" at={group.destroyedAt ?? ''} />],
    // Shown, not loaded: the page asks nothing of another host.
    Boolean(group.faceUrl) && [faceUrl, <LongText key="face" value={group.faceUrl ?? ''} lines={false} />],
  ];
}

interface PairsGiven {
  title: string;
  pairs: readonly { key: string; value: string }[];
  heads?: [string, string];
}

function Pairs({ title, pairs, heads }: PairsGiven) {
  const strings = useStrings().group;
  if (pairs.length === 0) return null;
  const [key, value] = heads ?? [strings.key, strings.value];
  return (
    <Panel title={title}>
      <table class="pairs">
        <thead>
          <tr>
            <th scope="col">{key}</th>
            <th scope="col">{value}</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair, index) => (
            <tr key={index}>
              <td>
                <ShortText value={pair.key} />
              </td>
              <td>
                <LongText value={pair.value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
