import { isLoopback } from './admin/guard.ts';
import { REST_VARIABLES, type RestSettings, restSettingsOf } from './backfill/rest-settings.ts';
import { readEndpointUrl } from './callback/endpoint-url.ts';
import { MAX_TOLERANCE_SECONDS } from './callback/signature.ts';
import type { WebhookCommands } from './delivery/delivery.ts';
import { type StreamSettings, streamSettingsOf } from './delivery/stream-settings.ts';
import { judgeWebhook } from './delivery/webhook-settings.ts';
import type { LogFormat } from './log-format.ts';
import { judgeTls, readTlsFilesSync, TLS_VARIABLES, type TlsPaths } from './receiver/tls-files.ts';
import { meantBy, SETTINGS } from './settings.ts';
import { CONSUMER_MAX_IDLE_DAYS } from './store/pruning.ts';

/** The settings of a receiver, in the program and in an app's own server alike. */
export interface Config {
  sdkAppId: number;
  /** Authentication tokens of the vendor's console; several while rotating. Empty: unsigned callbacks are accepted. */
  tokens: readonly string[];
  /** How far `RequestTime` may be from the clock; at most the vendor's limit. */
  signToleranceSeconds: number;
  adminPassword: string | null;
  /** The callback URL for the vendor's console; null: unknown. */
  publicUrl: string | null;
  /** Commands whose absence the page shows; `Group.*` for a family. */
  expectedCommands: readonly string[];
  /** `sqlite:PATH` or `postgres://…`; may contain the database's password. */
  databaseUrl: string;
  /** SQLite file for callbacks that are spooled while PostgreSQL is away. */
  spoolFile: string;
  maxBodyBytes: number;
  /** False: messages are stored without their content. */
  keepMessages: boolean;
  /** The app's decision endpoint, `http://…` or `https://…`; null: none. May contain a password. */
  decisionUrl: string | null;
  /** The reply to a before-callback if no decision is made in time. */
  decisionFallback: 'allow' | 'reject';
  /** Where callbacks are posted; null: nowhere. May contain a password. */
  webhook: { url: string; secret: string; commands: WebhookCommands | undefined } | null;
  /** The stream that callbacks are published to; null: none. May contain a password. */
  nats: StreamSettings | null;
  /** The vendor's REST API, for the back-fill; null: not used. */
  rest: RestSettings | null;
  /** The regular audit; null: none. */
  reconcile: ReconcileSettings | null;
  /** Days after which callbacks are pruned; null keeps them. */
  retentionDays: number | null;
  /** Days without a run after which a consumer no longer keeps callbacks from being pruned. */
  consumerMaxIdleDays: number;
  logLevel: string;
}

export interface ReconcileSettings {
  /** Interval between the end of one audit and the start of the next. */
  hours: number;
  /** Whether differences are also repaired. */
  repair: boolean;
}

/** The additional settings of the program: its listeners, and the location of the app's own code. */
export interface ProgramConfig extends Config {
  /** SDK_APP_ID is unset: a made-up app, on loopback only. */
  demo: boolean;
  host: string;
  port: number;
  callbackPath: string;
  /** Files for HTTPS on the public listener; null: plain HTTP. */
  tls: TlsPaths | null;
  adminHost: string;
  adminPort: number;
  /** The module with the app's handlers and rules; null: the default file, if it exists. */
  handlers: string | null;
  /** Null: `pretty` on a terminal, else `json`. */
  logFormat: LogFormat | null;
}

