import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Treatment of the bytes: a cut breaks the connection in the middle of a statement, or of the answer to it. */
export type Treatment = 'pass' | 'delay' | 'halve' | 'cut statement' | 'cut answer';

export interface TcpProxy {
  port: number;
  treatment: Treatment;
  /** Number of chunks that were not simply passed on. */
  treated: number;
  /** Ports on this machine; new connections go to them in turn. */
  targets: number[];
  close(): Promise<void>;
}

const DELAY_MS = 150;
const HALF_TIME_MS = 5;

/** A TCP proxy on a free port in front of other ports of this machine; the caller closes it. */
export async function startTcpProxy(targets: number[]): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let turns = 0;
  const server = createServer((downstream) => {
    turns += 1;
    const upstream = connect(proxy.targets[turns % proxy.targets.length] as number, '127.0.0.1');
    for (const [socket, other] of [
      [downstream, upstream],
      [upstream, downstream],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      pass(socket, other, socket === downstream ? 'cut statement' : 'cut answer');
    }
  });

  async function pass(from: Socket, to: Socket, cut: Treatment): Promise<void> {
    try {
      for await (const chunk of from.iterator({ destroyOnReturn: false })) {
        const half = chunk.length >> 1;
        if (proxy.treatment !== 'pass') proxy.treated += 1;
        if (proxy.treatment === cut) {
          to.write(chunk.subarray(0, half), () => {
            to.destroy();
            from.destroy();
          });
          return;
        }
        if (proxy.treatment === 'delay') await sleep(DELAY_MS);
        if (proxy.treatment === 'halve') {
          to.write(chunk.subarray(0, half));
          await sleep(HALF_TIME_MS);
          to.write(chunk.subarray(half));
        } else to.write(chunk);
      }
      to.end();
    } catch {
      to.destroy();
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    treatment: 'pass',
    treated: 0,
    targets,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
