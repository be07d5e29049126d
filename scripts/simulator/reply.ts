import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Reply } from './send.ts';

/** The expected reply to a request. ActionStatus follows from it: OK for ErrorCode 0, otherwise FAIL. */
export interface Expected {
  status: number;
  errorCode: number;
}

export const OK: Expected = { status: 200, errorCode: 0 };

export function expectedText({ status, errorCode }: Expected): string {
  return `${status} ${errorCode === 0 ? 'OK' : 'FAIL'} ${errorCode}`;
}

const contract = JSON.parse(readFileSync(new URL('../../generated/callback.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: 'contract', ...contract });

/** Differences between a reply and the expected one. */
export function differences(reply: Reply, { status, errorCode }: Expected): string[] {
  const found: string[] = [];
  if (reply.status !== status) found.push(`status ${reply.status} instead of ${status}`);
  if (!isJsonType(reply.contentType)) {
    found.push(`Content-Type ${reply.contentType ?? 'missing'} instead of application/json`);
  }
  const body = parseJson(reply.body);
  if (typeof body !== 'object' || body === null) return [...found, 'a body that is not a JSON object'];
  const actionStatus = errorCode === 0 ? 'OK' : 'FAIL';
  for (const [name, wanted] of Object.entries({ ActionStatus: actionStatus, ErrorCode: errorCode })) {
    const value = (body as Record<string, unknown>)[name];
    if (value !== wanted) {
      found.push(`${name} ${JSON.stringify(value) ?? 'missing'} instead of ${JSON.stringify(wanted)}`);
    }
  }
  return found;
}

/** Differences between the reply to a correct callback and the replies that its command allows. */
export function differencesFor(command: string, reply: Reply): string[] {
  const found = differences(reply, OK);
  if (reply.status !== 200 || !hasOwnReply(command)) return found;
  // An ErrorCode other than 0 is a decision.
  const others = found.filter((difference) => !difference.startsWith('ErrorCode '));
  const violation = others.length > 0 ? undefined : violationIn(200, command, parseJson(reply.body));
  return violation === undefined ? others : [violation];
}

/** Whether the contract describes a reply for this command alone. */
export function hasOwnReply(command: string): boolean {
  return Object.hasOwn(contract.components.schemas, `${command}.Reply`);
}

/**
 * How a reply violates the contract for its status and, with 200, for its command; undefined if it conforms.
 *
 * @param command undefined if the request named none or several: then the reply for any command applies
 */
export function violationIn(status: number, command: string | undefined, body: unknown): string | undefined {
  const validate = validatorOf(status, command);
  return validate(body) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'reply' });
}

function validatorOf(status: number, command: string | undefined): ValidateFunction {
  const response = `contract#/paths/${encodeURIComponent('~1')}/post/responses/${status}/content/application~1json/schema`;
  const own = status === 200 && command !== undefined && hasOwnReply(command);
  // The first alternative of 200 is the reply for any command.
  const pointer = own ? `contract#/components/schemas/${command}.Reply` : response + (status === 200 ? '/anyOf/0' : '');
  const validate = ajv.getSchema(pointer);
  if (!validate) throw new Error(`generated/callback.json has no schema for ${status}: run npm run generate`);
  return validate;
}

export function isJsonType(contentType = ''): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType);
}

/** The value of a JSON text; undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
