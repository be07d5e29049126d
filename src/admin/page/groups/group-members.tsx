import { useState } from 'preact/hooks';
import type { GroupDetail } from '../api.ts';
import { BriefTime } from '../parts/age.tsx';
import { Panel } from '../parts/facts.tsx';
import { Sentence } from '../parts/sentence.tsx';
import { ShortText } from '../parts/text.tsx';
import { useStrings } from '../strings/strings.ts';

const FEW = 20;

/** The present members, with how and when each came where that is known. */
export function GroupMembers({ group }: { group: GroupDetail }) {
  const strings = useStrings();
  const [all, setAll] = useState(false);
  const members =
    group.memberDetails ??
    group.members.map((account) => ({
      account,
      since: group.createdAt,
      how: 'Created',
      by: null,
      role: null,
      nameCard: null,
    }));
  const shown = all ? members : members.slice(0, FEW);
  return (
    <Panel title={strings.group.members} aside={<span class="count">{members.length}</span>}>
      {members.length === 0 && <p class="quiet">{strings.group.noMembers}</p>}
      {members.length > 0 && (
        <table class="pairs members">
          <thead>
            <tr>
              <th scope="col">{strings.group.account}</th>
              <th scope="col">{strings.group.came}</th>
              <th scope="col">{strings.group.since}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ account, since, how, by, role, nameCard }, index) => (
              <tr key={`${index}.${account}`}>
                <td>
                  <ShortText value={account} />
                  {nameCard && (
                    <span class="quiet">
                      {' '}
                      <ShortText value={nameCard} />
                    </span>
                  )}{' '}
                  <Role role={account === group.ownerAccount ? 'Owner' : role} />
                </td>
                <td>
                  {worded(strings.group.how, how)}{' '}
                  {by && by !== account && how !== 'Created' && (
                    <span class="quiet">
                      <Sentence text={strings.group.by} values={{ who: by }} />
                    </span>
                  )}
                </td>
                <td class="age">
                  <BriefTime at={since} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {members.length > FEW && (
        <button type="button" class="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? strings.showLess : strings.group.showMembers(members.length)}
        </button>
      )}
    </Panel>
  );
}

function Role({ role }: { role: string | null }) {
  const { roles } = useStrings().group;
  if (!role || role === 'Member') return null;
  return <span class="badge state">{worded(roles, role)}</span>;
}

/** The vendor may know more kinds than the page has words for. */
function worded(words: Record<string, string>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name.slice(0, 40);
}
