import type { Examples } from '../simulator/examples.ts';
import { UsageError } from '../simulator/usage-error.ts';
import type { Check } from './check.ts';
import { acceptedChecks } from './checks/accepted.ts';
import { connectionChecks } from './checks/connections.ts';
import { hostileChecks } from './checks/hostile.ts';
import { refusedChecks } from './checks/refused.ts';
import { replyChecks } from './checks/replies.ts';

/** Every check that the contract gives rise to; those of a group are side by side. */
export function allChecks(examples: Examples): Check[] {
  return [
    ...acceptedChecks(examples),
    ...refusedChecks(examples),
    ...connectionChecks,
    ...hostileChecks,
    ...replyChecks,
  ];
}

/** The checks whose names contain one of the given texts; all where none is given. */
export function selectChecks(checks: Check[], only: string[]): Check[] {
  if (only.length === 0) return checks;
  const contains = ({ name }: Check, part: string) => name.toLowerCase().includes(part.toLowerCase());
  for (const part of only) {
    if (checks.some((check) => contains(check, part))) continue;
    throw new UsageError(`--only: no check's name contains "${part}", see --list`);
  }
  return checks.filter((check) => only.some((part) => contains(check, part)));
}
