declare const CONTRACT_COMMANDS: readonly string[];

/** The commands that the contract describes; `npm run generate` puts them in. */
export const COMMANDS: readonly string[] = CONTRACT_COMMANDS;
