import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../callback/logger.ts';
import {
  type Activity,
  type ActivityStore,
  type ReplyEntry,
  repliesRows,
  type SentReply,
  toSentReply,
} from './activity.ts';

/** At most one transaction in this interval, and none if nothing is new. */
const SAVE_MS = 1_000;
/** Delay after a failure: the database may be away. */
const RETRY_MS = 5_000;
/** Bound of the queue while the database is slow or away; further replies are not recorded. */
const MAX_PENDING = 20_000;
const MAX_PENDING_BYTES = 8 * 1024 * 1024;
/** Time limit for a close if the database does not answer. */
const CLOSE_MS = 1_500;

/** This process's figures by minute. */
export interface Minutes {
  /**
   * The minutes that have changed and are due to be saved. @param all include the present one, however recently it was
   * saved
   */
  due(all: boolean): Activity['minutes'];
  /** Reports rows that could not be saved. */
  unsaved(rows: Activity['minutes']): void;
}

interface ActivityWriterOptions {
  store: Pick<ActivityStore, 'saveActivity'>;
  minutes: Minutes;
  log: Logger;
}

/**
 * Records, apart from the callbacks, how they were answered, and the figures by minute: both in one small transaction,
 * at most once a second. No reply waits for it, and what it cannot write is lost.
 */
export function startActivityWriter({ store, minutes, log }: ActivityWriterOptions) {
  let pending: ReplyEntry[] = [];
  let pendingBytes = 0;
  let dropped = 0;
  let saving: readonly ReplyEntry[] = [];
  let running: Promise<void> | null = null;
  /** In the time of performance.now(). */
  let restUntil = 0;
  const timer = setInterval(() => {
    if (performance.now() >= restUntil) void save(false);
  }, SAVE_MS).unref();

  return {
    /** Records how a callback was answered. @param body absent: the plain OK; null: not kept */
    replied(id: string, { status, body }: { status: number; body?: string | null }, milliseconds: number): void {
      if (pending.length >= MAX_PENDING || pendingBytes >= MAX_PENDING_BYTES) {
        dropped += 1;
        return;
      }
      const answered = [Number(id), status, milliseconds] as const;
      pending.push(body === undefined ? answered : [...answered, body]);
      pendingBytes += body?.length ?? 0;
    },

    /** A reply that is not saved yet. */
    pendingReply(id: string): SentReply | null {
      const isOfIt = ([one]: ReplyEntry) => String(one) === id;
      const found = pending.find(isOfIt) ?? saving.find(isOfIt);
      return found ? toSentReply(found) : null;
    },

    /** Saves the rest, if the database takes it at once. */
    async close(): Promise<void> {
      clearInterval(timer);
      const waiting = new AbortController();
      const saved = (async () => {
        await running;
        await save(true);
      })();
      await Promise.race([saved, sleep(CLOSE_MS, undefined, { signal: waiting.signal }).catch(() => {})]);
      waiting.abort();
    },
  };

  function save(all: boolean): Promise<void> {
    running ??= saveOnce(all).finally(() => {
      running = null;
    });
    return running;
  }

  async function saveOnce(all: boolean): Promise<void> {
    const due = minutes.due(all);
    if (pending.length === 0 && due.length === 0) return;
    const replies = pending;
    [saving, pending, pendingBytes] = [replies, [], 0];
    try {
      await store.saveActivity({ replies: repliesRows(replies), minutes: due });
      restUntil = 0;
      if (dropped > 0)
        log.debug({ dropped }, 'the replies to some callbacks are not recorded: the database was too slow');
      dropped = 0;
    } catch (error) {
      // A failed save may have been committed nevertheless; saving the same rows again changes nothing.
      pending = [...replies, ...pending];
      pendingBytes = pending.reduce((sum, [, , , body]) => sum + (body?.length ?? 0), 0);
      minutes.unsaved(due);
      restUntil = performance.now() + RETRY_MS;
      log.debug({ err: error, replies: pending.length }, 'replies and figures could not be recorded: tried again');
    } finally {
      saving = [];
    }
  }
}
