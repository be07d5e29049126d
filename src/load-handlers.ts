import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Logger } from './callback/logger.ts';
import { checkRegistration } from './delivery/registrations.ts';
import type { Handlers, Receiver } from './index.ts';
import { ALLOW, answer, DROP, refuse, reject, replace, UnrecoverableError } from './index.ts';

const OURS = import.meta.dirname + sep;
/** The file with the app's code in a clone. The package has none. */
const DEFAULT_FILE = join(import.meta.dirname, 'handlers.ts');
const isClone = import.meta.filename.endsWith('.ts');
/** How long Node may take to report the place of a syntax error. */
const CHECK_MS = 10_000;

/** The app's own code cannot be used; the message has the place and the reason. */
export class HandlersError extends Error {
  override name = 'HandlersError';
}

export interface LoadedHandlers {
  file: string;
  register: Handlers;
}

/**
 * Loads the module with the app's handlers and rules. Registers nothing yet.
 * @param given HANDLERS; null: the default file, if it exists
 * @returns null if there is none
 * @throws {HandlersError} with file, line and message
 */
export async function loadHandlers(given: string | null): Promise<LoadedHandlers | null> {
  if (given === null && !(isClone && existsSync(DEFAULT_FILE))) return null;
  const file = given === null ? DEFAULT_FILE : resolve(given);
  if (!existsSync(file)) throw new HandlersError(`HANDLERS is ${JSON.stringify(given)}: there is no such file`);
  const { default: register } = (await inFile(file, () => import(pathToFileURL(file).href))) as { default?: Handlers };
  if (typeof register === 'function') return { file, register };
  const found =
    register === undefined ? 'there is no default export' : `the default export is of type ${typeof register}`;
  throw new HandlersError(`${file}: ${found}: expected a function of (receiver, { ALLOW, DROP, reject, … })`);
}

/** @throws {HandlersError} with file, line and message */
export async function registerHandlers({ file, register }: LoadedHandlers, receiver: Receiver, log: Logger) {
  const { recorder, registered, registerAll } = record(receiver);
  await inFile(file, async () => {
    await register(recorder, { ALLOW, DROP, reject, replace, refuse, answer, UnrecoverableError });
    registerAll();
  });
  log.info({ file, ...registered }, 'handlers are registered');
}

async function inFile<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new HandlersError(describe(error, file));
  }
}

/**
 * A receiver that records registrations. They are applied all at once: otherwise, while the module awaits something, a
 * consumer would skip callbacks whose handler is registered later.
 */
function record(receiver: Receiver) {
  const registered = { handlers: [] as string[], rules: [] as string[] };
  const handlers: Parameters<Receiver['on']>[] = [];
  let isLoading = true;
  const on = (...given: Parameters<Receiver['on']>) => {
    if (!isLoading || (given[0] as string) === 'fatal') return receiver.on(...given);
    const [command, handler, options = {}] = given;
    checkRegistration(command, handler, options);
    handlers.push(given);
    registered.handlers.push(command);
  };
  const registerAll = () => {
    isLoading = false;
    for (const given of handlers) receiver.on(...given);
  };
  const decide = (...given: Parameters<Receiver['decide']>) => {
    receiver.decide(...given);
    registered.rules.push(given[0]);
  };
  // Everything else, such as the getter `admin`, is inherited.
  const recorder: Receiver = Object.create(receiver, { on: { value: on }, decide: { value: decide } });
  return { recorder, registered, registerAll };
}

/** `<file>:<line>: <name>: <message>`, without a stack. */
function describe(error: unknown, file: string): string {
  if (!(error instanceof Error)) return `${file}: threw ${JSON.stringify(error) ?? String(error)}, which is no Error`;
  const lines = error.stack?.split('\n') ?? [];
  const place = placeIn(lines, file) ?? (error instanceof SyntaxError ? placeByNode(file) : null);
  return `${place ?? file}: ${error.name}: ${error.message}`;
}

/** The topmost stack frame in the app's code. */
function placeIn(lines: readonly string[], file: string): string | null {
  for (const line of lines) {
    const [, where = '', number] =
      /^\s*(?:at (?:async )?)?(?:.*\()?(file:\/\/.+?|\/.+?|[A-Z]:\\.+?):(\d+)(?::\d+)?\)?$/.exec(line) ?? [];
    if (number === undefined) continue;
    const path = where.startsWith('file:') ? fileURLToPath(where) : where;
    const isOurs = path.startsWith(OURS) || path.includes(`${sep}node_modules${sep}`);
    if (path === file || !isOurs) return `${path}:${number}`;
  }
  return null;
}

/**
 * Node does not expose the place of a syntax error in JavaScript, but prints it when the error ends the process.
 * Nothing of the module runs, because it is parsed first.
 */
function placeByNode(file: string): string | null {
  const { stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: CHECK_MS });
  return placeIn(stderr.split('\n').slice(0, 1), file);
}
