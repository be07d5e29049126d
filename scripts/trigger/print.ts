import { grouped, plural, printable } from '../command-line.ts';
import { expectedText, OK, parseJson } from '../simulator/reply.ts';
import type { Reply } from '../simulator/send.ts';
import type { VendorRequest } from '../simulator/vendor-request.ts';
import type { Options } from './options.ts';
import type { Tally } from './send-many.ts';

const MAX_SHOWN_CHARACTERS = 4000;

export function requestText({ method, url, body }: VendorRequest): string {
  return `${method} ${url}\nContent-Type: application/json\n\n${bodyText(body)}\n`;
}

export function replyText({ status, contentType, body, milliseconds }: Reply): string {
  const head = `Reply ${status} after ${milliseconds.toFixed(1)} ms`;
  return `${head}\nContent-Type: ${printable(contentType ?? 'missing')}\n\n${body ? bodyText(body) : '(no body)'}\n`;
}

function bodyText(body: string): string {
  const value = parseJson(body);
  const text = printable(value === undefined ? body : JSON.stringify(value, null, 2));
  if (text.length <= MAX_SHOWN_CHARACTERS) return text;
  return `${text.slice(0, MAX_SHOWN_CHARACTERS)}\n… ${grouped(Buffer.byteLength(body))} bytes in all`;
}

/** The fields of an expected reply: the ErrorCode of a decision may differ from 0. */
export function answeredText({ status, body }: Reply): string {
  const { ActionStatus, ErrorCode } = JSON.parse(body);
  return `${status} ${ActionStatus} ${ErrorCode}`;
}

export function summaryText(key: string, tally: Tally, options: Options): string {
  const { answered, unexpected, kinds, times, seconds } = tally;
  const total = options.count * options.repeat;
  const repeats = options.repeat > 1 ? `, each sent ${grouped(options.repeat)} times` : '';
  const lines = [
    `${plural(answered, 'request')} to ${options.url} in ${seconds.toFixed(1)} s`,
    `${plural(options.count, 'callback')} ${key}${repeats}${options.faultName ? `, fault ${options.faultName}` : ''}`,
    '',
    `as expected  ${grouped(answered - unexpected)} (${expectedText(options.fault ?? OK)})`,
    `unexpected   ${grouped(unexpected)}`,
  ];
  for (const [kind, { count, first }] of kinds) {
    lines.push(`  ${grouped(count)} × ${kind}${first && ', the first:'}`);
    if (first) lines.push(...first.split('\n').map((line) => `    ${line}`));
  }
  const perSecond = answered / seconds;
  lines.push(`rate         ${perSecond < 100 ? perSecond.toFixed(1) : grouped(Math.round(perSecond))} requests/s`);
  if (times.count > 0) {
    const [median, p99, max] = [times.percentile(50), times.percentile(99), times.max].map(
      (microseconds) => `${(microseconds / 1000).toFixed(1)} ms`,
    );
    lines.push(`reply after  ${median} median, ${p99} p99, ${max} max`);
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
