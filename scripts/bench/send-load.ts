// Runs as a separate process: sends callbacks over kept-alive connections, each as soon as the previous one is answered.
import { connect } from 'node:net';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadMessage, LoadOrder } from './measure.ts';
import { RequestTemplate } from './request-template.ts';

// CPU time per request, each with its own body, against a server that answers at once: 12 µs here, 20 µs with undici,
// 31 µs with autocannon. A sender as slow as the server would limit the measurement.

/** Time limit for the answers to requests in flight at the end. */
const DRAIN_MS = 10_000;
const OK_STATUS = 'HTTP/1.1 200 ';
const OK_BODY = '"ActionStatus":"OK"';

const { callbackUrl, connections, warmUpSeconds, seconds, ...kind } = JSON.parse(process.argv[2] ?? '') as LoadOrder;
const template = new RequestTemplate(callbackUrl, kind);
const { hostname, port } = new URL(callbackUrl);
let microseconds = createHistogram();
let measuring = false;
let stopped = false;
let inFlight = 0;
const sum = { sent: 0, ok: 0, other: 0, failed: 0, lastFailure: '' };
let ok = 0;

await Promise.all(Array.from({ length: connections }, openConnection));
await sleep(warmUpSeconds * 1000);
measuring = true;
microseconds = createHistogram();
const cpu = process.cpuUsage();
const measuredFrom = performance.now();
tell({ at: 'start' });
await sleep(seconds * 1000);
const elapsedSeconds = (performance.now() - measuredFrom) / 1000;
measuring = false;
tell({
  at: 'end',
  measured: {
    seconds: elapsedSeconds,
    ok,
    p50Ms: microseconds.percentile(50) / 1000,
    p99Ms: microseconds.percentile(99) / 1000,
    maxMs: microseconds.max / 1000,
    bodyBytes: template.bodyBytes,
    senderCpu: secondsOf(process.cpuUsage(cpu)) / elapsedSeconds,
  },
});
stopped = true;
const deadline = performance.now() + DRAIN_MS;
while (inFlight > 0 && performance.now() < deadline) await sleep(10);
sum.failed += inFlight;
tell({ at: 'drained', sum });
process.disconnect?.();
process.exit(0);

function openConnection(): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let since = 0;
    let waiting = false;
    let reply = '';
    socket.setEncoding('latin1');
    socket.on('connect', () => {
      resolve();
      sendNext();
    });
    socket.on('data', (chunk: string) => {
      reply = reply === '' ? chunk : reply + chunk;
      if (!isWhole(reply)) return;
      const took = (performance.now() - since) * 1000;
      if (reply.startsWith(OK_STATUS) && reply.includes(OK_BODY)) {
        sum.ok += 1;
        if (measuring) {
          ok += 1;
          microseconds.record(Math.max(1, Math.round(took)));
        }
      } else {
        sum.other += 1;
        sum.lastFailure = reply.slice(0, 200);
      }
      reply = '';
      waiting = false;
      inFlight -= 1;
      sendNext();
    });
    socket.on('error', (error) => {
      sum.lastFailure = error.message;
    });
    socket.on('close', () => {
      if (waiting) {
        inFlight -= 1;
        sum.failed += 1;
      }
      if (!stopped) setTimeout(() => openConnection().then(resolve), 100);
    });

    function sendNext(): void {
      if (stopped || socket.destroyed) return;
      waiting = true;
      inFlight += 1;
      sum.sent += 1;
      since = performance.now();
      socket.write(template.next());
    }
  });
}

function isWhole(reply: string): boolean {
  const end = reply.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(reply.slice(0, end));
  if (length) return reply.length >= end + 4 + Number(length[1]);
  return /\r\ntransfer-encoding: *chunked/i.test(reply.slice(0, end)) && reply.endsWith('\r\n0\r\n\r\n');
}

function secondsOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1e6;
}

function tell(message: LoadMessage): void {
  process.send?.(message);
}
