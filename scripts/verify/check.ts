import type { Conversation } from './conversation.ts';

/** MUST: the vendor's document, or what its traffic is known to carry. SHOULD: this project's own contract. */
export type Level = 'MUST' | 'SHOULD';

export interface Rule {
  level: Level;
  text: string;
  /** A link, or a file of this repository and the place in it. */
  source: string;
}

export interface Demand {
  rule: Rule;
  expected: string;
}

export interface Finding {
  got: string;
  /** The gravest demand that was not met. */
  broken?: Demand | undefined;
}

/**
 * Checks of one stage run side by side, the stages one after the other: what may upset an endpoint must not spoil the
 * checks of what it does when it is well, and the replies are judged when they are all there. What it makes of the
 * examples goes first: the other checks are made of one that it takes.
 */
export const stages = ['examples', 'callbacks', 'load', 'hostile', 'aftermath', 'replies'] as const;

export interface Check {
  /** `<group>/<what>`, unique. */
  name: string;
  what: string;
  /** Gravest first. */
  demands: readonly [Demand, ...Demand[]];
  stage: (typeof stages)[number];
  /** Sends one request after the other; such checks start first, so that a run does not end with them. */
  inTurn?: true;
  /** Only an endpoint with a token can be held to it. */
  needsToken?: true;
  find(conversation: Conversation): Promise<Finding | { skipped: string }>;
}

export interface Result {
  check: Check;
  status: 'passed' | 'failed' | 'skipped';
  /** What was not met, else the first that was. */
  demand: Demand;
  /** What came, or why the check was skipped. */
  got: string;
  milliseconds: number;
}
