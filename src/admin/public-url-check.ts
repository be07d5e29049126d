import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { operations } from '../../generated/admin.ts';
import type { Query } from '../callback/signature.ts';

export type PublicUrlCheck = operations['checkPublicUrl']['responses'][200]['content']['application/json'];

const ANSWER_MS = 5_000;
/** Minimum interval between checks, even if the page is opened often or by many. */
const AGAIN_AFTER_MS = 60_000;
/** A receiver's answer takes about 60 bytes. */
const MOST_ANSWER_BYTES = 4_096;
const PARAMETER = 'SelfCheck';
/** The contract's ErrorCodes by which a receiver says that it belongs to another app, or has another path. */
const NOT_HERE = [10103, 10104];

/**
 * Checks from inside that the receiver's public URL leads to it, with the console's probe. Sends no secret: the probe
 * is unsigned, and identified by a random value when it arrives. Does not follow redirects.
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

  /** Whether a request is one of these probes: it is not counted, and needs no signature. */
  isOwn(query: Query): boolean {
    const { [PARAMETER]: given } = query;
    if (typeof given !== 'string' || given.length !== this.#nonce.length) return false;
    const [one, other] = [Buffer.from(given), Buffer.from(this.#nonce)];
    return one.length === other.length && timingSafeEqual(one, other);
  }

  /** Sends at most once a minute; in between, returns the last result. */
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

/** Null if a receiver of callbacks has answered: this one, or another of the same app behind the address. */
function problemOf({ status, body }: Answer): string | null {
  let answer: { ActionStatus?: unknown; ErrorCode?: unknown } | null = null;
  try {
    answer = JSON.parse(body);
  } catch {
    // No receiver answers in this form.
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
