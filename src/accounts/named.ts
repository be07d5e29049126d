import { COMMANDS } from '../../generated/commands.ts';
import { fieldOf } from '../callback/callback.ts';
import { REGISTER_COMMANDS, type Register } from './registers.ts';

/** For long lists, members beyond it are found through the group. */
const MOST_OF_A_LIST = 20;
/**
 * For friends and the items of a batch, every account counts: nothing else leads to them. The vendor's lists are
 * shorter.
 */
const MOST_OF_A_WHOLE_LIST = 1_000;

const PATHS = new Map(
  Object.entries(COMMANDS).map(([command, { accounts, batch }]) => [
    command,
    {
      paths: accounts.map((pointer) => pointer.slice(1).split('/')),
      most: batch !== null || REGISTER_COMMANDS.includes(command) ? MOST_OF_A_WHOLE_LIST : MOST_OF_A_LIST,
    },
  ]),
);

/**
 * The accounts by which a callback is found, each once: those that the contract points to, and those of its registers,
 * so that a rebuild of an account finds the callback again.
 * @param payload as `normalize.ts` reads it
 */
export function accountsNamedBy(command: string, payload: unknown, registers: readonly Register[]): string[] {
  const { paths = [], most = 0 } = PATHS.get(command) ?? {};
  const named = new Set(registers.map(({ account }) => account));
  for (const path of paths) collect(payload, path, 0, { named, left: most });
  return [...named];
}

function collect(
  value: unknown,
  path: readonly string[],
  depth: number,
  into: { named: Set<string>; left: number },
): void {
  const name = path[depth];
  if (name === '*') {
    for (const item of Array.isArray(value) ? value : []) {
      if (into.left === 0) return;
      collect(item, path, depth + 1, into);
    }
  } else if (name !== undefined) collect(fieldOf(value, name), path, depth + 1, into);
  else if (typeof value === 'string' && value !== '') {
    into.named.add(value);
    into.left -= 1;
  }
}
