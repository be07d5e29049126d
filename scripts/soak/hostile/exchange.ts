import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RawRequest } from './raw-requests.ts';

export interface Exchange {
  /** Of every reply, in order. */
  statuses: number[];
  end: 'answered' | 'closed' | 'hung';
  milliseconds: number;
}

/** The receiver's time-out of a whole request is 5 s; the rest is for a busy machine. */
export const HANG_MS = 25_000;
/** So long nothing comes after a reply: the connection has had what it gets. */
const QUIET_MS = 100;

/** Sends over a connection of its own and waits for replies or for the end of the connection. Never rejects. */
export function exchange(
  port: number,
  { pieces, pauseMs, halfClose }: RawRequest,
  hangMs = HANG_MS,
): Promise<Exchange> {
  const started = performance.now();
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  let received = '';
  let last = '';
  let quiet: NodeJS.Timeout | undefined;
  const hang = setTimeout(() => finish('hung'), hangMs);
  socket.on('data', (chunk) => {
    received += statusLines(last + chunk.toString('latin1'));
    // A status line may come in two pieces.
    last = chunk.toString('latin1').slice(-11);
    clearTimeout(quiet);
    quiet = setTimeout(() => finish('answered'), QUIET_MS);
  });
  socket.on('end', () => finish('closed'));
  socket.on('close', () => finish('closed'));
  // A reset is an end, too.
  socket.on('error', () => finish('closed'));
  socket.on('connect', async () => {
    for (const piece of pieces) {
      if (socket.destroyed) return;
      socket.write(piece);
      if (pauseMs > 0) await sleep(pauseMs);
    }
    if (halfClose && !socket.destroyed) socket.end();
  });
  return promise;

  function finish(end: Exchange['end']): void {
    clearTimeout(hang);
    clearTimeout(quiet);
    socket.destroy();
    const statuses = (received.match(/\d{3}/g) ?? []).map(Number);
    resolve({ statuses, end, milliseconds: performance.now() - started });
  }
}

function statusLines(text: string): string {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => `${status} `).join('');
}
