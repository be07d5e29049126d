import type { components } from '../../generated/admin.ts';
import { COMMANDS, factsOf } from '../../generated/commands.ts';
import type { SeenCommands } from '../store/store.ts';

type SeenCommand = components['schemas']['SeenCommand'];

const FAMILY_SUFFIX = '.*';

/**
 * Expands names to commands. `Group.*` stands for the family's commands except before-callbacks, which only an app that
 * decides enables. A name outside the contract stands for itself, and `Some.*` of an unknown family for any command of
 * it that arrives.
 */
export function expectedCommands(names: readonly string[]): { commands: string[]; expects(command: string): boolean } {
  const families = names.filter((name) => name.endsWith(FAMILY_SUFFIX)).map((name) => name.slice(0, -1));
  const isOfFamily = (command: string) =>
    families.some((prefix) => command.startsWith(prefix)) && factsOf(command)?.kind !== 'before';
  const single = names.filter((name) => !name.endsWith(FAMILY_SUFFIX));
  return {
    commands: [...new Set([...single, ...Object.keys(COMMANDS).filter(isOfFamily)])],
    expects: (command) => single.includes(command) || isOfFamily(command),
  };
}

/** Merges the commands that were seen with the expected ones, by name. */
export function withExpected(
  seen: SeenCommands['commands'],
  { names, handled }: { names: readonly string[]; handled: readonly string[] },
): SeenCommand[] {
  const { commands, expects } = expectedCommands(names);
  const found = new Map(seen.map((one) => [one.command, one]));
  return [...new Set([...found.keys(), ...handled, ...commands])].toSorted().map((command) => {
    const { count = 0, countCapped = false, lastAt } = found.get(command) ?? {};
    return {
      ...{ command, count, countCapped, lastAt: lastAt?.toISOString() ?? null },
      ...{ handled: handled.includes(command), expected: expects(command) },
    };
  });
}
