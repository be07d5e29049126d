import { type GroupDetail, readGroup } from '../api.ts';
import { useRead } from '../live-data.ts';
import { GroupName, GroupStates, RoleBadge, TypeBadge, worded } from '../parts/badges.tsx';
import { CopyButton, Detail, type Fact, Facts, Heads, Pairs, Panel, useFew } from '../parts/panel.tsx';
import { AccountLink, LongText, Sentence, ShortText, Text } from '../parts/text.tsx';
import { Time, TimeAndAge } from '../parts/time.tsx';
import { hrefOf, useStrings } from '../state.ts';
import { ConfirmedPanel } from './backfill.tsx';
import { GroupHistory } from './group-history.tsx';

/** Everything that is known about one group, kept up to date. */
export function GroupView({ groupId }: { groupId: string }) {
  const strings = useStrings();
  const reading = useRead(groupId, () => readGroup(groupId), {
    concerns: ({ groups, callbacks }) => [...groups, ...callbacks].some((changed) => changed.groupId === groupId),
  });
  const { value: group } = reading;
  return (
    <Detail
      view="groups"
      title={<GroupName name={group?.name ?? groupId} />}
      badges={
        group && (
          <>
            <TypeBadge type={group.type} />
            <GroupStates group={group} />
          </>
        )
      }
      reading={reading}
      missing={[404]}
      notFound={
        <>
          {strings.group.notFound} <a href={hrefOf('callbacks', null, { groupId })}>{strings.group.callbacks}</a>
        </>
      }
    >
      {group && <Details group={group} again={reading.again} />}
    </Detail>
  );
}

function Details({ group, again }: { group: GroupDetail; again: () => void }) {
  const strings = useStrings();
  const heads = [strings.group.key, strings.group.value];
  const { introduction, notification, customFields, attributes, topics } = group;
  return (
    <div class="columns">
      <div class="column">
        <Panel title={strings.group.facts}>
          <Facts facts={factsOf(group, strings)} />
        </Panel>
        <ConfirmedPanel key={group.groupId} groupId={group.groupId} confirmedAt={group.confirmedAt} onDone={again} />
        <Prose title={strings.group.introduction} text={introduction} />
        <Prose title={strings.group.notification} text={notification} />
        <Pairs title={strings.group.customFields} pairs={customFields} heads={heads} />
        <Pairs title={strings.group.attributes} pairs={attributes} heads={heads} />
        <Pairs
          title={strings.group.topics}
          pairs={topics.map(({ topicId, name }) => ({ key: topicId, value: name }))}
          heads={[strings.group.topicId, strings.groups.name]}
        />
      </div>
      <div class="column">
        <GroupMembers group={group} />
        <GroupHistory groupId={group.groupId} />
      </div>
    </div>
  );
}

function Prose({ title, text }: { title: string; text: string | null }) {
  if (!text) return null;
  return (
    <Panel title={title}>
      <p class="prose">
        <LongText value={text} />
      </p>
    </Panel>
  );
}

function factsOf(group: GroupDetail, strings: ReturnType<typeof useStrings>): (Fact | false | null)[] {
  const { owner, type, age: created, name, noOwner, noType } = strings.groups;
  const { id, operator, platform, clientIp, received, destroyed, faceUrl } = strings.group;
  return [
    group.name.length > 100 && [name, <LongText key="name" value={group.name} lines={false} />],
    [
      id,
      <span key="id" class="with-button">
        <code>
          <Text value={group.groupId} />
        </code>
        <CopyButton text={group.groupId} what={id} />
      </span>,
    ],
    [type, group.type === '' ? <span class="quiet">{noType}</span> : <Text key="type" value={group.type} />],
    [
      owner,
      group.ownerAccount === null ? <span class="quiet">{noOwner}</span> : <AccountLink account={group.ownerAccount} />,
    ],
    group.operatorAccount !== '' && [operator, <AccountLink key="operator" account={group.operatorAccount} />],
    Boolean(group.optPlatform) && [platform, <ShortText key="platform" value={group.optPlatform ?? ''} />],
    Boolean(group.clientIp) && [clientIp, <ShortText key="ip" value={group.clientIp ?? ''} />],
    [created, <TimeAndAge key="created" at={group.createdAt} />],
    [received, <Time key="received" at={group.receivedAt} />],
    Boolean(group.destroyedAt) && [destroyed, <Time key="destroyed" at={group.destroyedAt ?? ''} />],
    // As text, because the page loads nothing from other hosts.
    Boolean(group.faceUrl) && [faceUrl, <LongText key="face" value={group.faceUrl ?? ''} lines={false} />],
  ];
}

/** The present members, with how and when each joined, if known. */
function GroupMembers({ group }: { group: GroupDetail }) {
  const strings = useStrings();
  const members = group.memberDetails;
  const [shown, more] = useFew(members);
  return (
    <Panel title={strings.groups.members} aside={<span class="count">{members.length}</span>}>
      {members.length === 0 && <p class="quiet">{strings.group.noMembers}</p>}
      {members.length > 0 && (
        <table class="pairs members">
          <Heads names={[strings.group.account, strings.group.came, strings.group.since]} />
          <tbody>
            {shown.map(({ account, since, how, by, role, nameCard }, index) => (
              <tr key={`${index}.${account}`}>
                <td>
                  <AccountLink account={account} />
                  {nameCard && (
                    <span class="quiet">
                      {' '}
                      <ShortText value={nameCard} />
                    </span>
                  )}{' '}
                  <RoleBadge role={account === group.ownerAccount ? 'Owner' : role} />
                </td>
                <td>
                  {worded(strings.group.how, how)}{' '}
                  {by && by !== account && how !== 'Created' && (
                    <span class="quiet">
                      <Sentence text={strings.group.by} values={{ who: by }} isAccount={() => true} />
                    </span>
                  )}
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
    </Panel>
  );
}
