import { generate } from 'selfsigned';

export interface Pair {
  cert: string;
  key: string;
}

/** A new certificate authority. */
export async function createAuthority(name: string, change: Options = {}): Promise<Pair> {
  return pairOf(name, {
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
    ...change,
  });
}

/** A certificate for 127.0.0.1, for server and client, signed by `authority`. */
export async function createPair(name: string, authority: Pair, change: Options = {}): Promise<Pair> {
  return pairOf(name, {
    ca: { cert: authority.cert, key: authority.key },
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    ...change,
  });
}

type Options = NonNullable<Parameters<typeof generate>[1]>;

async function pairOf(name: string, options: Options): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...options,
  });
  return { cert: made.cert, key: made.private };
}
