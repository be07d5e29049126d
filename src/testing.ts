import contract from '../generated/callback.json' with { type: 'json' };
import type { components } from '../generated/callback.ts';
import { type Command, factsOf } from '../generated/commands.ts';
import { payloadReader } from './callback/normalize.ts';
import { vendorUrl } from './callback/vendor-url.ts';

// What a team needs to test its own handlers and rules: `tencent-chat-callbacks/testing`.

type Schemas = components['schemas'];

/** A command, whose plain example is meant, or one of its variants: `Group.CallbackAfterCreateGroup.with-no-owner`. */
export type ExampleName = Command | `${Command}.with-${string}`;

/** The command of an example. */
export type CommandOf<Name extends ExampleName> = Name extends `${infer C extends Command}.with-${string}`
  ? C
  : Name extends Command
    ? Name
    : never;

/** Fields that take the place of the example's; `undefined` removes one. */
export type Overrides<C extends Command> = { [Field in keyof Schemas[C]]?: Schemas[C][Field] | undefined };

/** Where a request goes, and what it is signed with. */
export interface TestApp {
  /** The callback URL; `http://localhost/` unless given. */
  url?: string;
  /** 1400000000 unless given. */
  sdkAppId?: number;
  /** `test-token` unless given; null: unsigned. */
  token?: string | null;
}

/** What `signedRequest` uses unless told otherwise. */
export const TEST_APP = { url: 'http://localhost/', sdkAppId: 1400000000, token: 'test-token' } as const;

const { examples } = contract.paths['/'].post.requestBody.content['application/json'];
const read = payloadReader(contract);

/**
 * An example of the contract as a handler gets it. A copy: change it as you like.
 * @throws when the contract has no such example; the message names those of the command
 */
export function example<Name extends ExampleName>(name: Name): Schemas[CommandOf<Name>] {
  const found = Object.entries(examples).find(([key]) => key === name)?.[1];
  if (!found) {
    const command = commandOf(name);
    const near = Object.keys(examples).filter((key) => commandOf(key) === command);
    throw new Error(`The contract has no example "${name}": expected ${near.join(', ') || 'the name of a command'}`);
  }
  return structuredClone(read(commandOf(name), found.value)) as Schemas[CommandOf<Name>];
}

/**
 * The request by which Tencent Chat sends a callback: an example with your fields in it, and now as its event time unless
 * you give one. For `receiver.fetch`, or `fetch` where your server listens.
 */
export function signedRequest<Name extends ExampleName>(
  name: Name,
  overrides: Overrides<CommandOf<Name>> = {},
  app: TestApp = {},
): Request {
  const { url, sdkAppId, token } = { ...TEST_APP, ...app };
  const command = commandOf(name);
  const payload = example(name);
  return new Request(vendorUrl(command, { url, sdkAppId, token: token ?? undefined }), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...payload, ...freshTime(command, payload), ...overrides }),
  });
}

function commandOf(name: string): string {
  return name.replace(/\.with-.*$/s, '');
}

let latest = 0;
/** Now, but never the same time twice: a callback with an equal body is a duplicate. */
function freshTime(command: string, payload: object): object {
  const { from = '', unit } = factsOf(command)?.eventTime ?? {};
  const field = from.slice(1);
  if (!Object.hasOwn(payload, field)) return {};
  latest = Math.max(latest + 1, Date.now());
  return { [field]: unit === 'seconds' ? Math.floor(latest / 1000) : latest };
}
