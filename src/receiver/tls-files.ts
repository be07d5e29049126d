import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

export const TLS_VARIABLES = ['TLS_CERT_FILE', 'TLS_KEY_FILE', 'TLS_CLIENT_CA_FILE'] as const;
export type TlsVariable = (typeof TLS_VARIABLES)[number];

/** The content of each variable's file, or the error of reading it. Unset variables are absent. */
export type TlsTexts = Readonly<Partial<Record<TlsVariable, string | NodeJS.ErrnoException>>>;

export interface TlsProblem {
  name: TlsVariable;
  /** The expected content of the file, and a description of the actual one; never its content. */
  expected: string;
}

/** Common read errors in words; others are shown by their code. */
const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
};

/** Mozilla's "intermediate" suites without DHE: forward secrecy and AEAD only. */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

type Judged =
  | { problems: TlsProblem[] }
  | { problems: []; options: SecureContextOptions; certificate: X509Certificate };

/**
 * Whether certificate, key and client CA can be used. Node's own checks are not enough: it treats a client CA file
 * without a certificate as "trust every public CA", and accepts a half-written file by its first complete part.
 */
export function judgeTls(texts: TlsTexts): Judged {
  const problems: TlsProblem[] = [];
  function problem(name: TlsVariable, expected: string): null {
    problems.push({ name, expected });
    return null;
  }

  function textOf(name: TlsVariable): string | null {
    const text = texts[name];
    if (typeof text === 'string') return text;
    if (text === undefined) return null;
    return problem(name, `a PEM file that can be read; ${UNREADABLE[text.code ?? ''] ?? text.code}`);
  }

  function certificatesOf(name: TlsVariable): X509Certificate[] | null {
    const text = textOf(name);
    if (text === null) return null;
    const blocks = text.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];
    const begun = text.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
    if (begun === 0) {
      const instead = text.includes('PRIVATE KEY-----') ? 'a private key' : 'no -----BEGIN CERTIFICATE-----';
      return problem(name, `certificates in PEM; the file has ${instead}`);
    }
    try {
      if (begun !== blocks.length) throw new Error('cut off');
      return blocks.map((block) => new X509Certificate(block));
    } catch {
      return problem(name, 'whole certificates in PEM; one in the file is cut off or garbled');
    }
  }

  function keyOf(name: TlsVariable): KeyObject | null {
    const text = textOf(name);
    if (text === null) return null;
    const begin = /-----BEGIN ([A-Z]+ )*PRIVATE KEY-----/.exec(text);
    if (!begin) {
      const instead = text.includes('-----BEGIN CERTIFICATE-----') ? 'a certificate' : 'no private key';
      return problem(name, `a private key in PEM; the file has ${instead}`);
    }
    if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(text)) {
      return problem(name, 'a private key without passphrase; this one is encrypted');
    }
    try {
      return createPrivateKey(text.slice(begin.index));
    } catch {
      return problem(name, 'a whole private key in PEM; this one is cut off or garbled');
    }
  }

  const chain = certificatesOf('TLS_CERT_FILE');
  const key = keyOf('TLS_KEY_FILE');
  const authorities = certificatesOf('TLS_CLIENT_CA_FILE');
  const certificate = chain?.[0];
  if (texts.TLS_CERT_FILE === undefined) problem('TLS_CERT_FILE', 'the certificate chain to serve HTTPS with');
  if (texts.TLS_KEY_FILE === undefined) problem('TLS_KEY_FILE', 'the private key of the certificate');
  if (certificate && key && !certificate.checkPrivateKey(key)) {
    problem(
      'TLS_KEY_FILE',
      `the private key of the first certificate in TLS_CERT_FILE (${nameOf(certificate)}); it is the key of another`,
    );
  }
  if (problems.length > 0 || !chain || !certificate || !key) return { problems };

  const options: SecureContextOptions = {
    // Joined again: OpenSSL cannot read certificates that were concatenated without a line break.
    cert: chain.join('\n'),
    key: key.export({ type: 'pkcs8', format: 'pem' }),
    ca: authorities?.join('\n'),
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    honorCipherOrder: true,
  };
  try {
    createSecureContext(options);
  } catch (error) {
    problem('TLS_CERT_FILE', `a certificate that OpenSSL takes; it says: ${(error as Error).message}`);
    return { problems };
  }
  return { problems: [], options, certificate };
}

/** The subject on one line, such as `CN=callbacks.example.com`. */
export function nameOf({ subject, subjectAltName }: X509Certificate): string {
  return (subject ?? subjectAltName ?? 'without a name').replaceAll('\n', ', ');
}

/** The paths of the variables that are set. */
export type TlsPaths = Readonly<Partial<Record<TlsVariable, string>>>;

/** Reads every file; one that cannot be read is represented by its error. */
export async function readTlsFiles(paths: TlsPaths): Promise<TlsTexts> {
  const entries = Object.entries(paths).map(
    async ([name, path]) => [name, await readFile(path, 'latin1').catch((error) => error)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** Blocking variant for the start, before anything is served. */
export function readTlsFilesSync(paths: TlsPaths): TlsTexts {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, read(path)]));
}

function read(path: string): string | NodeJS.ErrnoException {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}
