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

/** At most one transaction in this time, and none where nothing is new. */
const SAVE_MS = 1_000;
/** Rest after a failure: the database may be away. */
const RETRY_MS = 5_000;
/** What waits for a database that is slow or away; further replies are not recorded. */
const MAX_PENDING = 20_000;
const MAX_PENDING_BYTES = 8 * 1024 * 1024;
/** A close does not wait longer than this for a database that does not answer. */
const CLOSE_MS = 1_500;

/** The figures by minute of this process. */
export interface Minutes {
  /** Those that have changed and are due to be saved. @param all also the present one, however recently it was saved */
  due(all: boolean): Activity['minutes'];
  /** They could not be saved. */
  unsaved(rows: Activity['minutes']): void;
}

interface ActivityWriterOptions {
  store: Pick<ActivityStore, 'saveActivity'>;
  minutes: Minutes;
  log: Logger;
}

/**
 * Records beside the callbacks how they were answered, and the figures by minute: together, in one small transaction a
 * second at most. No reply waits for it, and what it cannot write is lost.
 */
export function startActivityWriter({ store, minutes, log }: ActivityWriterOptions) {
  let pending: ReplyEntry[] = [];
  let pendingBytes = 0;
  let dropped = 0;
  let saving: readonly ReplyEntry[] = [];
  let running: Promise<void> | null = null;
  /** By performance.now(). */
  let restUntil = 0;
  const timer = setInterval(() => {
    if (performance.now() >= restUntil) void save(false);
  }, SAVE_MS).unref();

  return {
    /** Notes how a callback was answered. @param body absent: the plain OK; null: it is not kept */
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

    /** Saves what is left, where the database takes it at once. */
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
      // A failure in between may have saved them nevertheless: the same again changes nothing.
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