/** Carries all problems, so that they can be fixed in one go. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: readonly string[];

  /** @param what `The environment`, or another source of the settings */
  constructor(what: string, problems: readonly string[]) {
    super(`${what} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Parameters of a PostgreSQL URL that would break guarantees of the store. */
const OWN_PARAMETERS = [
  'options',
  'statement_timeout',
  'lock_timeout',
  'query_timeout',
  'idle_in_transaction_session_timeout',
  'client_encoding',
  'replication',
  'binary',
];

/** Ports to which fetch refuses to connect (https://fetch.spec.whatwg.org/#port-blocking). */
const FORBIDDEN_PORTS = [
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const LOG_LEVEL = new RegExp(`^(${LOG_LEVELS.join('|')})$`);

/** The settings as text, by their names in the environment, from any source. */
export interface Settings {
  /** The name by which the user knows a setting. */
  nameOf(variable: string): string;
  text: Readonly<Record<string, string | undefined>>;
  /** Problems that were found earlier. */
  problems: string[];
}

/**
 * Reads the environment variables that the README lists.
 * @throws {ConfigError} naming each variable, its value (secrets redacted) and the expected form
 */
export function readConfig(given: Settings['text']): ProgramConfig {
  const env = withoutEmpty(given);
  const settings: Settings = { nameOf: (variable) => variable, text: env, problems: misspeltIn(env) };
  const { text, integer, oneOf, problem } = readers(settings);
  const demo = env.SDK_APP_ID === undefined;
  const shared = checkShared(settings, env.CALLBACK_TOKEN?.split(',').map((token) => token.trim()) ?? []);
  const config: ProgramConfig = {
    ...shared,
    demo,
    host: text('HOST', demo ? '127.0.0.1' : '0.0.0.0', /^\S+$/, 'an address or host name to listen on'),
    port: integer('PORT', 3000, [0, 65535]),
    callbackPath: text(
      'CALLBACK_PATH',
      '/',
      /^\/[\w\-.~/]*$/,
      'a path that starts with / and has letters, digits, - . _ ~ / only',
    ),
    tls: tlsOf(env, problem),
    adminHost: text('ADMIN_HOST', '127.0.0.1', /^\S+$/, 'an address or host name to listen on'),
    adminPort: integer('ADMIN_PORT', 3001, [0, 65535]),
    handlers: env.HANDLERS ?? null,
    logFormat: env.LOG_FORMAT === undefined ? null : oneOf<LogFormat>('LOG_FORMAT', ['pretty', 'json']),
  };

  if (shared.tokens.includes('')) {
    problem(
      'CALLBACK_TOKEN',
      'the authentication token of the console, or several with commas between; remove the variable to take unsigned callbacks',
      '(redacted, with an empty token in it)',
    );
  }
  if (demo && !isLoopback(config.host))
    problem('HOST', 'a loopback address while SDK_APP_ID is unset (demo); set SDK_APP_ID to listen elsewhere');
  if (env.ADMIN_PASSWORD === '') problem('ADMIN_PASSWORD', 'a password, or no such variable', '(redacted, empty)');
  if (!env.ADMIN_PASSWORD && !isLoopback(config.adminHost)) {
    problem('ADMIN_HOST', 'a loopback address, or ADMIN_PASSWORD set: this listener shows your data');
  }
  if (config.port !== 0 && config.port === config.adminPort) {
    problem('ADMIN_PORT', `another port than PORT (${config.port})`, String(config.adminPort));
  }
  if (settings.problems.length > 0) throw new ConfigError('The environment', settings.problems);
  return config;
}

/** An empty value counts as unset, except for a secret: an empty secret suggests that reading it failed. */
function withoutEmpty(given: Settings['text']): Settings['text'] {
  const secrets = SETTINGS.filter(({ secret }) => secret).map(({ name }) => name);
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => value !== '' || secrets.includes(name)));
}

function misspeltIn(env: Settings['text']): string[] {
  return Object.keys(env).flatMap((name) => {
    const right = meantBy(name);
    return right ? [`${name} is no setting: rename it to ${right.name}, or remove it`] : [];
  });
}

/** Checks the settings that the program and the library share, and reports their problems. */
export function checkShared(settings: Settings, tokens: readonly string[]): Config {
  const { text: given } = settings;
  const { text, integer, oneOf, problem } = readers(settings);
  const rest = restSettingsOf(given, problem, settings.nameOf);
  return {
    sdkAppId: integer('SDK_APP_ID', 1400000000, [1, 999_999_999_999_999]),
    tokens,
    signToleranceSeconds: integer('SIGN_TOLERANCE_SECONDS', MAX_TOLERANCE_SECONDS, [1, MAX_TOLERANCE_SECONDS]),
    adminPassword: given.ADMIN_PASSWORD ?? null,
    publicUrl: publicUrlOf(given.PUBLIC_URL, problem),
    expectedCommands: expectedCommandsOf(given.EXPECTED_COMMANDS, problem),
    databaseUrl: databaseUrlOf(given.DATABASE_URL ?? 'sqlite:data/callbacks.db', problem),
    spoolFile: 'data/spool.db',
    maxBodyBytes: integer('MAX_BODY_BYTES', 262_144, [1024, 64 * 1024 * 1024]),
    keepMessages: oneOf('KEEP_MESSAGES', ['true', 'false']) === 'true',
    decisionUrl: decisionUrlOf(given.DECISION_URL, problem),
    decisionFallback: oneOf('DECISION_FALLBACK', ['allow', 'reject']),
    webhook: webhookOf(settings, problem),
    nats: streamSettingsOf(given, problem),
    rest,
    reconcile: reconcileOf(settings),
    retentionDays: given.RETENTION_DAYS === undefined ? null : integer('RETENTION_DAYS', 0, [1, 36_500]),
    consumerMaxIdleDays: integer('CONSUMER_MAX_IDLE_DAYS', CONSUMER_MAX_IDLE_DAYS, [1, 36_500]),
    logLevel: text('LOG_LEVEL', 'info', LOG_LEVEL, `one of ${LOG_LEVELS.join(', ')}`),
  };
}

/** Reports a setting that is not as expected. */
type Problem = (variable: string, expected: string, shown?: string) => void;

function readers({ text: given, nameOf, problems }: Settings) {
  const problem: Problem = (variable, expected, shown = JSON.stringify(given[variable])) => {
    problems.push(`${nameOf(variable)} is ${shown}: expected ${expected}`);
  };
  return {
    problem,
    text(variable: string, fallback: string, pattern: RegExp, expected: string): string {
      const value = given[variable] ?? fallback;
      if (!pattern.test(value)) problem(variable, expected);
      return value;
    },
    integer(variable: string, fallback: number, [least, most]: [number, number]): number {
      const value = given[variable] ?? String(fallback);
      if (!/^\d{1,15}$/.test(value) || Number(value) < least || Number(value) > most) {
        problem(variable, `a whole number from ${least} to ${most}`);
      }
      return Number(value);
    },
    oneOf<Value extends string>(variable: string, values: readonly [Value, ...Value[]]): Value {
      const value = values.find((one) => one === (given[variable] ?? values[0]));
      if (value === undefined) problem(variable, values.join(' or '));
      return value ?? values[0];
    },
  };
}

function databaseUrlOf(url: string, problem: Problem): string {
  if (!/^sqlite:./.test(url) && !(/^postgres(ql)?:\/\//.test(url) && URL.canParse(url))) {
    problem(
      'DATABASE_URL',
      'sqlite:PATH, as in sqlite:data/callbacks.db, or postgres://USER:PASSWORD@HOST/DATABASE',
      `${/^\w+:\/\//.exec(url)?.[0] ?? ''}(redacted)`,
    );
  } else if (!url.startsWith('sqlite:')) {
    const given = [...new URL(url).searchParams.keys()];
    for (const name of given.filter((name) => OWN_PARAMETERS.includes(name.toLowerCase()))) {
      problem(
        'DATABASE_URL',
        `no ?${name}=: the receiver sets it itself, so that OK means on disk and in time`,
        '(redacted)',
      );
    }
  }
  return url;
}

