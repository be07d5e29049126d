import type { components } from '../../generated/admin.ts';
import type { components as callbackComponents } from '../../generated/callback.ts';

/** How a callback was answered, in the read API's shape. */
export type SentReply = components['schemas']['SentReply'];

/** The body of nearly every reply, which is not stored. */
export const PLAIN_OK = JSON.stringify({
  ActionStatus: 'OK',
  ErrorInfo: '',
  ErrorCode: 0,
} satisfies callbackComponents['schemas']['Reply']);

/** The reply to one callback. Body absent: the plain OK; null: it contained message content that is not kept. */
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

/** Replies and counts of one receiver since its last save. */
export interface Activity {
  replies: readonly Omit<RepliesRow, 'sdk_app_id'>[];
  /** Each replaces the row of the same minute and receiver. */
  minutes: readonly Omit<MinuteRow, 'sdk_app_id'>[];
}

/** Figures of earlier minutes are deleted. */
export const MINUTES_KEPT = 120;

/** Records about callbacks that are written after the reply. Losing them harms no callback. */
export interface ActivityStore {
  /** In one transaction. Saving the same again changes nothing. */
  saveActivity(activity: Activity): Promise<void>;
  /** The counts of all receivers from this minute on. */
  listMinutes(from: number): Promise<Omit<MinuteRow, 'sdk_app_id'>[]>;
  /** Null if the reply is not recorded. */
  findReply(id: string): Promise<SentReply | null>;
}

/** A whole row is read to find one reply in it. */
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
