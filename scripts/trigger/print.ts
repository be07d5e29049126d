import type { Expected } from '../simulator/faults.ts';
import { printable } from '../simulator/printable.ts';
import type { Reply } from '../simulator/send.ts';
import type { VendorRequest } from '../simulator/vendor-request.ts';
import type { Options } from './options.ts';
import type { Tally } from './send-many.ts';

const longestBody = 4000;

export function requestText({ method, url, body }: VendorRequest): string {
  return `${method} ${url}\nContent-Type: application/json\n\n${bodyText(body)}\n`;
}

export function replyText({ status, contentType, body, milliseconds }: Reply): string {
  const head = `Reply ${status} after ${milliseconds.toFixed(1)} ms`;
  return `${head}\nContent-Type: ${printable(contentType ?? 'missing')}\n\n${body ? bodyText(body) : '(no body)'}\n`;
}

export function summaryText(key: string, tally: Tally, options: Options): string {
  const { answered, unexpected, kinds, times, seconds } = tally;
  const total = options.count * options.repeat;
  const repeats = options.repeat > 1 ? `, each sent ${grouped(options.repeat)} times` : '';
  const lines = [
    `${plural(answered, 'request')} to ${options.url} in ${seconds.toFixed(1)} s`,
    `${plural(options.count, 'callback')} ${key}${repeats}${options.faultName ? `, fault ${options.faultName}` : ''}`,
    '',
    `as expected  ${grouped(answered - unexpected)} (${expectedText(options.expected)})`,
    `unexpected   ${grouped(unexpected)}`,
  ];
  for (const [kind, { count, first }] of kinds) {
    lines.push(`  ${grouped(count)} × ${kind}${first && ', the first:'}`);
    if (first) lines.push(...first.split('\n').map((line) => `    ${line}`));
  }
  const perSecond = answered / seconds;
  lines.push(`rate         ${perSecond < 100 ? perSecond.toFixed(1) : grouped(Math.round(perSecond))} requests/s`);
  if (times.count > 0) {
    const [median, p99, max] = [times.percentile(50), times.percentile(99), times.max];
    const milliseconds = [median, p99, max].map((time) => `${(time / 1000).toFixed(1)} ms`);
    lines.push(`reply after  ${milliseconds[0]} median, ${milliseconds[1]} p99, ${milliseconds[2]} max`);
  }
  if (options.rate && perSecond < 0.9 * options.rate && answered > options.concurrency) {
    lines.push(`--rate ${options.rate}/s was not reached: raise --concurrency`);
  }
  if (answered < total) {
    const reason = tally.stopped ? 'there is no receiver' : 'interrupted';
    lines.push(`${grouped(total - answered)} of ${plural(total, 'request')} not sent: ${reason}`);
  }
  return printable(lines.join('\n'));
}

/** The same of a reply that was as expected: a decision has other codes than 0. */
export function answeredText({ status, body }: Reply): string {
  const { ActionStatus, ErrorCode } = JSON.parse(body);
  return `${status} ${ActionStatus} ${ErrorCode}`;
}

export function expectedText({ status, errorCode }: Expected): string {
  return `${status} ${errorCode === 0 ? 'OK' : 'FAIL'} ${errorCode}`;
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function bodyText(body: string): string {
  const text = printable(indented(body));
  if (text.length <= longestBody) return text;
  return `${text.slice(0, longestBody)}\n… ${grouped(Buffer.byteLength(body))} bytes in all`;
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
