/** The package is compiled; a clone runs its TypeScript sources. */
const IS_PACKAGE = import.meta.filename.endsWith('.js');

/** What a user types to run one of our commands, such as `trigger`, with these arguments. */
export function invocation(command: string, args = ''): string {
  const line = IS_PACKAGE
    ? `npx tencent-chat-callbacks ${command}`
    : `npm ${command === 'start' ? '' : 'run '}${command}${args && ' --'}`;
  return args ? `${line} ${args}` : line;
}
