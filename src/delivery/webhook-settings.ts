import { randomBytes } from 'node:crypto';
import { COMMANDS, factsOf } from '../../generated/commands.ts';
import { shown } from '../callback/contract.ts';
import { type EndpointUrl, readEndpointUrl } from '../callback/endpoint-url.ts';
import { nearestTo } from '../callback/nearest.ts';
import { type DeliverToOptions, RegistrationError } from './delivery.ts';
import { familyOf } from './read.ts';
import { isRefusedAddress, NOT_THERE } from './refused-addresses.ts';
import { DEFAULT_CONSUMER as OF_HANDLERS, problemOfFrom, problemOfName } from './registrations.ts';
import type { Selection } from './target.ts';

/** Limits of a secret in bytes, by Standard Webhooks. */
const [SHORTEST_SECRET, LONGEST_SECRET] = [24, 64];
const SECRET = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;
const FAMILY = /^[A-Za-z0-9]+\.\*$/;
const SHOWN_NAMES = 3;

/** Where and how callbacks are posted. */
export interface WebhookSettings extends EndpointUrl {
  /** Each of them signs; several while rotating. */
  secrets: readonly string[];
  selection: Pick<Selection, 'wants' | 'includesUnknown'>;
}

/** A problem with a setting. `shown` is the part of its value that may be shown. */
export interface WebhookProblem {
  setting: 'url' | 'secret' | 'commands';
  shown: string;
  expected: string;
}

/** As given; lists may be comma-separated. */
export interface GivenWebhook {
  url: string;
  secret: string | readonly string[] | undefined;
  commands: string | readonly string[] | undefined;
}

type Judged = { problems: WebhookProblem[]; settings: null } | { problems: []; settings: WebhookSettings };

/** Checks the settings of a webhook, from the environment or from code. */
export function judgeWebhook({ url, secret, commands }: GivenWebhook): Judged {
  const problems: WebhookProblem[] = [];
  const refuse = (expected: string) => problems.push({ setting: 'url', shown: '(redacted)', expected });
  const target = readEndpointUrl(url, refuse);
  if (target && isRefusedAddress(target.url.hostname)) refuse(`another host than ${target.url.hostname}: ${NOT_THERE}`);
  const secrets = listOf(secret);
  if (secret === undefined) {
    const expected = `a secret that the endpoint checks signatures with, such as this fresh one: ${freshSecret()}`;
    problems.push({ setting: 'secret', shown: 'unset', expected });
  } else if (secrets.length === 0 || !secrets.every(isSecret)) {
    const expected = `whsec_ and ${SHORTEST_SECRET} to ${LONGEST_SECRET} bytes in base64, or several of them while rotating`;
    problems.push({ setting: 'secret', shown: secrets.join('') === '' ? '(redacted, empty)' : '(redacted)', expected });
  }
  const selection = selectionOf(commands === undefined ? ['*'] : listOf(commands), (name, expected) =>
    problems.push({ setting: 'commands', shown: shown(name), expected }),
  );
  if (problems.length > 0 || !target) return { problems, settings: null };
  return { problems: [], settings: { ...target, secrets, selection } };
}

const DEFAULT_CONSUMER = 'webhook';
/** Consumers of another kind. */
const RESERVED = ['stream', OF_HANDLERS];
const OPTIONS = ['secret', 'commands', 'consumer', 'from'];

/**
 * Checks the arguments of `deliverTo`.
 * @param isTaken whether such a consumer exists
 * @throws {RegistrationError} with every problem and its remedy
 */
export function readDeliverTo(
  url: string | URL,
  options: DeliverToOptions,
  isTaken: (consumer: string) => boolean,
): { consumer: string; from: NonNullable<DeliverToOptions['from']>; settings: WebhookSettings } {
  const { secret, commands, consumer = DEFAULT_CONSUMER, from = 'now', ...others } = { ...options };
  const { problems, settings } = judgeWebhook({ url: String(url), secret, commands });
  const texts = [
    ...problems.map(({ setting, shown, expected }) => `${setting} is ${shown}: give ${expected}`),
    problemOfName(consumer, RESERVED),
    isTaken(consumer) ? `consumer ${shown(consumer)} is there already: give another name` : null,
    problemOfFrom(from),
    ...Object.keys(others).map((name) => `${shown(name)} is not an option: there are ${OPTIONS.join(', ')}`),
  ].filter((text) => text !== null);
  if (texts.length > 0 || !settings)
    throw new RegistrationError(`Nothing can be delivered to the endpoint: ${texts.join('; ')}`);
  return { consumer, from, settings };
}

/** A URL as logs and errors may show it: user info and query can hold secrets. */
export function shownUrl({ origin, pathname }: URL): string {
  return origin + pathname;
}

function isSecret(secret: string): boolean {
  const [, base64] = SECRET.exec(secret) ?? [];
  const { length } = Buffer.from(base64 ?? '', 'base64');
  return length >= SHORTEST_SECRET && length <= LONGEST_SECRET;
}

function freshSecret(): string {
  return `whsec_${randomBytes(SHORTEST_SECRET).toString('base64')}`;
}

/** The commands that names select: `*` all but before-callbacks, `Group.*` those of a family, with unknown ones. */
function selectionOf(
  names: readonly string[],
  problem: (name: string, expected: string) => void,
): WebhookSettings['selection'] {
  const wants = new Set<string>();
  const families = new Set<string>();
  const isForAll = names.includes('*');
  if (names.length === 0) problem('', 'commands of the contract; or leave it out for all');
  for (const name of names) {
    if (factsOf(name)) wants.add(name);
    else if (name !== '*' && isFamily(name)) families.add(familyOf(name));
    else if (name !== '*') problem(name, remedyFor(name));
  }
  for (const [command, { family, kind }] of Object.entries(COMMANDS))
    if (kind !== 'before' && (isForAll || families.has(family))) wants.add(command);
  return { wants: [...wants], includesUnknown: isForAll || [...families] };
}

/** Includes a family that the contract does not describe, unless the name looks like a misspelt known one. */
function isFamily(name: string): boolean {
  return FAMILY.test(name) && (FAMILIES.includes(name) || nearestTo(name, FAMILIES).length === 0);
}

const FAMILIES = [...new Set(Object.values(COMMANDS).map(({ family }) => `${family}.*`))];

function remedyFor(name: string): string {
  // A command of another family is not a misspelling of a known one.
  const family = `${familyOf(name)}.*`;
  if (name.includes('.') && !name.includes('*') && isFamily(family) && !FAMILIES.includes(family))
    return `a command of the contract, or all of its family: ${family}`;
  const near = nearestTo(name, [...Object.keys(COMMANDS), ...FAMILIES]).slice(0, SHOWN_NAMES);
  return near.length > 0
    ? `a command of the contract: did you mean ${near.join(' or ')}?`
    : `a command of the contract, or all of a family, as in ${FAMILIES[0]}`;
}

function listOf(given: string | readonly string[] | undefined): string[] {
  const texts = typeof given === 'string' ? given.split(',') : (given ?? []);
  return texts.map((text) => String(text).trim());
}
