import { commandIn, commandOfBody, commandOfUrl } from './command-in.ts';
import type { Prism, Reply, Request } from './open-prism.ts';
import { isProbe } from './parse-body.ts';
import { placeText, type Violation } from './violation.ts';

export interface Checker {
  /**
   * Prints each violation of the contract in a line. To be called after the traffic went its way.
   * @param request without a body where that did not come to its end, or is too long to be kept
   */
  check(request: Omit<Request, 'body'> & { body: Buffer | undefined }, reply: Reply): void;
  readonly tally: { requests: number; violations: number; violating: number };
  /** Resolves when all that was handed over is checked. */
  settled(): Promise<unknown>;
}

/** One message is good for no more lines than this: a list of 500 wrong members says it all in its first ones. */
const MOST_LINES = 20;

export function createChecker(prism: Prism, print: (line: string) => void): Checker {
  const tally = { requests: 0, violations: 0, violating: 0 };
  let queue: Promise<unknown> = Promise.resolve();

  async function check(request: Request, reply: Reply, time: string, isWhole: boolean): Promise<void> {
    const found = await prism.check(request, reply);
    const [path] = request.url.split('?', 1);
    if (!isWhole) {
      found.request = found.request.filter(({ place }) => !/^body\b/.test(place));
      print(`${time}  not checked  ${request.method} ${request.url}: the request's body, cut short or very long`);
    }
    const isPost = request.method === 'POST' && path === '/';
    if (isPost && isWhole && isProbe(request.body)) found.request = [];
    const [inUrl, inBody] = [commandOfUrl(request.url), commandOfBody(request.body)];
    if (isPost && inUrl && inBody && inUrl !== inBody) {
      found.request.push({
        place: 'query.CallbackCommand',
        value: inUrl,
        rule: `differs from body.CallbackCommand (${JSON.stringify(inBody)})`,
      });
    }
    tally.requests += 1;
    tally.violations += found.request.length + found.response.length;
    if (found.request.length + found.response.length > 0) tally.violating += 1;
    const command = commandIn(request.url, request.body) || `${request.method} ${path}`;
    const lines = (direction: string, violations: Violation[]) => {
      for (const violation of violations.slice(0, MOST_LINES)) {
        print([time, direction.padEnd(8), command, placeText(violation), violation.rule].join('  '));
      }
      const more = violations.length - MOST_LINES;
      if (more > 0) print([time, direction.padEnd(8), command, `and ${more} more`].join('  '));
    };
    lines('request', found.request);
    lines('response', found.response);
  }

  return {
    tally,
    check(request, reply) {
      const time = new Date().toISOString();
      // One after the other, so that the lines come in the order of the replies.
      queue = queue
        .then(() =>
          check({ ...request, body: request.body ?? Buffer.alloc(0) }, reply, time, request.body !== undefined),
        )
        .catch((error) => print(`${time}  not checked  ${request.method} ${request.url}: ${error.message}`));
    },
    settled: () => queue,
  };
}
