import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { factsOf } from '../../generated/commands.ts';
import { faultless } from './faults.ts';
import { differences, type Reply } from './send.ts';

const contract = JSON.parse(readFileSync(new URL('../../generated/callback.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: 'contract', ...contract });

/** Whether the reply to a command decides something. */
export function decides(command: string): boolean {
  return factsOf(command)?.kind === 'before';
}

/** How a reply to a callback without a fault differs from what its command may be answered, nothing where it does not. */
export function differencesFor(command: string, reply: Reply): string[] {
  if (reply.status !== 200 || !decides(command)) return differences(reply, faultless);
  // An ErrorCode that is not 0 is a decision.
  const others = differences(reply, faultless).filter((difference) => !difference.startsWith('ErrorCode '));
  const broken = others.length > 0 ? undefined : brokenIn(200, command, JSON.parse(reply.body));
  return broken === undefined ? others : [broken];
}

/**
 * What a reply breaks of the contract: that of its status, and with 200 that of its command. Nothing where it holds.
 *
 * @param command undefined where the request had none that matters: then what suits any command
 */
export function brokenIn(status: number, command: string | undefined, body: unknown): string | undefined {
  const validate = validatorOf(status, command);
  return validate(body) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'reply' });
}

function validatorOf(status: number, command: string | undefined): ValidateFunction {
  const response = `contract#/paths/${encodeURIComponent('~1')}/post/responses/${status}/content/application~1json/schema`;
  const own = status === 200 && command !== undefined && decides(command);
  // The first alternative of 200 is the reply that suits any command.
  const place = own ? `contract#/components/schemas/${command}.Reply` : response + (status === 200 ? '/anyOf/0' : '');
  const validate = ajv.getSchema(place);
  if (!validate) throw new Error(`generated/callback.json has no schema for ${status}: run npm run generate`);
  return validate;
}
