import { basename } from 'node:path';
import { COMMANDS, factsOf } from '../../generated/commands.ts';
import { fieldOf } from './callback.ts';

/** The fields that hold the content of a message: `MsgBody`, `CloudCustomData`. Undescribed commands have them, too. */
const CONTENT_FIELDS = [
  ...new Set(
    Object.values(COMMANDS).flatMap(({ carriesMessage }) => carriesMessage.map((pointer) => basename(pointer))),
  ),
];

/**
 * The body as it is stored with KEEP_MESSAGES=false: without the content of messages. A body that cannot be parsed is
 * emptied, unless the URL names a described command that has no content.
 */
export function withoutContent(
  body: Uint8Array,
  { payload, command }: { payload: unknown; command: string },
): Uint8Array {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return factsOf(command)?.carriesMessage.length === 0 ? body : new Uint8Array();
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
