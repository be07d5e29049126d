import { styleText } from 'node:util';

// Not pino-pretty: it brings 13 packages, and a production install would exceed its limit of 130. The code below
// replaces it: it turns a line of JSON into a line for humans.

export type LogFormat = 'pretty' | 'json';

type Style = Parameters<typeof styleText>[0];
type Fields = Readonly<Record<string, unknown>>;

export interface PrettyOptions {
  colors: boolean;
  /** Adds the stack of an error below its line. */
  stacks: boolean;
}

/** Fields that every line has, or that a line shows in another form. */
const NOT_SHOWN = ['level', 'time', 'pid', 'hostname', 'msg', 'err', 'milliseconds'];

/** By outcome: fields that would repeat the message. */
const SAID_BY_THE_MESSAGE: Readonly<Record<string, readonly string[]>> = {
  refused: ['outcome', 'status', 'kind'],
  probe: ['outcome'],
  'sender gone': ['outcome'],
};

const LEVELS: Readonly<Record<number, [label: string, style: Style]>> = {
  10: ['TRACE', 'gray'],
  20: ['DEBUG', 'gray'],
  40: ['WARN', 'yellow'],
  50: ['ERROR', 'red'],
  60: ['FATAL', 'red'],
};

const OUTCOME_STYLES: Readonly<Record<string, Style>> = {
  accepted: 'green',
  repeat: 'gray',
  unknown: 'yellow',
  rejected: 'red',
  'not kept': 'red',
};

/** Formats a line of pino's JSON for humans, without a line end. Other text stays as it is. */
export function prettyLine(json: string, { colors, stacks }: PrettyOptions): string {
  const fields = fieldsOf(json);
  if (fields === null) return json.trimEnd();
  const paint = (style: Style, text: string) =>
    colors && text !== '' ? styleText(style, text, { validateStream: false }) : text;
  const { level, time, msg, milliseconds, err } = fields;
  const [label, style] = LEVELS[Number(level)] ?? ['', 'reset'];
  const words = [paint('gray', timeOfDay(Number(time))), paint(style, label)];
  if (msg === 'callback') words.push(...callbackWords(fields, paint));
  else words.push(messageOf(fields) + causeOf(err), paint('gray', restOf(fields)));
  if (milliseconds !== undefined) words.push(paint('gray', `${milliseconds} ms`));
  const line = words.filter((word) => word !== '').join(' ');
  const stack = stacks && isFields(err) && typeof err.stack === 'string' ? `\n${printable(err.stack, '\n')}` : '';
  return line + stack;
}

/** The callback, its sender and its outcome: short enough for a terminal of 80 columns. */
function callbackWords(fields: Fields, paint: (style: Style, text: string) => string): string[] {
  const { command, group, outcome, decision } = fields;
  const shown = (value: unknown) => (value === undefined || value === null ? '' : printable(String(value)));
  const style = OUTCOME_STYLES[String(outcome)] ?? 'reset';
  return [shown(command), paint('cyan', shown(group)), paint(style, shown(outcome)), shown(decision)];
}

function messageOf({ msg, outcome, status = '' }: Fields): string {
  const text = printable(String(msg ?? ''));
  return outcome === 'refused' ? `${`refused ${status}`.trimEnd()}: ${text}` : text;
}

function causeOf(err: unknown): string {
  return isFields(err) && typeof err.message === 'string' ? `: ${printable(err.message)}` : '';
}

function restOf(fields: Fields): string {
  const said = SAID_BY_THE_MESSAGE[String(fields.outcome)] ?? [];
  const isShown = (name: string) => !NOT_SHOWN.includes(name) && !said.includes(name);
  const rest = Object.entries(fields).filter(([name, value]) => isShown(name) && value !== null);
  return rest.map(([name, value]) => `${name}=${shownValue(value)}`).join(' ');
}

function shownValue(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(value) && !value.includes('"') ? value : printable(JSON.stringify(value));
}

/** Senders choose part of the text: control characters must not reach the terminal. */
function printable(text: string, kept = ''): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) =>
    character === kept ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Local time of the reader. */
function timeOfDay(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

function fieldsOf(json: string): Fields | null {
  try {
    const value = JSON.parse(json);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