function publicUrlOf(url: string | undefined, problem: Problem): string | null {
  if (url === undefined) return null;
  const parsed = /^https?:\/\/\S+$/.test(url) ? URL.parse(url) : null;
  const hasLogin = parsed !== null && (parsed.username !== '' || parsed.password !== '');
  if (parsed === null || hasLogin || parsed.hash !== '') {
    const expected =
      'https://HOST/PATH or http://HOST/PATH, as the vendor reaches the receiver, without USER:PASSWORD@ and #';
    problem('PUBLIC_URL', expected, hasLogin ? '(redacted)' : undefined);
  }
  return url;
}

const COMMAND_OR_FAMILY = /^[\w-]{1,80}(\.[\w-]{1,80})*(\.\*)?$/;

/** Also accepts commands that the contract does not describe: the vendor may have new ones. */
function expectedCommandsOf(list: string | undefined, problem: Problem): string[] {
  const names = list?.split(',').map((name) => name.trim()) ?? [];
  const wrong = names.find((name) => !COMMAND_OR_FAMILY.test(name));
  if (wrong !== undefined)
    problem(
      'EXPECTED_COMMANDS',
      'commands with commas between, as in Group.CallbackAfterCreateGroup, or all of a family, as in Group.*',
      wrong === '' ? undefined : JSON.stringify(wrong.slice(0, 100)),
    );
  return names;
}

