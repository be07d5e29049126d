import { readFileSync } from 'node:fs';
import { PERCENT_ENCODED } from '../callback/endpoint-url.ts';

/** The JetStream stream that events are published to. */
export interface StreamSettings {
  /** `HOST:PORT` each. */
  servers: readonly string[];
  /** Require TLS; otherwise it is used if the server offers it. */
  tls: boolean;
  login: { user: string; pass: string } | { token: string } | null;
  stream: string;
  /** This and the next two apply when the stream is created; null: no limit. */
  replicas: number;
  maxBytes: number | null;
  maxAgeHours: number | null;
  /** Both files are read again for each connection. */
  credsFile: string | null;
  caFile: string | null;
}

type Given = Readonly<Record<string, string | undefined>>;
/** Reports a setting that is not as expected. */
type Problem = (variable: string, expected: string, shown?: string) => void;

const DEFAULT_STREAM = 'TENCENT_CHAT';
const STREAM = /^[A-Za-z0-9_-]{1,255}$/;
const REPLICAS = ['1', '3', '5'];
const DEFAULT_PORT = '4222';
const URL_EXPECTED =
  'nats://HOST:PORT or tls://HOST:PORT, with USER:PASSWORD@ or TOKEN@ before HOST if need be, several with commas between';
const REDACTED = '(redacted)';

/** @returns null if no server is given, or the settings are invalid */
export function streamSettingsOf(given: Given, problem: Problem): StreamSettings | null {
  const { NATS_URL: url, NATS_STREAM: stream = DEFAULT_STREAM, NATS_REPLICAS: replicas = '1' } = given;
  const { NATS_CREDS_FILE: credsFile = null, NATS_CA_FILE: caFile = null } = given;
  if (!STREAM.test(stream)) problem('NATS_STREAM', '1 to 255 letters, digits, hyphens or underscores');
  if (!REPLICAS.includes(replicas)) problem('NATS_REPLICAS', REPLICAS.join(', '));
  checkFile('NATS_CREDS_FILE', credsFile, 'NATS USER JWT', problem);
  checkFile('NATS_CA_FILE', caFile, 'CERTIFICATE', problem);
  const [maxBytes, maxAgeHours] = (['NATS_MAX_BYTES', 'NATS_MAX_AGE_HOURS'] as const).map((name) => {
    const value = given[name];
    if (value === undefined) return null;
    if (!/^[1-9]\d{0,14}$/.test(value)) problem(name, 'a whole number from 1');
    return Number(value);
  });
  const server = url === undefined ? null : serversOf(url, problem);
  if (!server) return null;
  if (server.login && credsFile !== null)
    problem(
      'NATS_CREDS_FILE',
      'no such file beside a user or token in NATS_URL: one of both',
      JSON.stringify(credsFile),
    );
  return {
    ...server,
    stream,
    replicas: Number(replicas),
    maxBytes: maxBytes ?? null,
    maxAgeHours: maxAgeHours ?? null,
    credsFile,
    caFile,
  };
}

function serversOf(list: string, problem: Problem): Pick<StreamSettings, 'servers' | 'tls' | 'login'> | null {
  const refuse = (expected: string) => {
    problem('NATS_URL', expected, REDACTED);
    return null;
  };
  const servers: string[] = [];
  const schemes = new Set<string>();
  const logins = new Map<string, StreamSettings['login']>();
  for (const part of list.split(',').map((text) => text.trim())) {
    const text = /^\w+:\/\//.test(part) ? part : `nats://${part}`;
    if (!/^(nats|tls):\/\//.test(text) || !URL.canParse(text)) return refuse(URL_EXPECTED);
    const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
    if (hostname === '' || !['', '/'].includes(pathname) || search + hash !== '') return refuse(URL_EXPECTED);
    servers.push(`${hostname}:${port || DEFAULT_PORT}`);
    schemes.add(protocol);
    if (username + password === '') continue;
    try {
      const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
      logins.set(JSON.stringify([user, pass]), pass === '' ? { token: user } : { user, pass });
    } catch {
      return refuse(PERCENT_ENCODED);
    }
  }
  if (logins.size > 1) return refuse('the same user and password, or token, for all servers');
  const [login = null] = logins.values();
  return { servers, tls: schemes.has('tls:'), login };
}

function checkFile(variable: string, path: string | null, block: string, problem: Problem): void {
  if (path === null) return;
  const expected = `a readable file with -----BEGIN ${block}-----`;
  try {
    if (!readFileSync(path, 'utf8').includes(`-----BEGIN ${block}-----`)) problem(variable, expected);
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    problem(variable, expected, `${JSON.stringify(path)} (${code})`);
  }
}
