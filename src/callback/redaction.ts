import { COMMANDS, factsOf } from '../../generated/commands.ts';
import { textFieldOf } from './callback.ts';
import { isRawNumber, withWholeNumbers } from './json.ts';

type Path = readonly string[];

const PATHS = Object.values(COMMANDS).flatMap((facts) => pathsOf(facts));
/** What the reply answers where data is asked for. */
const ANSWERS = Object.keys(COMMANDS).flatMap((command) => factsOf(command)?.decision?.data ?? []);
/** The fields that hold the content of a message: `MsgBody`, `CloudCustomData`. Undescribed commands have them, too. */
const CONTENT_FIELDS = [...new Set([...PATHS.flatMap((path) => (path.length === 1 ? path : [])), ...ANSWERS])];
/** Where content has a name that means something else in other places, such as the `Value` of a `ProfileItem`. */
const NESTED = PATHS.filter((path) => path.length > 1);

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
  // The two differ in what is rejected for that, and stored.
  const commands = [command, textFieldOf(payload, 'CallbackCommand') ?? command];
  const paths = commands.flatMap((one) => pathsOf(factsOf(one))).filter((path) => path.length > 1);
  const envelope = envelopeOf(payload, paths);
  if (envelope === null) return body;
  return Buffer.from(envelopeOf(withWholeNumbers(body) ?? payload, paths) ?? envelope);
}

/** In JSON; null where it is the whole payload. */
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
 * The value without what is at the path; the same value where nothing is. What is not of the form that the path expects is
 * removed, since nobody knows where the content is in it.
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

/** Whether the value at a place of a body, as in `body.MsgBody.0`, may be or hold content. */
export function mayHoldContent(place: string): boolean {
  return place === '' || place === 'body' || isContent(place.split('.'));
}

/** Whether one of a validator's errors is about content, so that the body without it may pass. */
export function isAboutContent(errors: readonly { instancePath: string }[]): boolean {
  return errors.some(({ instancePath }) => isContent(instancePath.split('/')));
}

/** Whether content is at the path, around it or in it. */
function isContent(path: Path): boolean {
  return path.some((name) => CONTENT_FIELDS.includes(name)) || NESTED.some((nested) => meets(path, nested));
}

function meets(path: Path, nested: Path): boolean {
  const start = path.indexOf(nested[0] ?? '');
  return start >= 0 && nested.every((step, index) => step === '*' || [undefined, step].includes(path[start + index]));
}
