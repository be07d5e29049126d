import { fieldOf } from './callback.ts';

/** The fields of any callback that hold what somebody wrote. */
const CONTENT_FIELDS = ['MsgBody', 'CloudCustomData'];
/** The described commands that have them; others of the vendor do too. */
const MESSAGE_COMMANDS: ReadonlySet<string> = new Set([
  'Group.CallbackBeforeSendMsg',
  'Group.CallbackAfterSendMsg',
  'Group.CallbackSendMsgException',
]);

/**
 * The body as it may be kept where messages are not: without their content. What cannot be read is emptied, unless the
 * URL names a described command that has no content.
 */
export function withoutContent(
  body: Uint8Array,
  { payload, command, isDescribed }: { payload: unknown; command: string; isDescribed: boolean },
): Uint8Array {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return isDescribed && !MESSAGE_COMMANDS.has(command) ? body : new Uint8Array();
  }
  if (CONTENT_FIELDS.every((name) => fieldOf(payload, name) === undefined)) return body;
  const envelope = Object.entries(payload).filter(([name]) => !CONTENT_FIELDS.includes(name));
  return Buffer.from(JSON.stringify(Object.fromEntries(envelope)));
}

/** Whether the value at a place of a request, as in `body.MsgBody.0`, may be or hold content. */
export function mayHoldContent(place: string): boolean {
  return place === 'body' || CONTENT_FIELDS.some((name) => `${place}.`.startsWith(`body.${name}.`));
}

/** Without the content that it was rejected for, a kept callback must not come right. */
export function isRejectedForWhatIsGone(payload: unknown, reason: string): boolean {
  return CONTENT_FIELDS.some(
    (name) => fieldOf(payload, name) === undefined && new RegExp(`body\\.${name}(\\.| \\()`).test(reason),
  );
}
