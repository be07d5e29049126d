import type { Outcome, Reply } from '../simulator/send.ts';

export interface Body {
  ActionStatus?: unknown;
  ErrorCode?: unknown;
  ErrorInfo?: unknown;
}

/**
 * Whether the vendor could take it for an accepted callback. Whether the body is what it has to be is for the checks
 * of the replies, once for all of them.
 */
export function isAccepted(outcome: Outcome, timeoutSeconds: number): outcome is Reply {
  if (!('status' in outcome) || outcome.status !== 200) return false;
  return outcome.milliseconds <= timeoutSeconds * 1000 && looseBody(outcome.body)?.ActionStatus !== 'FAIL';
}

/** Whether it is the refusal that the contract calls for. */
export function isRefusal(outcome: Outcome, status: number, errorCode: number): boolean {
  if (!('status' in outcome) || outcome.status !== status) return false;
  const body = looseBody(outcome.body);
  return body?.ActionStatus === 'FAIL' && body.ErrorCode === errorCode;
}

/** An outcome in a few words: `400 FAIL 10100 (body.Name is required)`. */
export function outcomeText(outcome: Outcome, timeoutSeconds: number): string {
  if ('failure' in outcome) return outcome.failure;
  const { status, body: text, milliseconds } = outcome;
  const body = looseBody(text);
  const fields = body ? [body.ActionStatus, body.ErrorCode].filter((field) => field !== undefined) : [];
  const words = [status, ...fields].map((word) => excerpt(word)).join(' ');
  const info = body?.ErrorInfo ? ` (${excerpt(body.ErrorInfo)})` : '';
  const other = fields.length > 0 ? '' : text ? `, body: ${excerpt(text)}` : ', no body';
  const late = milliseconds > timeoutSeconds * 1000;
  return words + info + other + (late ? `, after ${(milliseconds / 1000).toFixed(2)} s` : '');
}

/** The JSON object that a body is, also where it was encoded twice. */
function looseBody(text: string): Body | undefined {
  try {
    const once = JSON.parse(text);
    const value = typeof once === 'string' ? JSON.parse(once) : once;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The beginning of a text, or of a value as JSON, in one line. */
export function excerpt(value: unknown): string {
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\s+/g, ' ');
  return text.length > 90 ? `${text.slice(0, 90)}…` : text;
}
