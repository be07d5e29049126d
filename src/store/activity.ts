import type { components } from '../../generated/admin.ts';
import type { components as callbackComponents } from '../../generated/callback.ts';

/** How a callback was answered, in the read API's shape. */
export type SentReply = components['schemas']['SentReply'];

/** The body of nearly every reply. It is not stored. */
export const PLAIN_OK = JSON.stringify({
  ActionStatus: 'OK',
  ErrorInfo: '',
  ErrorCode: 0,
} satisfies callbackComponents['schemas']['Reply']);

/** Of one callback. The body: absent, the plain OK; null, it held content of a message that is not kept. */
export type ReplyEntry = readonly [id: number, status: number, milliseconds: number, body?: string | null];

export interface RepliesRow {
  sdk_app_id: number;
  last_id: number;
  first_id: number;
  entries: string;
}

export interface MinuteRow {
  sdk_app_id: number;
  /** Minutes since 1970. */
  minute: number;
  /** Random for each process. */
  receiver: string;
  /** In JSON. */
  counts: string;
}

/** What one receiver answered and counted since it last saved. */
export interface Activity {
  replies: readonly Omit<RepliesRow, 'sdk_app_id'>[];
  /** Each takes the place of the row of the same minute and receiver. */
  minutes: readonly Omit<MinuteRow, 'sdk_app_id'>[];
}

/** Figures of earlier minutes are deleted. */
export const MINUTES_KEPT = 120;

/** What is recorded beside the callbacks, after they were answered. Its loss harms no callback. */
export interface ActivityStore {
  /** In one transaction. The same again changes nothing. */
  saveActivity(activity: Activity): Promise<void>;
  /** What all receivers counted in this minute and later. */
  listMinutes(from: number): Promise<Omit<MinuteRow, 'sdk_app_id'>[]>;
  /** Null where it is not recorded. */
  findReply(id: string): Promise<SentReply | null>;
}

/** A row is read as a whole to find one reply in it. */
const MAX_ENTRIES_IN_ROW = 1_000;
export function repliesRows(entries: readonly ReplyEntry[]): Activity['replies'] {
  const sorted = [...entries].sort(([one], [other]) => one - other);
  const rows: Omit<RepliesRow, 'sdk_app_id'>[] = [];
  for (let start = 0; start < sorted.length; start += MAX_ENTRIES_IN_ROW) {
    const chunk = sorted.slice(start, start + MAX_ENTRIES_IN_ROW);
    const [first = 0] = chunk[0] ?? [];
    const [last = 0] = chunk.at(-1) ?? [];
    const short = chunk.map(([id, ...rest]) => [id - first, ...rest]);
    rows.push({ last_id: last, first_id: first, entries: JSON.stringify(short) });
  }
  return rows;
}

export function toSentReply([, status, milliseconds, body = PLAIN_OK]: ReplyEntry): SentReply {
  return { status, milliseconds, body };
}
