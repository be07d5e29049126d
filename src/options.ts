import type { Logger } from './callback/logger.ts';
import { nearestTo } from './callback/nearest.ts';
import { type Config, ConfigError, checkShared, type Settings } from './config.ts';
import type { WebhookCommands } from './delivery/delivery.ts';
import { meantBy, SETTINGS } from './settings.ts';

/**
 * The settings of a receiver in an app's own server: those of the environment, in camelCase. What is undefined counts as
 * left out.
 */
export interface ReceiverOptions {
  /** Your app's SDKAppID. */
  sdkAppId: number;
  /**
   * Authentication tokens of the vendor's console, several while rotating. Left out, unsigned callbacks are accepted, with
   * a warning in the log.
   */
  tokens?: readonly string[] | undefined;
  /** How far `RequestTime` may be from the clock: 1 to 60 s, 60 by default. */
  signToleranceSeconds?: number | undefined;
  /**
   * `sqlite:PATH`, by default `sqlite:data/callbacks.db` in the working directory, or
   * `postgres://USER:PASSWORD@HOST/DATABASE`, beside which callbacks are spooled to `data/spool.db` while it is away.
   */
  databaseUrl?: string | undefined;
  /** Longest body, in bytes, also after inflation: 262,144 by default. */
  maxBodyBytes?: number | undefined;
  /** False: only the envelope of a message is stored. True by default. */
  keepMessages?: boolean | undefined;
  /** Callbacks that were received so many days ago are deleted, groups never. By default all are kept. */
  retentionDays?: number | undefined;
  /** Days without a run after which a consumer of callbacks no longer keeps them from being deleted: 30 by default. */
  consumerMaxIdleDays?: number | undefined;
  /** An endpoint that decides the before-callbacks for which there is no rule: `https://USER:PASSWORD@HOST/PATH`. */
  decisionUrl?: string | undefined;
  /** The reply to a before-callback that was not decided in time; `allow` by default. */
  decisionFallback?: 'allow' | 'reject' | undefined;
  /** An endpoint that each callback is posted to, once it is stored: `https://USER:PASSWORD@HOST/PATH`. */
  deliveryUrl?: string | undefined;
  /** `whsec_…`, by which the endpoint checks signatures; several while rotating. */
  deliverySecret?: string | readonly string[] | undefined;
  /** Which commands are posted, `Group.*` allowed; by default all but before-callbacks. */
  deliveryCommands?: WebhookCommands | undefined;
  /**
   * NATS servers of a JetStream that each callback is published to, once it is stored: `nats://USER:PASSWORD@HOST:PORT`,
   * `nats://TOKEN@HOST:PORT` or `tls://…`, several with commas.
   */
  natsUrl?: string | undefined;
  /** Created where it is missing; `TENCENT_CHAT` by default. */
  natsStream?: string | undefined;
  /** Of a stream that is created: 1, 3 or 5; 1 by default. */
  natsReplicas?: 1 | 3 | 5 | undefined;
  /** Of a stream that is created; no limit by default. A full stream makes the receiver wait. */
  natsMaxBytes?: number | undefined;
  /** Of a stream that is created: older messages are dropped, read or not. No limit by default. */
  natsMaxAgeHours?: number | undefined;
  /** Credentials of the user, as `nsc` writes them. */
  natsCredsFile?: string | undefined;
  /** Certificates, in PEM, that the servers' are checked by. */
  natsCaFile?: string | undefined;
  /** The domain of the vendor's REST API for the app's region, as `adminapisgp.im.qcloud.com`. */
  restDomain?: string | undefined;
  /** An administrator account of the app. */
  restAdmin?: string | undefined;
  /** The app's key, as the vendor's console shows it. It can do everything to the app. */
  restKey?: string | undefined;
  /** The interval, 1 to 720 hours, at which the groups are compared with the vendor's. By default they are not. */
  reconcileHours?: number | undefined;
  /** How differences are handled: `report`, the default, or `repair`, which updates the groups to match the vendor's. */
  reconcile?: 'report' | 'repair' | undefined;
  /** The callback URL as the vendor reaches it, which its console must be given. `receiver.admin` shows and checks it. */
  publicUrl?: string | undefined;
  /** Commands that are ticked in the vendor's console, `Group.*` allowed: `receiver.admin` says which never came. */
  expectedCommands?: readonly string[] | undefined;
  /** The password of `receiver.admin`, asked for as HTTP Basic, user `admin`. */
  adminPassword?: string | undefined;
  /** `mine`: your app lets nobody reach `receiver.admin` who may not see the data. */
  adminAuth?: 'mine' | undefined;
  /** Of the default log, which goes to standard output in JSON: `info` by default, with a line for each callback. */
  logLevel?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent' | undefined;
  /** Takes the place of the default log; it decides itself what it keeps. */
  log?: Logger | undefined;
}

/** Each option that is a setting of the environment, with its name there. */
const VARIABLES: Readonly<Record<string, string>> = Object.fromEntries(
  SETTINGS.flatMap(({ name, option }) => (option === undefined ? [] : [[option, name]])),
);
/** Lists may be given, whose items have no commas. */
const LISTS = ['deliverySecret', 'deliveryCommands', 'expectedCommands'];
const OWN_OPTIONS = ['adminAuth', 'log'];

/** Settings of the program alone, and what takes their place where the receiver is mounted. */
const OF_THE_PROGRAM: Readonly<Record<string, string>> = Object.fromEntries(
  SETTINGS.flatMap(({ name, instead }) => (instead === undefined ? [] : [[inCamelCase(name), instead]])),
);

/** Methods that a log must have. */
const LOG_METHODS = ['debug', 'info', 'warn', 'error'] as const;

export type LibraryConfig = Config & { adminAuth: 'mine' | null; log: Logger | null };

/**
 * Checks the options as the environment is checked.
 * @throws {ConfigError} naming each option, its value (secrets redacted) and what is expected
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

/** As the environment would have it; what is no simple value becomes a text that no setting allows. */
function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const isSimple = value === null || !['object', 'function'].includes(typeof value);
  return isSimple ? String(value) : `(${typeof value})`;
}

function isToken(token: unknown): boolean {
  return typeof token === 'string' && token.trim() !== '';
}

/** TLS_CERT_FILE as tlsCertFile. */
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
