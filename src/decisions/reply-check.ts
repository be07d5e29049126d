import type { OpenAPIBackend } from 'openapi-backend';
import { compileSchemas, describeViolations } from '../contract.ts';
import type { BeforeCommand, ReplyTo } from './rule.ts';

/** Returns the reply if the contract allows it to that command; throws what it breaks if not. */
export type CheckReply = (command: BeforeCommand, reply: unknown) => ReplyTo;

/** @throws when the contract lacks the `.Reply` of a command, or one that compiles */
export function checkReplies(contract: OpenAPIBackend, commands: readonly BeforeCommand[]): CheckReply {
  const validators = compileSchemas(
    contract,
    commands.map((command) => `${command}.Reply` as const),
  );

  return (command, reply) => {
    const validate = validators.get(`${command}.Reply`);
    if (!validate?.(reply)) {
      throw new Error(`the reply breaks the contract: ${describeViolations(validate?.errors ?? [])}`);
    }
    return reply as ReplyTo;
  };
}
