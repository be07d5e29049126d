import { onlyOne } from '../../src/callback/callback.ts';
import { parseJson } from '../../src/callback/json.ts';
import { parseQuery, type Query } from '../../src/callback/signature.ts';
import type { Contract } from './options.ts';
import { inWords } from './validator-words.ts';

export interface Message {
  /** The Content-Type header, if any. */
  contentType: string | undefined;
  body: Buffer;
}

export interface Request extends Message {
  method: string;
  /** Path and query. */
  url: string;
}

export interface Reply extends Message {
  status: number;
}

export interface Violation {
  /** Such as `body.MemberList.0.Member_Account`. */
  place: string;
  /** The value found there, if any. */
  value?: unknown;
  rule: string;
}

/** The part of Prism's diagnostic that is used. */
interface Diagnostic {
  path?: string[];
  code?: string | number;
  message: string;
}

const SHOWN_CHARACTERS = 60;

/**
 * Place and value, such as `body.GroupId (5)`. For lists and objects, only the kind is shown: they may hold personal
 * data.
 */
export function placeText({ place, value }: Violation): string {
  if (value === undefined) return place;
  if (Array.isArray(value)) return `${place} (a list)`;
  if (typeof value === 'object' && value !== null) return `${place} (an object)`;
  const text = JSON.stringify(value);
  return `${place} (${text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text})`;
}

export function violationText(violation: Violation): string {
  return `${placeText(violation)} ${violation.rule}`;
}

export function describeRequest(diagnostics: readonly Diagnostic[], request: Request, contract: Contract): Violation[] {
  // Prism reports the names of parameters in lower case.
  const names = contract.paths['/']?.post?.parameters?.map(({ name }) => name) ?? [];
  const nameOf = (lower: string) => names.find((name) => name.toLowerCase() === lower) ?? lower;
  const query = Object.entries(queryOf(request.url));
  const others = diagnostics.filter((one) => !isOfBody(one));
  const violations = others.map((diagnostic): Violation => {
    const { path: [, parameter] = [], code, message } = diagnostic;
    if (code === 401) return { place: 'query.Sign', rule: 'is required' };
    if (code === 415) {
      return {
        place: 'header.Content-Type',
        value: request.contentType,
        rule: `must be ${message.replace(/^.*: /, '')}`,
      };
    }
    if (parameter === undefined) return { place: `query.${nameOf(missingIn(message))}`, rule: 'is required' };
    const values = query.filter(([name]) => name.toLowerCase() === parameter).flatMap(([, value]) => value ?? []);
    return {
      place: `query.${nameOf(parameter)}`,
      value: values.length > 1 ? values : values[0],
      rule: ruleOf(diagnostic),
    };
  });
  return [...violations, ...describeBody(diagnostics, request.body, { commandOfUrl: commandOfUrl(request.url) })];
}

export function describeResponse(diagnostics: readonly Diagnostic[], reply: Reply): Violation[] {
  const others = diagnostics.filter((one) => !isOfBody(one));
  const violations = others.map(({ message }): Violation => {
    const [, expected = ''] = /: ([^:]*)$/.exec(message) ?? [];
    if (message.startsWith('Unable to match')) {
      return { place: 'status', value: reply.status, rule: `is none of ${expected.replaceAll(',', ', ')}` };
    }
    const { contentType } = reply;
    const rule = contentType === undefined ? `is missing, must be ${expected}` : `must be ${expected}`;
    return { place: 'header.Content-Type', value: contentType, rule };
  });
  return [...violations, ...describeBody(diagnostics, reply.body)];
}

/** Violations by headers: parameters, and the media type. */
export function describeHeaders(diagnostics: readonly Diagnostic[], headers: Record<string, string>): Violation[] {
  const others = diagnostics.filter((one) => !isOfBody(one));
  return others.map((diagnostic): Violation => {
    const { path: [, name] = [], code, message } = diagnostic;
    if (code === 415) {
      const expected = message.replace(/^.*: /, '');
      return { place: 'header.Content-Type', value: headers['content-type'], rule: `must be ${expected}` };
    }
    if (name === undefined) return { place: `header.${missingIn(message)}`, rule: 'is required' };
    return { place: `header.${name}`, value: headers[name], rule: ruleOf(diagnostic) };
  });
}

