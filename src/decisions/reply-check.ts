import type { OpenAPIBackend } from 'openapi-backend';
import { compileSchemas, describeViolations } from '../callback/contract.ts';
import { mayHoldContent } from '../callback/redaction.ts';
import type { BeforeCommand, ReplyTo } from './rule.ts';

/** Returns the reply if the contract allows it to that command; throws what it breaks if not. */
export type CheckReply = (command: BeforeCommand, reply: unknown) => ReplyTo;

/** A CheckReply by this contract. The schemas are compiled for the first reply: the start does not wait for them. */
export function checkReplies(contract: OpenAPIBackend, commands: readonly BeforeCommand[]): CheckReply {
  let validators: ReturnType<typeof compileSchemas> | undefined;

  return (command, reply) => {
    validators ??= compileSchemas(
      contract,
      commands.map((command) => `${command}.Reply` as const),
    );
    const validate = validators.get(`${command}.Reply`);
    if (!validate?.(reply)) {
      throw new Error(`the reply breaks the contract: ${describeViolations(validate?.errors ?? [], mayHoldContent)}`);
    }
    return reply as ReplyTo;
  };
}
