/** The command cannot be carried out as it was given: the message names the option, its value and the remedy. */
export class UsageError extends Error {}
