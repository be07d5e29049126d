import { performance } from 'node:perf_hooks';
import type { Response } from 'express';
import type { Context, Handler } from 'openapi-backend';
import type { components } from '../../generated/admin.ts';
import type { Logger } from '../callback/logger.ts';
import { StoreBusy } from '../store/bounded-scans.ts';
import { placeOfCallback } from '../store/callback-place.ts';
import type { CallbackFilter, CallbackRecord, Store } from '../store/store.ts';
import { callbackFilterOf, queryOf } from './parameters.ts';
import { BadRequest, decodeCursor, encodeCursor } from './problem.ts';

type Portion = components['schemas']['Portion'];
type Outcome = keyof Portion['outcomes'];

interface PortionsOptions {
  store: Pick<Store, 'listCallbacks' | 'newestCallbackId' | 'retry' | 'setIgnored'>;
  judge: Parameters<Store['retry']>[1];
  log: Pick<Logger, 'info' | 'warn'>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** A portion ends after this long, so that the client can report progress, and a proxy in front does not give up. */
const LONGEST_MS = 2_000;
/** Limit of the count, which takes one read of about 50 ms. */
const MOST_COUNTED = 10_000;
const MOST_FAILURES = 20;
/** After this many failures in a row, the store is considered to have failed. */
const MOST_IN_A_ROW = 3;

/** The operations that apply single-callback operations to many callbacks. */
export function portionOperations({ store, judge, log, now }: PortionsOptions) {
  return {
    async retryCallbacks(context, _request, response: Response) {
      const query = queryOf('retryCallbacks', context);
      const filter = callbackFilterOf(query);
      if (isDryRun(query)) return reply(response, await count(filter));
      const portion = await portionOf(
        context,
        filter,
        ['accepted', 'unknown', 'rejected', 'repeat'],
        async ({ id }) => {
          const result = await store.retry(id, judge);
          if (result === 'not found' || result === 'already accepted') return 'gone';
          if (result === 'ignored') return 'ignored';
          return result.id === id ? result.status : 'repeat';
        },
      );
      log.info({ filter, ...summaryOf(portion) }, 'callbacks were retried, as an operator asked');
      reply(response, portion);
    },

    async ignoreCallbacks(context, _request, response: Response) {
      const query = queryOf('ignoreCallbacks', context);
      const filter = callbackFilterOf(query);
      if (Object.values(filter).every((value) => value === undefined || value === false)) {
        const filters = 'status, command, family, groupId, account, repeated, since or until';
        throw new BadRequest(`query has no filter, so that every callback would be ignored: give ${filters}`);
      }
      if (isDryRun(query)) return reply(response, await count(filter));
      const portion = await portionOf(context, filter, ['already', 'pruned'], async ({ id, ignored }) => {
        if (ignored) return 'already';
        const result = await store.setIgnored(id, true);
        if (result === 'not found') return 'gone';
        return result === 'pruned' ? 'pruned' : 'ignored';
      });
      log.info({ filter, ...summaryOf(portion) }, 'callbacks were struck out, as an operator asked');
      reply(response, portion);
    },
  } satisfies Record<string, Handler>;

  async function count(filter: CallbackFilter): Promise<components['schemas']['Count']> {
    const { items, next } = await store.listCallbacks({ ...filter, limit: MOST_COUNTED });
    return { matching: items.filter(({ ignored }) => !ignored).length, atLeast: next !== null };
  }

  /** @param outcomes specific to this work, in addition to those of all work */
  async function portionOf(
    context: Context,
    filter: CallbackFilter,
    outcomes: readonly Outcome[],
    work: (callback: CallbackRecord) => Promise<Outcome>,
  ): Promise<Portion> {
    const { limit, cursor } = queryOf('ignoreCallbacks', context);
    const began = performance.now();
    const [after, newest, startedAt] =
      cursor === undefined
        ? [undefined, await store.newestCallbackId(), now()]
        : decodeCursor(cursor, 'place', 'number', 'number');
    const { items, next } = await store.listCallbacks({ ...filter, order: 'asc', limit: Number(limit), after });
    const portion: Portion = {
      done: 0,
      outcomes: {
        ...Object.fromEntries(outcomes.map((outcome) => [outcome, 0])),
        ...{ ignored: 0, gone: 0, failed: 0 },
      },
      failures: [],
      nextCursor: null,
    };
    let place = next;
    let failedInARow = 0;
    // Callbacks that arrive during the run are excluded, so that it ends.
    const present = items.filter(({ id }) => Number(id) <= newest);
    if (
      items.length > 0 &&
      present.length === 0 &&
      items.every(({ receivedAt }) => Date.parse(receivedAt) >= startedAt)
    )
      place = null;
    for (const [index, callback] of present.entries()) {
      let outcome: Outcome;
      try {
        outcome = await work(callback);
        failedInARow = 0;
      } catch (error) {
        failedInARow += 1;
        if (failedInARow === MOST_IN_A_ROW || error instanceof StoreBusy) throw error;
        outcome = 'failed';
        log.warn({ err: error, callback: callback.id }, 'an operator asked for many callbacks; this one failed');
        if (portion.failures.length < MOST_FAILURES)
          portion.failures.push({ id: callback.id, reason: (error as Error).message });
      }
      portion.done += 1;
      portion.outcomes[outcome] = (portion.outcomes[outcome] ?? 0) + 1;
      if (performance.now() - began > LONGEST_MS && index < present.length - 1) {
        place = placeOfCallback(callback);
        break;
      }
    }
    if (place !== null) portion.nextCursor = encodeCursor([place, newest, startedAt]);
    return portion;
  }
}

function isDryRun({ dryRun }: { dryRun?: boolean }): boolean {
  return String(dryRun) === 'true';
}

function summaryOf({ done, outcomes, nextCursor }: Portion) {
  return { done, ...outcomes, finished: nextCursor === null };
}

function reply(response: Response, body: Portion | components['schemas']['Count']): void {
  response.json(body);
}
