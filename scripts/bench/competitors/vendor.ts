import { createHash, timingSafeEqual } from 'node:crypto';

// What every competitor asks of a request before it looks at the body, and what it answers.

const { SDK_APP_ID = '', CALLBACK_TOKEN = '' } = process.env;
const TOLERANCE_SECONDS = 60;

export const OK = { ActionStatus: 'OK' as const, ErrorInfo: '', ErrorCode: 0 };

export interface Refusal {
  status: 400 | 401 | 403;
  reply: { ActionStatus: 'FAIL'; ErrorInfo: string; ErrorCode: number };
}

/** Why the sender is refused, or null. */
export function judgeSender(query: unknown): Refusal | null {
  const { SdkAppid, Sign, RequestTime } = query as Record<string, unknown>;
  if (SdkAppid !== SDK_APP_ID) return refusal(403, 10103, 'not the app of this receiver');
  return isSigned(Sign, RequestTime) ? null : refusal(401, 10102, 'Sign or RequestTime is wrong');
}

export function isSigned(sign: unknown, requestTime: unknown): boolean {
  if (typeof sign !== 'string' || typeof requestTime !== 'string') return false;
  if (!(Math.abs(Date.now() / 1000 - Number(requestTime)) <= TOLERANCE_SECONDS)) return false;
  const expected = Buffer.from(
    createHash('sha256')
      .update(CALLBACK_TOKEN + requestTime)
      .digest('hex'),
  );
  const given = Buffer.from(sign);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export function refusal(status: Refusal['status'], code: number, message: string): Refusal {
  return { status, reply: { ActionStatus: 'FAIL', ErrorInfo: message, ErrorCode: code } };
}

/** Tells the bench where to send to: the line is shaped like the receiver's own. */
export function tellReady(port: number): void {
  console.log(JSON.stringify({ msg: 'ready', time: Date.now(), callbackUrl: `http://127.0.0.1:${port}/` }));
}
