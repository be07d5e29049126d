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
  let isEnvelope = true;
  // At any depth: an envelope of several events has a message in each.
  const envelope = JSON.stringify(payload, (name, value) => {
    if (!CONTENT_FIELDS.includes(name)) return value;
    isEnvelope = false;
  });
  return isEnvelope ? body : Buffer.from(envelope);
}

/** Whether the value at a place of a body, as in `body.MsgBody.0`, may be or hold content. */
export function mayHoldContent(place: string): boolean {
  return place === '' || place === 'body' || place.split('.').some((name) => CONTENT_FIELDS.includes(name));
}

/** Without the content that it was rejected for, a kept callback must not come right. */
export function isRejectedForWhatIsGone(payload: unknown, reason: string): boolean {
  return CONTENT_FIELDS.some(
    (name) => fieldOf(payload, name) === undefined && new RegExp(`body\\.${name}(\\.| \\()`).test(reason),
  );
}
