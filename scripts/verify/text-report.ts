import { printable } from '../simulator/printable.ts';
import type { Result } from './check.ts';
import type { Options } from './options.ts';
import type { Run } from './run-checks.ts';
import { verdictOf } from './verdict.ts';

export function headText({ url, sdkAppId, token, timeoutSeconds }: Options, count: number): string {
  const signed = token ? 'signed' : 'unsigned';
  return `${plural(count, 'check')} of ${url} as app ${sdkAppId}, ${signed}, replies within ${timeoutSeconds} s\n`;
}

/** A check in one line; where it failed, four more say what was called for. */
export function resultText({ check, status, demand, got }: Result): string {
  const mark = { passed: 'ok    ', failed: 'FAILED', skipped: 'skip  ' }[status];
  const head = `${mark}  ${demand.rule.level.padEnd(6)}  ${check.name}`;
  if (status !== 'failed') return printable(`${head}  ${oneLine(check.what)}: ${oneLine(got)} [${demand.rule.source}]`);
  return printable(
    [
      head,
      `          what      ${oneLine(check.what)}`,
      `          expected  ${demand.expected}`,
      `          got       ${oneLine(got)}`,
      `          rule      ${demand.rule.text}`,
      `                    ${demand.rule.source}`,
    ].join('\n'),
  );
}

export function summaryText({ results, gathered, seconds }: Run, { strict, token, sdkAppId, url }: Options): string {
  const { passed, failed, skipped, holds } = verdictOf(results, strict);
  const lines = [''];
  const failures = results.filter(({ status }) => status === 'failed');
  if (failures.length > 0) {
    lines.push(...failures.map(({ check, demand }) => `${demand.rule.level.padEnd(6)}  ${check.name}`), '');
  }
  const slowest = Math.max(0, ...gathered.map(({ reply }) => reply.milliseconds));
  lines.push(
    `${plural(results.length, 'check')} in ${seconds.toFixed(1)} s: ${passed} passed, ` +
      `${failed.MUST} MUST failed, ${failed.SHOULD} SHOULD failed, ${skipped} skipped`,
  );
  if (slowest > 0)
    lines.push(`the slowest of ${plural(gathered.length, 'reply', 'replies')} took ${slowest.toFixed(0)} ms`);
  // What an endpoint says to the plainest callback tells whether it was asked in the right way.
  const plain = gathered.find(({ check }) => check.startsWith('accepted/'))?.reply.status;
  if (plain === 401 && token) lines.push('It has another token, or the clocks are more than 60 s apart.');
  if (plain === 401 && !token) lines.push('It takes signed callbacks only: give its token by --token.');
  if (plain === 403) lines.push(`It serves another app than ${sdkAppId}: give its SDKAppID by --sdk-app-id.`);
  if (plain === 404) lines.push(`Its callback URL has another path than ${new URL(url).pathname}: give it by --url.`);
  if (!token && results.some(({ check }) => check.needsToken))
    lines.push('Without --token nothing is known of how it judges signatures.');
  lines.push(holds ? 'The endpoint holds.' : 'The endpoint does not hold.');
  return printable(lines.join('\n'));
}

/** The checks without their results. */
export function listText(checks: Result['check'][]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const line = ({ name, what, demands, needsToken }: Result['check']) =>
    `${demands[0].rule.level.padEnd(6)}  ${name.padEnd(width)}  ${oneLine(what)}${needsToken ? ' (needs --token)' : ''}`;
  return checks.map(line).join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

function plural(count: number, noun: string, several = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : several}`;
}
