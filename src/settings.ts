/** A setting of the environment. All texts about it for users derive from here: see `scripts/generate/settings.ts`. */
export interface Setting {
  name: string;
  /** As written in the environment; null: none. */
  default: string | null;
  /** The form of a value. */
  kind: string;
  /** In one or two sentences. */
  description: string;
  /** Never printed. An empty secret is an error; other empty values count as unset. */
  secret?: true;
  /** The option of `createReceiver`, if there is one. Excludes `instead`. */
  option?: string;
  /** For settings of the program alone: what replaces them in a mounted receiver. */
  instead?: string;
}

/** Related settings: a row of the README. */
interface Group {
  /** Description in the README, in Markdown. */
  about: string;
  settings: readonly Setting[];
}

const LISTENS = 'your own server listens';
const MOUNT_HANDLER = 'mount receiver.handler where you want it';
const MOUNT_ADMIN = 'mount receiver.admin where you want it';
const HAS_CERTIFICATES = 'your own server holds the certificates';

type Rest = Omit<Setting, 'name' | 'default' | 'kind' | 'description'>;

function setting(
  name: string,
  [value, kind]: [value: string | null, kind: string],
  description: string,
  rest: Rest,
): Setting {
  return { name, default: value, kind, description, ...rest };
}

export const GROUPS: readonly Group[] = [
  {
    about: "your app's SDKAppID; unset = a demo",
    settings: [
      setting('SDK_APP_ID', ['1400000000', 'whole number'], "Your app's SDKAppID. Unset, this is a demo on loopback.", {
        option: 'sdkAppId',
      }),
    ],
  },
  {
    about:
      "authentication token of the vendor's console; several, separated by commas, while rotating; unset = unsigned callbacks are accepted, with a warning; how far `RequestTime` may be from the clock, 1 to 60: a leaked URL can be used for that long",
    settings: [
      setting(
        'CALLBACK_TOKEN',
        [null, 'text, several with commas'],
        "The authentication token of the vendor's console; several while rotating. Unset, unsigned callbacks are accepted.",
        { secret: true, option: 'tokens' },
      ),
      setting('SIGN_TOLERANCE_SECONDS', ['60', '1 to 60'], 'How far RequestTime may be from the clock.', {
        option: 'signToleranceSeconds',
      }),
    ],
  },
  {
    about:
      "public listener, of a demo on `127.0.0.1`; the path of the callback URL; that URL as the vendor's console is given it; commands whose absence *Set up* shows, `Group.*` allowed",
    settings: [
      setting(
        'HOST',
        ['0.0.0.0', 'address or host name'],
        'Where the public listener listens. A demo listens on 127.0.0.1 by default, and on loopback only.',
        { instead: LISTENS },
      ),
      setting('PORT', ['3000', '0 to 65535'], 'The port of the public listener. 0 takes a free one.', {
        instead: LISTENS,
      }),
      setting('CALLBACK_PATH', ['/', 'path'], 'The path of the callback URL.', { instead: MOUNT_HANDLER }),
      setting(
        'PUBLIC_URL',
        [null, 'URL'],
        'The callback URL as the vendor reaches it, which its console must be given. The page shows and checks it.',
        { option: 'publicUrl' },
      ),
      setting(
        'EXPECTED_COMMANDS',
        [null, 'commands with commas'],
        "Commands that are ticked in the vendor's console, Group.* allowed: the page says which of them never came.",
        { option: 'expectedCommands' },
      ),
    ],
  },
  {
    about:
      'admin listener; HTTP Basic, user `admin`, with 16 or more random characters: required when `ADMIN_HOST` is not loopback',
    settings: [
      setting(
        'ADMIN_HOST',
        ['127.0.0.1', 'address or host name'],
        'Where the admin listener listens: the page and the read API. Elsewhere than on loopback it needs ADMIN_PASSWORD.',
        { instead: MOUNT_ADMIN },
      ),
      setting('ADMIN_PORT', ['3001', '0 to 65535'], 'The port of the admin listener.', { instead: MOUNT_ADMIN }),
      setting('ADMIN_PASSWORD', [null, 'text'], 'The password of the admin listener, user admin.', {
        secret: true,
        option: 'adminPassword',
      }),
    ],
  },
  {
    about: 'or `postgres://user:password@host/database`: [docs/postgres.md](docs/postgres.md)',
    settings: [
      setting(
        'DATABASE_URL',
        ['sqlite:data/callbacks.db', 'sqlite:PATH or postgres://…'],
        'Where callbacks are stored: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE.',
        { option: 'databaseUrl' },
      ),
    ],
  },
  {
    about:
      'HTTPS on the public listener; with the CA, client certificates are required: [docs/https.md](docs/https.md)',
    settings: [
      setting('TLS_CERT_FILE', [null, 'PEM file'], 'The certificate of the public listener, with its chain.', {
        instead: HAS_CERTIFICATES,
      }),
      setting('TLS_KEY_FILE', [null, 'PEM file'], 'The private key of TLS_CERT_FILE.', { instead: HAS_CERTIFICATES }),
      setting('TLS_CLIENT_CA_FILE', [null, 'PEM file'], 'Senders need a client certificate of one of these CAs.', {
        instead: HAS_CERTIFICATES,
      }),
    ],
  },
  {
    about: 'longest body, also after inflation; `false` = only the envelope of a message is stored',
    settings: [
      setting('MAX_BODY_BYTES', ['262144', '1024 to 67108864'], 'The longest body, also after inflation.', {
        option: 'maxBodyBytes',
      }),
      setting('KEEP_MESSAGES', ['true', 'true or false'], 'With false only the envelope of a message is stored.', {
        option: 'keepMessages',
      }),
    ],
  },
  {
    about:
      'callbacks are deleted this many days after their arrival, groups never; unset = all are kept; callbacks that a consumer has not passed are kept, unless it has not run for this many days',
    settings: [
      setting(
        'RETENTION_DAYS',
        [null, '1 to 36500'],
        'Callbacks are deleted this many days after their arrival, groups never. Unset, all are kept.',
        { option: 'retentionDays' },
      ),
      setting(
        'CONSUMER_MAX_IDLE_DAYS',
        ['30', '1 to 36500'],
        'Callbacks that a consumer has not passed are kept, unless it has not run for this many days.',
        { option: 'consumerMaxIdleDays' },
      ),
    ],
  },
  {
    about:
      'endpoint of your app that decides before-callbacks, `https://user:password@host/path`; unset = the rules of `HANDLERS` alone; `allow` or `reject`: the reply to one that was not decided in time',
    settings: [
      setting('DECISION_URL', [null, 'URL'], 'The endpoint of your app that decides before-callbacks without a rule.', {
        option: 'decisionUrl',
      }),
      setting(
        'DECISION_FALLBACK',
        ['allow', 'allow or reject'],
        'The reply to a before-callback that was not decided in time.',
        { option: 'decisionFallback' },
      ),
    ],
  },
  {
    about: 'signed webhook of each callback: [docs/webhook.md](docs/webhook.md)',
    settings: [
      setting('DELIVERY_URL', [null, 'URL'], 'An endpoint that each stored callback is posted to, signed.', {
        option: 'deliveryUrl',
      }),
      setting(
        'DELIVERY_SECRET',
        [null, 'whsec_…, several with commas'],
        'The secret by which the endpoint checks signatures; several while rotating.',
        { secret: true, option: 'deliverySecret' },
      ),
      setting(
        'DELIVERY_COMMANDS',
        [null, 'commands with commas'],
        'Which commands are posted, Group.* allowed. Unset, all but before-callbacks.',
        { option: 'deliveryCommands' },
      ),
    ],
  },
  {
    about: 'each callback on a stream of NATS JetStream: [docs/stream.md](docs/stream.md)',
    settings: [
      setting('NATS_URL', [null, 'nats://… or tls://…, several with commas'], 'NATS servers to publish callbacks to.', {
        option: 'natsUrl',
      }),
      setting('NATS_STREAM', ['TENCENT_CHAT', 'name'], 'The stream, which is created if it does not exist.', {
        option: 'natsStream',
      }),
      setting('NATS_REPLICAS', ['1', '1, 3 or 5'], 'Replicas of a stream that is created.', { option: 'natsReplicas' }),
      setting(
        'NATS_MAX_BYTES',
        [null, 'whole number'],
        'The size limit of a stream that is created, in bytes. A full stream makes the receiver wait.',
        { option: 'natsMaxBytes' },
      ),
      setting(
        'NATS_MAX_AGE_HOURS',
        [null, 'whole number'],
        'The maximum age of messages in a stream that is created: older ones are dropped, read or not.',
        { option: 'natsMaxAgeHours' },
      ),
      setting('NATS_CREDS_FILE', [null, 'file'], 'Credentials of the NATS user, as nsc writes them.', {
        option: 'natsCredsFile',
      }),
      setting('NATS_CA_FILE', [null, 'PEM file'], "CA certificates that verify the NATS servers' certificates.", {
        option: 'natsCaFile',
      }),
    ],
  },
  {
    about:
      "the vendor's REST API, to fill in what callbacks did not report; at this interval, in hours, the groups are compared with the vendor's, and with `repair` corrected: [docs/backfill.md](docs/backfill.md)",
    settings: [
      setting(
        'REST_DOMAIN',
        [null, 'domain'],
        "The domain of the vendor's REST API for the app's region, such as adminapisgp.im.qcloud.com.",
        { option: 'restDomain' },
      ),
      setting('REST_ADMIN', [null, 'account'], 'An administrator account of the app.', { option: 'restAdmin' }),
      setting(
        'REST_KEY',
        [null, 'text'],
        "The app's key, as the vendor's console shows it. It gives full control over the app.",
        { secret: true, option: 'restKey' },
      ),
      setting(
        'RECONCILE_HOURS',
        [null, '1 to 720'],
        "The interval, in hours, at which the groups are compared with the vendor's. Unset, they are not.",
        { option: 'reconcileHours' },
      ),
      setting(
        'RECONCILE',
        ['report', 'report or repair'],
        "How differences are handled: repair updates the groups to match the vendor's.",
        { option: 'reconcile' },
      ),
    ],
  },
  {
    about:
      "a module with the app's handlers and rules, such as `src/handlers.example.ts`; by default `src/handlers.ts`, if it exists: [docs/decisions.md](docs/decisions.md)",
    settings: [
      setting(
        'HANDLERS',
        [null, 'file'],
        "A module with the app's handlers and rules. In a clone src/handlers.ts by default, if it exists.",
        { instead: 'call receiver.on and receiver.decide' },
      ),
    ],
  },
  {
    about:
      '`fatal` `error` `warn` `info` `debug` `trace` `silent`; `info` has a line for each callback, `debug` stacks of errors in `pretty`, the default on a terminal; else `json`',
    settings: [
      setting(
        'LOG_LEVEL',
        ['info', 'fatal, error, warn, info, debug, trace or silent'],
        'What is logged. info has a line for each callback.',
        { option: 'logLevel' },
      ),
      setting(
        'LOG_FORMAT',
        [null, 'pretty or json'],
        'pretty is for people, and the default on a terminal; json is the default elsewhere.',
        { instead: 'give a log of your own' },
      ),
    ],
  },
];

export const SETTINGS: readonly Setting[] = GROUPS.flatMap(({ settings }) => settings);

/** Names of similar settings in other products. */
const ALIASES: Readonly<Record<string, string>> = {
  SDK_APPID: 'SDK_APP_ID',
  APP_ID: 'SDK_APP_ID',
  TOKEN: 'CALLBACK_TOKEN',
};

/**
 * The setting that a misspelt name stands for: one that differs only in `_` and case, or a known alias. No fuzzier
 * match, because an environment has many foreign variables.
 */
export function meantBy(name: string): Setting | undefined {
  const right = SETTINGS.find((one) => plain(one.name) === plain(ALIASES[name] ?? name));
  return right?.name === name ? undefined : right;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

/** The text of `--help`, with every setting, for a terminal. */
export function startHelp(usage: string): string {
  const lines = SETTINGS.map(({ name, default: value, kind, description }) => {
    return `  ${name}${value === null ? '' : `=${value}`}  (${kind})\n      ${description}`;
  });
  return `Usage: ${usage}

Runs the receiver: the callbacks on one port, the admin page on another. Without settings it is a demo on this machine.
Settings are environment variables, also from .env in the working directory. An empty one counts as unset, but for
secrets.

${lines.join('\n')}`;
}
