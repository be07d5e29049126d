import type { Logger } from '../callback/logger.ts';
import type { BackfillStore } from '../store/backfills.ts';
import { reconcileGroup } from './audit.ts';
import type { Difference } from './difference.ts';
import { RestClient } from './rest-client.ts';
import { RestError } from './rest-errors.ts';
import type { RestSettings } from './rest-settings.ts';
import { VendorGroups } from './vendor-groups.ts';

/** A user waits for the answer. */
const LONGEST_MS = 30_000;
/** About 3 s with the delays between them. */
const MOST_ATTEMPTS = 4;
/** The vendor's ErrorCode for a text that is not a group id. */
const BAD_ID = 10015;

/** The outcome, or the reason for a missing answer. */
export type Asked =
  | { differences: readonly Difference[]; stored: boolean; confirmedAt: Date }
  /** `not found`: neither the vendor nor the mirror has the group; `away`: the vendor cannot be reached. */
  | { failure: 'not found' | 'refused' | 'away'; reason: string };

export interface GroupAsker {
  /** Asks the vendor for one group, and brings the mirror in line with it. @throws if the store fails */
  ask(groupId: string, signal: AbortSignal): Promise<Asked>;
  close(): void;
}

/** Asks on behalf of users, with its own client: they do not wait behind an audit. */
export function createGroupAsker({
  store,
  rest: { origins, admin, key },
  sdkAppId,
  log,
}: {
  store: Pick<BackfillStore, 'findGroupDetails' | 'appendSnapshot' | 'confirmGroups'>;
  rest: RestSettings;
  sdkAppId: number;
  log: Logger;
}): GroupAsker {
  const closing = new AbortController();
  let client: RestClient | null = null;

  return {
    async ask(groupId, given) {
      client ??= new RestClient({ origins, admin, key, sdkAppId, log, mostAttempts: MOST_ATTEMPTS });
      const tooLong = AbortSignal.timeout(LONGEST_MS);
      const signal = AbortSignal.any([tooLong, given, closing.signal]);
      try {
        const { differences, stored, takenAt, leftOut } = await reconcileGroup({
          ...{ store, vendor: new VendorGroups(client), groupId, signal },
        });
        if (takenAt && !leftOut) return { differences, stored, confirmedAt: takenAt };
        const reason = leftOut?.reason ?? `the vendor does not answer for group ${JSON.stringify(groupId)}`;
        return { failure: takenAt || leftOut?.code === BAD_ID ? 'not found' : 'refused', reason };
      } catch (error) {
        if (error instanceof RestError)
          return { failure: error.kind === 'away' ? 'away' : 'refused', reason: error.message };
        if (!signal.aborted) throw error;
        const seconds = LONGEST_MS / 1_000;
        const remedy = 'try again later, or use npm run backfill -- --group, which waits longer';
        return { failure: 'away', reason: `the vendor did not answer within ${seconds} s: ${remedy}` };
      }
    },
    close() {
      closing.abort();
      client?.close();
    },
  };
}
