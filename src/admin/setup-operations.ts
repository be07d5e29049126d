import type { Response } from 'express';
import type { Handler } from 'openapi-backend';
import type { components } from '../../generated/admin.ts';
import type { Store } from '../store/store.ts';
import type { Arrivals } from './arrivals.ts';
import { withExpected } from './expected-commands.ts';
import { replyProblem } from './problem.ts';
import type { PublicUrlChecker } from './public-url-check.ts';

/** The data on the vendor's console for the view Set up. */
export interface SetupSources {
  /** The callback URL for the console, and the checker for it; null: not set. */
  publicUrl: { url: string; checker: Pick<PublicUrlChecker, 'check'> } | null;
  arrivals: Pick<Arrivals, 'since' | 'read'>;
  /** Whether signatures are checked. */
  signed: boolean;
  /** EXPECTED_COMMANDS. */
  expected: readonly string[];
  /** The commands with a handler or a rule. Called each time, because they may be registered late. */
  handled: () => readonly string[];
}

const DAY_MS = 24 * 3_600_000;
const NO_PUBLIC_URL = 'There is no public URL to check: set PUBLIC_URL, and start the receiver again';

export function setupOperations({
  setup: { publicUrl, arrivals, signed, expected, handled },
  store,
  now,
}: {
  setup: SetupSources;
  store: Pick<Store, 'seenCommands'>;
  now: () => number;
}) {
  return {
    async getSetup(_context, _request, response: Response) {
      const seen = await store.seenCommands(new Date(now() - DAY_MS));
      const { probes, taken, refused } = arrivals.read();
      const answer: components['schemas']['Setup'] = {
        publicUrl: publicUrl?.url ?? null,
        since: arrivals.since,
        probes,
        signatures: { checked: signed, taken, refused },
        commands: withExpected(seen.commands, { names: expected, handled: handled() }),
        incomplete: seen.incomplete,
      };
      response.json(answer);
    },

    async checkPublicUrl(_context, _request, response: Response) {
      if (!publicUrl) return replyProblem(response, 409, NO_PUBLIC_URL);
      response.json(await publicUrl.checker.check());
    },
  } satisfies Record<string, Handler>;
}
