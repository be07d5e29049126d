import type { Logger } from './callback/logger.ts';
import { nearestTo } from './callback/nearest.ts';
import { type Config, ConfigError, checkShared, type Settings } from './config.ts';
import type { WebhookCommands } from './delivery/delivery.ts';
import { meantBy, SETTINGS } from './settings.ts';

/**
 * The options of a receiver in an app's own server: the settings of the environment, in camelCase. An undefined option
 * counts as left out.
 */
export interface ReceiverOptions {
  /** Your app's SDKAppID. */
  sdkAppId: number;
  /**
   * Authentication tokens of the vendor's console; several while rotating. If left out, unsigned callbacks are
   * accepted, with a warning in the log.
   */
  tokens?: readonly string[] | undefined;
  /** How far `RequestTime` may be from the clock: 1 to 60 s, 60 by default. */
  signToleranceSeconds?: number | undefined;
  /**
   * `sqlite:PATH`, by default `sqlite:data/callbacks.db` in the working directory, or
   * `postgres://USER:PASSWORD@HOST/DATABASE`. While PostgreSQL is away, callbacks are spooled to `data/spool.db`.
   */
  databaseUrl?: string | undefined;
  /** Longest body in bytes, also after decompression: 262,144 by default. */
  maxBodyBytes?: number | undefined;
  /** False: only the envelope of a message is stored, not its content. True by default. */
  keepMessages?: boolean | undefined;
  /** Callbacks are deleted this many days after their receipt; groups never are. By default all callbacks are kept. */
  retentionDays?: number | undefined;
  /** Days without a run after which a consumer no longer protects callbacks from deletion: 30 by default. */
  consumerMaxIdleDays?: number | undefined;
  /** An endpoint that decides before-callbacks without a rule: `https://USER:PASSWORD@HOST/PATH`. */
  decisionUrl?: string | undefined;
  /** The reply to a before-callback if no decision is made in time; `allow` by default. */
  decisionFallback?: 'allow' | 'reject' | undefined;
  /** An endpoint to which each callback is posted, once it is stored: `https://USER:PASSWORD@HOST/PATH`. */
  deliveryUrl?: string | undefined;
  /** `whsec_…`, the secret with which the endpoint checks signatures; several while rotating. */
  deliverySecret?: string | readonly string[] | undefined;
  /** The commands to post, `Group.*` allowed; by default all but before-callbacks. */
  deliveryCommands?: WebhookCommands | undefined;
  /**
   * NATS servers with JetStream, to which each callback is published once it is stored:
   * `nats://USER:PASSWORD@HOST:PORT`, `nats://TOKEN@HOST:PORT` or `tls://…`; several separated by commas.
   */
  natsUrl?: string | undefined;
  /** The stream's name, `TENCENT_CHAT` by default. The stream is created if it is missing. */
  natsStream?: string | undefined;
  /** Replicas of a stream that is created: 1, 3 or 5; 1 by default. */
  natsReplicas?: 1 | 3 | 5 | undefined;
  /** Size limit of a stream that is created; none by default. A full stream makes the receiver wait. */
  natsMaxBytes?: number | undefined;
  /** Age limit of a stream that is created: older messages are dropped, read or not. None by default. */
  natsMaxAgeHours?: number | undefined;
  /** The user's credentials file, as `nsc` writes it. */
  natsCredsFile?: string | undefined;
  /** CA certificates in PEM, to verify the servers' certificates. */
  natsCaFile?: string | undefined;
  /** The domain of the vendor's REST API for the app's region, such as `adminapisgp.im.qcloud.com`. */
  restDomain?: string | undefined;
  /** An administrator account of the app. */
  restAdmin?: string | undefined;
  /** The app's key, as the vendor's console shows it. It grants full control of the app. */
  restKey?: string | undefined;
  /**
   * Interval in hours, 1 to 720, at which the groups are compared with the vendor's. By default they are not compared.
   */
  reconcileHours?: number | undefined;
  /**
   * How differences are handled: `report`, the default, or `repair`, which brings the groups in line with the vendor.
   */
  reconcile?: 'report' | 'repair' | undefined;
  /** The callback URL as the vendor reaches it, to be entered in its console. `receiver.admin` shows and checks it. */
  publicUrl?: string | undefined;
  /** Commands that are enabled in the vendor's console, `Group.*` allowed; `receiver.admin` shows which never came. */
  expectedCommands?: readonly string[] | undefined;
  /** The password of `receiver.admin`: HTTP Basic, user `admin`. */
  adminPassword?: string | undefined;
  /** `mine`: your app itself restricts access to `receiver.admin` to those who may see the data. */
  adminAuth?: 'mine' | undefined;
  /**
   * Level of the default log, which writes JSON to standard output: `info` by default, with a line for each callback.
   */
  logLevel?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent' | undefined;
  /** Replaces the default log; `logLevel` does not apply to it. */
  log?: Logger | undefined;
}

