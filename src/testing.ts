import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import contract from '../generated/callback.json' with { type: 'json' };
import type { components } from '../generated/callback.ts';
import type { Command } from '../generated/commands.ts';
import { createApp } from './app.ts';
import { makeFresh } from './callback/fresh.ts';
import { payloadReader } from './callback/normalize.ts';
import { vendorUrl } from './callback/vendor-url.ts';
import { handlersAtOnce } from './delivery/at-once.ts';
import type { HandlerOptions, On } from './delivery/delivery.ts';
import type { Receiver } from './index.ts';
import { type ReceiverOptions, readOptions } from './options.ts';

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
  makeFresh(command, payload);
  return new Request(vendorUrl(command, { url, sdkAppId, token: token ?? undefined }), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...payload, ...overrides }),
  });
}

/** The reply to a command: of a before-command, with what it may decide. */
export type ReplyOf<C extends Command> = Schemas[`${C}.Reply` extends keyof Schemas ? `${C}.Reply` : 'Reply'];

/** A receiver that runs handlers when it is told to, once, and says what they threw. */
export interface TestReceiver extends Receiver {
  /**
   * Sends an example with your fields in it, as `signedRequest` makes it, and runs the handlers.
   * @returns once they have run
   * @throws what a handler threw; an AggregateError where several consumers did
   */
  send<Name extends ExampleName>(
    name: Name,
    overrides?: Overrides<CommandOf<Name>>,
  ): Promise<{ status: number; reply: ReplyOf<CommandOf<Name>> }>;
  /** Runs the handlers for what came since through `handler` and `fetch`. @throws as `send` does */
  deliver(): Promise<void>;
}

/**
 * A receiver for tests, in a temporary folder that `close` removes. Rules and handlers are registered as usual; there are
 * no retries, so that a test sees each failure.
 * @param options those of `createReceiver`; app and token are those of `TEST_APP` and nothing is logged, unless given
 * @throws {ConfigError} with every option that cannot be used
 */
export async function createTestReceiver(
  options: Partial<Omit<ReceiverOptions, 'databaseUrl'>> = {},
): Promise<TestReceiver> {
  const { sdkAppId, token } = TEST_APP;
  const folder = await mkdtemp(join(tmpdir(), 'tencent-chat-callbacks-'));
  try {
    const databaseUrl = `sqlite:${join(folder, 'callbacks.db')}`;
    const config = readOptions({ sdkAppId, tokens: [token], log: NO_LOG, ...options, databaseUrl });
    const { receiver, store } = await createApp(config, { log: config.log ?? NO_LOG });
    const handlers = await handlersAtOnce(store, { document: contract, sdkAppId: config.sdkAppId });
    const app = { sdkAppId: config.sdkAppId, token: config.tokens[0] ?? null };

    return {
      // Its `admin` is read only where it is used: it throws where nothing guards it.
      get admin() {
        return receiver.admin;
      },
      decide: receiver.decide,
      deliverTo: receiver.deliverTo,
      handler: receiver.handler,
      fetch: receiver.fetch,
      health: receiver.health,
      on(name: string, listener: (given: never) => unknown, handlerOptions?: HandlerOptions) {
        if (name === 'fatal') receiver.on(name, listener as (error: Error) => void);
        else handlers.on(name as '*', listener as Parameters<On>[1], handlerOptions);
      },
      async send(name, overrides = {}) {
        const response = await receiver.fetch(signedRequest(name, overrides, app));
        const reply = (await response.json()) as ReplyOf<CommandOf<typeof name>>;
        await handlers.deliver();
        return { status: response.status, reply };
      },
      deliver: handlers.deliver,
      async close() {
        await receiver.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

const NO_LOG = { debug() {}, info() {}, warn() {}, error() {} };

function commandOf(name: string): string {
  return name.replace(/\.with-.*$/s, '');
}
