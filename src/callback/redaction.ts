/** The fields of any callback that hold what a person wrote. */
const CONTENT_FIELDS = ['MsgBody', 'CloudCustomData'];
/** The described commands that carry a message; undescribed commands may carry one, too. */
const MESSAGE_COMMANDS: ReadonlySet<string> = new Set([
  'Group.CallbackBeforeSendMsg',
  'Group.CallbackAfterSendMsg',
  'Group.CallbackSendMsgException',
]);

/**
 * The body as it is stored with KEEP_MESSAGES=false: without the content of messages. A body that is no JSON object is
 * emptied, unless the URL names a described command that carries no message.
 * @returns the same bytes where there is no content in them
 */
export function withoutContent(
  body: Uint8Array,
  { payload, command, isDescribed }: { payload: unknown; command: string; isDescribed: boolean },
): Uint8Array {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return isDescribed && !MESSAGE_COMMANDS.has(command) ? body : new Uint8Array();
  }
  let isEnvelope = true;
  // At any depth: a batch of events has a message in each event.
  const envelope = JSON.stringify(payload, (name, value) => {
    if (!CONTENT_FIELDS.includes(name)) return value;
    isEnvelope = false;
  });
  return isEnvelope ? body : Buffer.from(envelope);
}

/** Whether the value at a place of a body, as in `body.MsgBody.0`, may be or hold content. */
export function mayHoldContent(place: string): boolean {
  return place === '' || place === 'body' || isContent(place.split('.'));
}

/** Whether one of a validator's errors is about content, so that the body without it may pass. */
export function isAboutContent(errors: readonly { instancePath: string }[]): boolean {
  return errors.some(({ instancePath }) => isContent(instancePath.split('/')));
}

function isContent(path: readonly string[]): boolean {
  return path.some((name) => CONTENT_FIELDS.includes(name));
}