/** The options that are settings of the environment, with their names there. */
const VARIABLES: Readonly<Record<string, string>> = Object.fromEntries(
  SETTINGS.flatMap(({ name, option }) => (option === undefined ? [] : [[option, name]])),
);
/** Options that may be arrays; their items contain no commas. */
const LISTS = ['deliverySecret', 'deliveryCommands', 'expectedCommands'];
const OWN_OPTIONS = ['adminAuth', 'log'];

/** Settings of the program alone, with what replaces them in a mounted receiver. */
const OF_THE_PROGRAM: Readonly<Record<string, string>> = Object.fromEntries(
  SETTINGS.flatMap(({ name, instead }) => (instead === undefined ? [] : [[inCamelCase(name), instead]])),
);

/** Methods that a log needs. */
const LOG_METHODS = ['debug', 'info', 'warn', 'error'] as const;

export type LibraryConfig = Config & { adminAuth: 'mine' | null; log: Logger | null };

/**
 * Checks the options with the rules of the environment.
 * @throws {ConfigError} naming each option, its value (secrets redacted) and the expected form
 */
export function readOptions(options: ReceiverOptions): LibraryConfig {
  const given: Readonly<Record<string, unknown>> =
    typeof options === 'object' && options !== null ? { ...options } : {};
  const problems: string[] = [];
  const names = Object.fromEntries(Object.entries(VARIABLES).map(([option, variable]) => [variable, option]));
  const settings: Settings = {
    nameOf: (variable) => names[variable] ?? variable,
    text: Object.fromEntries(
      Object.entries(VARIABLES).map(([option, variable]) => [variable, settingOf(option, given[option])]),
    ),
    problems,
  };

  for (const name of Object.keys(given)) {
    if (given[name] === undefined || Object.hasOwn(VARIABLES, name) || OWN_OPTIONS.includes(name)) continue;
    const instead = Object.hasOwn(OF_THE_PROGRAM, name) && OF_THE_PROGRAM[name];
    problems.push(instead ? `${name} is a setting of the program alone: ${instead}` : unknown(name));
  }
  const { adminPassword } = given;
  if (adminPassword !== undefined && (typeof adminPassword !== 'string' || adminPassword === '')) {
    const shown = adminPassword === '' ? 'redacted, empty' : `redacted, of type ${typeof adminPassword}`;
    problems.push(`adminPassword is (${shown}): expected a password; or leave it out`);
  }
  if (given.sdkAppId === undefined) problems.push("sdkAppId is missing: expected your app's SDKAppID, a whole number");
  const { tokens = null } = given;
  const areTokens = Array.isArray(tokens) && tokens.length > 0 && tokens.every(isToken);
  if (tokens !== null && !areTokens) {
    problems.push(
      'tokens is (redacted): expected a list of authentication tokens, none of them empty; leave it out to take unsigned callbacks',
    );
  }
  const { adminAuth = null, log = null } = given;
  if (adminAuth !== null && adminAuth !== 'mine') {
    problems.push(`adminAuth is ${textOf(adminAuth)}: expected 'mine', or leave it out and give adminPassword`);
  }
  const missing = LOG_METHODS.filter((method) => typeof (log as Partial<Logger> | null)?.[method] !== 'function');
  if (log !== null && missing.length > 0) {
    problems.push(`log has no ${missing.join(', ')}: expected methods of (fields, message), as pino has them`);
  }
  const config = checkShared(settings, areTokens ? (tokens as string[]).map((token) => token.trim()) : []);
  if (problems.length > 0) throw new ConfigError('The options of createReceiver', problems);
  return { ...config, adminAuth: adminAuth as 'mine' | null, log: log as Logger | null };
}

function settingOf(option: string, value: unknown): string | undefined {
  return LISTS.includes(option) && Array.isArray(value) ? value.map(textOf).join(',') : textOf(value);
}

/** The value as the environment would hold it; a value that is not simple becomes a text that no setting allows. */
function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const isSimple = value === null || !['object', 'function'].includes(typeof value);
  return isSimple ? String(value) : `(${typeof value})`;
}

function isToken(token: unknown): boolean {
  return typeof token === 'string' && token.trim() !== '';
}

/** Turns TLS_CERT_FILE into tlsCertFile. */
function inCamelCase(name: string): string {
  return name.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function unknown(name: string): string {
  const options = [...Object.keys(VARIABLES), ...OWN_OPTIONS];
  const meant = meantBy(name.replaceAll(/[A-Z]/g, '_$&').toUpperCase())?.option;
  const [nearest = meant] = nearestTo(name, [...options, ...Object.values(VARIABLES)]);
  const option = nearest && options.find((one) => one === nearest || VARIABLES[one] === nearest);
  return `${name} is no option: ${option ? `did you mean ${option}?` : `expected one of ${options.join(', ')}`}`;
}
