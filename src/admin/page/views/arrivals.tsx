import { isOfFamily, KNOWN_FAMILIES } from '../../../../generated/commands.ts';
import type { Setup } from '../api.ts';
import { Facts, Heads, Panel } from '../parts/panel.tsx';
import { Placed, ShortText } from '../parts/text.tsx';
import { Age, TimeAndAge } from '../parts/time.tsx';
import { hrefOf, language, useLocale, useObservable, useStrings } from '../state.ts';
import { labelOf } from '../telling.ts';

type SeenCommand = Setup['commands'][number];

/** Missing commands that are listed without a click. */
const FEW = 8;

/** Whether the settings in the vendor's console work: probe and signatures. */
export function ArrivalsPanel({ setup: { since, probes, signatures } }: { setup: Setup }) {
  const strings = useStrings().setup.arrivals;
  const { checked, taken, refused } = signatures;
  return (
    <Panel title={strings.heading}>
      <Facts
        facts={[
          [strings.probe, <Came key="probe" arrived={probes} none={strings.noProbe} />],
          [
            strings.signed,
            checked ? (
              <Came key="signed" arrived={taken} none={strings.noSigned} />
            ) : (
              <span key="no">{strings.unchecked}</span>
            ),
          ],
          checked && [strings.refused, <Came key="refused" arrived={refused} none={strings.noRefused} />],
        ]}
      />
      {refused.count > 0 && <p class="notice odd">{strings.refusedHelp}</p>}
      <p class="quiet">
        <Placed text={strings.since} values={{ time: <TimeAndAge at={since} /> }} />
      </p>
    </Panel>
  );
}

function Came({ arrived: { count, lastAt }, none }: { arrived: Setup['probes']; none: string }) {
  const strings = useStrings().setup.arrivals;
  const number = count.toLocaleString(useLocale());
  if (lastAt === null) return <span class="quiet">{none}</span>;
  return (
    <>
      {strings.times(count, number)} <Age at={lastAt} />
    </>
  );
}

/** The commands that came, by family, and the missing ones. */
export function CommandsPanel({ setup: { commands, incomplete } }: { setup: Setup }) {
  const strings = useStrings().setup.commands;
  const came = commands.filter(({ count }) => count > 0);
  const expected = commands.filter(({ handled, expected }) => handled || expected);
  const missing = expected.filter(({ count }) => count === 0);
  const families = [...KNOWN_FAMILIES.filter((family) => family !== 'Backfill'), 'other'];
  return (
    <Panel title={strings.heading}>
      {came.length === 0 && <p class="quiet">{strings.none}</p>}
      {came.length > 0 && (
        <table class="pairs seen">
          <Heads names={[strings.command, strings.count, strings.last]} />
          {families.map((family) => (
            <FamilyRows
              key={family}
              family={family}
              commands={came.filter(({ command }) => isOfFamily(command, family))}
            />
          ))}
        </table>
      )}
      {incomplete && <p class="quiet">{strings.incomplete}</p>}
      {missing.length > 0 && <Missing commands={missing} />}
      {missing.length === 0 && expected.length > 0 && <p class="notice good">{strings.allCame}</p>}
      {commands.every((one) => !one.expected) && (
        <p class="quiet">
          <Placed text={strings.noExpected} values={{ setting: 'EXPECTED_COMMANDS' }} />
        </p>
      )}
    </Panel>
  );
}

function FamilyRows({ family, commands }: { family: string; commands: SeenCommand[] }) {
  const strings = useStrings().setup.commands;
  const locale = useLocale();
  if (commands.length === 0) return null;
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={3}>
          {family === 'other' ? strings.other : <bdi>{family}</bdi>}
        </th>
      </tr>
      {commands.map(({ command, count, countCapped, lastAt }) => (
        <tr key={command} data-command={command}>
          <td>
            <CommandLink command={command} />
          </td>
          <td class="number">
            {countCapped ? strings.over(count.toLocaleString(locale)) : count.toLocaleString(locale)}
          </td>
          <td class="age">{lastAt !== null && <Age at={lastAt} />}</td>
        </tr>
      ))}
    </tbody>
  );
}

function CommandLink({ command }: { command: string }) {
  const label = labelOf({ command })?.[useObservable(language)];
  return (
    <>
      <a href={hrefOf('callbacks', null, { command })}>
        <ShortText value={command} />
      </a>{' '}
      {label && <span class="quiet">{label}</span>}
    </>
  );
}

function Missing({ commands }: { commands: SeenCommand[] }) {
  const strings = useStrings().setup.commands;
  const rest = commands.slice(FEW);
  return (
    <section class="missing">
      <h3>{strings.missing}</h3>
      <p>
        <Placed text={strings.missingHelp} values={{ setting: 'EXPECTED_COMMANDS' }} />
      </p>
      <MissingList commands={commands.slice(0, FEW)} />
      {rest.length > 0 && (
        <details>
          <summary>{strings.more(rest.length)}</summary>
          <MissingList commands={rest} />
        </details>
      )}
    </section>
  );
}

function MissingList({ commands }: { commands: SeenCommand[] }) {
  const strings = useStrings().setup.commands;
  return (
    <ul>
      {commands.map(({ command, lastAt }) => (
        <li key={command} data-missing={command}>
          <CommandLink command={command} />
          <span class="quiet"> · {lastAt === null ? strings.never : <Age at={lastAt} />}</span>
        </li>
      ))}
    </ul>
  );
}
