import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { operations } from '../../generated/admin.ts';
import type { Query } from '../callback/signature.ts';

export type PublicUrlCheck = operations['checkPublicUrl']['responses'][200]['content']['application/json'];

const ANSWER_MS = 5_000;
/** A page that is opened often, or by many, must not send often. */
const AGAIN_AFTER_MS = 60_000;
/** A receiver's answer has some 60 bytes. */
const MOST_ANSWER_BYTES = 4_096;
const PARAMETER = 'SelfCheck';
/** ErrorCodes of the contract by which a receiver says that it is the wrong one, or has another path. */
const NOT_HERE = [10103, 10104];

/**
 * Asks the public URL of the receiver from inside, by the console's probe. Nothing secret is sent: the probe is unsigned,
 * and known by a random value when it arrives. Redirects are not followed.
 */
export class PublicUrlChecker {
  readonly #url: URL;
  readonly #now: () => number;
  readonly #nonce = randomBytes(16).toString('hex');
  #last: { startedAt: number; check: Promise<PublicUrlCheck> } | null = null;

  /** @param now milliseconds since 1970 */
  constructor(publicUrl: string, sdkAppId: number, now: () => number) {
    this.#url = new URL(publicUrl);
    this.#url.searchParams.set('SdkAppid', String(sdkAppId));
    this.#url.searchParams.set(PARAMETER, this.#nonce);
    this.#now = now;
  }

  /** Whether a request is one of its own: such a probe counts as nobody's, and needs no signature. */
  isOwn(query: Query): boolean {
    const { [PARAMETER]: given } = query;
    if (typeof given !== 'string' || given.length !== this.#nonce.length) return false;
    const [one, other] = [Buffer.from(given), Buffer.from(this.#nonce)];
    return one.length === other.length && timingSafeEqual(one, other);
  }

  /** Once a minute at most; within it, what came of the last one. */
  check(): Promise<PublicUrlCheck> {
    const startedAt = this.#now();
    if (this.#last && Math.abs(startedAt - this.#last.startedAt) < AGAIN_AFTER_MS) return this.#last.check;
    const at = new Date(startedAt).toISOString();
    const check = answerOf(this.#url).then(
      (answer): PublicUrlCheck => {
        const problem = problemOf(answer);
        return { state: problem === null ? 'reached' : 'unknown', at, detail: problem };
      },
      (error: NodeJS.ErrnoException): PublicUrlCheck => ({
        state: 'unknown',
        at,
        detail: `no answer from here: ${error.code ?? error.message}`,
      }),
    );
    this.#last = { startedAt, check };
    return check;
  }
}

interface Answer {
  status: number;
  body: string;
}

/** Null where a receiver of callbacks has answered: this one, or another one of the same app behind the address. */
function problemOf({ status, body }: Answer): string | null {
  let answer: { ActionStatus?: unknown; ErrorCode?: unknown } | null = null;
  try {
    answer = JSON.parse(body);
  } catch {
    // No receiver answers so.
  }
  if (typeof answer?.ActionStatus !== 'string' || typeof answer.ErrorCode !== 'number')
    return `the answer with status ${status} is not that of a receiver of callbacks`;
  if (NOT_HERE.includes(answer.ErrorCode))
    return `the receiver there answers ${answer.ErrorCode}: check the path, and what the proxy passes on`;
  return null;
}

function answerOf(url: URL): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const tooLate = setTimeout(() => asking.destroy(new Error(`not within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
  const asking = request(url, { method: 'POST', headers: { 'Content-Length': 0 }, agent: false });
  asking.on('error', reject);
  asking.on('response', (response: IncomingMessage) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    response.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > MOST_ANSWER_BYTES) response.destroy();
      else parts.push(part);
    });
    response.on('error', reject);
    response.on('close', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
  });
  asking.on('close', () => clearTimeout(tooLate));
  asking.end();
  return promise;
}
