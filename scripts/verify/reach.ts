import net from 'node:net';
import tls from 'node:tls';
import { UsageError } from '../simulator/usage-error.ts';

/** @throws {UsageError} when no connection to the URL's host comes about */
export function reach(url: URL, seconds: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const target = { host, port: Number(url.port || (secure ? 443 : 80)) };
  const socket = secure
    ? tls.connect({ ...target, ...(net.isIP(host) === 0 && { servername: host }) }, connected)
    : net.connect(target, connected);
  socket.setTimeout(seconds * 1000, () => fail(`no connection within ${seconds} s: check --url`));
  socket.on('error', (error: NodeJS.ErrnoException) => fail(explain(error)));
  return promise;

  function connected() {
    socket.destroy();
    resolve();
  }

  function fail(reason: string) {
    socket.destroy();
    reject(new UsageError(`${url.origin} cannot be reached: ${reason}`));
  }
}

function explain({ code = '', message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'nothing listens there: start the endpoint, or check --url';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'there is no such host: check --url';
  if (/CERT|VERIFY|ERR_TLS/.test(code)) {
    return `its certificate is not trusted (${code}): name its issuer by NODE_EXTRA_CA_CERTS=<file>`;
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return 'it does not speak https: check --url';
  return message || code;
}