function decisionUrlOf(url: string | undefined, problem: Problem): string | null {
  if (url === undefined) return null;
  const refuse = (expected: string) => problem('DECISION_URL', expected, '(redacted)');
  const { port } = readEndpointUrl(url, refuse)?.url ?? {};
  if (FORBIDDEN_PORTS.includes(Number(port))) refuse(`another port than ${port}, to which fetch does not connect`);
  return url;
}

const WEBHOOK_VARIABLES = { url: 'DELIVERY_URL', secret: 'DELIVERY_SECRET', commands: 'DELIVERY_COMMANDS' } as const;

function webhookOf({ text: given, nameOf }: Settings, problem: Problem): Config['webhook'] {
  const { DELIVERY_URL: url, DELIVERY_SECRET: secret, DELIVERY_COMMANDS: commands } = given;
  if (url !== undefined) {
    const { problems } = judgeWebhook({ url, secret, commands });
    for (const { setting, shown, expected } of problems) problem(WEBHOOK_VARIABLES[setting], expected, shown);
    // Checked above.
    return { url, secret: secret ?? '', commands: commands?.split(',') as WebhookCommands | undefined };
  }
  const alone = `${nameOf('DELIVERY_URL')} beside it, or no such setting`;
  if (secret !== undefined) problem('DELIVERY_SECRET', alone, secret === '' ? '(redacted, empty)' : '(redacted)');
  if (commands !== undefined) problem('DELIVERY_COMMANDS', alone);
  return null;
}

const MOST_RECONCILE_HOURS = 720;

function reconcileOf(settings: Settings): ReconcileSettings | null {
  const { text: given, nameOf } = settings;
  const { integer, oneOf, problem } = readers(settings);
  const repair = oneOf('RECONCILE', ['report', 'repair']) === 'repair';
  if (given.RECONCILE_HOURS === undefined) {
    if (given.RECONCILE !== undefined)
      problem('RECONCILE', `${nameOf('RECONCILE_HOURS')} beside it, or no such setting`);
    return null;
  }
  const hours = integer('RECONCILE_HOURS', 0, [1, MOST_RECONCILE_HOURS]);
  const names = Object.keys(REST_VARIABLES);
  // If only some are given, the missing ones have been reported.
  if (names.every((name) => given[name] === undefined)) {
    const missing = names
      .map(nameOf)
      .join(', ')
      .replace(/, (\w+)$/, ' and $1');
    problem('RECONCILE_HOURS', `${missing} beside it, or no such setting`);
  }
  return { hours, repair };
}

function tlsOf(env: Settings['text'], problem: Problem): TlsPaths | null {
  const paths: TlsPaths = Object.fromEntries(
    TLS_VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
  if (Object.keys(paths).length === 0) return null;
  for (const { name, expected } of judgeTls(readTlsFilesSync(paths)).problems) {
    problem(name, expected, paths[name] === undefined ? 'unset' : JSON.stringify(paths[name]));
  }
  return paths;
}
