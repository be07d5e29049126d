import { COMMANDS, factsOf } from '../../generated/commands.ts';
import { textFieldOf } from './callback.ts';
import { isRawNumber, withWholeNumbers } from './json.ts';

type Path = readonly string[];

const PATHS = Object.values(COMMANDS).flatMap((facts) => pathsOf(facts));
/** Fields of replies to commands that ask for data. */
const ANSWERS = Object.keys(COMMANDS).flatMap((command) => factsOf(command)?.decision?.data ?? []);
/** The fields with the content of a message: `MsgBody`, `CloudCustomData`. Removed from undescribed commands, too. */
const CONTENT_FIELDS = [...new Set([...PATHS.flatMap((path) => (path.length === 1 ? path : [])), ...ANSWERS])];
/** Paths of content whose name means something else in other places, such as the `Value` of a `ProfileItem`. */
const NESTED = PATHS.filter((path) => path.length > 1);

/**
 * The body as it is stored with KEEP_MESSAGES=false: without the content of messages. A body that is not a JSON object
 * is emptied, unless the URL names a described command that carries no message.
 * @returns the same bytes if they contain no content
 */
export function withoutContent(
  body: Uint8Array,
  { payload, command }: { payload: unknown; command: string },
): Uint8Array {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return factsOf(command)?.carriesMessage.length === 0 ? body : new Uint8Array();
  }
  // The two differ in a callback that is rejected for the difference, and stored.
  const commands = [command, textFieldOf(payload, 'CallbackCommand') ?? command];
  const paths = commands.flatMap((one) => pathsOf(factsOf(one))).filter((path) => path.length > 1);
  const envelope = envelopeOf(payload, paths);
  if (envelope === null) return body;
  return Buffer.from(envelopeOf(withWholeNumbers(body) ?? payload, paths) ?? envelope);
}

/** The payload without content, in JSON; null if it has none. */
function envelopeOf(payload: unknown, paths: readonly Path[]): string | null {
  const bare = paths.reduce<unknown>(without, payload);
  let isEnvelope = bare === payload;
  // At any depth: a batch of events has a message in each event.
  const envelope = JSON.stringify(bare, (name, value) => {
    if (!CONTENT_FIELDS.includes(name)) return value;
    isEnvelope = false;
  });
  return isEnvelope ? null : envelope;
}

/**
 * The value without the parts at the path; the same value if there are none. Values that do not have the expected form
 * are removed, because they may contain the content anywhere.
 */
function without(value: unknown, [step, ...rest]: Path): unknown {
  if (step === undefined || typeof value !== 'object' || value === null || isRawNumber(value)) return undefined;
  if (step === '*') {
    if (!Array.isArray(value)) return undefined;
    const items = value.map((item) => without(item, rest));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (Array.isArray(value)) return undefined;
  if (!Object.hasOwn(value, step)) return value;
  const field = (value as Record<string, unknown>)[step];
  const left = field === null ? null : without(field, rest);
  return left === field ? value : { ...value, [step]: left };
}

function pathsOf(facts: { carriesMessage: readonly string[] } | undefined): Path[] {
  return (facts?.carriesMessage ?? []).map((pointer) => pointer.slice(1).split('/'));
}

/** Whether the value at a place of a body, such as `body.MsgBody.0`, may be or contain content. */
export function mayHoldContent(place: string): boolean {
  return place === '' || place === 'body' || isContent(place.split('.'));
}

/** Whether one of a validator's errors concerns content, so that the body without it may pass. */
export function isAboutContent(errors: readonly { instancePath: string }[]): boolean {
  return errors.some(({ instancePath }) => isContent(instancePath.split('/')));
}

/** Whether the path leads to content, to a part of it, or to a value around it. */
function isContent(path: Path): boolean {
  return path.some((name) => CONTENT_FIELDS.includes(name)) || NESTED.some((nested) => meets(path, nested));
}

function meets(path: Path, nested: Path): boolean {
  const start = path.indexOf(nested[0] ?? '');
  return start >= 0 && nested.every((step, index) => step === '*' || [undefined, step].includes(path[start + index]));
}