function isOfBody({ path, message }: Diagnostic): boolean {
  return path?.[0] === 'body' || message === 'Body parameter is required';
}

/** @param request the request of this body; absent for a reply */
export function describeBody(
  all: readonly Diagnostic[],
  body: Buffer,
  request?: { commandOfUrl: string },
): Violation[] {
  const diagnostics = all.filter(isOfBody);
  if (diagnostics.length === 0) return [];
  const { value, problem } = parseBody(body);
  if (problem !== undefined) return [{ place: 'body', rule: problem }];
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject) return [{ place: 'body', value, rule: 'must be an object' }];
  const command = (value as { CallbackCommand?: unknown }).CallbackCommand;
  const inCommand = diagnostics.filter(({ code }) => code !== 'oneOf');
  if (request && inCommand.some((one) => isAboutCommand(one))) {
    const undescribed = 'is no command that the contract describes';
    const place = 'body.CallbackCommand';
    if ((command ?? null) === null) {
      const { commandOfUrl: value } = request;
      return [value ? { place: 'query.CallbackCommand', value, rule: undescribed } : { place, rule: 'is required' }];
    }
    if (typeof command !== 'string') return [{ place, value: command, rule: 'must be a string' }];
    return [{ place, value: command, rule: undescribed }];
  }
  const violations = inCommand.map((diagnostic): Violation => {
    const { path = [], code } = diagnostic;
    const keys = path.slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const place = ['body', ...keys].join('.');
    if (code === 'required') return { place: `${place}.${missingIn(diagnostic.message)}`, rule: 'is required' };
    const [, additional] = /; found '(.*)'$/s.exec(diagnostic.message) ?? [];
    if (code === 'additionalProperties') return { place: `${place}.${additional}`, rule: 'is not in the contract' };
    const found = keys.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], value);
    return { place, value: found, rule: ruleOf(diagnostic) };
  });
  return violations.filter((one, index) => violations.findIndex((other) => sameAs(one, other)) === index);
}

function isAboutCommand({ path = [], code, message }: Diagnostic): boolean {
  return (
    path[1] === 'CallbackCommand' ||
    (path.length === 1 && code === 'required' && missingIn(message) === 'CallbackCommand')
  );
}

function sameAs(one: Violation, other: Violation): boolean {
  return one.place === other.place && one.rule === other.rule;
}

function missingIn(message: string): string {
  return /required property '(.*)'$/s.exec(message)?.[1] ?? '';
}

/** Without the place, with which Prism's message begins. */
function ruleOf({ path = [], message }: Diagnostic): string {
  const inner = path.slice(1).join('.').trim();
  const start = message.indexOf(inner) + inner.length;
  return inWords((inner ? message.slice(start) : message.replace(/^(Request|Response) \w+ /, '')).trim());
}

/**
 * The JSON value of a body. If it is not JSON: its text, which no schema of the contract accepts, and the problem. If
 * empty: undefined.
 */
export function parseBody(body: Buffer): { value: unknown; problem?: string } {
  if (body.length === 0) return { value: undefined, problem: 'is missing' };
  const { value, problem } = parseJson(body);
  return problem === undefined ? { value } : { value: body.toString(), problem };
}

/** The command of a request: from the URL, or else from the body, or ''. */
export function commandIn(url: string, body: Buffer): string {
  return commandOfUrl(url) || commandOfBody(body);
}

export function commandOfUrl(url: string): string {
  return onlyOne(queryOf(url).CallbackCommand) ?? '';
}

/** As the receiver reads it. */
export function queryOf(url: string): Query {
  const start = url.indexOf('?');
  return parseQuery(start < 0 ? '' : url.slice(start + 1));
}

export function commandOfBody(body: Buffer): string {
  const command = (parseBody(body).value as { CallbackCommand?: unknown } | null | undefined)?.CallbackCommand;
  return typeof command === 'string' ? command : '';
}
