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

// For tests of an app's own handlers and rules: `tencent-chat-callbacks/testing`.

type Schemas = components['schemas'];

/** A command, which means its plain example, or one of its variants: `Group.CallbackAfterCreateGroup.with-no-owner`. */
export type ExampleName = Command | `${Command}.with-${string}`;

/** The command of an example. */
export type CommandOf<Name extends ExampleName> = Name extends `${infer C extends Command}.with-${string}`
  ? C
  : Name extends Command
    ? Name
    : never;

/** Fields that replace those of the example; `undefined` removes one. */
export type Overrides<C extends Command> = { [Field in keyof Schemas[C]]?: Schemas[C][Field] | undefined };

/** The target of a request, and the token that signs it. */
export interface TestApp {
  /** The callback URL; `http://localhost/` by default. */
  url?: string;
  /** 1400000000 by default. */
  sdkAppId?: number;
  /** `test-token` by default; null: unsigned. */
  token?: string | null;
}

/** The defaults of `signedRequest`. */
export const TEST_APP = { url: 'http://localhost/', sdkAppId: 1400000000, token: 'test-token' } as const;

const { examples } = contract.paths['/'].post.requestBody.content['application/json'];
const read = payloadReader(contract);

/**
 * An example of the contract as a handler gets it. It is a copy that you may change.
 * @throws if the contract has no such example; the message lists those of the command
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
 * The request with which Tencent Chat sends a callback: an example with your fields, and with the current time as its
 * event time unless you set one. Pass it to `receiver.fetch`, or to `fetch` if your server listens.
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

/** The reply to a command; for a before-command, with the fields of a decision. */
export type ReplyOf<C extends Command> = Schemas[`${C}.Reply` extends keyof Schemas ? `${C}.Reply` : 'Reply'];

/** A receiver that runs handlers only on request, once, and rethrows their errors. */
export interface TestReceiver extends Receiver {
  /**
   * Sends an example with your fields, as `signedRequest` makes it, and runs the handlers.
   * @returns once they have run
   * @throws the error of a handler; an AggregateError if several consumers failed
   */
  send<Name extends ExampleName>(
    name: Name,
    overrides?: Overrides<CommandOf<Name>>,
  ): Promise<{ status: number; reply: ReplyOf<CommandOf<Name>> }>;
  /** Runs the handlers for callbacks that came through `handler` and `fetch`. @throws as `send` does */
  deliver(): Promise<void>;
}

/**
 * A receiver for tests, in a temporary folder that `close` removes. Register rules and handlers as usual. There are no
 * retries, so a test sees each failure.
 * @param options those of `createReceiver`; by default, app and token are those of `TEST_APP`, and nothing is logged
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
      // A getter, because the `admin` of an unguarded receiver throws when it is read.
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
