import { COMMANDS, factsOf } from '../../generated/commands.ts';

/** The fields that hold the content of a message: `MsgBody`, `CloudCustomData`. Undescribed commands have them, too. */
const CONTENT_FIELDS = [
  ...new Set(
    Object.values(COMMANDS).flatMap(({ carriesMessage }) => carriesMessage.map((pointer) => pointer.split('/').at(-1))),
  ),
];

/**
 * The body as it is stored with KEEP_MESSAGES=false: without the content of messages. A body that is no JSON object is
 * emptied, unless the URL names a described command that carries no message.
 * @returns the same bytes where there is no content in them
 */
export function withoutContent(
  body: Uint8Array,
  { payload, command }: { payload: unknown; command: string },
): Uint8Array {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return factsOf(command)?.carriesMessage.length === 0 ? body : new Uint8Array();
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
