import type { Request, Response } from 'express';
import type { Handler } from 'openapi-backend';
import type { components, operations } from '../../generated/admin.ts';
import type { Logger } from '../callback/logger.ts';
import { invocation } from '../invocation.ts';
import { pathParameter } from './parameters.ts';
import { replyProblem } from './problem.ts';

type Reconciled = operations['reconcileGroup']['responses'][200]['content']['application/json'];
type Difference = components['schemas']['Difference'];
type AboutBackfill = components['schemas']['AboutBackfill'];

/** Asks the vendor for one group, and brings the mirror in line with it. */
export type AskVendor = (
  groupId: string,
  signal: AbortSignal,
) => Promise<
  | { differences: readonly Difference[]; stored: boolean; confirmedAt: Date }
  | { failure: 'not found' | 'refused' | 'away'; reason: string }
>;

/** The last run of a kind, with its results. */
export type LastRun = (kind: 'backfill' | 'reconcile') => Promise<AboutBackfill['lastRun']>;

/** What the page shows of the back-fill. */
export interface BackfillSettings {
  /** Null: the required settings are missing. */
  askVendor: AskVendor | null;
  /** Null: there is no regular audit. */
  reconcile: { hours: number; repair: boolean } | null;
  lastRun: LastRun;
}

const STATUS = { 'not found': 404, refused: 502, away: 503 } as const;
const MOST_DIFFERENCES = 1_000;
const UNSET =
  'The vendor cannot be asked: set REST_DOMAIN, REST_ADMIN and REST_KEY as docs/backfill.md says, and start the receiver again';

export async function aboutBackfill({ askVendor, reconcile, lastRun }: BackfillSettings): Promise<AboutBackfill> {
  // The page must also work while the database is away.
  const found = async (kind: 'backfill' | 'reconcile') => lastRun(kind).catch(() => null);
  return {
    configured: askVendor !== null,
    command: invocation('backfill', ''),
    auditHours: reconcile?.hours ?? null,
    repairs: reconcile?.repair ?? false,
    lastRun: await found('backfill'),
    lastAudit: await found('reconcile'),
  };
}

export function backfillOperations({ askVendor, log }: Pick<BackfillSettings, 'askVendor'> & { log: Logger }) {
  return {
    async reconcileGroup(context, _request: Request, response: Response) {
      const groupId = pathParameter(context, 'groupId');
      if (!askVendor) return replyProblem(response, 409, UNSET);
      const leaving = new AbortController();
      response.once('close', () => leaving.abort());
      const asked = await askVendor(groupId, leaving.signal);
      if ('failure' in asked) {
        log.warn({ group: groupId, reason: asked.reason }, 'the vendor did not tell of a group');
        return replyProblem(response, STATUS[asked.failure], asked.reason);
      }
      const { differences, stored, confirmedAt } = asked;
      log.info({ group: groupId, differences: differences.length, stored }, 'the vendor was asked for a group');
      const reconciled: Reconciled = {
        differences: differences.slice(0, MOST_DIFFERENCES),
        count: differences.length,
        stored,
        confirmedAt: confirmedAt.toISOString(),
      };
      response.json(reconciled);
    },
  } satisfies Record<string, Handler>;
}
